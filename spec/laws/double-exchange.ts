/** Laws of the double exchange matrix and its levels: norms, and the spectra that are known in closed form. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';

import type { DoubleExchange, Twist } from '../../src/hamiltonian/double-exchange.ts';
import type { Vector3 } from '../../src/lattice/orthogonal.ts';
import type { SpinConfiguration } from '../../src/lattice/spins.ts';
import type { HermitianMatrix } from '../../src/linear/hermitian-matrix.ts';
import type { Reals } from '../../src/number/reals.ts';
import { models, twists } from '../arbitraries/double-exchange.ts';
import { configurations, unitVectors } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The matrix of H - mu n. */
export type MatrixOf = (model: DoubleExchange, twist: Twist) => (spins: SpinConfiguration) => HermitianMatrix;

interface MatrixCase {
  readonly model: DoubleExchange;
  readonly twist: Twist;
  readonly spins: SpinConfiguration;
}

/** The model with these parameters, or a reason why there is none. */
export type ModelWith = (parameters: DoubleExchange) => E.Either<{ readonly message: string }, DoubleExchange>;

const anyNumber = fc.constantFrom(-8.3, 0, 1, 1e300, Infinity, -Infinity, NaN);

export const modelsHaveFiniteParameters: Law<ModelWith, DoubleExchange> = {
  statement: 'exactly finite t, J, mu and T are parameters of the model, T above 0, however small; they are kept',
  cases: fc.record({
    t: anyNumber,
    J: anyNumber,
    mu: anyNumber,
    T: fc.oneof(anyNumber, fc.constant(Number.MIN_VALUE)),
  }),
  holds: (modelWith) => (parameters) => {
    const { t, J, mu, T } = parameters;
    const found = modelWith(parameters);
    return [t, J, mu, T].every(Number.isFinite) && T > 0
      ? E.isRight(found) &&
          [found.right.t, found.right.J, found.right.mu, found.right.T].join() === [t, J, mu, T].join()
      : E.isLeft(found) && /^expected .* got /.test(found.left.message);
  },
  runs: 500,
};

export const matrixHasKnownNorm: Law<MatrixOf, MatrixCase> = {
  statement: 'H is Hermitian, tr H = -2 N^2 mu, tr H^2 = N^2 (8 t^2 + J^2 / 2 + 2 mu^2), for any spins and twist',
  cases: fc.record({ model: models, twist: twists, spins: configurations(3, 5) }),
  holds:
    (matrixOf) =>
    ({ model, twist, spins }) => {
      const { dimension, re, im } = matrixOf(model, twist)(spins);
      const sites = spins.size ** 2;
      const transposed = (index: number): number => (index % dimension) * dimension + Math.floor(index / dimension);
      const trace = upTo(dimension).reduce((sum, i) => sum + (re[i * dimension + i] ?? NaN), 0);
      const square = re.reduce((sum, x) => sum + x * x, 0) + im.reduce((sum, y) => sum + y * y, 0);
      const { t, J, mu } = model;
      const expected = sites * (8 * t * t + (J * J) / 2 + 2 * mu * mu);
      // Sums of at most 10 entries a row, none larger than the whole.
      const rounding = 10 * dimension * Number.EPSILON * (expected + 2 * sites * Math.abs(mu));
      return (
        dimension === 2 * sites &&
        re.every((x, index) => x === re[transposed(index)]) &&
        im.every((y, index) => y === -(im[transposed(index)] ?? NaN)) &&
        Math.abs(trace + 2 * sites * mu) <= rounding &&
        Math.abs(square - expected) <= rounding
      );
    },
};

/** The levels E_n, ascending. */
export type LevelsOf = (model: DoubleExchange, twist: Twist) => (spins: SpinConfiguration) => Reals;

/** -2 t (cos kx + cos ky) for every wave vector k = (2 pi n + twist) / N. */
const bands = (
  size: number,
  t: number,
  twist: Twist,
): readonly { readonly kx: number; readonly ky: number; readonly energy: (qx: number, qy: number) => number }[] =>
  upTo(size).flatMap((nx) =>
    upTo(size).map((ny) => {
      const [kx, ky] = [(2 * Math.PI * nx + twist.x) / size, (2 * Math.PI * ny + twist.y) / size];
      return { kx, ky, energy: (qx: number, qy: number) => -2 * t * (Math.cos(kx + qx) + Math.cos(ky + qy)) };
    }),
  );

