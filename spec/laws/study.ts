/** Laws of the studies: which jobs a figure needs, what a power law is, what a claim may say. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';

import type { Measured, PowerLaw } from '../../src/bench/power-law.ts';
import { recipeOf, referenceRecipe, secondsPerSample } from '../../src/dataset/recipe.ts';
import { sizeOf } from '../../src/dataset/spin-kind.ts';
import { publishedSites } from '../../src/dataset/three-spin.ts';
import { networkProgram, type Architecture, type Network } from '../../src/network/network.ts';
import type { Reals } from '../../src/number/reals.ts';
import { judge, type Claim, type Report } from '../../src/report/report.ts';
import {
  figures,
  jobsFor,
  trains,
  usesLabels,
  type DenseJob,
  type EffectiveForm,
  type FigureName,
  type Job,
  type LabelsJob,
  type LatticeJob,
} from '../../src/study/job.ts';
import type { StudySamples } from '../../src/study/network-job.ts';
import type { Outcomes } from '../../src/study/outcome.ts';
import { presetNames, presets, type Preset, type PresetName } from '../../src/study/preset.ts';
import type { TestError } from '../../src/study/result.ts';
import type { LabelledSamples } from '../../src/training/batch.ts';
import { interval } from '../arbitraries/interval.ts';
import { effectiveFit, errorOf, madeUp, outcomesOf } from '../arbitraries/results.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

export type Planning = (preset: Preset, wanted: readonly FigureName[]) => readonly Job[];

interface PlanningCase {
  readonly preset: PresetName;
  readonly wanted: readonly FigureName[];
}

const planningCase: fc.Arbitrary<PlanningCase> = fc.record({
  preset: fc.constantFrom(...presetNames),
  wanted: fc.subarray([...figures]).chain((some) => fc.shuffledSubarray(some, { minLength: some.length })),
});

const same = (found: readonly unknown[], expected: readonly unknown[]): boolean =>
  JSON.stringify(found) === JSON.stringify(expected);

/** A network that a job trains: on which system, of which width W or number C of channels. */
export interface Training {
  readonly job: DenseJob | LatticeJob;
  readonly system: string;
  readonly architecture: Architecture;
  readonly width: number;
  readonly layers: number;
  /** k, of lattice networks. */
  readonly kernel: number | null;
  readonly seed: number;
}

/** The networks that some jobs train, in their order. */
export const trainingsIn = (jobs: readonly Job[]): readonly Training[] =>
  jobs.filter(trains).map((job) => {
    const { architecture, shape } = job.network;
    return {
      job,
      system: job.tag === 'dense' ? job.system : 'lattice',
      ...{ architecture, layers: shape.layers, seed: job.plan.seed },
      width: shape.tag === 'dense' ? shape.neurons : shape.channels,
      kernel: shape.tag === 'dense' ? null : shape.kernel,
    };
  });

const nameOf = ({ system, architecture, layers, width, seed }: Omit<Training, 'job' | 'kernel'>): string =>
  [system, architecture, layers, width, seed].join();

/** The figures that the paper has: all but what stands beside them here. */
const paperFigures = figures.filter((figure) => figure !== 'receptive-field');

/** Every network of the paper: W = 15, 30, .. 150 on chains, C = 1, 3, .. 9 on lattices, n = 1 to 3, every architecture. */
const paperGrid = (seeds: readonly number[]): readonly string[] =>
  ['lattice', 'three-spin-binary', 'three-spin-continuous'].flatMap((system) =>
    (['efnn', 'dnn', 'resnet', 'densenet'] as const).flatMap((architecture) =>
      [1, 2, 3].flatMap((layers) =>
        (system === 'lattice' ? [1, 3, 5, 7, 9] : Array.from({ length: 10 }, (_, i) => 15 * (i + 1))).flatMap((width) =>
          seeds.map((seed) => nameOf({ system, architecture, layers, width, seed })),
        ),
      ),
    ),
  );

