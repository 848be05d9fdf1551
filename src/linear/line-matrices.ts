/**
 * The matrices of single lines, as block-cyclic elimination needs them: all its arithmetic, behind an interface with two
 * implementations, plain and WebAssembly, whose results are the same to the last digit.
 *
 * Matrices lie in one memory, as `complex-gemm.ts` says, and are named by their places in it, as are blocks of lines
 * (`SiteBlocks`). A line has N sites, so its matrices have 2 N rows and columns; their width is rounded up to a multiple of 4.
 * After the last row two sites' rows may repeat the first ones, so that three neighbours are always six rows on end: a matrix
 * is wrapped then.
 */
import type { Mode } from './complex-gemm.ts';
import { inversionNumbers } from './definite-inverse.kernel.ts';

/** Where a band has its three blocks of site x: at x, x + 1, x + 2; at x, x - 1, x - 2; or at x - 1, x, x + 1. */
export type Side = 'right' | 'left' | 'middle';

/**
 * A band of three 2 x 2 blocks a site. On the right and in the middle block j of site x stands in row x; on the left in row
 * x + j, column x, as `lower` of a coupling has it. A transposed one has its 2 x 2 blocks transposed.
 */
export interface Band {
  readonly side: Side;
  readonly isTransposed: boolean;
}

/** The blocks of a line with itself. */
export const diagonal: Band = { side: 'middle', isTransposed: false };
/** Minus the block from a line to the next, of the blocks `upper`. */
export const upper: Band = { side: 'right', isTransposed: false };
/** Minus the block from the next line back, of the blocks `lower`. */
export const lower: Band = { side: 'left', isTransposed: false };

const acrossFrom: Readonly<Record<Side, Side>> = { right: 'left', left: 'right', middle: 'middle' };

/**
 * The transpose of a band.
 *
 * @example
 * transposed(upper) // { side: 'left', isTransposed: true }
 */
export const transposed = ({ side, isTransposed }: Band): Band => ({
  side: acrossFrom[side],
  isTransposed: !isTransposed,
});

/** The arithmetic of matrices of lines, by their places. What is done never depends on a number, so that it can be noted and done later. */
export interface LineOperations {
  /** c = a b, c += a b or c -= a b. */
  readonly multiply: (how: Mode, a: number, b: number, c: number) => void;
  /** a = 0, but for rows beyond 2 N. */
  readonly clear: (a: number) => void;
  /** Repeats the first rows of a after the last. */
  readonly wrap: (a: number) => void;
  /** c = a^T, wrapped. */
  readonly transpose: (a: number, c: number) => void;
  /** c = band a, c += band a or c -= band a for a wrapped matrix a; of bands in the middle there is no product. */
  readonly multiplyBand: (how: Mode, band: Band, blocks: number, a: number, c: number) => void;
  /** a += band. */
  readonly addBand: (band: Band, blocks: number, a: number) => void;
  /**
   * Replaces D by its wrapped inverse and leaves its pivots, as `definite-inverse.kernel.ts` has it, with ones on the diagonal
   * where the width exceeds 2 N. With `determinantOnly` what is left of D is meaningless.
   */
  readonly invert: (a: number, pivots: number, determinantOnly: boolean) => void;
  /** Writes the blocks that a dense matrix has where this band has its own. */
  readonly copyBlocks: (side: Side, a: number, blocks: number) => void;
  /** Writes or adds the blocks that a b + c d has where this band has its own, without the rest of it. */
  readonly productBlocks: (
    how: 'set' | 'add',
    side: Side,
    a: number,
    b: number,
    c: number,
    d: number,
    blocks: number,
  ) => void;
}

/** The operations, each done when it is called for. */
export interface LineMatrices extends LineOperations {
  /** What all matrices and blocks lie in. */
  readonly memory: Float64Array;
}

/** An implementation for lines of N sites, with a memory of so many numbers; from `scratch` on it needs `scratchNumbers`. */
export type LineMatricesOf = (size: number, numbers: number, scratch: number) => LineMatrices;

/** Rows that a wrapped matrix repeats: two sites. */
export const wrapRows = 4;

/** Numbers of a row of three 2 x 2 blocks as the products take it: 2 rows, 6 columns, complex. */
export const bandRow = 24;

/** Columns of the matrix of a line: the products work on multiples of four. */
export const widthOf = (size: number): number => 4 * Math.ceil((2 * size) / 4);

/** Numbers of a matrix of a line, wrapped. */
export const matrixNumbers = (size: number): number => 2 * widthOf(size) * Math.max(widthOf(size), 2 * size + wrapRows);

/** Numbers of scratch space: those of an inversion, which are more than a row of a band or two rows of a product take. */
export const scratchNumbers = (size: number): number => inversionNumbers(widthOf(size));

/** Numbers of the pivots of a matrix: as many as its width, complex. */
export const pivotNumbers = (size: number): number => 2 * widthOf(size);
