/** Energies of spins alone, the effective model and the error measures, with the rules that ports get wrong. */

/** The rules that ports get wrong. */
export interface SpinRules {
  /** The bonds of the N x N lattice, both ends. */
  readonly bonds: (N: number) => readonly (readonly [number, number])[];
  /** The triples in the order of their couplings. */
  readonly triples: (sites: number) => readonly (readonly [number, number, number])[];
  /** What is in front of the sum over triples. */
  readonly threeSpinSign: number;
  /** Pairs (i, j) of m spins, in the order of the coefficients; null where a coefficient is not used. */
  readonly pairs: (m: number) => readonly (readonly [number, number] | null)[];
  /** Pairs of pairs likewise. */
  readonly squares: (pairs: number) => readonly (readonly [number, number] | null)[];
  /** What a sum of squared differences is divided by. */
  readonly freedom: (count: number) => number;
}

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const triangle = (n: number): readonly (readonly [number, number])[] =>
  upTo(n).flatMap((i) => upTo(n - i).map((d): readonly [number, number] => [i, i + d]));

/** What the rules are. */
export const spinRules: SpinRules = {
  bonds: (N) =>
    upTo(N * N).flatMap((i): readonly (readonly [number, number])[] => {
      const [row, column] = [Math.floor(i / N), i % N];
      return [
        [i, row * N + ((column + 1) % N)],
        [i, ((row + 1) % N) * N + column],
      ];
    }),
  triples: (L) =>
    upTo(L).flatMap((i) =>
      upTo(L).flatMap((j) =>
        upTo(L).flatMap((k): readonly (readonly [number, number, number])[] => (i < j && j < k ? [[i, j, k]] : [])),
      ),
    ),
  threeSpinSign: -1,
  pairs: triangle,
  squares: triangle,
  freedom: (count) => count,
};

const at = (x: readonly number[], i: number): number => x[i] ?? NaN;

/** E and the kernel of the one-layer EFNN that it is. */
export const ising = (rules: SpinRules, N: number, J: number, spins: readonly number[]) => ({
  energy: [-J * rules.bonds(N).reduce((sum, [i, j]) => sum + at(spins, i) * at(spins, j), 0)],
  kernel: [0, 1, 0, 1, 0, 1, 0, 1, 0].map((n) => (-J / 2) * n),
});

/** E and dE/ds, spins [3, N, N]. */
export const heisenberg = (rules: SpinRules, N: number, J: number, spins: readonly number[]) => {
  const forces = new Float64Array(3 * N * N);
  const energy = upTo(3).reduce(
    (sum, k) =>
      rules.bonds(N).reduce((inner, [i, j]) => {
        const [a, b] = [k * N * N + i, k * N * N + j];
        forces[a] = (forces[a] ?? 0) - J * at(spins, b);
        forces[b] = (forces[b] ?? 0) - J * at(spins, a);
        return inner - J * at(spins, a) * at(spins, b);
      }, sum),
    0,
  );
  return { energy: [energy], forces: [...forces] };
};

/** E and dE/ds of a chain. */
export const threeSpin = (rules: SpinRules, L: number, couplings: readonly number[], spins: readonly number[]) => {
  const forces = new Float64Array(L);
  const energy = rules.triples(L).reduce((sum, [i, j, k], n) => {
    const J = rules.threeSpinSign * at(couplings, n);
    const [a, b, c] = [at(spins, i), at(spins, j), at(spins, k)];
    forces[i] = (forces[i] ?? 0) + J * b * c;
    forces[j] = (forces[j] ?? 0) + J * a * c;
    forces[k] = (forces[k] ?? 0) + J * a * b;
    return sum + J * a * b * c;
  }, 0);
  return { energy: [energy], forces: [...forces] };
};

/** Features and energy of Eq. (3). */
export const effectiveModel = (
  rules: SpinRules,
  N: number,
  clusters: readonly (readonly number[])[],
  coefficients: readonly number[],
  spins: readonly number[],
) => {
  const features = [
    1,
    ...clusters.flatMap((cluster) => {
      const x = rules.pairs(cluster.length).map((pair) => {
        if (pair === null) {
          return 0;
        }
        const [i, j] = [at(cluster, pair[0]), at(cluster, pair[1])];
        return [0, 1, 2].reduce((sum, k) => sum + at(spins, k * N * N + i) * at(spins, k * N * N + j), 0);
      });
      return [...x, ...rules.squares(x.length).map((pair) => (pair === null ? 0 : at(x, pair[0]) * at(x, pair[1])))];
    }),
  ];
  return { features, energy: [features.reduce((sum, x, i) => sum + x * at(coefficients, i), 0)] };
};

/** The four measures, those with a value. */
export const errorMeasures = (
  rules: SpinRules,
  exact: readonly number[],
  predicted: readonly number[],
  reference: number | null,
): Readonly<Record<string, readonly number[]>> => {
  const n = exact.length;
  const mean = exact.reduce((sum, x) => sum + x, 0) / n;
  const rmse = Math.sqrt(exact.reduce((sum, x, i) => sum + (x - at(predicted, i)) ** 2, 0) / n);
  const deviation = Math.sqrt(exact.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rules.freedom(n));
  const unit = reference ?? Math.abs(mean);
  return {
    rmse: [rmse],
    relative: [rmse / unit],
    meanPredictor: [deviation / unit],
    ...(deviation === 0 ? {} : { rmsePerDeviation: [rmse / deviation] }),
  };
};
