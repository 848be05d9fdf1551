/** Laws of the claims of studies: what is compared with what, and what the errors of networks let a claim say. */
import fc from 'fast-check';

import { sizeOf } from '../../src/dataset/spin-kind.ts';
import { typographic } from '../../src/report/notation.ts';
import { judge, type Claim, type Report } from '../../src/report/report.ts';
import { trains, type EffectiveForm, type Job, type LatticeJob } from '../../src/study/job.ts';
import type { Outcomes } from '../../src/study/outcome.ts';
import type { TestError } from '../../src/study/result.ts';
import { effectiveFit, errorOf, madeUp, outcomesOf } from '../arbitraries/results.ts';
import type { Law } from '../law.ts';

export type Reporting = (outcomes: Outcomes) => Report;

const claimsOf = (report: Report): readonly Claim[] => report.sections.flatMap(({ claims }) => claims);

const smallest = (values: readonly (number | null)[]): number => Math.min(...values.map((value) => value ?? Infinity));

/** The errors of some networks at one size and depth, read directly. */
const errorsWhere = (
  outcomes: Outcomes,
  keep: (job: Extract<Job, { readonly tag: 'dense' | 'lattice' }>) => boolean,
  measure: (error: TestError) => number | null,
  size: number,
): readonly (number | null)[] =>
  outcomes.flatMap(({ job, result }) =>
    (job.tag === 'dense' || job.tag === 'lattice') && result.tag === 'network' && keep(job)
      ? result.errors.filter((error) => error.size === size && error.samples === 'all').map(measure)
      : [],
  );

/** The best rival's error over the EFNN's, or null where one of them is unknown. */
const advantage = (rivals: readonly (number | null)[], own: readonly (number | null)[]): number | null => {
  const ratio = smallest(rivals) / smallest(own);
  return Number.isFinite(ratio) && Number.isFinite(smallest(own)) ? ratio : null;
};

