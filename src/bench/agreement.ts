/** A peer is timed only after it gave our numbers. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { relativeDeviation } from './relative-deviation.ts';
import { benchError, type BenchError } from './timing.ts';
import type { PeerArrays, Prepared } from './peer.ts';

/** The largest relative deviation of a peer's arrays from ours; an error where one is missing or beyond the tolerance. */
export const agreement =
  (name: string, tolerance: number) =>
  (
    ours: PeerArrays,
    { peer, setting, arrays }: Pick<Prepared, 'peer' | 'setting' | 'arrays'>,
  ): Either<BenchError, number> => {
    const [worst, deviation] = Object.entries(ours)
      .map(([array, { values }]) => [array, relativeDeviation(values, arrays[array]?.values ?? null)] as const)
      .reduce((a, b) => (a[1] >= b[1] ? a : b));
    return deviation <= tolerance
      ? E.right(deviation)
      : E.left(
          benchError({
            message:
              `${name}: expected ${peer} (${setting}) to compute our ${worst} up to ${tolerance}, got ${deviation}: ` +
              'one of the two is wrong; compare them before timing them, or leave it out with --no-peers',
          }),
        );
  };