export const paperPresetIsTheGrid: Law<Preset, null> = {
  statement:
    "the preset paper trains each network of the paper's grid once: W = 15 to 150 and n = 1 to 3 on chains; C = 1, 3, 5, 7, 9 and n = 1, 2, 3 on lattices, " +
    'every architecture, on 160,000 published samples of N = 10, tested on 40,000 of each N = 10, 15 .. 40: four samples in five for training',
  cases: fc.constant(null),
  runs: 1,
  holds: (preset) => () => {
    const trained = trainingsIn(jobsFor(preset, paperFigures));
    return (
      trained.map(nameOf).toSorted().join('\n') === paperGrid([1]).toSorted().join('\n') &&
      trained.every(
        ({ job }) =>
          job.tag === 'dense' ||
          (same(samplesIn(job.train), [10, 160_000, 'published', 100]) &&
            same(
              job.tests.map((test) => samplesIn(test).slice(0, 3)),
              [10, 15, 20, 25, 30, 35, 40].map((size) => [size, 40_000, 'published']),
            )),
      )
    );
  },
};

/** N, how many samples, and how they are drawn. */
const samplesIn = ({ recipe: { sampleShape, sampler, seed }, range }: LabelsJob): readonly (string | number)[] => [
  ...[sizeOf(sampleShape), range.count],
  ...[sampler, seed],
];

export const standardHasTheGrid: Law<Preset, null> = {
  statement:
    "standard trains each network of the paper's grid with the seeds 1, 2 and 3, on lattices with kernels of 3 x 3",
  cases: fc.constant(null),
  runs: 1,
  holds: (preset) => () => {
    const trained = trainingsIn(jobsFor(preset, paperFigures)).filter(({ kernel }) => kernel === null || kernel === 3);
    const names = new Set(trained.map(nameOf));
    return paperGrid([1, 2, 3]).every((name) => names.has(name));
  },
};

/** The protocol of the authors' code in numbers, from the documents beside the paper: nothing of it is read from the presets. */
export const paperIsTrainedAsPublished: Law<Preset, null> = {
  statement:
    'networks of paper are trained by the published protocol, on energies as they are: on lattices energies alone, 1,000 epochs in batches of 1,000 with rates ' +
    '1e-3 to 1e-4 every 50 and decay 1e-5, kernels of 5 x 5 without a head; dense networks 8,000 or 16,000 epochs with their rates and decays',
  cases: fc.constant(null),
  runs: 1,
  holds: (preset) => () => {
    const jobs = jobsFor(preset, paperFigures);
    const lattice = jobs.flatMap((job) => (job.tag === 'lattice' ? [job] : []));
    const dense = jobs.flatMap((job) => (job.tag === 'dense' ? [job] : []));
    const latticePlan = {
      ...{ start: 'published', seed: 1, epochs: 1000, batch: 1000 },
      ...{
        schedule: { tag: 'staircase', first: 1e-3, last: 1e-4, every: 50 },
        weightDecay: 1e-5,
        clip: null,
        forceWeight: null,
        units: 'raw',
      },
    };
    const stairs = { tag: 'staircase', first: 1e-3, last: 1e-5, every: 400 };
    const densePlan = (system: string, isEfnn: boolean) => ({
      ...{ start: 'published', seed: 1, epochs: isEfnn && system === 'three-spin-binary' ? 8000 : 16_000, batch: 1000 },
      schedule:
        isEfnn && system === 'three-spin-binary' ? { tag: 'decay', rate: 1e-3, factor: 0.9, every: 100 } : stairs,
      weightDecay: isEfnn ? (system === 'three-spin-binary' ? 1e-2 : 1e-4) : 1e-3,
      ...{ clip: null, forceWeight: null, units: 'raw' },
    });
    return (
      lattice.length > 0 &&
      dense.length > 0 &&
      lattice.every(
        (job) =>
          isDeepStrictEqual(job.plan, latticePlan) &&
          job.network.shape.tag === 'lattice' &&
          job.network.shape.kernel === 5 &&
          !job.network.shape.pairHead,
      ) &&
      dense.every((job) => isDeepStrictEqual(job.plan, densePlan(job.system, job.network.architecture === 'efnn')))
    );
  },
};