export const claimsFollowFromErrors = (jobs: readonly Job[]): Law<Reporting, Outcomes> => ({
  statement:
    'the advantage that a claim states is the least error of the rivals over the least error of the EFNNs of the same shape; a level on ' +
    'configurations that were not seen is the largest error of the named EFNNs on those alone',
  cases: outcomesOf(jobs),
  holds: (report) => (outcomes) => {
    const claims = claimsOf(report(outcomes));
    const obtained = (id: string): number | null | undefined => claims.find((claim) => claim.id === id)?.obtained;
    const width = Math.max(
      ...outcomes.flatMap(({ job }) =>
        job.tag === 'dense' && job.network.shape.tag === 'dense' ? [job.network.shape.neurons] : [],
      ),
    );
    const dense = (system: string, layers: number, measure: (error: TestError) => number | null): number | null => {
      const peers = (isEfnn: boolean) =>
        errorsWhere(
          outcomes,
          (job) =>
            job.tag === 'dense' &&
            job.system === system &&
            job.network.shape.tag === 'dense' &&
            job.network.shape.neurons === width &&
            job.network.shape.layers === layers &&
            (job.network.architecture === 'efnn') === isEfnn,
          measure,
          15,
        );
      return advantage(peers(false), peers(true));
    };
    const leastKernel = smallest(
      outcomes.map(({ job }) =>
        job.tag === 'lattice' && job.network.shape.tag === 'lattice' && job.network.shape.pairHead
          ? job.network.shape.kernel
          : null,
      ),
    );
    const rivalDepths = new Set(
      outcomes.flatMap(({ job }) =>
        job.tag === 'lattice' && job.network.architecture !== 'efnn' ? [job.network.shape.layers] : [],
      ),
    );
    const lattice = (size: number): number | null => {
      const peers = (isEfnn: boolean) =>
        errorsWhere(
          outcomes,
          (job) =>
            job.tag === 'lattice' &&
            job.network.shape.tag === 'lattice' &&
            job.network.shape.pairHead &&
            job.network.shape.kernel === leastKernel &&
            rivalDepths.has(job.network.shape.layers) &&
            (job.network.architecture === 'efnn') === isEfnn,
          ({ relative }) => relative,
          size,
        );
      return advantage(peers(false), peers(true));
    };
    /** Of each EFNN with a head, its error on the last lattice over that on the first. */
    const falls = outcomes.flatMap(({ job, result }) => {
      const isMeant =
        job.tag === 'lattice' &&
        job.network.architecture === 'efnn' &&
        job.network.shape.tag === 'lattice' &&
        job.network.shape.pairHead &&
        job.network.shape.kernel === leastKernel;
      const errors = isMeant && result.tag === 'network' ? result.errors.map(({ relative }) => relative) : [];
      const [first, last] = [errors[0] ?? null, errors.at(-1) ?? null];
      return first === null || last === null ? [] : [last / first];
    });
    const sizes = outcomes.flatMap(({ job }) =>
      job.tag === 'lattice' ? job.tests.map(({ recipe }) => sizeOf(recipe.sampleShape)) : [],
    );
    /** The largest error of the networks that the paper names, on what they have not seen. */
    const unseen = outcomes.flatMap(({ job, result }) =>
      job.tag === 'dense' &&
      job.system === 'three-spin-binary' &&
      job.network.architecture === 'efnn' &&
      job.network.shape.layers >= 2 &&
      job.network.shape.tag === 'dense' &&
      job.network.shape.neurons >= 105 &&
      result.tag === 'network'
        ? result.errors.flatMap(({ samples, relative }) =>
            samples === 'unseen' && relative !== null ? [relative] : [],
          )
        : [],
    );
    return (
      obtained('2b-unseen') === (unseen.length === 0 ? null : Math.max(...unseen)) &&
      [2, 3].every(
        (layers) =>
          obtained(`2b-advantage-${layers}`) === dense('three-spin-binary', layers, ({ relative }) => relative) &&
          obtained(`2c-advantage-${layers}`) === dense('three-spin-continuous', layers, ({ rmse }) => rmse),
      ) &&
      obtained('4c-generalizes') === (falls.length === 0 ? null : Math.max(...falls)) &&
      obtained('4b-advantage') === lattice(Math.min(...sizes)) &&
      obtained('4c-advantage') === lattice(Math.max(...sizes))
    );
  },
  runs: 50,
});

// Verdicts on results that are made up.

/** Claims that compare trained networks. */
const comparisons = [
  '2b-advantage-2',
  '2b-advantage-3',
  '2c-advantage-2',
  '2c-advantage-3',
  '4b-advantage',
  '4c-advantage',
];

interface Contest {
  /** The best other error over the EFNN's. */
  readonly ratio: number;
  readonly seeds: number;
  /** Whether the last seed turns the order round. */
  readonly turns: boolean;
  readonly scale: number;
}

const contests: fc.Arbitrary<Contest> = fc.record({
  ratio: fc.oneof(fc.double({ min: 0.3, max: 0.97, noNaN: true }), fc.double({ min: 1.03, max: 3, noNaN: true })),
  seeds: fc.integer({ min: 1, max: 4 }),
  turns: fc.boolean(),
  scale: fc.double({ min: 1e-4, max: 1e-2, noNaN: true }),
});

export const verdictsFollowTheContest = (jobs: readonly Job[]): Law<Reporting, Contest> => ({
  statement:
    'where the EFNN loses with every seed no claim says that it wins, where it wins with three seeds each says so; two ' +
    'seeds, or seeds that disagree, decide nothing',
  cases: contests,
  runs: 40,
  holds:
    (report) =>
    ({ ratio, seeds, turns, scale }) => {
      const numbers = Array.from({ length: seeds }, (_, seed) => seed);
      const outcomes = madeUp(jobs, numbers, (architecture, _, size, seed) => {
        const wins = turns && seed === 0 ? 1 / ratio : ratio;
        return (scale * (1 + 1 / size)) / (architecture === 'efnn' ? wins : 1);
      });
      const judged = judge(report(outcomes)).sections.flatMap(({ claims }) => claims);
      const expected = seeds < 3 ? 'undecided' : turns ? 'undecided' : ratio > 1 ? 'holds' : 'does not hold';
      return comparisons.every((id) => judged.find((claim) => claim.id === id)?.verdict === expected);
    },
});

