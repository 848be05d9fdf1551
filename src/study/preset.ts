/**
 * How large a reproduction is. `quick` shows every figure in minutes, `standard` in hours; `paper` is what was published:
 * sizes, epochs, schedules and labels of the authors, for whoever has the time.
 */
import type { ThreeSpinSystem } from '../dataset/three-spin.ts';
import type { Sampler } from '../lattice/sampler.ts';
import type { Architecture } from '../network/network.ts';
import type { TrainingPlan } from '../training/preparation.ts';

/** Figures 2b and 2c: the three-spin model, on the authors' own 20,000 samples. */
export interface ThreeSpinStudy {
  readonly neurons: readonly number[];
  readonly layers: readonly number[];
  /** Of the starts and shuffles: every network is trained once with each. */
  readonly seeds: readonly number[];
  readonly plan: (system: ThreeSpinSystem, architecture: Architecture) => TrainingPlan;
}

/** Samples of one lattice size. */
export interface LabelCount {
  /** N. */
  readonly size: number;
  readonly samples: number;
}

/** A lattice network to train: with the pair head first fitted, or alone. */
export interface LatticeTraining {
  readonly architecture: Architecture;
  readonly channels: number;
  readonly layers: number;
  /** k, of all kernels of the network. */
  readonly kernel: number;
  readonly pairHead: boolean;
  /** Of its start and its shuffles. */
  readonly seed: number;
}

/** Figures 4b and 4c: the double exchange model, trained on one size and tested on several. */
export interface DoubleExchangeStudy {
  readonly sampler: Sampler;
  readonly train: LabelCount;
  readonly tests: readonly LabelCount[];
  readonly trainings: readonly LatticeTraining[];
  readonly plan: (run: LatticeTraining) => TrainingPlan;
}

/** A network to train on N x N lattices of one size. */
export interface TorusTraining extends LatticeTraining {
  /** N. */
  readonly size: number;
}

/** Generalization against the receptive field: networks of several kernels and depths, trained on several sizes. */
export interface ReceptiveFieldStudy {
  readonly sampler: Sampler;
  /** Training samples of each size. */
  readonly samples: number;
  readonly tests: readonly LabelCount[];
  readonly trainings: readonly TorusTraining[];
  readonly plan: (run: LatticeTraining) => TrainingPlan;
}

/** The effective model of Fig. 4b, fitted to more and more labels. */
export interface EffectiveModelStudy {
  /** N. */
  readonly size: number;
  /** How many labels: one fit of each form for each. */
  readonly labels: readonly number[];
  /** Test samples. */
  readonly tests: number;
}

/** The time of one forward pass against those of one exact energy, by diagonalization and by poles: the sizes of each. */
export interface SpeedStudy {
  readonly forward: readonly number[];
  readonly diagonalization: readonly number[];
  readonly poles: readonly number[];
  readonly repetitions: number;
}

/**
 * Which job is begun first: in minutes the longest, so that no thread waits for the last one; in hours the one that tells most, so
 * that what is stopped early has told what it could.
 */
export type JobOrder = 'longest first' | 'most telling first';

/** All that fixes a reproduction: what is computed, on how many samples, and how networks are trained. */
export interface Preset {
  readonly name: PresetName;
  readonly order: JobOrder;
  /** Exact reductions: how many random configurations of each model. */
  readonly exactCases: number;
  readonly threeSpin: ThreeSpinStudy;
  readonly doubleExchange: DoubleExchangeStudy;
  /** The published protocol, with as many configurations and steps as `doubleExchange`; null where there is none, or that is the published one. */
  readonly publishedProtocol: DoubleExchangeStudy | null;
  readonly receptiveField: ReceptiveFieldStudy;
  readonly effectiveModel: EffectiveModelStudy;
  readonly speed: SpeedStudy;
}

/** The presets by name, from the quickest to the published one. */
export const presetNames = ['quick', 'standard', 'paper'] as const;

/** The name of a preset. */
export type PresetName = (typeof presetNames)[number];

const architectures: readonly Architecture[] = ['efnn', 'dnn', 'resnet', 'densenet'];

/**
 * The peak rates of the networks: each has the one of the lowest error on held-out data, from one grid for all four, with as many steps on
 * the same samples and seeds (`npm run rates`, `results/rates.json`): of dense networks those of three layers and 105 neurons on the
 * authors' training samples, of continuous spins with forces, which those of other depths and widths take too. Wider kernels sum over more
 * sites and die of lower rates.
 */
