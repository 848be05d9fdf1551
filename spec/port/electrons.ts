/** The double exchange model: its matrix, levels, energies and forces, with the rules that ports get wrong. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Spins on a lattice, with the parameters of the model and the twist of the boundaries. */
export interface ElectronCase {
  readonly model: { readonly t: number; readonly J: number; readonly mu: number; readonly T: number };
  readonly twist: { readonly x: number; readonly y: number };
  readonly latticeSize: number;
  readonly spins: readonly number[];
}

/** A complex number. */
export type Complex = readonly [re: number, im: number];

/** The rules of the model that ports get wrong. */
export interface ElectronRules {
  /** What -t becomes. */
  readonly hopping: (t: number) => number;
  /** How often each bond is counted. */
  readonly bondWeight: number;
  /** Whether bonds cross the boundary. */
  readonly periodic: boolean;
  /** The phases of bonds that cross it, to the right and down. */
  readonly twisted: (twist: ElectronCase['twist']) => { readonly right: number; readonly down: number };
  /** The 2 x 2 block of a site without mu: up up, up down, down up, down down. */
  readonly exchange: (J: number, x: number, y: number, z: number) => readonly [Complex, Complex, Complex, Complex];
  /** What is added to the diagonal. */
  readonly potential: (mu: number) => number;
  /** Whether imaginary parts are kept. */
  readonly isComplex: boolean;
  readonly levelEnergy: (T: number, x: number) => number;
  readonly occupation: (T: number, x: number) => number;
  /** E_MC from the sum over levels. */
  readonly electronEnergy: (sum: number, sites: number) => number;
  /** The factor of sum over n of w(E_n) <n|sigma|n> in the forces. */
  readonly forceFactor: (J: number) => number;
  readonly forceWeight: (T: number, x: number) => number;
  readonly electronForces: (
    forces: readonly number[],
    given: ElectronCase,
    energyOf: (spins: readonly number[]) => number,
  ) => readonly number[];
}

/** What the rules are. */
export const electronRules: ElectronRules = {
  hopping: (t) => -t,
  bondWeight: 1,
  periodic: true,
  twisted: ({ x, y }) => ({ right: x, down: y }),
  exchange: (J, x, y, z) => [
    [(-J / 2) * z, 0],
    [(-J / 2) * x, (J / 2) * y],
    [(-J / 2) * x, (-J / 2) * y],
    [(J / 2) * z, 0],
  ],
  potential: (mu) => -mu,
  isComplex: true,
  levelEnergy: (T, x) => Math.min(x, 0) - T * Math.log1p(Math.exp(-Math.abs(x) / T)),
  occupation: (T, x) => 1 / (1 + Math.exp(x / T)),
  electronEnergy: (sum) => sum,
  forceFactor: (J) => -J / 2,
  forceWeight: (T, x) => 1 / (1 + Math.exp(x / T)),
  electronForces: (forces) => forces,
};

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** H - mu n, row-major. */
export const matrixOf = (
  rules: ElectronRules,
  { model, twist, latticeSize: N, spins }: ElectronCase,
): { readonly re: Float64Array; readonly im: Float64Array } => {
  const sites = N * N;
  const dimension = 2 * sites;
  const re = new Float64Array(dimension * dimension);
  const im = new Float64Array(dimension * dimension);
  const put = (row: number, column: number, [x, y]: Complex): void => {
    const at = row * dimension + column;
    re[at] = (re[at] ?? 0) + x;
    im[at] = (im[at] ?? 0) + (rules.isComplex ? y : 0);
  };
  const phases = rules.twisted(twist);
  const hop = (i: number, j: number, wraps: boolean, phase: number): void => {
    if (wraps && !rules.periodic) {
      return;
    }
    const amplitude = rules.hopping(model.t) * rules.bondWeight;
    const angle = wraps ? phase : 0;
    upTo(2).forEach((alpha) => {
      put(2 * i + alpha, 2 * j + alpha, [amplitude * Math.cos(angle), amplitude * Math.sin(angle)]);
      put(2 * j + alpha, 2 * i + alpha, [amplitude * Math.cos(angle), -amplitude * Math.sin(angle)]);
    });
  };
  upTo(sites).forEach((i) => {
    const [row, column] = [Math.floor(i / N), i % N];
    hop(i, row * N + ((column + 1) % N), column === N - 1, phases.right);
    hop(i, ((row + 1) % N) * N + column, row === N - 1, phases.down);
    const [x = NaN, y = NaN, z = NaN] = [0, 1, 2].map((k) => spins[k * sites + i]);
    rules.exchange(model.J, x, y, z).forEach((entry, n) => {
      put(2 * i + Math.floor(n / 2), 2 * i + (n % 2), entry);
    });
    upTo(2).forEach((alpha) => {
      put(2 * i + alpha, 2 * i + alpha, [rules.potential(model.mu), 0]);
    });
  });
  return { re, im };
};

