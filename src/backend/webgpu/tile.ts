/**
 * Tiles of the lattice: the sites whose numbers a workgroup shares. Rows of one sample, or all of several samples where the
 * lattice is small, with what lies around them on the torus.
 */
import { lanes } from './wgsl.ts';

/** Sums of fewer products read their numbers from memory: a tile would be shared before it is used often enough. */
export const fewProducts = 25;

/** So many rows of so many samples, N sites long. */
export interface Tile {
  readonly samples: number;
  readonly rows: number;
  /** How many tiles cover a sample, one below the other. */
  readonly bands: number;
  readonly sites: number;
}

/** Most sites in a tile: what each lane sums at four of them finds room in registers. */
const mostSites = 4 * lanes;

/** The part of the lanes' turns that sums at a site of the lattice, and not at none. */
const use = ({ samples, rows, bands, sites }: Tile, latticeSize: number): number =>
  ((samples * latticeSize * latticeSize) / (bands * sites)) * (sites / (lanes * Math.ceil(sites / lanes))) +
  // Of tiles that are used alike the larger reads less that lies around it.
  rows / 1e6 +
  samples / 1e9;

/** The tiles that a lattice may be cut in, those first that keep most lanes busy. */
export const tilesOf = (latticeSize: number): readonly Tile[] => {
  const tile = (samples: number, rows: number): Tile => ({
    samples,
    rows,
    bands: Math.ceil(latticeSize / rows),
    sites: samples * rows * latticeSize,
  });
  const whole = latticeSize * latticeSize;
  const several = Array.from({ length: Math.floor(mostSites / whole) }, (_, index) => tile(index + 1, latticeSize));
  const bands = Array.from({ length: latticeSize }, (_, index) => tile(1, index + 1));
  return [...several, ...bands]
    .filter(({ sites }) => sites <= mostSites)
    .toSorted((a, b) => use(b, latticeSize) - use(a, latticeSize));
};

/** How many numbers of a channel and component a tile has with its surroundings, for a kernel of size x size taps. */
export const surroundedLength = ({ samples, rows }: Tile, latticeSize: number, size: number): number =>
  samples * (rows + size - 1) * (latticeSize + size - 1);
