/** The last vector of a row that is no whole number of vectors: what lies beyond the row means nothing, even NaN. */
import { f32x4, type Body } from '../../../assembler/expression.ts';
import type { Scope } from '../../../assembler/module.ts';
import { f32xN, type VectorWidth, type WideVector } from '../../../assembler/wide-vector.ts';
import { numbersPerVector } from '../grid.ts';
import { range } from './arithmetic.ts';

/** Vectors of 128 bits of a row without numbers beyond it. */
export const wholeVectors = (rowNumbers: number): number => Math.floor(rowNumbers / numbersPerVector);

/** What clears the numbers of a vector beyond the first so many. */
export interface Mask {
  /** Makes the mask in a variable: at every use an engine would make a constant again, with seven instructions for 256 bits. */
  readonly made: Body;
  readonly masked: (vector: WideVector) => WideVector;
}

/** Keeps the first `numbers` of a vector; the others become zeros. */
export const maskOf = (scope: Scope, { halves, local }: VectorWidth, numbers: number): Mask => {
  const mask = local(scope);
  const lanes = range(numbersPerVector);
  const keeps = (half: number) => lanes.map((lane) => (half * numbersPerVector + lane < numbers ? -1 : 0));
  return {
    made: f32xN.assign(
      mask,
      range(halves).map((half) => f32x4.mask(keeps(half))),
    ),
    masked: (vector) => f32xN.and(vector, mask),
  };
};