/** The real symmetric [[A, -B], [B, A]] of A + iB, which has every level twice. */
const embedded = (re: Float64Array, im: Float64Array, dimension: number): Matrix =>
  new Matrix(
    upTo(2 * dimension).map((row) =>
      upTo(2 * dimension).map((column) => {
        const at = (row % dimension) * dimension + (column % dimension);
        const sameHalf = row < dimension === column < dimension;
        return sameHalf ? (re[at] ?? NaN) : row < dimension ? -(im[at] ?? NaN) : (im[at] ?? NaN);
      }),
    ),
  );

interface Solved {
  readonly levels: readonly number[];
  /** sum over n of w(E_n) <n|sigma_i|n>, [3, sites]. */
  readonly density: (weight: (x: number) => number) => readonly number[];
}

/** Levels and spin densities, by another library on the real embedding. */
export const solve = (rules: ElectronRules, given: ElectronCase): Solved => {
  const sites = given.latticeSize ** 2;
  const dimension = 2 * sites;
  const { re, im } = matrixOf(rules, given);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(embedded(re, im, dimension), {
    assumeSymmetric: true,
  });
  const order = upTo(2 * dimension).toSorted((a, b) => (realEigenvalues[a] ?? NaN) - (realEigenvalues[b] ?? NaN));
  const levels = upTo(dimension).map((n) => realEigenvalues[order[2 * n] ?? 0] ?? NaN);
  const pauli = rules.exchange;
  return {
    levels,
    density: (weight) => {
      const weights = realEigenvalues.map(weight);
      const vectors = eigenvectorMatrix;
      // rho = sum over n of w |n><n|: its embedding is the same function of the embedded matrix.
      const entry = (row: number, column: number): Complex => [
        weights.reduce((sum, w, n) => sum + w * vectors.get(row, n) * vectors.get(column, n), 0),
        weights.reduce((sum, w, n) => sum + w * vectors.get(dimension + row, n) * vectors.get(column, n), 0),
      ];
      // tr(rho sigma_k) with sigma_k read off the exchange at J = -2 for the unit vector k.
      const blocks = upTo(sites).map((i) => upTo(4).map((n) => entry(2 * i + Math.floor(n / 2), 2 * i + (n % 2))));
      return [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ].flatMap(([x = 0, y = 0, z = 0]) => {
        const sigma = pauliOf(pauli, x, y, z);
        return blocks.map((block) =>
          upTo(4).reduce((sum, n) => {
            const transposedPlace = (n % 2) * 2 + Math.floor(n / 2);
            const [a, b] = block[n] ?? [NaN, NaN];
            const [c, d] = sigma[transposedPlace] ?? [NaN, NaN];
            return sum + a * c - b * d;
          }, 0),
        );
      });
    },
  };
};

/** s . sigma as the rules have it, whatever they do with J. */
const pauliOf = (exchange: ElectronRules['exchange'], x: number, y: number, z: number): readonly Complex[] => {
  const scale = exchange(-2, 0, 0, 1)[0][0];
  return exchange(-2, x, y, z).map(([re, im]): Complex => [re / scale, im / scale]);
};

/** What can be asked of a configuration, each computed where it is asked for. */
export type ElectronAnswers = Readonly<
  Record<'re' | 'im' | 'levels' | 'occupations' | 'electrons' | 'energy' | 'forces', () => readonly number[]>
>;

/** The answers for a configuration. */
export const electronAnswers = (rules: ElectronRules, given: ElectronCase): ElectronAnswers => {
  const { T, J } = given.model;
  const sites = given.latticeSize ** 2;
  const { levels, density } = solve(rules, given);
  const energyOf = (found: readonly number[]): number =>
    rules.electronEnergy(
      found.reduce((sum, x) => sum + rules.levelEnergy(T, x), 0),
      sites,
    );
  const occupations = levels.map((x) => rules.occupation(T, x));
  return {
    re: () => [...matrixOf(rules, given).re],
    im: () => [...matrixOf(rules, given).im],
    levels: () => levels,
    occupations: () => occupations,
    electrons: () => [occupations.reduce((sum, f) => sum + f, 0)],
    energy: () => [energyOf(levels)],
    forces: () =>
      rules.electronForces(
        density((x) => rules.forceWeight(T, x)).map((sigma) => rules.forceFactor(J) * sigma),
        given,
        (spins) => energyOf(solve(rules, { ...given, spins }).levels),
      ),
  };
};
