/** Laws of the studies: which jobs a figure needs, what they are given, what a power law is. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';

import type { Measured, PowerLaw } from '../../src/bench/power-law.ts';
import { recipeOf, referenceRecipe, secondsPerSample } from '../../src/dataset/recipe.ts';
import { sizeOf } from '../../src/dataset/spin-kind.ts';
import { publishedSites } from '../../src/dataset/three-spin.ts';
import { networkProgram, type Architecture, type Network } from '../../src/network/network.ts';
import type { Reals } from '../../src/number/reals.ts';
import {
  figures,
  jobsFor,
  trains,
  usesLabels,
  type DenseJob,
  type FigureName,
  type Job,
  type LabelsJob,
  type LatticeJob,
} from '../../src/study/job.ts';
import type { StudySamples } from '../../src/study/network-job.ts';
import { presetNames, presets, type Preset, type PresetName } from '../../src/study/preset.ts';
import type { LabelledSamples } from '../../src/training/batch.ts';
import { interval } from '../arbitraries/interval.ts';
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

interface TellingCase extends PlanningCase {
  /** Which jobs of all figures are finished: one of each so many, from the first on. */
  readonly first: number;
  readonly every: number;
}

/** The jobs that a report speaks of, where some figures are wanted and some jobs are finished. */
export type Telling = (preset: Preset, wanted: readonly FigureName[], finished: readonly Job[]) => readonly Job[];

export const reportsTellWholeFigures: Law<Telling, TellingCase> = {
  statement:
    'a report tells of whole figures: of those that are wanted, and of each other one that has a finished job that these have not',
  cases: fc
    .tuple(planningCase, fc.nat(400), fc.integer({ min: 1, max: 400 }))
    .map(([planning, first, every]) => ({ ...planning, first, every })),
  holds:
    (told) =>
    ({ preset, wanted, first, every }) => {
      const plan = (some: readonly FigureName[]): readonly Job[] => jobsFor(presets[preset], some);
      const finished = plan(figures).filter((_, i) => i >= first && (i - first) % every === 0);
      const known = textsOf(finished);
      const asked = textsOf(plan(wanted));
      const isTold = (figure: FigureName): boolean =>
        wanted.includes(figure) || [...textsOf(plan([figure]))].some((text) => !asked.has(text) && known.has(text));
      const jobs = told(presets[preset], wanted, finished);
      return (
        textsOf(jobs).size === jobs.length && isDeepStrictEqual(textsOf(jobs), textsOf(plan(figures.filter(isTold))))
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
    'the error of one more number by a fitted power law is its scatter, and in quadrature that of the line: at x^0 = 1, where the line is its prefactor, the ' +
    'textbook standard error of an intercept, at the mean of ln x, where it is the smallest, that of a mean',
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
      near(errorAt(points, law)(1), Math.hypot(sigma, law.exponentError * Math.sqrt(squares / n))) &&
      near(errorAt(points, law)(centre), Math.hypot(sigma, sigma / Math.sqrt(n)))
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

/** The labels that a job is trained and tested on, those of the training first. */
export type LabelsOfJob = (job: Job) => readonly LabelsJob[];

export const forcesAreLabels = (jobs: readonly Job[]): Law<LabelsOfJob, Job> => ({
  statement: 'networks that learn from forces are given them, others are not; test sets of their own have none',
  cases: fc.constantFrom(...jobs.filter(trains)),
  holds: (labelsOf) => (job) => {
    const [train, ...tests] = labelsOf(job);
    const learnsFromForces = trains(job) && job.plan.forceWeight !== null;
    return train?.recipe.forces === learnsFromForces && tests.every(({ recipe }) => !recipe.forces);
  },
});

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
const numbered = (count: number, first: number, forces: boolean): LabelledSamples => {
  const numbers = (length: number): Reals => Float64Array.from({ length }, (_, i) => first + i);
  return {
    ...{ count, latticeSize: 1 },
    spins: numbers(publishedSites * count),
    energies: numbers(count),
    forces: forces ? numbers(publishedSites * count) : null,
  };
};

export const denseJobsHaveThePublishedSplit = (jobs: readonly Job[]): Law<SamplesOf, Job> => ({
  statement:
    "dense networks are trained on the first 16,000 of the authors' 20,000 samples of their system, with their forces where they learn from them, and tested on the " +
    'other 4,000',
  cases: fc.constantFrom(...jobs.filter(({ tag }) => tag === 'dense')),
  runs: 8,
  holds: (samplesOf) => (job) => {
    // Those of one system have a half more than their number.
    const first = (system: string): number => (system === 'three-spin-binary' ? 0 : 0.5);
    const found = samplesOf(({ recipe, range }) => numbered(range.count, first(recipe.system), recipe.forces))(job);
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
      (trains(job) && job.plan.forceWeight !== null
        ? isFrom(found.train.forces ?? undefined, 0, 15 * 16_000)
        : found.train.forces === null) &&
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