export const depthsAreJudged = (
  jobs: readonly Job[],
): Law<Reporting, { readonly gain: number; readonly scale: number }> => ({
  statement: 'claims of depth hold exactly where every further layer lowers the error, at every size',
  cases: fc.record({
    gain: fc.oneof(fc.double({ min: 0.3, max: 0.97, noNaN: true }), fc.double({ min: 1.03, max: 3, noNaN: true })),
    scale: fc.double({ min: 1e-4, max: 1e-2, noNaN: true }),
  }),
  runs: 20,
  holds:
    (report) =>
    ({ gain, scale }) => {
      const outcomes = madeUp(jobs, [1, 2, 3], (_, layers, size) => (scale * gain ** layers) / size);
      const judged = judge(report(outcomes)).sections.flatMap(({ claims }) => claims);
      return ['2b-depth', '2c-depth', '4b-depth', '4c-depth'].every(
        (id) => judged.find((claim) => claim.id === id)?.verdict === (gain < 1 ? 'holds' : 'does not hold'),
      );
    },
});

/** Errors that a width and a layer more multiply, but for one shape that is out of line. */
interface Grid {
  readonly scale: number;
  readonly gainOfWidth: number;
  readonly gainOfLayer: number;
  readonly odd: { readonly width: number; readonly layers: number; readonly factor: number };
}

export const channelsAreJudged = (jobs: readonly Job[]): Law<Reporting, Grid> => ({
  statement:
    'claims on all channels hold exactly where for every C the next layer, and for every n the next C, lowers the error of the EFNN: one ' +
    'network that is out of line is enough',
  cases: fc.record({
    scale: fc.constantFrom(1e-4, 1e-3),
    gainOfWidth: fc.constantFrom(0.5, 0.8, 1.3),
    gainOfLayer: fc.constantFrom(0.5, 0.8, 1.3),
    odd: fc.record({
      width: fc.constantFrom(1, 3, 9),
      layers: fc.constantFrom(1, 2, 3),
      factor: fc.constantFrom(1, 0.05, 30),
    }),
  }),
  runs: 40,
  holds:
    (report) =>
    ({ scale, gainOfWidth, gainOfLayer, odd }) => {
      const of = (width: number, layers: number): number =>
        scale *
        gainOfWidth ** width *
        gainOfLayer ** layers *
        (width === odd.width && layers === odd.layers ? odd.factor : 1);
      const outcomes = madeUp(jobs, [1, 2, 3], (_, layers, size, __, width) => of(width, layers) / size);
      const judged = judge(report(outcomes)).sections.flatMap(({ claims }) => claims);
      const verdict = (id: string) => judged.find((claim) => claim.id === id)?.verdict;
      const said = (isLower: boolean): string => (isLower ? 'holds' : 'does not hold');
      const [widths, depths] = [
        [1, 3, 5, 7, 9],
        [1, 2, 3],
      ];
      const falls = (errors: readonly number[]): boolean =>
        errors.every((error, i) => i === 0 || error < (errors[i - 1] ?? 0));
      return (
        verdict('4b-channels') === said(depths.every((layers) => falls(widths.map((width) => of(width, layers))))) &&
        verdict('4b-depth-all') === said(widths.every((width) => falls(depths.map((layers) => of(width, layers)))))
      );
    },
});

