/** Laws of what several seeds say of a number. */
import fc from 'fast-check';

import type { Verdict } from '../../src/report/verdict.ts';
import type { Precision, SeedMean } from '../../src/study/seed-interval.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';

export type SeedInterval = (values: readonly number[]) => SeedMean;

/** The density of Student's t, not normalized. */
const density = (freedom: number, t: number): number => (1 + (t * t) / freedom) ** (-(freedom + 1) / 2);

/** The integral by Simpson's rule from 0, in the variable x with t = tan x, which reaches infinity at pi / 2. */
const integral = (freedom: number, to: number): number => {
  const steps = 4000;
  const f = (x: number): number => density(freedom, Math.tan(x)) / Math.cos(x) ** 2;
  const h = to / steps;
  return Array.from(
    { length: steps + 1 },
    (_, i) => (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * f(i * h),
  ).reduce((sum, x) => sum + (x * h) / 3, 0);
};

/** The probability of |t| below a bound. */
const within = (freedom: number, bound: number): number =>
  integral(freedom, Math.atan(bound)) / integral(freedom, Math.PI / 2 - 1e-9);

export const intervalIsStudents: Law<SeedInterval, readonly number[]> = {
  statement:
    "over seeds the interval is centred on the mean of the logarithms, and by the integral of Student's density it holds the " +
    'true one with 95 percent; the order of seeds and the unit do not matter; one seed has no width, none says nothing',
  cases: fc.array(interval(0.2, 5), { minLength: 2, maxLength: 10 }).filter((values) => new Set(values).size > 1),
  runs: 40,
  holds: (of) => (values) => {
    const { obtained, spread } = of(values);
    const n = values.length;
    const logarithms = values.map(Math.log);
    const mean = logarithms.reduce((sum, x) => sum + x, 0) / n;
    const error = Math.sqrt(logarithms.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1) / n);
    const [low, high] = [Math.log(spread?.low ?? NaN), Math.log(spread?.high ?? NaN)];
    const scaled = of(values.toReversed().map((x) => 3 * x));
    return (
      Math.abs(Math.log(obtained ?? NaN) - mean) < 1e-12 &&
      Math.abs((low + high) / 2 - mean) < 1e-10 &&
      spread?.seeds === n &&
      spread.greatest === Math.max(...values) &&
      spread.least === Math.min(...values) &&
      Math.abs(within(n - 1, (high - mean) / error) - 0.95) < 1e-6 &&
      Math.abs((scaled.obtained ?? NaN) / (obtained ?? NaN) - 3) < 1e-10 &&
      Math.abs((scaled.spread?.low ?? NaN) / spread.low - 3) < 1e-10 &&
      of([values[0] ?? NaN]).spread?.low === values[0] &&
      of([]).obtained === null
    );
  },
};

/** How many standard errors of so many degrees of freedom are exceeded with this risk. */
export type Quantile = (freedom: number, risk?: number) => number;

export const quantilesAreStudents: Law<Quantile, readonly [freedom: number, risk: number]> = {
  statement:
    "by the integral of Student's density |t| exceeds a quantile with the risk that it is of; none is known of no freedom",
  cases: fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0.5, 0.05, 0.05 / 3, 0.05 / 45)),
  runs: 60,
  holds:
    (quantile) =>
    ([freedom, risk]) =>
      Math.abs(within(freedom, quantile(freedom, risk)) - (1 - risk)) < 1e-6 * risk ** 0.5 &&
      quantile(0, risk) === Infinity,
};

/** What seeds say, where the tests that they share have noise too. */
export type NoisyInterval = (values: readonly number[], precision?: Precision) => SeedMean;

export const testsAreNoisy: Law<NoisyInterval, { readonly values: readonly number[]; readonly testVariance: number }> =
  {
    statement:
      'noise of the tests widens an interval in quadrature, by 1.96 of its standard errors where seeds agree; of one seed nothing has a width, and with an ' +
      'error of 0 the mean is 0',
    cases: fc.record({
      values: fc.array(interval(0.5, 2), { minLength: 1, maxLength: 5 }),
      testVariance: interval(1e-6, 0.1),
    }),
    holds:
      (of) =>
      ({ values, testVariance }) => {
        const half = (some: readonly number[], variance: number): number => {
          const { obtained, spread } = of(some, { testVariance: variance });
          return Math.log((spread?.high ?? NaN) / (obtained ?? NaN));
        };
        const alike = [values[0] ?? NaN, values[0] ?? NaN];
        const ofTests = half(alike, testVariance);
        const exact = of([...values, 0, 0], { testVariance });
        return (
          Math.abs(ofTests / (1.96 * Math.sqrt(testVariance)) - 1) < 0.003 &&
          (values.length === 1
            ? half(values, testVariance) === 0
            : Math.abs(half(values, testVariance) / Math.hypot(half(values, 0), ofTests) - 1) < 1e-9) &&
          exact.obtained === 0 &&
          exact.spread?.low === 0 &&
          exact.spread.high === Math.max(...values)
        );
      },
  };

/** The verdict on a number of the paper, of what seeds gave. */
export type Reaching = (paper: number) => (values: readonly number[]) => Verdict;

/** Student's quantiles of 97.5 percent for three, four and five seeds, from a textbook. */
const quantiles: readonly number[] = [4.3027, 3.1824, 2.7764];

/** Seeds beside the paper's 4e-4 whose interval is too wide to say anything; two that are no three; three that all reach it, far apart. */
const farApart = [
  [5e-4, 9e-4, 1.1e-3],
  [1e-4, 5.9e-4, 5.9e-4],
  [1e-3, 1.4e-3],
  [1e-4, 3e-4, 3.9e-4],
].map((values) => ({ paper: 4e-4, values }));

export const papersNumberIsReached: Law<Reaching, { readonly paper: number; readonly values: readonly number[] }> = {
  statement:
    'a number of the paper is reached where three seeds at least are at or below it, or where their interval holds it and ends at most half ' +
    'above it; it is not where the whole interval lies above; fewer seeds, and an interval that reaches further, decide nothing',
  cases: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...farApart) },
    {
      weight: 9,
      arbitrary: fc
        .record({
          paper: fc.constantFrom(1e-3, 4e-4, 4e-2),
          level: fc.double({ min: 0.6, max: 1.7, noNaN: true }),
          scatter: fc.constantFrom(0.01, 0.1, 0.4),
          seeds: fc.array(interval(-1, 1), { minLength: 1, maxLength: 5 }),
        })
        .map(({ paper, level, scatter, seeds }) => ({
          paper,
          values: seeds.map((x) => paper * level * Math.exp(scatter * x)),
        })),
    },
  ),
  runs: 500,
  holds:
    (verdictOn) =>
    ({ paper, values }) => {
      const verdict = verdictOn(paper)(values);
      const n = values.length;
      if (n < 3) {
        return verdict === 'undecided';
      }
      const logarithms = values.map((value) => Math.log(value / paper));
      const mean = logarithms.reduce((sum, x) => sum + x, 0) / n;
      const variance = logarithms.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
      const half = (quantiles[n - 3] ?? NaN) * Math.sqrt(variance / n);
      const isReached = values.every((value) => value <= paper) || mean + half <= Math.log(1.5);
      return verdict === (mean - half > 0 ? 'does not hold' : isReached ? 'holds' : 'undecided');
    },
};
