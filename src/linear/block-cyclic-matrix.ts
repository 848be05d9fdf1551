/**
 * Block-cyclic tridiagonal matrices: N x N lattices line by line, each line coupled to itself and to its two neighbours,
 * the last line to the first, which are the blocks in the corners. Within a line and between two a site meets three
 * sites, by 2 x 2 blocks.
 */

/** Numbers in a 2 x 2 block: the entries 00, 01, 10, 11, each with real and imaginary part. */
export const blockNumbers = 8;

/**
 * Three 2 x 2 blocks for each site of a line, [3, N, 8]: the entries 00, 01, 10, 11, each with real and imaginary part.
 * Within a line block j of site x couples x to x - 1 + j; between lines see `Coupling`.
 */
export type SiteBlocks = Float64Array;

/** Minus the blocks between a line and the next: `upper` j of site x is at (x, x + j), `lower` j at (x + j, x). */
export interface Coupling {
  readonly upper: SiteBlocks;
  readonly lower: SiteBlocks;
}

/** A block-cyclic tridiagonal matrix; the last coupling is that of the last line to the first. */
export interface BlockCyclicMatrix {
  readonly size: number;
  /** For each line that remains, the lines 0, 2, 4, .. */
  readonly diagonals: readonly SiteBlocks[];
  readonly couplings: readonly Coupling[];
}
