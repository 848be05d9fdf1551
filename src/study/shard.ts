/**
 * Shards of a reproduction: its jobs divided among processes that know nothing of each other, so that all take about as long. A
 * job is never divided: it is one network and one seed.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { shard, type Shard } from '../dataset/shard.ts';
import type { DataError } from '../file/data-error.ts';
import { assignInTurn } from './list-scheduling.ts';

/**
 * The jobs of one shard, in their order: all shards are scheduled by their costs, the longest job first. Fails where a shard would be
 * empty.
 */
export const shardOf =
  <Job>(secondsOf: (job: Job) => number) =>
  ({ i, n }: Shard, jobs: readonly Job[]): Either<DataError, readonly Job[]> =>
    pipe(
      shard(jobs.length, i, n, 'jobs'),
      E.map(() => {
        const longestFirst = jobs
          .map((job, place) => ({ place, seconds: secondsOf(job) }))
          .toSorted((one, other) => other.seconds - one.seconds);
        const { workers } = assignInTurn(
          longestFirst.map(({ seconds }) => seconds),
          n,
        );
        const places = new Set(longestFirst.flatMap(({ place }, index) => (workers[index] === i - 1 ? [place] : [])));
        return jobs.filter((_, place) => places.has(place));
      }),
    );
