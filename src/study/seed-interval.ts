/**
 * What several seeds say of a positive number, an error or a ratio of two errors with the same seed: its geometric mean, and the
 * interval that holds the true one with 95 percent, by Student's t of the logarithms. A comparison of networks is decided by it:
 * paired seed by seed, it holds where the whole interval is on one side of 1.
 */
import { exp } from '../number/elementary/exponential.kernel.ts';
import { log } from '../number/elementary/logarithm.kernel.ts';
import type { ConfidenceInterval } from '../report/verdict.ts';
import { studentQuantile } from './student-t.ts';

/** The mean over seeds with its confidence interval, in the words of a claim: `spread` is the interval. */
export interface SeedMean {
  readonly obtained: number | null;
  readonly spread?: ConfidenceInterval;
}

/** The mean and its interval. That of one seed has no width; of none nothing is known. */
export const seedInterval = (values: readonly number[]): SeedMean => {
  const [only] = values;
  const seeds = values.length;
  if (only === undefined) {
    return { obtained: null };
  }
  if (seeds === 1) {
    return { obtained: only, spread: { low: only, high: only, seeds, greatest: only } };
  }
  const logarithms = values.map(log);
  const mean = logarithms.reduce((sum, x) => sum + x, 0) / seeds;
  const squares = logarithms.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  const half = studentQuantile(seeds - 1) * Math.sqrt(squares / (seeds - 1) / seeds);
  return {
    obtained: exp(mean),
    spread: { low: exp(mean - half), high: exp(mean + half), seeds, greatest: Math.max(...values) },
  };
};
