/** The double exchange matrix, and wrong ones: what slips in when H is written down. */
import { doubleExchangeMatrix, type DoubleExchange, type Twist } from '../../src/hamiltonian/double-exchange.ts';
import { spinAt } from '../../src/lattice/spins.ts';
import { eigenvalues } from '../../src/linear/diagonalize.ts';
import type { LevelsOf, MatrixOf } from '../laws/double-exchange.ts';
import { right } from '../right.ts';

/** The right matrix. */
export const matrixOf: MatrixOf = (model, twist) => (spins) => right(doubleExchangeMatrix(model, twist)(spins));

/** The matrix with each entry multiplied by a factor of its place. */
const weighted =
  (factor: (row: number, column: number, size: number) => number): MatrixOf =>
  (model, twist) =>
  (spins) => {
    const { dimension, re, im } = matrixOf(model, twist)(spins);
    const scale = (x: number, index: number): number =>
      x * factor(Math.floor(index / dimension), index % dimension, spins.size);
    return { dimension, re: re.map(scale), im: im.map(scale) };
  };

const siteOf = (index: number): number => Math.floor(index / 2);

/** No hopping from the last row to the first, and from the last column to the first. */
export const openBoundaries = weighted((row, column, size) => {
  const [a, b] = [siteOf(row), siteOf(column)];
  const apart = Math.max(Math.abs(Math.floor(a / size) - Math.floor(b / size)), Math.abs((a % size) - (b % size)));
  return apart > 1 ? 0 : 1;
});

/** Hopping along rows is stronger than along columns. */
export const anisotropic = weighted((row, column, size) =>
  row !== column &&
  siteOf(row) !== siteOf(column) &&
  Math.floor(siteOf(row) / size) === Math.floor(siteOf(column) / size)
    ? 1.5
    : 1,
);

/** The matrix of another model. */
export const parameters =
  (change: (model: DoubleExchange) => DoubleExchange): MatrixOf =>
  (model, twist) =>
    matrixOf(change(model), twist);

/** The matrix of another twist. */
export const twistChanged =
  (change: (twist: Twist) => Twist): MatrixOf =>
  (model, twist) =>
    matrixOf(model, change(twist));

/** The matrix of other spins. */
export const spinsChanged =
  (change: (spin: readonly [x: number, y: number, z: number]) => readonly [number, number, number]): MatrixOf =>
  (model, twist) =>
  (spins) => {
    const changed = Array.from({ length: spins.size ** 2 }, (_, site) => change(spinAt(spins)(site)));
    const components = Float64Array.from(([0, 1, 2] as const).flatMap((k) => changed.map((s) => s[k])));
    return matrixOf(model, twist)({ size: spins.size, components });
  };

/** Both triangles with the same sign of the imaginary part. */
export const withoutConjugate: MatrixOf = (model, twist) => (spins) => {
  const { dimension, re, im } = matrixOf(model, twist)(spins);
  return { dimension, re, im: im.map(Math.abs) };
};

/** The levels of such a matrix. */
export const levels =
  (matrix: MatrixOf): LevelsOf =>
  (model, twist) =>
  (spins) =>
    right(eigenvalues(matrix(model, twist)(spins)));