const textsOf = (jobs: readonly Job[]): ReadonlySet<string> => new Set(jobs.map((job) => JSON.stringify(job)));

export const figuresShareJobs: Law<Planning, PlanningCase> = {
  statement:
    'every figure has jobs; the jobs of some figures are the union of the jobs of each, every job once, in plain data',
  cases: planningCase,
  holds:
    (plan) =>
    ({ preset, wanted }) => {
      const jobs = plan(presets[preset], wanted);
      const ofEach = wanted.map((figure) => textsOf(plan(presets[preset], [figure])));
      const each = new Set(ofEach.flatMap((texts) => [...texts]));
      return (
        ofEach.every(({ size }) => size > 0) &&
        textsOf(jobs).size === jobs.length &&
        each.size === jobs.length &&
        [...textsOf(jobs)].every((text) => each.has(text) && JSON.stringify(JSON.parse(text)) === text)
      );
    },
};

const labelsOf = (job: Job): readonly { readonly purpose: 'train' | 'test'; readonly labels: LabelsJob }[] =>
  usesLabels(job)
    ? [{ purpose: 'train', labels: job.train }, ...job.tests.map((labels) => ({ purpose: 'test' as const, labels }))]
    : [];

/** The stream of a sample: equal for two samples of one size if and only if they are the same configuration. */
const streamsOf = ({ recipe: { sampler, seed }, range }: LabelsJob): readonly [number, number] =>
  sampler === 'published'
    ? [seed + range.first, seed + range.first + range.count]
    : [seed * 2 ** 32 + range.first, seed * 2 ** 32 + range.first + range.count];

/** The networks of some jobs, each once: seeds do not change them. */
const networksOf = (jobs: readonly Job[]): readonly Network[] => [
  ...new Map(
    jobs.flatMap((job) => ('network' in job ? [[JSON.stringify(job.network), job.network] as const] : [])),
  ).values(),
];

export const testsAreUnseen: Law<Planning, PlanningCase> = {
  statement:
    'every network can be built, and lattice networks, which there are in what is about the double exchange model alone, ' +
    'are trained and tested on configurations of which none is in both sets',
  cases: planningCase,
  runs: 30,
  holds:
    (plan) =>
    ({ preset, wanted }) => {
      const jobs = plan(presets[preset], wanted);
      return (
        jobs.some(({ tag }) => tag === 'lattice') ===
          wanted.some((figure) => ['4b', '4c', 'protocols', 'receptive-field'].includes(figure)) &&
        networksOf(jobs).every((described) => isRight(networkProgram(described))) &&
        jobs.every((job) => {
          const labels = labelsOf(job);
          const train = labels.filter(({ purpose }) => purpose === 'train').map((found) => streamsOf(found.labels));
          const test = labels.filter(({ purpose }) => purpose === 'test').map((found) => streamsOf(found.labels));
          return (
            (job.tag !== 'lattice' || (train.length > 0 && test.length > 0)) &&
            train.every(([from, to]) => test.every(([first, last]) => last <= from || first >= to))
          );
        })
      );
    },
};

export type PowerLawFit = (points: readonly Measured[]) => PowerLaw | null;

const scattered: fc.Arbitrary<readonly Measured[]> = fc
  .uniqueArray(fc.integer({ min: 3, max: 60 }), { minLength: 3, maxLength: 8 })
  .chain((sizes) =>
    fc
      .array(interval(-2, 2), { minLength: sizes.length, maxLength: sizes.length })
      .map((noise) => sizes.map((x, i) => ({ x, y: Math.exp(5 * Math.log(x) - 12 + (noise[i] ?? 0)) }))),
  );