/** Both lists ascending; levels are of the size of the couplings, and err by the solver's n eps |H|. */
const sameLevels = (found: Reals, expected: readonly number[], { t, J, mu }: DoubleExchange): boolean => {
  const ascending = Float64Array.from(expected).sort();
  const norm = 4 * Math.abs(t) + Math.abs(J) / 2 + Math.abs(mu);
  const tolerance = 4 * ascending.length * Number.EPSILON * norm;
  return found.length === ascending.length && found.every((E, n) => Math.abs(E - (ascending[n] ?? NaN)) <= tolerance);
};

export const freeElectronLevels: Law<LevelsOf, MatrixCase> = {
  statement: 'free electrons (J = 0): -2 t (cos kx + cos ky) - mu, each level twice, whatever the spins',
  cases: fc.record({ model: models.map((model) => ({ ...model, J: 0 })), twist: twists, spins: configurations(3, 6) }),
  holds:
    (levelsOf) =>
    ({ model, twist, spins }) =>
      sameLevels(
        levelsOf(model, twist)(spins),
        bands(spins.size, model.t, twist).flatMap(({ energy }) => [energy(0, 0) - model.mu, energy(0, 0) - model.mu]),
        model,
      ),
  runs: 30,
};

interface UniformCase {
  readonly model: DoubleExchange;
  readonly twist: Twist;
  readonly size: number;
  readonly direction: Vector3;
}

/** The configuration whose spin at (row, column) is given. */
const spinsFrom = (size: number, spin: (row: number, column: number) => Vector3): SpinConfiguration => {
  const vectors = upTo(size * size).map((site) => spin(Math.floor(site / size), site % size));
  return { size, components: Float64Array.from(([0, 1, 2] as const).flatMap((k) => vectors.map((s) => s[k]))) };
};

export const ferromagnetLevels: Law<LevelsOf, UniformCase> = {
  statement: 'ferromagnet of any direction: -2 t (cos kx + cos ky) -+ J / 2 - mu',
  cases: fc.record({ model: models, twist: twists, size: fc.integer({ min: 3, max: 6 }), direction: unitVectors }),
  holds:
    (levelsOf) =>
    ({ model, twist, size, direction }) =>
      sameLevels(
        levelsOf(model, twist)(spinsFrom(size, () => direction)),
        bands(size, model.t, twist).flatMap(({ energy }) =>
          [-0.5, 0.5].map((half) => energy(0, 0) + half * model.J - model.mu),
        ),
        model,
      ),
  runs: 30,
};

interface SpiralCase {
  readonly model: DoubleExchange;
  readonly twist: Twist;
  readonly size: number;
  /** The spiral's wave vector is 2 pi (rows, columns) / N. */
  readonly rows: number;
  readonly columns: number;
}

export const spiralLevels: Law<LevelsOf, SpiralCase> = {
  statement:
    'spin spiral s_r = (cos q r, sin q r, 0): it couples k up to k + q down alone, which leaves 2 x 2 matrices',
  cases: fc.integer({ min: 3, max: 6 }).chain((size) =>
    fc.record({
      model: models,
      twist: twists,
      size: fc.constant(size),
      rows: fc.nat(size - 1),
      columns: fc.nat(size - 1),
    }),
  ),
  holds:
    (levelsOf) =>
    ({ model, twist, size, rows, columns }) => {
      const [qx, qy] = [(2 * Math.PI * columns) / size, (2 * Math.PI * rows) / size];
      const spiral = spinsFrom(size, (row, column) => [
        Math.cos(qx * column + qy * row),
        Math.sin(qx * column + qy * row),
        0,
      ]);
      const expected = bands(size, model.t, twist).flatMap(({ energy }) => {
        const [up, down] = [energy(0, 0), energy(qx, qy)];
        const split = Math.hypot((up - down) / 2, model.J / 2);
        return [(up + down) / 2 - split - model.mu, (up + down) / 2 + split - model.mu];
      });
      return sameLevels(levelsOf(model, twist)(spiral), expected, model);
    },
  runs: 30,
};
