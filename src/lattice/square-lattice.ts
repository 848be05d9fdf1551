/**
 * The periodic N x N square lattice. Site r = (row, column) has the index row N + column; rows and columns wrap around.
 *
 * Every site has four neighbours and two bonds of its own, to the right and down, so each of the 2 N^2 bonds is named
 * once. Below N = 3 a site is its own neighbour or meets one twice, and the sums over bonds of the Hamiltonians change
 * their meaning: `squareLattice` refuses such sizes.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { callersMistake, sideOfLattice } from '../number/callers-mistake.ts';

/** Anything with a size N is a lattice: a spin configuration, too. */
export interface SquareLattice {
  /** N. */
  readonly size: number;
}

/** A lattice that the Hamiltonians refuse, by its size, the spins on it or their coupling: the message says what is allowed. */
export interface LatticeError {
  readonly tag: 'LatticeError';
  readonly message: string;
}

/**
 * The N x N lattice. Fails for N < 3 and for N that is no integer.
 *
 * @example
 * pipe(squareLattice(4), E.map(siteCount)) // right(16)
 */
export const squareLattice = (size: number): Either<LatticeError, SquareLattice> =>
  Number.isSafeInteger(size) && size >= 3
    ? E.right({ size })
    : E.left({
        tag: 'LatticeError',
        message:
          `expected a lattice size N that is an integer of at least 3, got ${size}: ` +
          'on smaller periodic lattices neighbours coincide; choose N >= 3',
      });

/**
 * N^2.
 *
 * @throws RangeError unless N is a whole number of at least 1, as all functions of a lattice that return no `Either`.
 */
export const siteCount = ({ size }: SquareLattice): number => sideOfLattice(size) * size;

/** The indices of all sites, in row-major order. */
export const sites = (lattice: SquareLattice): readonly number[] =>
  Array.from({ length: siteCount(lattice) }, (_, site) => site);

/**
 * The index of a site; any integers will do, since rows and columns wrap around.
 *
 * @example
 * siteAt({ size: 4 })(-1, 5) // 13
 */
export const siteAt = ({ size }: SquareLattice): ((row: number, column: number) => number) => {
  const along = wrap(sideOfLattice(size));
  return (row, column) =>
    Number.isSafeInteger(row) && Number.isSafeInteger(column)
      ? along(row) * size + along(column)
      : callersMistake('a row and a column that are whole numbers', `${row} and ${column}`, 'count them from 0');
};

const wrap =
  (size: number) =>
  (x: number): number =>
    ((x % size) + size) % size;

/** The site that lies `rows` further down and `columns` further right. */
export const displaced = (lattice: SquareLattice) => {
  const at = siteAt(lattice);
  return (rows: number, columns: number) =>
    (site: number): number =>
      Number.isSafeInteger(site)
        ? at(Math.floor(site / lattice.size) + rows, (site % lattice.size) + columns)
        : callersMistake('a site that is a whole number', `${site}`, 'count rows of N from 0');
};

/**
 * The four nearest neighbours of a site: right, down, left, up.
 *
 * @example
 * neighbours({ size: 3 })(0) // [1, 3, 2, 6]
 */
export const neighbours =
  (lattice: SquareLattice) =>
  (site: number): readonly number[] =>
    [
      [0, 1],
      [1, 0],
      [0, -1],
      [-1, 0],
    ].map(([rows = 0, columns = 0]) => displaced(lattice)(rows, columns)(site));

/** A nearest-neighbour pair, from a site to the one on its right or below it. */
export interface Bond {
  readonly from: number;
  readonly to: number;
  readonly direction: 'right' | 'down';
  /** Whether the bond crosses the boundary, from the last column or row to the first. */
  readonly wraps: boolean;
}

/**
 * The 2 N^2 bonds: for each site the one to the right, then the one down.
 *
 * @example
 * bonds({ size: 3 }).length // 18
 */
export const bonds = (lattice: SquareLattice): readonly Bond[] =>
  sites(lattice).flatMap((from): readonly Bond[] => [
    {
      from,
      to: displaced(lattice)(0, 1)(from),
      direction: 'right',
      wraps: from % lattice.size === lattice.size - 1,
    },
    {
      from,
      to: displaced(lattice)(1, 0)(from),
      direction: 'down',
      wraps: from >= lattice.size * (lattice.size - 1),
    },
  ]);
