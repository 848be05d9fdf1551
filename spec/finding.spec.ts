/** What claims state of trained networks: the least of several numbers, and the noise of tests. */
import { jobsFor, type LatticeJob } from '../src/study/job.ts';
import { alone, ofEvery, ofOne, ratio, type Quantity } from '../src/study/finding.ts';
import { relativeError } from '../src/study/measure.ts';
import type { Planned } from '../src/study/outcome.ts';
import { presets } from '../src/study/preset.ts';
import { seedInterval } from '../src/study/seed-interval.ts';
import { errorOf, networkWith } from './arbitraries/results.ts';
import { verify } from './law.ts';
import {
  chanceDoesNotRefute,
  everyOneIsJudged,
  pairsShareTheirNoise,
  type Least,
  type TestedTogether,
  type Width,
} from './laws/finding.ts';

/** A network of a study, which others are made of. */
const [example] = jobsFor(presets.quick, ['4b']).flatMap((job) => (job.tag === 'lattice' ? [job] : []));

const withSeed = (seed: number): LatticeJob => {
  if (example === undefined) {
    throw new Error('the preset has no network');
  }
  return { ...example, plan: { ...example.plan, seed } };
};

/** Networks with these errors, seed by seed. */
const networksWith = (errors: readonly number[]): readonly Planned<LatticeJob>[] =>
  errors.map((error, seed) => ({ job: withSeed(seed), result: networkWith([errorOf(10, error)]) }));

const quantityOf = (values: readonly number[]): Quantity<LatticeJob> => alone(networksWith(values), relativeError(10));

const least: Least = (values) => ofEvery('least', values.map(quantityOf), 10);

/** The number whose mean is the least. */
const chosen = (values: readonly (readonly number[])[]): readonly number[] =>
  values.toSorted((one, other) => (seedInterval(one).obtained ?? 0) - (seedInterval(other).obtained ?? 0))[0] ?? [];

const combined: Readonly<Record<string, Least>> = {
  'the least of each seed speaks': (values) =>
    seedInterval([0, 1, 2].map((seed) => Math.min(...values.map((some) => some[seed] ?? NaN)))),
  'the number with the least mean has its interval': (values) => seedInterval(chosen(values)),
};

/** As if there were one number, whatever is made of the ends of all. */
const uncorrected: Least = (values) => {
  const all = values.map((some) => seedInterval(some));
  const { spread, ...found } = least(values);
  return spread === undefined
    ? found
    : { ...found, spread: { ...spread, high: Math.min(...all.map((one) => one.spread?.high ?? NaN)) } };
};

verify(everyOneIsJudged, least, {
  ...combined,
  'chance has one try': uncorrected,
  'the greatest speaks': (values) => ofEvery('greatest', values.map(quantityOf), 10),
});

verify(chanceDoesNotRefute, least, {
  'the least of each seed speaks': (values) =>
    seedInterval([0, 1, 2].map((seed) => Math.min(...values.map((some) => some[seed] ?? NaN)))),
  'chance has one try': uncorrected,
});

/** Three seeds of two networks with errors of one size on so many tests, and with these examples. */
const widthBy =
  (change: (tested: TestedTogether) => TestedTogether): Width =>
  (tested, tests) => {
    const { exact, otherExact, mine, theirs } = change(tested);
    const networks = (energies: readonly number[], errors: readonly number[]): readonly Planned<LatticeJob>[] =>
      [1, 2, 3].map((seed) => ({
        job: withSeed(seed),
        result: {
          ...networkWith([{ ...errorOf(10, 1e-3), count: tests }]),
          examples: energies.map((energy, i) => ({ exact: energy, predicted: energy + (errors[i] ?? NaN) })),
        },
      }));
    const { obtained, spread } = ofOne(
      ratio(networks(exact, mine), networks(otherExact, theirs), relativeError(10)),
      10,
    );
    return Math.log((spread?.high ?? NaN) / (obtained ?? NaN));
  };

verify(
  pairsShareTheirNoise,
  widthBy((tested) => tested),
  {
    'the energies are not compared': widthBy((tested) => ({ ...tested, otherExact: tested.exact })),
    'examples are few': widthBy((tested) => ({ ...tested, exact: tested.exact.slice(0, 30) })),
    'networks are off alike': widthBy((tested) => ({ ...tested, theirs: tested.mine })),
    'every network has the noise of its own': (tested, tests) =>
      Math.sqrt(2) * widthBy((same) => ({ ...same, otherExact: same.exact.map((x) => x - 1) }))(tested, tests),
  },
);
