/**
 * Products of complex matrices that lie in one memory of float64 numbers: all the arithmetic of the elimination that
 * takes time, behind an interface with two implementations, plain and WebAssembly.
 *
 * A matrix of width w has its rows one after the other, 2 w numbers each: w real parts, then w imaginary parts. It is
 * named by the index of its first number, and a block of it by the index of the block's first real part.
 */

/** Whether a product is written, added or subtracted. */
export type Mode = 'set' | 'add' | 'subtract';

/** Products of complex matrices by their places in one memory. */
export interface ComplexGemm {
  /** The full width. */
  readonly width: number;
  /** The numbers that the products read and write. */
  readonly memory: Float64Array;
  readonly set: Product;
  readonly add: Product;
  readonly subtract: Product;
  /** c = a^T, without conjugation, for square matrices of the full width. */
  readonly transpose: (a: number, c: number) => void;
}

/**
 * c = a b, c += a b, or c -= a b for a [rows, inner], which is a block of a matrix of width `aWidth` (4, 6 or the full
 * width), b [inner, columns] and c [rows, columns] of the full width. Rows are even in number; columns are 2 or a
 * multiple of 4.
 */
export type Product = (
  rows: number,
  inner: number,
  columns: number,
  a: number,
  aWidth: number,
  b: number,
  c: number,
) => void;

/** An implementation, for a full width that is a multiple of 4 and a memory of so many numbers. */
export type ComplexGemmOf = (width: number, numbers: number) => ComplexGemm;