/** The textbook's closed form of a straight line through logarithms. */
const leastSquares = (points: readonly Measured[]): PowerLaw => {
  const xs = points.map(({ x }) => Math.log(x));
  const ys = points.map(({ y }) => Math.log(y));
  const n = points.length;
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const products = (a: readonly number[], b: readonly number[]): number => sum(a.map((x, i) => x * (b[i] ?? NaN)));
  const sxx = products(xs, xs) - sum(xs) ** 2 / n;
  const exponent = (products(xs, ys) - (sum(xs) * sum(ys)) / n) / sxx;
  const logPrefactor = (sum(ys) - exponent * sum(xs)) / n;
  const squares = sum(xs.map((x, i) => ((ys[i] ?? NaN) - logPrefactor - exponent * x) ** 2));
  return { exponent, logPrefactor, exponentError: Math.sqrt(squares / (n - 2) / sxx) };
};

/** Both forms cancel about three digits of sixteen, the iteration stops at residuals of 1e-12; a wide margin remains. */
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-7 * Math.max(1, Math.abs(b));

export const powerLawIsLeastSquares: Law<PowerLawFit, readonly Measured[]> = {
  statement: 'a fitted power law is the least-squares line of the logarithms, with the standard error of its slope',
  cases: scattered,
  holds: (fit) => (points) => {
    const found = fit(points);
    const expected = leastSquares(points);
    return (
      found !== null &&
      near(found.exponent, expected.exponent) &&
      near(found.logPrefactor, expected.logPrefactor) &&
      near(found.exponentError, expected.exponentError)
    );
  },
};

/** The standard error of the logarithm of a fitted power law at a point. */
export type PowerLawError = (points: readonly Measured[], law: PowerLaw) => (x: number) => number;

export const extrapolationHasItsError: Law<PowerLawError, readonly Measured[]> = {
  statement:
    'the error of a fitted power law at x^0 = 1, where the line is its prefactor, is the textbook standard error of an ' +
    'intercept, and it is the smallest at the mean of ln x, where it is that of a mean',
  cases: scattered,
  holds: (errorAt) => (points) => {
    const law = leastSquares(points);
    const logX = points.map(({ x }) => Math.log(x));
    const n = points.length;
    const squares = logX.reduce((sum, x) => sum + x * x, 0);
    const centre = Math.exp(logX.reduce((sum, x) => sum + x, 0) / n);
    const residuals = points.map(({ x, y }) => Math.log(y) - law.logPrefactor - law.exponent * Math.log(x));
    const sigma = Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / (n - 2));
    return (
      near(errorAt(points, law)(1), law.exponentError * Math.sqrt(squares / n)) &&
      near(errorAt(points, law)(centre), sigma / Math.sqrt(n))
    );
  },
};

/** Every how many configurations the labels of a job are checked. */
export type CheckPolicy = (job: LabelsJob) => number | null;

const labelOrders: fc.Arbitrary<LabelsJob> = fc
  .record({
    system: fc.constantFrom('double-exchange', 'heisenberg'),
    size: fc.integer({ min: 3, max: 40 }),
    poles: fc.boolean(),
    forces: fc.boolean(),
    count: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ system, size, poles, forces, count }) => ({
    tag: 'labels',
    recipe: right(
      recipeOf({ system, size, forces, method: poles && system === 'double-exchange' ? 'poles' : undefined }),
    ),
    range: { first: 0, count },
  }));

export const checksAreAffordable: Law<CheckPolicy, LabelsJob> = {
  statement:
    'labels by poles are checked on lattices up to 20 x 20 and on no larger one, labels by the reference nowhere; and all ' +
    'checks take at most a third of the time of the labels',
  cases: labelOrders,
  holds: (every) => (job) => {
    const found = every(job);
    const [labels, check] = [secondsPerSample(job.recipe), secondsPerSample(referenceRecipe(job.recipe))];
    return (
      (found !== null) === (job.recipe.method === 'poles' && sizeOf(job.recipe.sampleShape) <= 20) &&
      (found === null || check / found <= labels / 3)
    );
  },
};

