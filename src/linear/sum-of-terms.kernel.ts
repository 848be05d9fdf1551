/** Fills the two triangles of a Hermitian matrix from its terms. */
import type { HermitianMatrix, Term } from './hermitian-matrix.ts';

/**
 * The matrix of a sum of terms, where each off-diagonal term stands for itself and its Hermitian conjugate.
 * Terms with the same indices add up. The imaginary part of a diagonal term has no Hermitian meaning and is dropped.
 *
 * @example
 * sumOfTerms(2)([{ row: 0, column: 1, re: 0, im: -1 }]).im // [0, -1, 1, 0]
 */
export const sumOfTerms =
  (dimension: number) =>
  (terms: readonly Term[]): HermitianMatrix => {
    const re = new Float64Array(dimension * dimension);
    const im = new Float64Array(dimension * dimension);
    for (const term of terms) {
      const index = term.row * dimension + term.column;
      const mirrored = term.column * dimension + term.row;
      re[index]! += term.re;
      if (mirrored !== index) {
        im[index]! += term.im;
        re[mirrored]! += term.re;
        im[mirrored]! -= term.im;
      }
    }
    return { dimension, re, im };
  };
