/**
 * What several seeds say of a positive number, an error or a ratio of two errors with the same seed: its geometric mean, and the
 * interval that holds the true one with 95 percent, by Student's t of the logarithms. All seeds are tested on the same configurations,
 * whose noise they do not show: it is added in quadrature.
 */
import { exp } from '../number/elementary/exponential.kernel.ts';
import { log } from '../number/elementary/logarithm.kernel.ts';
import type { ConfidenceInterval } from '../report/verdict.ts';
import { studentQuantile, usualRisk } from './student-t.ts';

/** The mean over seeds with its confidence interval, in the words of a claim: `spread` is the interval. */
export interface SeedMean {
  readonly obtained: number | null;
  readonly spread?: ConfidenceInterval;
}

/** What an interval depends on beside the numbers. */
export interface Precision {
  /** With which probability the true number may be outside of the interval; 0.05 where none is said. */
  readonly risk?: number;
  /** The variance of the logarithm of the number that comes from the tests; 0 where none is said. */
  readonly testVariance?: number;
}

/** Tests are so many that their noise is normal: Student's t of as many degrees of freedom differs from it in the third digit. */
const manyTests = 1000;

/** The mean and its interval. That of one seed has no width; of none nothing is known. The mean with a number that is 0 is 0. */
export const seedInterval = (
  values: readonly number[],
  { risk = usualRisk, testVariance = 0 }: Precision = {},
): SeedMean => {
  const [only] = values;
  const seeds = values.length;
  if (only === undefined) {
    return { obtained: null };
  }
  const ends = { seeds, least: Math.min(...values), greatest: Math.max(...values) };
  if (seeds === 1) {
    return { obtained: only, spread: { low: only, high: only, ...ends } };
  }
  if (ends.least === 0) {
    return { obtained: 0, spread: { low: 0, high: ends.greatest, ...ends } };
  }
  const logarithms = values.map(log);
  const mean = logarithms.reduce((sum, x) => sum + x, 0) / seeds;
  const squares = logarithms.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  const ofSeeds = studentQuantile(seeds - 1, risk) * Math.sqrt(squares / (seeds - 1) / seeds);
  const ofTests = testVariance === 0 ? 0 : studentQuantile(manyTests, risk) * Math.sqrt(testVariance);
  const half = Math.sqrt(ofSeeds * ofSeeds + ofTests * ofTests);
  return { obtained: exp(mean), spread: { low: exp(mean - half), high: exp(mean + half), ...ends } };
};
