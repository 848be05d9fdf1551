/**
 * z - H of the double exchange model as a block-cyclic tridiagonal matrix, of half as many blocks as the lattice has
 * rows.
 *
 * The N x N lattice is cut into its N diagonal lines, the sites with row + column = s (mod N). No two sites of a line
 * are neighbours; site x of line s (x is its column) hops down to site x and right to site x + 1 of line s + 1. So
 * z - H has 2 x 2 blocks D_x = z + mu + (J / 2) s . sigma on its diagonal, and between the lines s and s + 1
 *
 *   t K and t K*,  K = b + a P^T,  K* = b* + a* P,
 *
 * P the shift x -> x + 1, a = exp(i theta_x / N) and b = exp(i theta_y / N) for a twist (theta_x, theta_y) that a
 * change of phases has spread evenly over the lattice.
 *
 * The lines 1, 3, 5, .. are eliminated by 2 x 2 inverses E_x, which leaves a block-cyclic tridiagonal matrix of
 * n = ceil(N / 2) lines, coupled by three blocks a site: from line 2 i to 2 i + 2 by -t^2 K E K, back by -t^2 K* E K*, and each line to itself by
 * D - t^2 K E K* - t^2 K* E' K, E' of the line before. For odd N the last line and the first are neighbours, and their
 * coupling is t K as it stands: the lattice is not bipartite, but its matrix is as short.
 */
import type { BlockCyclicMatrix } from '../linear/block-cyclic-matrix.ts';
import type { ComplexLogarithm } from '../linear/definite-inverse.kernel.ts';
import type { AtPole } from './pole-arithmetic.ts';

/** z - H after the elimination of every second line. It holds until the next one is made. */
export interface ReducedLattice {
  /** The lines 0, 2, 4, .. */
  readonly matrix: BlockCyclicMatrix;
  /** The logarithm of the determinant of what was eliminated. */
  readonly logarithm: ComplexLogarithm;
  /**
   * The 2 x 2 diagonal blocks of (z - H)^-1 at every site (row-major), [N^2, 8], from the selected inverse of the reduced
   * matrix. At an eliminated site they are E + E (hops G hops) E, over its four neighbours.
   */
  readonly diagonalBlocks: (inverse: BlockCyclicMatrix) => Float64Array;
}

/** z - H of a configuration, reduced, for any z with Im z > 0. */
export type Reduction = AtPole<ReducedLattice>;
