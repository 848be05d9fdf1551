/**
 * What a reproduction consists of: jobs, each plain data that fixes its own result, so that finished ones are never done
 * again and any of them can be done by another thread.
 */
import { publishedSamples, publishedSeed } from '../dataset/published.ts';
import { recipe, type Recipe } from '../dataset/recipe.ts';
import type { Range } from '../dataset/shard.ts';
import { sizeOf } from '../dataset/spin-kind.ts';
import { publishedBaseSeed } from '../dataset/systems/lattice-samplers.ts';
import { publishedSites, type ThreeSpinSystem } from '../dataset/three-spin.ts';
import { defaultTolerance } from '../exact/pole-expansion.ts';
import { publishedDoubleExchange } from '../hamiltonian/double-exchange.ts';
import { architectures, type Architecture, type Network } from '../network/network.ts';
import type { Sampler } from '../lattice/sampler.ts';
import type { TrainingPlan } from '../training/preparation.ts';
import {
  publishedTraining,
  type DoubleExchangeStudy,
  type LatticeTraining,
  type Preset,
  type SpeedStudy,
} from './preset.ts';

/**
 * What a reproduction can be limited to: the figures and measurements of the paper, by their numbers where they have
 * one.
 */
export const figures = [
  'ising',
  '2b',
  '2c',
  'effective-model',
  '4b',
  '4c',
  'protocols',
  'receptive-field',
  'speedup',
  'resummation',
] as const;

/** The name of a figure or measurement. */
export type FigureName = (typeof figures)[number];

/** Energies that an EFNN represents exactly, compared in rationals. */
export interface ExactReductionJob {
  readonly tag: 'exact-reduction';
  readonly cases: number;
  readonly seed: number;
}

/** Divergent series summed from their first coefficients, by every method. */
export interface ResummationJob {
  readonly tag: 'resummation';
  /** The last coefficients c_n that the methods are told, one sum each. */
  readonly orders: readonly number[];
}

/** A dense network trained on the published three-spin samples. */
export interface DenseJob {
  readonly tag: 'dense';
  readonly system: ThreeSpinSystem;
  readonly network: Network;
  readonly plan: TrainingPlan;
}

/** Some labelled samples. */
export interface LabelsJob {
  readonly tag: 'labels';
  readonly recipe: Recipe;
  readonly range: Range;
}

/** A lattice network trained on one set of labels and tested on others. */
export interface LatticeJob {
  readonly tag: 'lattice';
  readonly network: Network;
  readonly plan: TrainingPlan;
  readonly train: LabelsJob;
  readonly tests: readonly LabelsJob[];
}

/** The pair head alone, fitted and tested on the same labels. */
export interface PairHeadJob {
  readonly tag: 'pair-head';
  readonly kernel: number;
  readonly train: LabelsJob;
  readonly tests: readonly LabelsJob[];
}

/** The forms of Eq. (3): on the tiles of the paper, with the lattice's symmetries, and the pairs among its terms alone. */
export const effectiveForms = ['tiles', 'symmetric', 'pairs'] as const;

/** A form of Eq. (3). */
export type EffectiveForm = (typeof effectiveForms)[number];

/** Eq. (3) in one of its forms, fitted to the first of the labels. */
export interface EffectiveModelJob {
  readonly tag: 'effective-model';
  readonly form: EffectiveForm;
  /** How many of the labels: to fit, and to choose the ridge. */
  readonly labels: number;
  readonly train: LabelsJob;
  readonly tests: readonly LabelsJob[];
}

/** Forward passes against exact energies, timed while this run does nothing else. */
export interface SpeedJob extends SpeedStudy {
  readonly tag: 'speed';
  readonly network: Network;
}

/** A piece of a reproduction which yields one result. */
export type Job =
  ExactReductionJob | ResummationJob | DenseJob | LatticeJob | PairHeadJob | EffectiveModelJob | SpeedJob;

/** Whether the pair head is fitted before a network learns the remainder. */
export const hasHead = ({ shape }: Network): boolean => shape.tag === 'lattice' && shape.pairHead;

/** All but timing, which needs the machine for itself. */
export type PooledJob = Exclude<Job, SpeedJob>;

/** Whether a job can be done beside others. */
export const isPooled = (job: Job): job is PooledJob => job.tag !== 'speed';

