/** What several seeds say of a number: its mean and its interval. */
import { seedInterval } from '../src/study/seed-interval.ts';
import { verify } from './law.ts';
import { intervalIsStudents } from './laws/seed-interval.ts';

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
