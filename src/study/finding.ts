/**
 * What claims state of trained networks: a number over seeds with its interval, what is behind it, and what is known of it where networks
 * are missing.
 */
import { architectures } from '../network/network.ts';
import type { Claim } from '../report/report.ts';
import { missingInWords, type ConfidenceInterval, type Rule, type Subject } from '../report/verdict.ts';
import type { DenseJob, LatticeJob } from './job.ts';
import { noiseOf, sharedNoise, type Measure } from './measure.ts';
import {
  byShape,
  contestants,
  divergedOf,
  isArchitecture,
  least,
  ratioOf,
  sampleOf,
  seedsOf,
  trainedOf,
  withSeed,
  type Planned,
  type Trained,
} from './outcome.ts';
import { seedInterval, type SeedMean } from './seed-interval.ts';
import { usualRisk } from './student-t.ts';

/** How many seeds a comparison of trained networks asks for: fewer show no spread. */
export const comparedSeeds = 3;

/** The rule of a ratio of errors which says that the second one is the smaller. */
export const isAboveOne: Rule = { tag: 'above', bound: 1, leastSeeds: comparedSeeds };

/** The rule of a ratio of errors which says that the first one is the smaller. */
export const isBelowOne: Rule = { tag: 'below', bound: 1, leastSeeds: comparedSeeds };

/**
 * The rule of a number of the paper that trained networks are to reach. The text gives such numbers with one digit, of which the
 * coarsest, 1, is what rounds to it from up to 1.5: an interval that holds the number says as much as that digit where it reaches no
 * further, and then its mean, which is geometric, is at most 1.5^(1/2) of the number.
 */
export const reaches = (bound: number): Rule => ({ tag: 'at-most', bound, leastSeeds: comparedSeeds, reach: 1.5 });

type Network = DenseJob | LatticeJob;

/** A number that some planned networks have for each of their seeds, be it that of one network or a ratio of those of two. */
export interface Quantity<J extends Network> {
  readonly networks: readonly Planned<J>[];
  readonly of: (sameSeed: readonly Trained<J>[]) => number | null;
  /** The variance of its logarithm that is that of the tests, which all seeds share. */
  readonly testVariance: (networks: readonly Trained<J>[]) => number;
}

/** The least of some measured numbers; null where one of them is not known. */
const leastOfAll = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : least(values);

const noiseIn = <J extends Network>(networks: readonly Trained<J>[], { errors }: Measure): number =>
  noiseOf(networks.slice(0, 1).flatMap(errors));

/** A measure of the network of each seed, of the best where there are several. */
export const alone = <J extends Network>(networks: readonly Planned<J>[], measure: Measure): Quantity<J> => ({
  networks,
  of: (sameSeed) => leastOfAll(sameSeed.map(measure.of)),
  testVariance: (trained) => noiseIn(trained, measure),
});

/** Which trained networks are among the planned ones. */
const among = <J extends Network>(planned: readonly Planned<J>[]) => {
  const jobs = new Set(planned.map(({ job }) => job));
  return (trained: readonly Trained<J>[]): readonly Trained<J>[] => trained.filter(({ job }) => jobs.has(job));
};

/** A measure of some networks over that of others, seed by seed. */
export const ratio = <J extends Network>(
  over: readonly Planned<J>[],
  under: readonly Planned<J>[],
  measure: Measure,
): Quantity<J> => {
  const [upper, lower] = [among(over), among(under)];
  const leastOf = (networks: readonly Trained<J>[]): number | null => leastOfAll(networks.map(measure.of));
  return {
    networks: [...over, ...under],
    of: (sameSeed) => ratioOf(leastOf(upper(sameSeed)), leastOf(lower(sameSeed))),
    testVariance: (trained) =>
      (1 - sharedBySeeds(upper(trained), lower(trained))) *
      (noiseIn(upper(trained), measure) + noiseIn(lower(trained), measure)),
  };
};

/** The part of the noise that networks share with those of the same seed, on average. */
const sharedBySeeds = <J extends Network>(ones: readonly Trained<J>[], others: readonly Trained<J>[]): number => {
  const shared = ones.flatMap((one) =>
    others.filter(withSeed(one.job.plan.seed)).map((other) => sharedNoise(one, other)),
  );
  return shared.length === 0 ? 0 : shared.reduce((sum, part) => sum + part, 0) / shared.length;
};

/** In each shape of which every architecture is planned, each rival of the EFNN: its error over the EFNN's. */
export const rivalries = <J extends Network>(
  planned: readonly Planned<J>[],
  measure: Measure,
): readonly Quantity<J>[] =>
  byShape(contestants(planned)).flatMap((peers) =>
    architectures
      .filter((architecture) => architecture !== 'efnn')
      .map((rival) => ratio(peers.filter(isArchitecture(rival)), peers.filter(isArchitecture('efnn')), measure)),
  );

/** What a claim states of its subject, with how much is behind it. */
export interface Finding extends SeedMean {
  readonly sample: string;
  readonly subject: Subject;
}

/** How many of the planned networks are finished, and which of them diverged. */
const shareOf = (networks: readonly Planned<Network>[]): Omit<Subject, 'needs' | 'known'> => ({
  planned: networks.length,
  done: networks.filter(({ result }) => result !== null).length,
  diverged: divergedOf(networks),
});