export const fig4cHasItsWidth = (jobs: readonly Job[]): Law<Reporting, readonly number[]> => ({
  statement:
    'the number of the paper on the largest lattice is that of its width, C = 3, and three layers, however good wider EFNNs are',
  cases: fc.array(fc.double({ min: 1e-5, max: 1e-3, noNaN: true }), { minLength: 10, maxLength: 10 }),
  runs: 20,
  holds: (report) => (errors) => {
    const of = (width: number, layers: number): number => (errors[width] ?? NaN) / layers;
    const outcomes = madeUp(jobs, [1], (_, layers, size, __, width) => of(width, layers) / size);
    const obtained = claimsOf(report(outcomes)).find(({ id }) => id === '4c-level')?.obtained;
    return Math.abs((obtained ?? NaN) / (of(3, 3) / 40) - 1) < 1e-12;
  },
});

/** Errors of networks deeper than those of the paper, of all others, at N = 1: they fall as 1 / N. */
interface Larger {
  readonly deep: number;
  readonly others: number;
}

export const largerNetworksStandForThemselves = (jobs: readonly Job[]): Law<Reporting, Larger> => ({
  statement:
    'networks larger than those of the paper have claims of their own, which hold where their errors are below the aims; no claim of Figs. 4b and 4c ' +
    'changes with them, and without them there is none',
  cases: fc.record({
    deep: fc.double({ min: 1e-3, max: 5e-3, noNaN: true }),
    others: fc.double({ min: 1e-3, max: 5e-3, noNaN: true }),
  }),
  runs: 20,
  holds:
    (report) =>
    ({ deep, others }) => {
      const outcomes = madeUp(jobs, [1, 2, 3], (_, layers, size) => (layers > 3 ? deep : others) / size);
      const isDeep = ({ job }: Outcomes[number]): boolean => 'network' in job && job.network.shape.layers > 3;
      const judgedOn = (some: Outcomes) => judge(report(some)).sections.flatMap(({ claims }) => claims);
      const [all, published] = [judgedOn(outcomes), judgedOn(outcomes.filter((outcome) => !isDeep(outcome)))];
      const isLarge = ({ id }: Claim): boolean => id.startsWith('large-');
      const large = all.filter(isLarge);
      return (
        large.length === 2 &&
        [
          { size: 10, bound: 2.5e-4 },
          { size: 40, bound: 6e-5 },
        ].every(({ size, bound }, i) => {
          const claim = large[i];
          return (
            Math.abs((claim?.obtained ?? NaN) / (deep / size) - 1) < 1e-12 &&
            claim?.verdict === (deep / size < bound ? 'holds' : 'does not hold')
          );
        }) &&
        !published.some(isLarge) &&
        JSON.stringify(all.filter((claim) => !isLarge(claim))) === JSON.stringify(published)
      );
    },
});

/** What a table for readmes says of a report. */
export type Telling = (outcomes: Outcomes) => { readonly report: Report; readonly table: string };

export const tablesTellIntervals = (jobs: readonly Job[]): Law<Telling, Contest> => ({
  statement:
    'a table for readmes tells of each claim how it was obtained, and between which numbers it lies, where seeds show that',
  cases: contests,
  runs: 6,
  holds:
    (tell) =>
    ({ ratio, seeds, scale }) => {
      const numbers = Array.from({ length: seeds }, (_, seed) => seed);
      const outcomes = madeUp(
        jobs,
        numbers,
        (architecture, _, size, seed) =>
          ((scale * (1 + 1 / size)) / (architecture === 'efnn' ? ratio : 1)) * (1 + seed / 10) ** (size / 10),
      );
      const { report, table } = tell(outcomes);
      const rows = table.split('\n');
      return claimsOf(report).every(({ statement, comment, obtained, spread }) => {
        const row = rows.find((line) => line.includes(statement)) ?? '';
        const isWide = obtained !== null && spread !== undefined && spread.low < spread.high;
        return (
          row.includes(typeof comment === 'string' ? comment : '') &&
          row.includes(isWide ? ` (${typographic(3)(spread.low)} to ${typographic(3)(spread.high)})` : '')
        );
      });
    },
});

