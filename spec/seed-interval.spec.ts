/** What several seeds say of a number: its mean and its interval. */
import { verdictOf, type Rule } from '../src/report/verdict.ts';
import { reaches } from '../src/study/finding.ts';
import { seedInterval, type SeedMean } from '../src/study/seed-interval.ts';
import { studentQuantile } from '../src/study/student-t.ts';
import { verify } from './law.ts';
import {
  intervalIsStudents,
  papersNumberIsReached,
  quantilesAreStudents,
  testsAreNoisy,
  type Reaching,
} from './laws/seed-interval.ts';

const widened = (factor: number) => (values: readonly number[]) => {
  const { obtained, spread } = seedInterval(values);
  return spread === undefined || obtained === null
    ? { obtained }
    : {
        obtained,
        spread: {
          ...spread,
          low: obtained * (spread.low / obtained) ** factor,
          high: obtained * (spread.high / obtained) ** factor,
        },
      };
};

verify(intervalIsStudents, seedInterval, {
  'the interval of many seeds': widened(0.6),
  'the interval of one standard error': (values) => widened(values.length > 9 ? 1 : 0.5)(values),
  'the first seed speaks for all': (values) => ({ ...seedInterval(values), obtained: values[0] ?? null }),
  'the best seed is the mean': (values) => ({ ...seedInterval(values), obtained: Math.min(...values) }),
  'one seed more': (values) => {
    const { obtained, spread } = seedInterval(values);
    return spread === undefined ? { obtained } : { obtained, spread: { ...spread, seeds: spread.seeds + 1 } };
  },
});

verify(quantilesAreStudents, studentQuantile, {
  'of one side': (freedom, risk = 0.05) => studentQuantile(freedom, 2 * risk),
  'of a degree of freedom more': (freedom, risk) => studentQuantile(freedom + 1, risk),
  'of a normal number': (_, risk) => studentQuantile(1000, risk),
  'of 95 percent, whatever the risk': (freedom) => studentQuantile(freedom),
});

verify(testsAreNoisy, seedInterval, {
  'it is not looked at': (values) => seedInterval(values),
  'variances are taken for errors': (values, { testVariance = 0 } = {}) =>
    seedInterval(values, { testVariance: testVariance * testVariance }),
  'tests are asked twice': (values, { testVariance = 0 } = {}) =>
    seedInterval(values, { testVariance: 2 * testVariance }),
  'one seed has their width': (values, precision) => {
    const [only = NaN] = values;
    return values.length === 1 ? seedInterval([only, only], precision) : seedInterval(values, precision);
  },
  'numbers that are 0 are left out': (values, precision) =>
    seedInterval(
      values.filter((value) => value > 0),
      precision,
    ),
});

const reachingBy =
  (ruled: (paper: number) => Rule, of: (values: readonly number[]) => SeedMean = seedInterval): Reaching =>
  (paper) =>
  (values) => {
    const { obtained, spread } = of(values);
    return verdictOf(ruled(paper))(obtained, spread);
  };

const without = (key: 'leastSeeds' | 'reach') => (paper: number) => {
  const { [key]: _, ...rule } = { leastSeeds: 3, reach: 1.5, ...reaches(paper) };
  return rule;
};

/** Seeds whose interval is changed. */
const withSpread =
  (change: (spread: NonNullable<SeedMean['spread']>, mean: number) => NonNullable<SeedMean['spread']>) =>
  (values: readonly number[]): SeedMean => {
    const { obtained, spread } = seedInterval(values);
    return obtained === null || spread === undefined ? { obtained } : { obtained, spread: change(spread, obtained) };
  };

verify(papersNumberIsReached, reachingBy(reaches), {
  'an interval of any width is enough': reachingBy((paper) => ({ ...reaches(paper), reach: Infinity })),
  'one that holds it and more is never enough': reachingBy(without('reach')),
  'two seeds are enough': reachingBy(without('leastSeeds')),
  'within a factor of two': reachingBy((paper) => ({ ...reaches(paper), reach: 2 })),
  'the mean decides': reachingBy(
    reaches,
    withSpread((spread, mean) => ({ ...spread, low: mean, high: mean, greatest: mean })),
  ),
  'the mean speaks for every seed': reachingBy(
    reaches,
    withSpread((spread, mean) => ({ ...spread, greatest: mean })),
  ),
  'seeds that all reach it may be too far apart': reachingBy(
    reaches,
    withSpread(({ greatest: _, ...spread }) => spread),
  ),
});