/** Whether a job is timed, alone. */
export const isTimed = (job: Job): job is SpeedJob => job.tag === 'speed';

/** Whether a job trains a network, whose weights it leaves. */
export const trains = (job: Job): job is DenseJob | LatticeJob => job.tag === 'dense' || job.tag === 'lattice';

/** A job as text, which equal jobs share: what its checkpoint says that it is of. */
export const jobText = (job: Job): string => JSON.stringify(job);

/** The kernels of every lattice network in the paper, and of the pair head. */
const publishedKernel = 5;

/** N of the lattices that the paper trains on. */
export const publishedSize = 10;

/** Samples for training and for tests never share a seed. */
const seeds = { train: 1, test: 2 };

/** Which configurations of the double exchange model are labelled. */
interface Wanted {
  readonly sampler: Sampler;
  /** How many configurations the networks or models are trained on: published seeds for tests follow theirs. */
  readonly trained: number;
  readonly size: number;
  readonly samples: number;
  readonly forces: boolean;
}

const labels = (purpose: keyof typeof seeds, { sampler, trained, size, samples, forces }: Wanted): LabelsJob => ({
  tag: 'labels',
  recipe: recipe('double-exchange', {
    sampler,
    // The authors' seeds run on from 100: training samples first, test samples after them.
    seed: sampler === 'published' ? publishedBaseSeed + (purpose === 'test' ? trained : 0) : seeds[purpose],
    size,
    method: 'poles',
    tolerance: defaultTolerance,
    parameters: { ...publishedDoubleExchange },
    forces,
  }),
  range: { first: 0, count: samples },
});

/** The samples that the lattice networks of a study are trained on. */
const trainingLabels = ({ sampler, train, trainings, plan }: DoubleExchangeStudy): LabelsJob =>
  labels('train', {
    ...{ sampler, trained: train.samples, ...train },
    forces: trainings.some((training) => plan(training).forceWeight !== null),
  });

/**
 * The samples that they are tested on, one job for each lattice size; no configuration has a seed of the training set.
 */
const testLabels = ({ sampler, train, tests }: DoubleExchangeStudy): readonly LabelsJob[] =>
  tests.map((test) => labels('test', { sampler, trained: train.samples, ...test, forces: false }));

/** The samples of N x N lattices that networks of the receptive field are trained on. */
const torusLabels = ({ receptiveField: { sampler, samples, trainings, plan } }: Preset, size: number): LabelsJob =>
  labels('train', {
    ...{ sampler, trained: samples, size, samples },
    forces: trainings.some((training) => plan(training).forceWeight !== null),
  });

const isTrainedOn = (job: Job, sets: readonly LabelsJob[]): boolean =>
  usesLabels(job) && sets.some((set) => JSON.stringify(set) === JSON.stringify(job.train));

/** Whether a job trains a network of Figs. 4b and 4c, or fits the pair head beside them. */
export const isOfFigure4 = (preset: Preset) => {
  const sets = [trainingLabels(preset.doubleExchange)];
  return (job: Job): boolean => (job.tag === 'lattice' || job.tag === 'pair-head') && isTrainedOn(job, sets);
};

/**
 * Whether a job trains a network by the published protocol in small: on samples drawn as published, and fewer than the authors had.
 */
export const isPublishedInSmall = (job: Job): boolean =>
  job.tag === 'lattice' && job.train.recipe.sampler === 'published' && job.train.range.count < publishedTraining.labels;

/** Whether a job trains a network of one of the two protocols that are compared. */
export const isOfProtocols = (preset: Preset) => {
  const isOurs = isOfFigure4(preset);
  return (job: Job): boolean => isPublishedInSmall(job) || (isOurs(job) && hasComparedChannels(job));
};

/** Whether a job trains a network beside the pair head on what those of the receptive field are trained on. */
export const isOfReceptiveField = (preset: Preset) => {
  const sets = [...new Set(preset.receptiveField.trainings.map(({ size }) => size))].map((size) =>
    torusLabels(preset, size),
  );
  return (job: Job): boolean => job.tag === 'lattice' && hasHead(job.network) && isTrainedOn(job, sets);
};

