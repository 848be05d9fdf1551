/** Hermitian matrices: dense, sparse, diagonal, degenerate, and of every magnitude. */
import fc from 'fast-check';

import type { HermitianMatrix } from '../../src/linear/hermitian-matrix.ts';
import { interval, ofAllMagnitudes } from './interval.ts';

/** The matrix with A_ij = entry(i, j) for i >= j; the imaginary part of a diagonal entry is dropped. */
export const hermitian = (
  dimension: number,
  entry: (row: number, column: number) => readonly [re: number, im: number],
): HermitianMatrix => {
  const part = (k: 0 | 1, sign: number) => (_: unknown, index: number) => {
    const [row, column] = [Math.floor(index / dimension), index % dimension];
    const lower = entry(Math.max(row, column), Math.min(row, column))[k];
    return row < column ? sign * lower : row === column && k === 1 ? 0 : lower;
  };
  return {
    dimension,
    re: Float64Array.from({ length: dimension * dimension }, part(0, 1)),
    im: Float64Array.from({ length: dimension * dimension }, part(1, -1)),
  };
};

const dimensions = (smallest: number, largest: number): fc.Arbitrary<number> =>
  fc.integer({ min: smallest, max: largest });

const entries = (count: number, entry: fc.Arbitrary<number>): fc.Arbitrary<readonly number[]> =>
  fc.array(entry, { minLength: count, maxLength: count });

const real = interval(-1, 1);

/** Mostly far below the rounding of the largest entry, down to the smallest float64: squares underflow. */
const extreme = ofAllMagnitudes(-1, 1);

/** Mostly zeros, and repeated values: matrices fall apart into blocks, and eigenvalues coincide. */
const sparse = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.constantFrom(1, -1, 2) });

/** Few different magnitudes far apart: graded matrices. The square of the smallest is subnormal. */
const graded = fc.tuple(real, fc.constantFrom(1, 1e-5, 1e-10, 1e-161)).map(([x, magnitude]) => x * magnitude);

const filled = (dimension: number, entry: fc.Arbitrary<number>): fc.Arbitrary<HermitianMatrix> =>
  entries(2 * dimension * dimension, entry).map((numbers) =>
    hermitian(dimension, (row, column) => {
      const index = 2 * (row * dimension + column);
      return [numbers[index] ?? 0, numbers[index + 1] ?? 0];
    }),
  );

/** Entries of order 1. */
export const hermitianMatrices = (smallest: number, largest: number): fc.Arbitrary<HermitianMatrix> =>
  dimensions(smallest, largest).chain((dimension) =>
    fc.oneof(
      filled(dimension, real),
      filled(dimension, sparse),
      filled(dimension, graded),
      filled(dimension, extreme),
      entries(dimension, sparse).map((diagonal) =>
        hermitian(dimension, (row, column) => [row === column ? (diagonal[row] ?? 0) : 0, 0]),
      ),
    ),
  );

/** A unit vector of complex numbers, [n] each for real and imaginary parts. */
export interface ComplexVector {
  readonly re: readonly number[];
  readonly im: readonly number[];
}

export const complexUnitVectors = (dimension: number): fc.Arbitrary<ComplexVector> =>
  fc.tuple(entries(dimension, real), entries(dimension, real)).map(([re, im]) => {
    const norm = Math.sqrt([...re, ...im].reduce((sum, x) => sum + x * x, 0));
    return norm > 0.01
      ? { re: re.map((x) => x / norm), im: im.map((x) => x / norm) }
      : { re: re.map((_, i) => (i === 0 ? 1 : 0)), im: im.map(() => 0) };
  });