const measuredRates: Readonly<Record<ThreeSpinSystem | '3 x 3' | '5 x 5', Readonly<Record<Architecture, number>>>> = {
  'three-spin-binary': { efnn: 3e-3, dnn: 3e-3, resnet: 1.5e-3, densenet: 3e-3 },
  'three-spin-continuous': { efnn: 1.2e-2, dnn: 3e-3, resnet: 1.2e-2, densenet: 1.2e-2 },
  '3 x 3': { efnn: 4e-2, dnn: 1e-2, resnet: 4e-2, densenet: 4e-2 },
  '5 x 5': { efnn: 1e-2, dnn: 5e-3, resnet: 2e-2, densenet: 2e-2 },
};

/** Kernels of 7 x 7 were not measured: they have half the rate of those of 5 x 5, as they have twice as many entries. */
const latticeRate = ({ architecture, kernel }: LatticeTraining): number =>
  kernel <= 3 ? measuredRates['3 x 3'][architecture] : measuredRates['5 x 5'][architecture] / (kernel <= 5 ? 1 : 2);

const oneCycle = (epochs: number, batch: number, peak: number): TrainingPlan => ({
  start: 'published',
  seed: 1,
  epochs,
  batch,
  schedule: { tag: 'oneCycle', peak },
  weightDecay: 0,
  clip: null,
  forceWeight: null,
});

/** Trained on forces as well: a fraction of the samples and epochs of the paper suffice. */
const withForces = (plan: TrainingPlan): TrainingPlan => ({ ...plan, clip: 20, forceWeight: 'balanced' });

/** On lattices, from a start of unit variance. */
const latticePlan = (epochs: number, batch: number, peak: number): TrainingPlan => ({
  ...withForces(oneCycle(epochs, batch, peak)),
  start: 'unit-variance',
});

/** How long networks of three spins are trained, and at which part of the measured rates. */
interface ThreeSpinTraining {
  readonly epochs: number;
  readonly ofRate: Readonly<Record<Architecture, number>>;
}

/** The same part for all networks. */
const forAll = (part: number): ThreeSpinTraining['ofRate'] => ({ efnn: part, dnn: part, resnet: part, densenet: part });

/** Of three spins, from the published start; continuous ones have forces. */
const threeSpinPlan =
  (trainings: Readonly<Record<ThreeSpinSystem, ThreeSpinTraining>>): ThreeSpinStudy['plan'] =>
  (system, architecture) => {
    const { epochs, ofRate } = trainings[system];
    const plan = oneCycle(epochs, 200, ofRate[architecture] * measuredRates[system][architecture]);
    return system === 'three-spin-continuous' ? withForces(plan) : plan;
  };

/** Seeds that decide comparisons: see `seedInterval`. */
const threeSeeds: readonly number[] = [1, 2, 3];

/** Trainings of one architecture, one a seed. */
const seeded = (seeds: readonly number[], training: Omit<LatticeTraining, 'seed'>): readonly LatticeTraining[] =>
  seeds.map((seed) => ({ ...training, seed }));

const onTorus = (size: number, trainings: readonly LatticeTraining[]): readonly TorusTraining[] =>
  trainings.map((training) => ({ ...training, size }));

/** All architectures at one width, depth and kernel, with the pair head; and the EFNN without it. */
const comparison = (
  seeds: readonly number[],
  shape: Pick<LatticeTraining, 'channels' | 'layers' | 'kernel'>,
): readonly LatticeTraining[] => [
  ...architectures.flatMap((architecture) => seeded(seeds, { architecture, ...shape, pairHead: true })),
  ...seeded(seeds.slice(0, 1), { architecture: 'efnn', ...shape, pairHead: false }),
];

/**
 * The kernels that are compared. Three layers of 5 x 5 see 33 x 33 sites, more than the torus of training, and learn from wrapped
 * images what is not there on larger lattices; three of 3 x 3 see 17 x 17.
 */
const [narrow, published] = [3, 5];

/** Trained on forces, 24 epochs: what the networks of the quick preset and of the receptive field have alike. */
const briefPlan = (training: LatticeTraining): TrainingPlan => ({
  ...latticePlan(24, 50, latticeRate(training)),
  seed: training.seed,
});

const quickSamples = 8000;

const quickTests: readonly LabelCount[] = [
  { size: 10, samples: 2000 },
  { size: 14, samples: 200 },
  { size: 20, samples: 100 },
  { size: 40, samples: 40 },
];

