/** A timing as a value: whoever has a clock takes it. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** A benchmark that could not go on. */
export interface BenchError {
  readonly tag: 'BenchError';
  /** What was expected, what was got, what to do. */
  readonly message: string;
}

/** What one run took, in seconds. */
export interface Spent {
  /** On the wall. */
  readonly wall: number;
  /** Of all threads of the process together. */
  readonly cpu: number;
}

/** Takes one timing: what one run took. */
export type Timing = TaskEither<BenchError, Spent>;

/** What timings of one thing took. */
export interface Times {
  readonly median: Spent;
  /** The edge of the fastest quarter: slow moments of a machine, however many, do not move it. */
  readonly quartile: Spent;
}

/** The timing of one run, by that of so many in a row. */
export const ofEach =
  (runs: number) =>
  (timing: Timing): Timing =>
    pipe(
      timing,
      TE.map(({ wall, cpu }) => ({ wall: wall / runs, cpu: cpu / runs })),
    );

/** Whatever fails while a benchmark runs, in its own words. */
export const benchError = ({ message }: { readonly message: string }): BenchError => ({ tag: 'BenchError', message });

/** Takes a timing again, and says the least so far: a peak is what was reached once, a slow moment does not lower it. */
export const leastSoFar = (timing: Timing): Timing => {
  const times = new Map<'least', Spent>();
  return pipe(
    timing,
    TE.map((spent) => {
      const least = times.get('least') ?? spent;
      const next = spent.wall < least.wall ? spent : least;
      times.set('least', next);
      return next;
    }),
  );
};