/** What tells networks of a figure on lattices apart between which one is the best: all but the architecture and the seed. */
const contestOf = (job: Job): string | null => (job.tag === 'lattice' ? JSON.stringify(job.network.shape) : null);

/** The lattice networks that some jobs train beside one of every other architecture. */
const rivalsIn = (jobs: readonly Job[]): readonly LatticeJob[] =>
  jobs.flatMap((job) => {
    const peers = jobs.filter((other) => contestOf(other) === contestOf(job));
    const found = new Set(peers.map((peer) => ('network' in peer ? peer.network.architecture : null)));
    return job.tag === 'lattice' && found.size === 4 ? [job] : [];
  });

export const rivalsAreCompared = (jobs: readonly Job[]): Law<Reporting, LatticeJob> => ({
  statement:
    'each network of Fig. 4 that a preset trains beside all its rivals is in a claim on the best network: where it alone is as bad as ' +
    'an EFNN can be, or as good as a rival can be, the claims of its kernel have another number, that of Fig. 4c where C = 3, and those of others have theirs',
  cases: fc.constantFrom(...rivalsIn(jobs)),
  runs: 16,
  holds: (report) => (job) => {
    const factor = job.network.architecture === 'efnn' ? 1e3 : 1e-3;
    const outcomes = madeUp(jobs, [1], () => 1e-3);
    const changed = outcomes.map((one) =>
      contestOf(one.job) === contestOf(job) &&
      'network' in one.job &&
      one.job.network.architecture === job.network.architecture &&
      one.result.tag === 'network'
        ? {
            ...one,
            result: { ...one.result, errors: one.result.errors.map(({ size }) => errorOf(size, 1e-3 * factor)) },
          }
        : one,
    );
    const advantagesIn = (some: Outcomes) =>
      new Map(
        claimsOf(report(some)).flatMap(({ id, obtained }) => (id.includes('-advantage') ? [[id, obtained]] : [])),
      );
    const [before, after] = [advantagesIn(outcomes), advantagesIn(changed)];
    const moved = [...before.keys()].filter((id) => before.get(id) !== after.get(id)).join();
    const { shape } = job.network;
    const suffix = shape.tag === 'lattice' && shape.kernel === 5 ? '-5' : '';
    const figures = shape.tag === 'lattice' && shape.channels === 3 ? ['4b', '4c'] : ['4b'];
    return moved === figures.map((figure) => `${figure}-advantage${suffix}`).join();
  },
});

/** The table for readmes of a report on jobs of which none is finished. */
export type Tabulating = (planned: readonly Job[]) => string;

/** What a network has that the paper's have not, in the words of the table, and how a job gets it. */
const departures: readonly { readonly words: string; readonly of: (job: Job) => Job }[] = [
  {
    words: 'sampler sphere',
    of: (job) =>
      job.tag === 'lattice'
        ? { ...job, train: { ...job.train, recipe: { ...job.train.recipe, sampler: 'sphere' } } }
        : job,
  },
  {
    words: 'energies and forces',
    of: (job) => (trains(job) ? { ...job, plan: { ...job.plan, forceWeight: 'balanced' } } : job),
  },
  { words: 'kernels of 3 x 3', of: (job) => withShape(job, { kernel: 3 }) },
  { words: 'RKKY head', of: (job) => withShape(job, { pairHead: true }) },
];

const withShape = (job: Job, change: { readonly kernel: number } | { readonly pairHead: boolean }): Job =>
  job.tag === 'lattice' && job.network.shape.tag === 'lattice'
    ? { ...job, network: { ...job.network, shape: { ...job.network.shape, ...change } } }
    : job;

/** Claims on numbers of the paper, and what they ask of: dense networks have neither sampler nor kernels nor head. */
const judgedLevels = [
  { statement: 'Networks reach relative errors of 1e-3', asks: departures.map(({ words }) => words) },
  { statement: 'The 3-layer EFNN of C = 3 reaches 4e-4', asks: departures.map(({ words }) => words) },
  { statement: 'The 3-layer EFNN of W = 150', asks: ['energies and forces'] },
];