/** The authors' own samples of the system of a dense network, all of them: the first are trained on, with forces where its plan asks for them. */
export const publishedLabels = ({ system, plan }: Pick<DenseJob, 'system' | 'plan'>): LabelsJob => ({
  tag: 'labels',
  recipe: recipe(system, {
    ...{ sampler: 'published', seed: publishedSeed, size: publishedSites, method: 'formula' },
    ...{ parameters: {}, forces: plan.forceWeight !== null },
  }),
  range: { first: 0, count: publishedSamples },
});

const described = (architecture: Architecture, shape: Network['shape']): Network => ({
  architecture,
  shape,
  energyScale: 1,
  energyShift: 0,
});

const latticeNetwork = ({ architecture, channels, layers, kernel, pairHead }: Omit<LatticeTraining, 'seed'>): Network =>
  described(architecture, { tag: 'lattice', channels, layers, kernel, pairHead });

const denseJobs = ({ threeSpin }: Preset, system: ThreeSpinSystem): readonly DenseJob[] =>
  threeSpin.seeds.flatMap((seed) =>
    threeSpin.neurons.flatMap((neurons) =>
      threeSpin.layers.flatMap((layers) =>
        architectures.map((architecture): DenseJob => ({
          tag: 'dense',
          system,
          network: described(architecture, { tag: 'dense', sites: publishedSites, neurons, layers }),
          plan: { ...threeSpin.plan(system, architecture), seed },
        })),
      ),
    ),
  );

const trainingJobs = (study: DoubleExchangeStudy): readonly LatticeJob[] =>
  study.trainings.map((run) => ({
    tag: 'lattice',
    network: latticeNetwork(run),
    plan: study.plan(run),
    train: trainingLabels(study),
    tests: testLabels(study),
  }));

const latticeJobs = ({ doubleExchange }: Preset): readonly Job[] => [
  {
    tag: 'pair-head',
    kernel: publishedKernel,
    train: trainingLabels(doubleExchange),
    tests: testLabels(doubleExchange),
  },
  ...trainingJobs(doubleExchange),
];

/** The channels of the networks that are compared across lattice sizes and protocols. */
export const generalizationChannels = 3;

const hasComparedChannels = (job: Job): boolean =>
  job.tag === 'lattice' && job.network.shape.tag === 'lattice' && job.network.shape.channels === generalizationChannels;

/** Both protocols: that of the preset, and the published one where the preset has it beside its own. */
const protocolJobs = ({ doubleExchange, publishedProtocol }: Preset): readonly LatticeJob[] =>
  [...trainingJobs(doubleExchange), ...(publishedProtocol === null ? [] : trainingJobs(publishedProtocol))].filter(
    hasComparedChannels,
  );

const receptiveFieldJobs = (preset: Preset): readonly LatticeJob[] => {
  const { sampler, samples, tests, trainings, plan } = preset.receptiveField;
  return trainings.map(({ size, ...run }) => ({
    tag: 'lattice',
    network: latticeNetwork(run),
    plan: plan(run),
    train: torusLabels(preset, size),
    tests: tests.map((test) => labels('test', { sampler, trained: samples, ...test, forces: false })),
  }));
};

/** On the published sampler, as in the paper, whatever the networks are trained on. */
const effectiveModelJobs = ({ effectiveModel: { size, labels: counts, tests } }: Preset): readonly Job[] => {
  const most = Math.max(...counts);
  const wanted = { sampler: 'published', trained: most, size, forces: false } as const;
  const train = labels('train', { ...wanted, samples: most });
  const test = labels('test', { ...wanted, samples: tests });
  return counts.flatMap((count) =>
    effectiveForms.map((form): EffectiveModelJob => ({
      ...{ tag: 'effective-model', form, labels: count },
      ...{ train, tests: [test] },
    })),
  );
};

