/** Student's t: how far a mean of few numbers may be from the true one, in its standard errors. */
import { atan } from '../number/elementary/arctangent.kernel.ts';
import { powerOfTwo } from '../number/elementary/words.kernel.ts';
import { memoize } from '../number/memoize.ts';

/** The terms of the sum for so many degrees of freedom, of powers of c^2 from 1 on: each is the one before times (m + 1) / (m + 2) c^2. */
const sumOfPowers = (freedom: number, squaredCosine: number): number => {
  const first = freedom % 2;
  const count = Math.floor(freedom / 2);
  return Array.from({ length: count }, (_, i) => first + 2 * i).reduce(
    ({ sum, term }, m) => ({ sum: sum + term, term: term * ((m + 1) / (m + 2)) * squaredCosine }),
    { sum: 0, term: 1 },
  ).sum;
};

/**
 * The probability that |t| stays below a number: a finite sum for whole degrees of freedom (Abramowitz and Stegun 26.7.3, 26.7.4),
 * with the angle of tangent t / sqrt(freedom).
 *
 * @example
 * studentProbability(1)(1) // 0.5
 */
export const studentProbability =
  (freedom: number) =>
  (t: number): number => {
    const tangent = t / Math.sqrt(freedom);
    const cosine = 1 / Math.sqrt(1 + tangent * tangent);
    const sine = tangent * cosine;
    const sum = sumOfPowers(freedom, cosine * cosine);
    return freedom % 2 === 0 ? sine * sum : (2 / Math.PI) * (atan(tangent) + sine * cosine * sum);
  };

/** How often the bounds of a quantile are halved: until they are as close as float64 has them. */
const halvings = 60;

/** What an interval of 95 percent risks. */
export const usualRisk = 0.05;

/**
 * The half width of an interval in standard errors, for so many degrees of freedom: |t| is above it with the probability `risk`, that of
 * intervals of 95 percent where none is said.
 *
 * @example
 * studentQuantile(1, 0.5) // 1.000
 */
export const studentQuantile = (freedom: number, risk = usualRisk): number =>
  freedom < 1 ? Number.POSITIVE_INFINITY : quantile(freedom, risk);

/** Reports ask for few of them, each very often. */
const quantile = memoize(
  100,
  (freedom: number, risk: number) => `${freedom} ${risk}`,
  (freedom: number, risk: number): number => {
    const probability = studentProbability(freedom);
    const isBeyond = (t: number): boolean => probability(t) >= 1 - risk;
    const above =
      Array.from({ length: 60 }, (_, i) => powerOfTwo(2 * i + 1)).find(isBeyond) ?? Number.POSITIVE_INFINITY;
    return Array.from({ length: halvings }).reduce<{ readonly low: number; readonly high: number }>(
      ({ low, high }) => {
        const middle = (low + high) / 2;
        return isBeyond(middle) ? { low, high: middle } : { low: middle, high };
      },
      { low: 0, high: above },
    ).high;
  },
);
