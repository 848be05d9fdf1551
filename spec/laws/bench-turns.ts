/** Laws of how a benchmark runs: which rows are asked for, who runs when, and for how long. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { rowNames } from '../../src/bench/experiments.ts';
import { benchGroups } from '../../src/bench/report.ts';
import type { Spent, Times, Timing } from '../../src/bench/timing.ts';
import { same, seconds, spent } from '../arbitraries/bench.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** What contenders will answer, round after round. */
export interface Turns {
  /** [contender][round], the round that warms up first. */
  readonly times: readonly (readonly number[])[];
}

export type TakingTurns = (
  rounds: number,
) => (contenders: readonly TaskEither<never, Spent>[]) => TaskEither<unknown, readonly Times[]>;

export const contendersTakeTurns: Law<TakingTurns, Turns> = {
  statement:
    'contenders run one after the other in every round, and their times, on the wall and of the CPU, are medians, and edges of the fastest quarter, without the first round',
  cases: fc
    .record({ contenders: fc.integer({ min: 1, max: 4 }), rounds: fc.integer({ min: 1, max: 5 }) })
    .chain(({ contenders, rounds }) =>
      fc.record({
        times: fc.array(fc.array(seconds, { minLength: rounds + 1, maxLength: rounds + 1 }), {
          minLength: contenders,
          maxLength: contenders,
        }),
      }),
    ),
  holds:
    (takingTurns) =>
    async ({ times }) => {
      const order = new Map<number, number>();
      // What waits long computes little: the CPU times are in the opposite order.
      const cpuOf = (wall: number): number => 1 / wall;
      const contenders = times.map((answers, contender): TaskEither<never, Spent> => {
        const left = answers.values();
        return TE.fromIO(() => {
          order.set(order.size, contender);
          const wall = left.next().value ?? NaN;
          return { wall, cpu: cpuOf(wall) };
        });
      });
      const rounds = (times[0]?.length ?? 0) - 1;
      const found = await takingTurns(rounds)(contenders)();
      const middle = (values: readonly number[]): number => {
        const sorted = values.toSorted((a, b) => a - b);
        return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
      };
      // Of up to four rounds the fastest, of up to eight the second.
      const edge = (values: readonly number[]): number =>
        values.toSorted((a, b) => a - b)[values.length > 4 ? 1 : 0] ?? NaN;
      return (
        E.isRight(found) &&
        found.right.every(({ median, quartile }, i) => {
          const counted = (times[i] ?? []).slice(1);
          return (
            same(median.wall, middle(counted)) &&
            same(median.cpu, middle(counted.map(cpuOf))) &&
            same(quartile.wall, edge(counted)) &&
            same(quartile.cpu, edge(counted.map(cpuOf)))
          );
        }) &&
        order.size === times.length * (rounds + 1) &&
        [...order].every(([turn, contender]) => contender === turn % times.length)
      );
    },
  runs: 50,
};

/** Makes of a timing one that is taken again and again. */
export type Least = (timing: Timing) => Timing;

export const leastIsOfAllSoFar: Law<Least, readonly number[]> = {
  statement: 'each answer is the least time so far, whatever comes after it',
  cases: fc.array(seconds, { minLength: 1, maxLength: 6 }),
  holds: (least) => async (times) => {
    const left = times.values();
    const timing = least(TE.fromIO(() => spent(left.next().value ?? NaN)));
    const answers = right(await TE.sequenceSeqArray(times.map(() => timing))());
    return answers.every(({ wall, cpu }, i) => wall === Math.min(...times.slice(0, i + 1)) && cpu === spent(wall).cpu);
  },
};

/** Seconds that are given, and what each experiment takes beside its turns, as a share of them. */
export interface Day {
  readonly seconds: number;
  readonly preparing: readonly number[];
}

export type Budget = (left: {
  readonly secondsLeft: number;
  readonly left: number;
  readonly quick: boolean;
}) => number | null;

export const timeIsShared: Law<Budget, Day> = {
  statement:
    'experiments that are left share the time that is left; contenders that take the turns they are given end within the time of ' +
    'the whole, when making ready takes none; no turns are begun after it',
  cases: fc.record({
    seconds: fc.double({ min: 1, max: 900, noNaN: true }),
    preparing: fc.array(interval(0, 0.5), { minLength: 1, maxLength: 30 }),
  }),
  holds:
    (budget) =>
    ({ seconds: whole, preparing }) => {
      const ending = (shares: readonly number[]): number =>
        shares.reduce((spentSoFar, share, i) => {
          const turns = budget({ secondsLeft: whole - spentSoFar, left: shares.length - i, quick: false });
          return turns === null ? spentSoFar : spentSoFar + turns + share * whole;
        }, 0);
      const last = ending(preparing);
      return (
        ending(preparing.map(() => 0)) <= whole * (1 + 1e-9) &&
        (budget({ secondsLeft: whole, left: preparing.length, quick: false }) ?? Infinity) * preparing.length <=
          whole * (1 + 1e-9) &&
        // The last that began had time left; it took its turns and made ready.
        last <= whole + Math.max(...preparing) * whole + 30 &&
        budget({ secondsLeft: 0, left: 1, quick: false }) === null &&
        budget({ secondsLeft: whole, left: 1, quick: true }) !== null
      );
    },
};

/** A row, and where its name is cut. */
export interface Asked {
  readonly row: string;
  readonly cut: number;
}

export const namesAskForRows: Law<(name: string, row: string) => boolean, Asked> = {
  statement: 'a row is asked for by its name, or by the whole words that its name begins with',
  cases: fc.record({
    row: fc
      .array(fc.stringMatching(/^[A-Za-z0-9]{1,4}$/), { minLength: 1, maxLength: 4 })
      .map((words) => words.join('-')),
    cut: fc.nat(20),
  }),
  holds:
    (asksFor) =>
    ({ row, cut }) => {
      const words = row.split('-');
      const name = row.slice(0, cut);
      const wholeWords = words.map((_, i) => words.slice(0, i + 1).join('-'));
      return asksFor(name, row) === wholeWords.includes(name) && !asksFor(`${row}-N1`, row);
    },
};

/** Whether each of these rows is wanted, or a refusal. */
export type Wanted = (names: readonly string[]) => E.Either<{ readonly message: string }, (row: string) => boolean>;

export const wantedRowsAreThoseNamed: Law<Wanted, { readonly names: readonly string[]; readonly stranger: boolean }> = {
  statement:
    'a row is wanted if one of the names asks for it, or there are none; a name that asks for no row is refused',
  cases: fc.record({
    names: fc.array(fc.constantFrom(...rowNames, ...Object.keys(benchGroups)), { maxLength: 3 }),
    stranger: fc.boolean(),
  }),
  holds:
    (wanted) =>
    ({ names, stranger }) => {
      const found = wanted(stranger ? [...names, 'no-such-row'] : names);
      const asked = (row: string): boolean =>
        names.length === 0 || names.some((name) => `${row}-`.startsWith(`${name}-`));
      return stranger ? E.isLeft(found) : E.isRight(found) && rowNames.every((row) => found.right(row) === asked(row));
    },
};