const jobsOf: Readonly<Record<FigureName, (preset: Preset) => readonly Job[]>> = {
  ising: ({ exactCases }) => [{ tag: 'exact-reduction', cases: exactCases, seed: 1 }],
  '2b': (preset) => denseJobs(preset, 'three-spin-binary'),
  '2c': (preset) => denseJobs(preset, 'three-spin-continuous'),
  'effective-model': effectiveModelJobs,
  '4b': (preset) => [...effectiveModelJobs(preset), ...latticeJobs(preset)],
  '4c': latticeJobs,
  // The paper has one protocol; what another changes is shown beside it.
  protocols: protocolJobs,
  // Not in the paper either: why a network is right or wrong on lattices larger than those of its training.
  'receptive-field': receptiveFieldJobs,
  // Not in the paper: what its thesis, networks as continued functions, is worth where series diverge.
  resummation: () => [{ tag: 'resummation', orders: [4, 16] }],
  speedup: ({ speed }) => [
    {
      ...speed,
      tag: 'speed',
      network: latticeNetwork({
        ...{ architecture: 'efnn', channels: 3, layers: 3, kernel: publishedKernel },
        pairHead: false,
      }),
    },
  ],
};

/** The jobs behind some figures, each once. */
export const jobsFor = (preset: Preset, wanted: readonly FigureName[]): readonly Job[] => [
  ...new Map(wanted.flatMap((figure) => jobsOf[figure](preset)).map((job) => [jobText(job), job])).values(),
];

/**
 * The jobs that a report speaks of, done or not: those of the figures that are wanted, and all of each other figure of which a job is
 * finished that these have not. So no figure is told from a fragment of its jobs as if that were the whole.
 */
export const toldJobs = (preset: Preset, wanted: readonly FigureName[], finished: readonly Job[]): readonly Job[] => {
  const asked = new Set(jobsFor(preset, wanted).map(jobText));
  const others = new Set(finished.map(jobText).filter((text) => !asked.has(text)));
  return jobsFor(
    preset,
    figures.filter(
      (figure) => wanted.includes(figure) || jobsFor(preset, [figure]).some((job) => others.has(jobText(job))),
    ),
  );
};

/** A job whose samples are labels of the double exchange model. */
export type JobOnLabels = LatticeJob | PairHeadJob | EffectiveModelJob;

/** Whether a job is trained and tested on labels. */
export const usesLabels = (job: Job): job is JobOnLabels => 'train' in job;

/** The labels that a job is trained and tested on: of dense networks one set, which is split. */
export const labelsOf = (job: Job): readonly LabelsJob[] =>
  job.tag === 'dense' ? [publishedLabels(job)] : usesLabels(job) ? [job.train, ...job.tests] : [];

/** The labels that jobs are trained and tested on, each once. */
export const labelsFor = (jobs: readonly Job[]): readonly LabelsJob[] => [
  ...new Map(jobs.flatMap(labelsOf).map((job) => [JSON.stringify(job), job])).values(),
];

/** A job in a few words, for progress, file names and tables. */
export const titleOf = (job: Job | LabelsJob): string => {
  switch (job.tag) {
    case 'exact-reduction':
      return 'exact reductions';
    case 'resummation':
      return 'divergent series';
    case 'dense':
      return networkTitle(job.network);
    case 'lattice':
      return `${networkTitle(job.network)}${trainedOnTitle(job)}`;
    case 'labels':
      return `exact energies ${job.recipe.system === 'double-exchange' ? 'N' : 'L'} = ${sizeOf(job.recipe.sampleShape)}`;
    case 'pair-head':
      return 'RKKY head';
    case 'effective-model':
      return `effective model, ${job.form}, ${job.labels} labels`;
    case 'speed':
      return 'speed';
  }
};

const architectureNames: Readonly<Record<Architecture, string>> = {
  efnn: 'EFNN',
  dnn: 'DNN',
  resnet: 'ResNet',
  densenet: 'DenseNet',
};

/** How readers of the report know an architecture: EFNN, DNN, ResNet, DenseNet. */
export const architectureName = (architecture: Architecture): string => architectureNames[architecture];

/** The size of the training lattices in the paper goes without saying, and so does its protocol in full. */
const trainedOnTitle = (job: LatticeJob): string => {
  const size = sizeOf(job.train.recipe.sampleShape);
  return `${size === publishedSize ? '' : `, N = ${size}`}${isPublishedInSmall(job) ? ', published protocol in small' : ''}`;
};

const networkTitle = ({ architecture, shape }: Network): string =>
  shape.tag === 'dense'
    ? `${architectureName(architecture)}, W = ${shape.neurons}, n = ${shape.layers}`
    : `${shape.pairHead ? 'RKKY head + ' : ''}${architectureName(architecture)}, C = ${shape.channels}, n = ${shape.layers}, k = ${shape.kernel}`;