/** What a job is trained and tested on, of the labels that are there. */
export type SamplesOf = (labels: (job: LabelsJob) => LabelledSamples | null) => (job: Job) => StudySamples | null;

export const jobsGetAllTheirLabels = (jobs: readonly Job[]): Law<SamplesOf, readonly [Job, readonly boolean[]]> => ({
  statement: 'a job on labels gets its training set and every test set, in order, or nothing where one is missing',
  cases: fc.constantFrom(...jobs).chain((job) => {
    const count = labelsOf(job).length;
    const present = fc.array(fc.oneof({ arbitrary: fc.constant(true), weight: 4 }, fc.constant(false)), {
      minLength: count,
      maxLength: count,
    });
    return fc.tuple(fc.constant(job), present);
  }),
  holds:
    (samplesOf) =>
    ([job, present]) => {
      const sets = labelsOf(job).map(({ labels }, i) => ({ text: JSON.stringify(labels), samples: chains([[i]]), i }));
      const found = samplesOf((wanted) => {
        const set = sets.find(({ text }) => text === JSON.stringify(wanted));
        return set === undefined || present[set.i] !== true ? null : set.samples;
      })(job);
      const [train, ...tests] = sets.map(({ samples }) => samples);
      return present.length > 0 && present.every((isThere) => isThere)
        ? found !== null &&
            found.train === train &&
            found.tests.length === tests.length &&
            found.tests.every((test, i) => test === tests[i])
        : found === null;
    },
});

/** Samples of which each is known by its number. */
const numbered = (count: number, first: number): LabelledSamples => ({
  ...{ count, latticeSize: 1, forces: null },
  spins: Float64Array.from({ length: publishedSites * count }, (_, i) => first + i),
  energies: Float64Array.from({ length: count }, (_, i) => first + i),
});

export const denseJobsHaveThePublishedSplit = (jobs: readonly Job[]): Law<SamplesOf, Job> => ({
  statement:
    "dense networks are trained on the first 16,000 of the authors' 20,000 samples of their system, and tested on the other 4,000",
  cases: fc.constantFrom(...jobs.filter(({ tag }) => tag === 'dense')),
  runs: 8,
  holds: (samplesOf) => (job) => {
    // Those of one system have a half more than their number.
    const first = (system: string): number => (system === 'three-spin-binary' ? 0 : 0.5);
    const found = samplesOf(({ recipe, range }) => numbered(range.count, first(recipe.system)))(job);
    const start = first(job.tag === 'dense' ? job.system : '');
    const [test, ...others] = found?.tests ?? [];
    const isFrom = (values: Reals | undefined, from: number, count: number): boolean =>
      values?.length === count && values.every((x, i) => x === start + from + i);
    return (
      others.length === 0 &&
      found?.train.count === 16_000 &&
      test?.count === 4000 &&
      isFrom(found.train.energies, 0, 16_000) &&
      isFrom(found.train.spins, 0, 15 * 16_000) &&
      isFrom(test.energies, 16_000, 4000) &&
      isFrom(test.spins, 15 * 16_000, 15 * 4000)
    );
  },
});

export type Unseen = (train: LabelledSamples, test: LabelledSamples) => readonly number[];

const chains = (rows: readonly (readonly number[])[]): LabelledSamples => ({
  count: rows.length,
  latticeSize: 1,
  spins: Float64Array.from(rows.flat()),
  energies: new Float64Array(rows.length),
  forces: null,
});

const binaryRows = fc.array(fc.array(fc.constantFrom(0, 1), { minLength: 3, maxLength: 3 }), {
  minLength: 1,
  maxLength: 10,
});

