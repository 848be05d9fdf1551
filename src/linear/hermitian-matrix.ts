/**
 * Hermitian matrices: the Hamiltonian H = sum_ij c_i^dagger A_ij c_j of free electrons is one, A.
 *
 * Real and imaginary parts lie in two arrays, each row-major and complete (both triangles), so that a numeric kernel
 * reads whichever triangle runs along the cache.
 */
import type { Reals } from '../number/reals.ts';

/** A Hermitian matrix, both of its triangles. */
export interface HermitianMatrix {
  readonly dimension: number;
  /** Real parts, [dimension, dimension], symmetric. */
  readonly re: Reals;
  /** Imaginary parts, [dimension, dimension], antisymmetric. */
  readonly im: Reals;
}

/** The term z c_row^dagger c_column, z = re + i im. */
export interface Term {
  readonly row: number;
  readonly column: number;
  readonly re: number;
  readonly im: number;
}
