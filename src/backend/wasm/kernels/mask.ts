/** The last vector of a row that is no whole number of vectors: what lies beyond the row means nothing, even NaN. */
import { f32x4 } from '../../../assembler/expression.ts';
import { f32xN, type WideVector } from '../../../assembler/wide-vector.ts';
import { numbersPerVector } from '../grid.ts';
import { range } from './arithmetic.ts';

/** Vectors of 128 bits of a row without numbers beyond it. */
export const wholeVectors = (rowNumbers: number): number => Math.floor(rowNumbers / numbersPerVector);

/** The first `numbers` of a vector; zeros for the others. */
export const masked = (vector: WideVector, numbers: number): WideVector =>
  f32xN.and(
    vector,
    vector.map((_, half) =>
      f32x4.mask(range(numbersPerVector).map((lane) => (half * numbersPerVector + lane < numbers ? -1 : 0))),
    ),
  );