const quick: Preset = {
  name: 'quick',
  order: 'longest first',
  exactCases: 20,
  threeSpin: {
    neurons: [30, 105],
    layers: [2, 3],
    seeds: [1],
    plan: threeSpinPlan({
      'three-spin-binary': { epochs: 16, ofRate: forAll(1) },
      'three-spin-continuous': { epochs: 16, ofRate: forAll(1) },
    }),
  },
  doubleExchange: {
    sampler: 'sphere',
    train: { size: 10, samples: quickSamples },
    tests: quickTests,
    trainings: [
      ...[1, 2].flatMap((layers) =>
        seeded(threeSeeds, { architecture: 'efnn', channels: 3, layers, kernel: narrow, pairHead: true }),
      ),
      ...comparison(threeSeeds, { channels: 3, layers: 3, kernel: narrow }),
      ...seeded(threeSeeds, { architecture: 'efnn', channels: 3, layers: 3, kernel: published, pairHead: true }),
    ],
    plan: briefPlan,
  },
  publishedProtocol: null,
  receptiveField: {
    sampler: 'sphere',
    samples: quickSamples,
    // Those of Fig. 4c, so that its networks serve here too.
    tests: quickTests,
    trainings: [
      ...[1, 2, 3].map((layers) => ({ size: 10, layers, kernel: narrow })),
      ...[10, 6].map((size) => ({ size, layers: 3, kernel: published })),
    ].flatMap(({ size, ...shape }) =>
      onTorus(size, seeded(threeSeeds, { architecture: 'efnn', channels: 3, ...shape, pairHead: true })),
    ),
    plan: briefPlan,
  },
  effectiveModel: { size: 10, labels: [500, 1000, 2000], tests: 500 },
  speed: {
    forward: [10, 15, 20, 30, 40],
    diagonalization: [10, 12, 14, 16, 20, 24],
    poles: [10, 20, 40],
    repetitions: 5,
  },
};

/** The widths of Figs. 2b and 2c. */
const publishedWidths: readonly number[] = [15, 30, 45, 60, 75, 90, 105, 120, 135, 150];

/**
 * Beyond the paper: what a network of four times as many parameters as the largest of Fig. 4b reaches, with its labels, epochs, batches and
 * rate. Larger ones need other rates: 32 channels and six layers, trained once at two thirds of this one, ended at a larger error.
 */
const largeShape = { architecture: 'efnn', channels: 16, layers: 4, kernel: narrow, pairHead: true } as const;

/** The channels of Fig. 4b. */
const publishedChannels: readonly number[] = [1, 3, 5, 7, 9];

/**
 * The rates of `standard`, whose trainings are eight times as long: for all four networks a quarter of those that were measured, and less
 * for wide ones. Both are a caution against trainings that die late, and were not measured.
 */
const longRate = (training: LatticeTraining): number =>
  (latticeRate(training) / 4) * (training.channels >= 7 ? 0.6 : 1);

/** The most telling first: the training size of the paper, the EFNN, and the ends before what lies between. */
const receptiveFields: ReceptiveFieldStudy = {
  sampler: 'sphere',
  samples: 6000,
  tests: [
    { size: 10, samples: 2000 },
    { size: 40, samples: 100 },
  ],
  trainings: [10, 6, 14, 8].flatMap((size) =>
    architectures.flatMap((architecture) =>
      [3, 5, 7].flatMap((kernel) =>
        [1, 2, 3].flatMap((layers) =>
          onTorus(size, seeded([1, 2, 3, 4, 5], { architecture, channels: 3, layers, kernel, pairHead: true })),
        ),
      ),
    ),
  ),
  plan: briefPlan,
};

/** How much the authors trained on, on lattices: labels, epochs, and labels in a step. */
export const publishedTraining = { labels: 160_000, epochs: 1000, batch: 1000 } as const;

/**
 * How the authors trained on lattices: energies alone and as they are, twenty rates in equal ratios, weight decay. No data choose the weights:
 * the last ones are tested.
 */
const publishedLatticePlan = (epochs: number, batch: number): TrainingPlan => ({
  ...oneCycle(epochs, batch, 1e-3),
  schedule: { tag: 'staircase', first: 1e-3, last: 1e-4, every: epochs / 20 },
  weightDecay: 1e-5,
  units: 'raw',
});

/** What both protocols of `standard` have: N of the training, configurations, tests, epochs, configurations a step. */
const sideBySide = {
  train: { size: 10, samples: 24_000 },
  tests: [
    { size: 10, samples: 2000 },
    { size: 15, samples: 500 },
    { size: 20, samples: 300 },
    { size: 30, samples: 100 },
    { size: 40, samples: 100 },
  ],
  epochs: 50,
  batch: 50,
} as const;

/**
 * The published protocol beside ours, in small: data, loss, shape of the schedule, weight decay, kernels and the lack of a head are the
 * published ones. Configurations and steps are as many as ours has; those of the authors are in `paper`.
 */
