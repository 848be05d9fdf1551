/**
 * The arithmetic of the pole expansion, in two implementations with the same results to the last digit: plain TypeScript, and
 * WebAssembly compiled for each size.
 */
import { blockCyclicElimination, type BlockCyclicElimination } from '../linear/block-cyclic-elimination.kernel.ts';
import type { LineMatricesOf } from '../linear/line-matrices.ts';
import { plainLineMatrices } from '../linear/plain-line-matrices.kernel.ts';
import { wasmLineMatrices } from '../linear/wasm/line-matrices.kernel.ts';
import type { DiagonalLinesOf, Reduction } from './diagonal-lines.ts';
import { plainDiagonalLines } from './plain-diagonal-lines.kernel.ts';
import { wasmDiagonalLines } from './wasm/diagonal-lines.kernel.ts';

/** What is done to z - H of N x N lattices, with work space for one at a time. */
export interface PoleArithmetic {
  /** Every second diagonal line is eliminated by 2 x 2 inverses. */
  readonly reduction: Reduction;
  /** The lines that remain, by dense ones. */
  readonly elimination: BlockCyclicElimination;
}

/** An implementation for N x N lattices. */
export type PoleArithmeticOf = (size: number) => PoleArithmetic;

const arithmeticBy =
  (diagonalLinesOf: DiagonalLinesOf, lineMatricesOf: LineMatricesOf): PoleArithmeticOf =>
  (size) => ({ reduction: diagonalLinesOf(size), elimination: blockCyclicElimination(size, lineMatricesOf) });

/** In TypeScript: the reference. */
export const plainArithmetic: PoleArithmeticOf = arithmeticBy(plainDiagonalLines, plainLineMatrices);

/** In WebAssembly. */
export const wasmArithmetic: PoleArithmeticOf = arithmeticBy(wasmDiagonalLines, wasmLineMatrices);
