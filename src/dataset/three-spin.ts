/**
 * The draws of the three-spin infinite-range model. As in the paper, couplings are normal of mean 1 and standard
 * deviation 2, and spins uniform on {0, 1} (binary) or [-1, 1] (continuous).
 *
 * @eq 1
 */
import type { Reals } from '../number/reals.ts';
import { drawn, integersBelow, normals, uniformsBetween, type Draw } from '../random/draw.ts';
import { streamOf } from '../random/stream.ts';

/** The model with spins 0 or 1, or in [-1, 1]. */
export type ThreeSpinSystem = 'three-spin-binary' | 'three-spin-continuous';

/** L in the paper. */
export const publishedSites = 15;

/** The mean of a coupling. */
export const couplingMean = 1;

/** The standard deviation of a coupling. */
export const couplingDeviation = 2;

/**
 * How many triples i < j < k there are among L sites.
 *
 * @example
 * tripleCount(15) // 455
 */
export const tripleCount = (sites: number): number => (sites * (sites - 1) * (sites - 2)) / 6;

/** `count` couplings J_ijk. */
export const couplingDraw: (count: number) => Draw<Reals> = normals(couplingMean, couplingDeviation);

/** `count` scalar spins. */
export const spinDraw: Readonly<Record<ThreeSpinSystem, (count: number) => Draw<Reals>>> = {
  'three-spin-binary': integersBelow(2),
  'three-spin-continuous': uniformsBetween(-1, 1),
};

/** The couplings of fresh data, in lexicographic order of their triples: a function of the seed alone. */
export const freshCouplings = (sites: number, seed: number): Reals =>
  drawn(streamOf(seed, 0, 'couplings'))(couplingDraw(tripleCount(sites)));
