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

/** Takes one timing: the seconds of one run. */
export type Timing = TaskEither<BenchError, number>;

/** Whatever fails while a benchmark runs, in its own words. */
export const benchError = ({ message }: { readonly message: string }): BenchError => ({ tag: 'BenchError', message });

/** Takes a timing again, and says the least so far: a peak is what was reached once, a slow moment does not lower it. */
export const leastSoFar = (timing: Timing): Timing => {
  const times = new Map([['least', Infinity]]);
  return pipe(
    timing,
    TE.map((seconds) => {
      const least = Math.min(seconds, times.get('least') ?? Infinity);
      times.set('least', least);
      return least;
    }),
  );
};