/** The subject of a claim on all of some planned networks, which one that is missing might change. */
export const subjectOfAll = (networks: readonly Planned<Network>[]): Subject => ({
  ...{ needs: 'every network', ...shareOf(networks) },
  known: networks.every(({ result }) => result?.tag === 'network') ? 'its number' : 'nothing',
});

/** A quantity with the seeds of which all of its networks are trained. */
interface Measured<J extends Network> {
  readonly behind: readonly Trained<J>[];
  /** Of each of these seeds; null where a network has no such number. */
  readonly values: readonly (number | null)[];
  readonly testVariance: number;
}

const measured = <J extends Network>({ networks, of, testVariance }: Quantity<J>): Measured<J> => {
  const whole = seedsOf(networks).filter((seed) =>
    networks.filter(withSeed(seed)).every(({ result }) => result?.tag === 'network'),
  );
  const behind = trainedOf(networks).filter(({ job }) => whole.includes(job.plan.seed));
  return {
    behind,
    values: whole.map((seed) => of(behind.filter(withSeed(seed)))),
    testVariance: testVariance(behind),
  };
};

const known = (values: readonly (number | null)[]): readonly number[] => values.flatMap((value) => value ?? []);

/** What seeds say of one of several quantities, and with which interval where all of them are to be inside of theirs at once. */
interface OverSeeds {
  readonly obtained: number;
  readonly own: ConfidenceInterval;
  readonly simultaneous: ConfidenceInterval;
}

const intervalOf =
  (quantities: number) =>
  ({ values, testVariance }: Measured<Network>): readonly OverSeeds[] => {
    const { obtained, spread: own } = seedInterval(known(values), { testVariance });
    const { spread: simultaneous } = seedInterval(known(values), { testVariance, risk: usualRisk / quantities });
    return obtained === null || own === undefined || simultaneous === undefined
      ? []
      : [{ obtained, own, simultaneous }];
  };

/**
 * The least or the greatest of some quantities, with an interval of 95 percent for the true one. For the least: it is not below the least
 * end of their own intervals, as its own one would have to miss it, and not above the least end of those that hold all quantities at once
 * (Bonferroni). So the interval is above a bound where that of every quantity is, and below one where a quantity is by more than the many
 * tries of chance explain.
 */
const extremeOf = (side: 'least' | 'greatest', all: readonly OverSeeds[]): SeedMean => {
  const isLeast = side === 'least';
  const extreme = (of: (one: OverSeeds) => number): number => (isLeast ? Math.min : Math.max)(...all.map(of));
  return all.length === 0
    ? { obtained: null }
    : {
        obtained: extreme(({ obtained }) => obtained),
        spread: {
          low: extreme(({ own, simultaneous }) => (isLeast ? own : simultaneous).low),
          high: extreme(({ own, simultaneous }) => (isLeast ? simultaneous : own).high),
          seeds: Math.min(...all.map(({ own }) => own.seeds)),
          least: extreme(({ own: { low, least: smallest = low } }) => smallest),
          greatest: extreme(({ own: { high, greatest: largest = high } }) => largest),
        },
      };
};

/**
 * What a claim on each of several quantities states: the one that speaks against it most, the least or the greatest. The size is that of
 * the tests behind it.
 */
export const ofEvery = <J extends Network>(
  side: 'least' | 'greatest',
  quantities: readonly Quantity<J>[],
  size?: number,
): Finding => {
  const found = quantities.map(measured);
  const networks = quantities.flatMap((quantity) => quantity.networks);
  const subject = subjectOfAll([...new Map(networks.map((network) => [network.job, network])).values()]);
  const isLacking = found.some(({ values }) => values.length === 0 || values.includes(null));
  const extreme = extremeOf(side, found.flatMap(intervalOf(quantities.length)));
  return {
    ...extreme,
    sample:
      extreme.obtained === null
        ? 'none'
        : sampleOf(
            found.flatMap(({ behind }) => behind),
            size,
          ),
    subject: isLacking ? { ...subject, known: 'nothing' } : subject,
  };
};

/** What a claim on one quantity states. */
export const ofOne = <J extends Network>(quantity: Quantity<J>, size?: number): Finding =>
  ofEvery('least', [quantity], size);

/**
 * What a claim on the best of some planned networks states: of each seed the number of those that are trained, which is a bound while
 * some are not. One that diverged is not the best.
 */
export const ofBest = <J extends Network>(
  { networks, of, testVariance }: Quantity<J>,
  bound: 'an upper bound' | 'a lower bound',
  size?: number,
): Finding => {
  const behind = trainedOf(networks);
  const values = known(seedsOf(behind).map((seed) => of(behind.filter(withSeed(seed)))));
  const share = shareOf(networks);
  const isLacking = values.length < seedsOf(networks).length;
  return {
    ...seedInterval(values, { testVariance: testVariance(behind) }),
    sample: sampleOf(behind, size),
    subject: {
      ...{ needs: 'one network of each seed', ...share },
      known: isLacking ? 'nothing' : share.done < share.planned ? bound : 'its number',
    },
  };
};

/**
 * A number of the paper beside what was found: the ratio, whatever the verdict. Where nothing was, the claim says why, unless it is that
 * networks are not finished or have diverged, which every claim says of itself.
 */
export const besideThePaper = (found: Finding, paper: number, missing: string): Finding & Pick<Claim, 'comment'> => {
  if (found.obtained !== null) {
    return { ...found, comment: [found.obtained / paper, ' times the number of the paper'] };
  }
  return missingInWords(found.subject).length > 0 ? found : { ...found, comment: `not tested: ${missing}` };
};
