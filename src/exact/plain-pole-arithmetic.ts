/** The arithmetic of the pole expansion in TypeScript: the reference, whose order of operations others keep to. */
import { blockCyclicElimination, type BlockCyclicElimination } from '../linear/block-cyclic-elimination.kernel.ts';
import { plainLineMatrices } from '../linear/plain-line-matrices.kernel.ts';
import type { Reduction } from './diagonal-lines.ts';
import { plainDiagonalLines } from './plain-diagonal-lines.kernel.ts';
import type { PoleArithmetic, PoleArithmeticOf } from './pole-arithmetic.ts';

/** Every second diagonal line is eliminated by 2 x 2 inverses, the lines that remain by dense ones. */
export const arithmeticBy = (reduction: Reduction, elimination: BlockCyclicElimination): PoleArithmetic => ({
  logDeterminant: (...model) => {
    const reduced = reduction(...model);
    return (spins) => {
      const at = reduced(spins);
      return (zRe, zIm) => {
        const { matrix, logarithm } = at(zRe, zIm);
        elimination.determinant(matrix, logarithm);
        return logarithm;
      };
    };
  },
  resolvent: (...model) => {
    const reduced = reduction(...model);
    return (spins) => {
      const at = reduced(spins);
      return (zRe, zIm) => {
        const { matrix, logarithm, diagonalBlocks } = at(zRe, zIm);
        return { diagonalBlocks: diagonalBlocks(elimination.selectedInverse(matrix, logarithm)), logarithm };
      };
    };
  },
});

/** In TypeScript: the reference. */
export const plainArithmetic: PoleArithmeticOf = (size) =>
  arithmeticBy(plainDiagonalLines(size), blockCyclicElimination(size, plainLineMatrices));
