/** Work space: what one energy takes in a memory of WebAssembly, which 32 bits can address. It bounds the lattice. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { SquareLattice } from '../lattice/square-lattice.ts';
import { memoize } from '../number/memoize.ts';

/** Why a lattice is too large: what is computed on it does not fit into 32-bit memory. */
export interface WorkSpaceError {
  readonly tag: 'WorkSpaceError';
  readonly message: string;
}

/** What a work space is for, in words, and how many numbers it has on an N x N lattice: more, the larger N is. */
export interface WorkSpace {
  readonly purpose: string;
  readonly numbers: (size: number) => number;
}

/** What 32 bits can address, and a little less, so that a page more does no harm. */
const mostNumbers = (2 ** 32 - 2 ** 20) / Float64Array.BYTES_PER_ELEMENT;

/** The largest N between one that fits and one that does not. */
const largestBetween = (numbers: WorkSpace['numbers'], fitting: number, tooLarge: number): number => {
  const middle = Math.floor((fitting + tooLarge) / 2);
  return middle === fitting
    ? fitting
    : numbers(middle) <= mostNumbers
      ? largestBetween(numbers, middle, tooLarge)
      : largestBetween(numbers, fitting, middle);
};

/** The lattice, if its work space fits; a size that is no integer is for others to refuse. */
export const withinWorkSpace = (
  space: WorkSpace,
): (<Lattice extends SquareLattice>(lattice: Lattice) => Either<WorkSpaceError, Lattice>) => {
  const numbersAt = memoize(8, (size: number) => `${size}`, space.numbers);
  return (lattice) =>
    !Number.isSafeInteger(lattice.size) || numbersAt(lattice.size) <= mostNumbers
      ? E.right(lattice)
      : E.left({
          tag: 'WorkSpaceError',
          message:
            `expected a lattice whose ${space.purpose} fits into 4 GB, got N = ${lattice.size}: ` +
            `take N of at most ${largestBetween(space.numbers, 3, lattice.size)}`,
        });
};