const publishedInSmall: DoubleExchangeStudy = {
  sampler: 'published',
  train: sideBySide.train,
  tests: sideBySide.tests,
  trainings: architectures.flatMap((architecture) =>
    [1, 2, 3].flatMap((layers) =>
      seeded(threeSeeds, { architecture, channels: 3, layers, kernel: published, pairHead: false }),
    ),
  ),
  plan: ({ seed }) => ({ ...publishedLatticePlan(sideBySide.epochs, sideBySide.batch), seed }),
};

const standard: Preset = {
  name: 'standard',
  order: 'most telling first',
  exactCases: 100,
  threeSpin: {
    neurons: publishedWidths,
    layers: [1, 2, 3],
    seeds: threeSeeds,
    plan: threeSpinPlan({
      // DNN and DenseNet die late at the measured rates, of a quarter of the epochs: `whole` in `results/rates.json`.
      'three-spin-binary': { epochs: 400, ofRate: { efnn: 1, dnn: 1 / 4, resnet: 1, densenet: 1 / 4 } },
      // A quarter for all four networks, as on lattices: a caution against wide networks that die late, not measured.
      'three-spin-continuous': { epochs: 200, ofRate: forAll(1 / 4) },
    }),
  },
  doubleExchange: {
    sampler: 'sphere',
    train: sideBySide.train,
    tests: sideBySide.tests,
    trainings: [
      ...publishedChannels.flatMap((channels) =>
        [1, 2, 3].flatMap((layers) => comparison(threeSeeds, { channels, layers, kernel: narrow })),
      ),
      ...[1, 2, 3].flatMap((layers) => comparison(threeSeeds, { channels: 3, layers, kernel: published })),
      ...seeded(threeSeeds, largeShape),
    ],
    plan: (training) => ({
      ...latticePlan(sideBySide.epochs, sideBySide.batch, longRate(training)),
      seed: training.seed,
    }),
  },
  publishedProtocol: publishedInSmall,
  receptiveField: receptiveFields,
  effectiveModel: { size: 10, labels: [500, 1000, 2000, 3000, 4000, 8000, 20_000], tests: 2000 },
  speed: {
    forward: [10, 15, 20, 25, 30, 35, 40],
    diagonalization: [10, 12, 14, 16, 20, 24],
    poles: [10, 15, 20, 25, 30, 35, 40],
    repetitions: 5,
  },
};

/**
 * As published: protocol and schedules of the authors' code, energies alone and as they are, the published sampler. No data choose the
 * weights: the last ones are tested. The authors computed dense networks in float64, which `--backend reference` does.
 */
const publishedThreeSpinPlan = (system: ThreeSpinSystem, architecture: Architecture): TrainingPlan => {
  const isEfnn = architecture === 'efnn';
  const common = {
    ...oneCycle(16_000, 1000, 1e-3),
    schedule: { tag: 'staircase', first: 1e-3, last: 1e-5, every: 400 },
    units: 'raw',
  } as const;
  if (system === 'three-spin-continuous') {
    return { ...common, weightDecay: isEfnn ? 1e-4 : 1e-3 };
  }
  return isEfnn
    ? { ...common, epochs: 8000, schedule: { tag: 'decay', rate: 1e-3, factor: 0.9, every: 100 }, weightDecay: 1e-2 }
    : { ...common, weightDecay: 1e-3 };
};

const paper: Preset = {
  name: 'paper',
  order: 'most telling first',
  exactCases: 100,
  threeSpin: {
    neurons: publishedWidths,
    layers: [1, 2, 3],
    seeds: [1],
    plan: publishedThreeSpinPlan,
  },
  doubleExchange: {
    sampler: 'published',
    train: { size: 10, samples: publishedTraining.labels },
    tests: [{ size: 10, samples: 40_000 }, ...[15, 20, 25, 30, 35, 40].map((size) => ({ size, samples: 40_000 }))],
    trainings: publishedChannels.flatMap((channels) =>
      [1, 2, 3].flatMap((layers) =>
        architectures.map((architecture) => ({
          ...{ architecture, channels, layers, kernel: published, pairHead: false },
          seed: 1,
        })),
      ),
    ),
    plan: () => publishedLatticePlan(publishedTraining.epochs, publishedTraining.batch),
  },
  // Its own protocol is the published one.
  publishedProtocol: null,
  // Not in the paper: the protocol of `standard`.
  receptiveField: receptiveFields,
  // The authors' file has 20,000 samples or 200,000: their scripts name both.
  effectiveModel: { size: 10, labels: [2000, 20_000], tests: 40_000 },
  speed: {
    forward: [10, 15, 20, 25, 30, 35, 40],
    diagonalization: [10, 15, 20, 25, 30, 35, 40],
    poles: [10, 15, 20, 25, 30, 35, 40],
    repetitions: 10,
  },
};

/** The presets by their names. */
export const presets: Readonly<Record<PresetName, Preset>> = { quick, standard, paper };
