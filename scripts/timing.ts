/** How anything here is timed: contenders take turns, so that a slow moment of the machine strikes them all. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Rounds } from '../src/bench/experiment.ts';
import { lowerQuartile } from '../src/bench/lower-quartile.ts';
import { median } from '../src/bench/median.ts';
import type { Spent, Times } from '../src/bench/timing.ts';
import { nextTurn } from './event-loop.ts';

/**
 * A timing below this is repeated and averaged: clocks and interruptions spoil shorter ones, and after the turn of another a core takes some
 * hundredths of a second to be as fast as it is in a training.
 */
export const shortestTiming = 0.05;

/** A run of so many seconds needs none before it that warms up. */
export const warmByItself = 0.3;

/** What one run took: after one that brings back caches and threads, as many in a row as take long enough. */
export const timingOf = <Failure>(run: TaskEither<Failure, unknown>): TaskEither<Failure, Spent> =>
  pipe(
    inARow(run, 1),
    TE.chain((first) => (first.wall >= warmByItself ? TE.right(first) : repeated(run, 1))),
  );

const repeated = <Failure>(run: TaskEither<Failure, unknown>, runs: number): TaskEither<Failure, Spent> =>
  pipe(
    inARow(run, runs),
    TE.chain(({ wall, cpu }) =>
      wall < shortestTiming ? repeated(run, 2 * runs) : TE.right({ wall: wall / runs, cpu: cpu / runs }),
    ),
  );

/** What so many runs took together. */
const inARow =
  <Failure>(run: TaskEither<Failure, unknown>, runs: number): TaskEither<Failure, Spent> =>
  async () => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    for (const task of Array.from({ length: runs }, () => run)) {
      const result = await task();
      if (E.isLeft(result)) {
        return result;
      }
    }
    const [wall, { user, system }] = [performance.now() - start, process.cpuUsage(before)];
    return E.right({ wall: 1e-3 * wall, cpu: 1e-6 * (user + system) });
  };

/** The times of contenders that take turns, after a round that warms them up. */
export const takingTurns =
  ({ most, seconds }: Rounds, advance: () => void) =>
  <Failure>(contenders: readonly TaskEither<Failure, Spent>[]): TaskEither<Failure, readonly Times[]> =>
    pipe(
      TE.Do,
      TE.bind('start', () => TE.fromIO(() => performance.now())),
      TE.bind('warmUp', () => round(contenders, advance)),
      TE.bind('rounds', ({ start }) => {
        const spent = (performance.now() - start) / 1000;
        const count = Math.min(most, Math.floor(seconds / spent));
        return TE.traverseSeqArray(() => round(contenders, advance))(Array.from({ length: count }));
      }),
      TE.map(({ warmUp, rounds }) => (rounds.length === 0 ? [warmUp] : rounds)),
      TE.map((rounds) =>
        contenders.map((_, i) => {
          const spentBy = (statistic: (values: readonly number[]) => number): Spent => ({
            wall: statistic(rounds.map((times) => times[i]?.wall ?? NaN)),
            cpu: statistic(rounds.map((times) => times[i]?.cpu ?? NaN)),
          });
          return { median: spentBy(median), quartile: spentBy(lowerQuartile) };
        }),
      ),
    );

const round = <Failure>(
  contenders: readonly TaskEither<Failure, Spent>[],
  advance: () => void,
): TaskEither<Failure, readonly Spent[]> =>
  pipe(
    contenders,
    TE.traverseSeqArray((contender) => async () => {
      const time = await contender();
      advance();
      await nextTurn();
      return time;
    }),
  );