export const otherProtocolsAreTold = (jobs: readonly Job[]): Law<Tabulating, readonly number[]> => ({
  statement:
    'beside a number of the paper stands what our networks have that the paper has not: forces, on lattices sampler, kernels, head, and nothing else; of ' +
    "the paper's own protocol nothing is said",
  cases: fc.subarray(departures.map((_, i) => i)),
  runs: 16,
  holds: (table) => (some) => {
    const planned = jobs.map((job) => some.reduce((changed, i) => departures[i]?.of(changed) ?? changed, job));
    const rows = table(planned).split('\n');
    return judgedLevels.every(({ statement, asks }) => {
      const row = rows.find((line) => line.includes(statement)) ?? '';
      const [, ours = ''] = row.split('); here ');
      return (
        row.length > 0 &&
        departures.every(({ words }, i) => ours.includes(words) === (some.includes(i) && asks.includes(words)))
      );
    });
  },
});

const level = fc.double({ min: 1e-3, max: 0.04, noNaN: true });

/** Claims whose subject is Eq. (3), which networks say nothing of. */
const effectiveClaims = ['4b-effective-model', '4b-effective-mean', '4b-effective-symmetric', '4b-effective-pairs'];

export const effectiveModelIsJudged = (
  jobs: readonly Job[],
): Law<Reporting, Readonly<Record<EffectiveForm, number>>> => ({
  statement:
    'claims of the effective model follow from its own fits with the most labels, and from the mean and the pairs on the same samples',
  cases: fc.record({ tiles: level, symmetric: level, pairs: level }),
  runs: 40,
  holds: (report) => (errors) => {
    const most = Math.max(...jobs.map((job) => (job.tag === 'effective-model' ? job.labels : 0)));
    const outcomes = jobs.flatMap((job) => {
      if (job.tag !== 'effective-model') {
        return [];
      }
      // Fits to fewer labels say the contrary.
      const relative = job.labels === most ? errors[job.form] : 1 / errors[job.form];
      const error = { ...errorOf(10, relative), count: 9, rmsePerDeviation: 1, meanPredictor: 0.0234 };
      return [{ job, result: effectiveFit(job, error) }];
    });
    const judged = judge(report(outcomes)).sections.flatMap(({ claims }) => claims);
    const { tiles, symmetric, pairs } = errors;
    const expected = [tiles <= 0.0192, tiles < 0.0234, symmetric < tiles, symmetric < pairs];
    return expected.every(
      (kept, i) => judged.find(({ id }) => id === effectiveClaims[i])?.verdict === (kept ? 'holds' : 'does not hold'),
    );
  },
});

export const levelsAreReached = (jobs: readonly Job[]): Law<Reporting, number> => ({
  statement:
    'a number of the paper is reached at or below it and nowhere above; what was not run is not tested; each claim says what is expected',
  cases: fc.double({ min: 1e-5, max: 1e-2, noNaN: true }),
  runs: 40,
  holds: (report) => (error) => {
    const judged = judge(report(madeUp(jobs, [1, 2, 3], () => error))).sections.flatMap(({ claims }) => claims);
    const verdict = (id: string) => judged.find((claim) => claim.id === id)?.verdict;
    const reached = (bound: number) => (error <= bound ? 'holds' : 'does not hold');
    return (
      verdict('4b-level') === reached(1e-3) &&
      verdict('4c-level') === reached(4e-4) &&
      effectiveClaims.every((id) => verdict(id) === 'not tested') &&
      verdict('4b-beyond-pairs') === 'not tested' &&
      verdict('2c-level') === 'not tested' &&
      judge(report([])).sections.length === 0 &&
      judged.every(({ sample, expected }) => sample.length > 0 && String(expected).length > 0)
    );
  },
});