export const unseenIsNotInTraining: Law<
  Unseen,
  readonly [readonly (readonly number[])[], readonly (readonly number[])[]]
> = {
  statement: 'unseen test samples are those that differ from every training sample in some spin',
  cases: fc.tuple(binaryRows, binaryRows),
  holds:
    (unseen) =>
    ([train, test]) => {
      const expected = test.flatMap((row, i) =>
        train.every((known) => known.some((spin, site) => spin !== row[site])) ? [i] : [],
      );
      return unseen(chains(train), chains(test)).join() === expected.join();
    },
};

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

export const verdictsFollowTheContest = (jobs: readonly Job[]): Law<Reporting, Contest> => ({
  statement:
    'where the EFNN loses with every seed no claim says that it wins, where it wins with three seeds each says so; two ' +
    'seeds, or seeds that disagree, decide nothing',
  cases: fc.record({
    ratio: fc.oneof(fc.double({ min: 0.3, max: 0.97, noNaN: true }), fc.double({ min: 1.03, max: 3, noNaN: true })),
    seeds: fc.integer({ min: 1, max: 4 }),
    turns: fc.boolean(),
    scale: fc.double({ min: 1e-4, max: 1e-2, noNaN: true }),
  }),
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
    'an EFNN can be, or as good as a rival can be, the claims of its kernel have another number, and those of others have theirs',
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
    return (
      moved ===
      (shape.tag === 'lattice' && shape.kernel === 5 ? '4b-advantage-5,4c-advantage-5' : '4b-advantage,4c-advantage')
    );
  },
});

/** The table for readmes of a report on jobs of which none is finished. */
export type Tabulating = (planned: readonly Job[]) => string;

/** What a network has that the paper's have not, in the words of the table, and how a job gets it. */
const departures: readonly { readonly words: string; readonly of: (job: LatticeJob) => LatticeJob }[] = [
  {
    words: 'sampler sphere',
    of: (job) => ({ ...job, train: { ...job.train, recipe: { ...job.train.recipe, sampler: 'sphere' } } }),
  },
  { words: 'energies and forces', of: (job) => ({ ...job, plan: { ...job.plan, forceWeight: 'balanced' } }) },
  { words: 'kernels of 3 x 3', of: (job) => withShape(job, { kernel: 3 }) },
  { words: 'RKKY head', of: (job) => withShape(job, { pairHead: true }) },
];

const withShape = (
  job: LatticeJob,
  change: { readonly kernel: number } | { readonly pairHead: boolean },
): LatticeJob =>
  job.network.shape.tag === 'lattice'
    ? { ...job, network: { ...job.network, shape: { ...job.network.shape, ...change } } }
    : job;

export const otherProtocolsAreTold = (jobs: readonly Job[]): Law<Tabulating, readonly number[]> => ({
  statement:
    'beside a number of the paper stands what our networks have that the paper has not: sampler, forces, kernels, head, and nothing else; of ' +
    "the paper's own protocol nothing is said",
  cases: fc.subarray(departures.map((_, i) => i)),
  runs: 16,
  holds: (table) => (some) => {
    const planned = jobs.map((job) =>
      job.tag === 'lattice' ? some.reduce<LatticeJob>((changed, i) => departures[i]?.of(changed) ?? changed, job) : job,
    );
    const rows = table(planned).split('\n');
    return ['Networks reach relative errors of 1e-3', 'The 3-layer EFNN reaches 4e-4'].every((statement) => {
      const row = rows.find((line) => line.includes(statement)) ?? '';
      const [, ours = ''] = row.split('); here ');
      return row.length > 0 && departures.every(({ words }, i) => ours.includes(words) === some.includes(i));
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
  statement: 'a number of the paper is reached at or below it and nowhere above; what was not run is not tested',
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
      judged.every(({ sample, rule }) => sample.length > 0 && rule.tag.length > 0)
    );
  },
});
