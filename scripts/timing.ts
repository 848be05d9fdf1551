/** How anything here is timed: contenders take turns, so that a slow moment of the machine strikes them all. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { median } from '../src/bench/median.ts';
import type { CommandError } from './exit.ts';
import { breath } from './workers/pool.ts';

/** Takes one timing: the seconds of one run. */
export type Timing = TaskEither<CommandError, number>;

/** A timing below this is repeated and averaged: clocks and interruptions spoil shorter ones. */
export const shortestTiming = 0.01;

/** A run of so many seconds needs none before it that warms up. */
export const warmByItself = 1;

/** Seconds for one run: after one that brings back caches and threads, as many in a row as take long enough. */
export const timingOf = (run: TaskEither<CommandError, unknown>): Timing =>
  pipe(
    inARow(run, 1),
    TE.chain((first) => (first >= warmByItself ? TE.right(first) : repeated(run, 1))),
  );

const repeated = (run: TaskEither<CommandError, unknown>, runs: number): Timing =>
  pipe(
    inARow(run, runs),
    TE.chain((seconds) => (seconds < shortestTiming ? repeated(run, 2 * runs) : TE.right(seconds / runs))),
  );

/** Seconds for so many runs together. */
const inARow =
  (run: TaskEither<CommandError, unknown>, runs: number): Timing =>
  async () => {
    const start = performance.now();
    for (const task of Array.from({ length: runs }, () => run)) {
      const result = await task();
      if (E.isLeft(result)) {
        return result;
      }
    }
    return E.right((performance.now() - start) / 1000);
  };

/** How long contenders take turns. */
export interface Rounds {
  /** So many rounds, */
  readonly most: number;
  /** or fewer, when they would take more seconds than this; when even one would, the round that warms up counts. */
  readonly seconds: number;
}

/** The median times of contenders that take turns, after a round that warms them up. */
export const takingTurns =
  ({ most, seconds }: Rounds, advance: () => void) =>
  (contenders: readonly Timing[]): TaskEither<CommandError, readonly number[]> =>
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
      TE.map((rounds) => contenders.map((_, i) => median(rounds.map((times) => times[i] ?? NaN)))),
    );

const round = (contenders: readonly Timing[], advance: () => void): TaskEither<CommandError, readonly number[]> =>
  pipe(
    contenders,
    TE.traverseSeqArray((contender) => async () => {
      const time = await contender();
      advance();
      await breath();
      return time;
    }),
  );
