/** Laws of the lattices whose energies fit into memory. */
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';

import type { withinWorkSpace } from '../../src/exact/work-space.ts';
import type { Law } from '../law.ts';

/** Numbers of 8 bytes in 4 GB. */
const inFourGigabytes = 2 ** 29;

interface SpaceCase {
  readonly size: number;
  /** The work space of an N x N lattice is factor N^power numbers. */
  readonly factor: number;
  readonly power: number;
}

export const whatFitsIsTaken: Law<typeof withinWorkSpace, SpaceCase> = {
  statement:
    'a lattice is refused where its work space takes 4 GB, and taken where that misses as much as a thousandth; a refusal names the largest ' +
    'lattice that is taken',
  cases: fc.record({
    size: fc.oneof(fc.integer({ min: 3, max: 200 }), fc.integer({ min: 3, max: 2000 })),
    factor: fc.integer({ min: 1, max: 100 }),
    power: fc.integer({ min: 2, max: 4 }),
  }),
  holds:
    (within) =>
    ({ size, factor, power }) => {
      const numbers = (N: number): number => factor * Math.pow(N, power);
      const fits = within({ purpose: 'sum', numbers });
      const answer = fits({ size });
      if (E.isRight(answer)) {
        return answer.right.size === size && numbers(size) < inFourGigabytes;
      }
      const [, got, most] =
        /^expected [^\n]* sum fits into 4 GB, got N = (\d+): take N of at most (\d+)$/
          .exec(answer.left.message)
          ?.map(Number) ?? [];
      return (
        numbers(size) > 0.999 * inFourGigabytes &&
        got === size &&
        most !== undefined &&
        E.isRight(fits({ size: most })) &&
        E.isLeft(fits({ size: most + 1 }))
      );
    },
  runs: 200,
};
