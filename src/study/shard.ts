/**
 * Shards of a reproduction: its jobs divided among processes that know nothing of each other, so that all take about as long. A
 * job is never divided: it is one network and one seed.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { shard } from '../dataset/shard.ts';
import type { DataError } from '../file/data-error.ts';

/** Piece i of n, 1 <= i <= n. */
export interface Shard {
  readonly i: number;
  readonly n: number;
}

/** The piece to which each next job goes, the longest job first: the one that has the least to do, the first of several. */
const piecesOf = (costs: readonly number[], n: number): readonly number[] => {
  const order = costs.map((_, index) => index).toSorted((a, b) => (costs[b] ?? 0) - (costs[a] ?? 0));
  const dealt = order.reduce<{ readonly loads: readonly number[]; readonly pieces: ReadonlyMap<number, number> }>(
    ({ loads, pieces }, index) => {
      const least = loads.indexOf(Math.min(...loads));
      return {
        loads: loads.map((load, piece) => (piece === least ? load + (costs[index] ?? 0) : load)),
        pieces: new Map([...pieces, [index, least]]),
      };
    },
    { loads: Array.from({ length: n }, () => 0), pieces: new Map() },
  );
  return costs.map((_, index) => dealt.pieces.get(index) ?? 0);
};

/**
 * The jobs of one shard, in their order. Fails where a shard would be empty.
 *
 * @source the longest first to whoever has the least: Graham, SIAM J. Appl. Math. 17, 416 (1969)
 */
export const shardOf =
  <Job>(secondsOf: (job: Job) => number) =>
  ({ i, n }: Shard, jobs: readonly Job[]): Either<DataError, readonly Job[]> =>
    pipe(
      shard(jobs.length, i, n, 'jobs'),
      E.map(() => {
        const pieces = piecesOf(jobs.map(secondsOf), n);
        return jobs.filter((_, index) => pieces[index] === i - 1);
      }),
    );
