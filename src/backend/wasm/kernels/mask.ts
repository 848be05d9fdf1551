/** The last vector of a row that is no whole number of vectors: what lies beyond the row means nothing, even NaN. */
import { f32x4, type Expression } from '../../../assembler/expression.ts';
import { numbersPerVector } from '../grid.ts';
import { range } from './arithmetic.ts';

/** Vectors of a row without numbers beyond it. */
export const wholeVectors = (rowNumbers: number): number => Math.floor(rowNumbers / numbersPerVector);

/** The first `numbers` of a vector; zeros for the others. */
export const masked = (vector: Expression<'v128'>, numbers: number): Expression<'v128'> =>
  f32x4.and(vector, f32x4.mask(range(numbersPerVector).map((lane) => (lane < numbers ? -1 : 0))));
