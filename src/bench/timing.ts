/** A timing as a value: whoever has a clock takes it. */
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
