/** Laws of training: the optimizer, the loss, the fold over epochs, and what is fitted rather than trained. */
import fc from 'fast-check';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import * as E from 'fp-ts/lib/Either.js';

import type { BackendError } from '../../src/backend/backend.ts';
import { reference } from '../../src/backend/reference/reference.ts';
import { tile } from '../../src/lattice/spins.ts';
import { initialWeights } from '../../src/network/initial-weights.ts';
import { network, networkProgram, type Network } from '../../src/network/network.ts';
import { float64 } from '../../src/number/float64.ts';
import type { Reals } from '../../src/number/reals.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { adam, initialAdam, type Adam, type AdamState } from '../../src/training/adam.ts';
import type { LabelledSamples } from '../../src/training/batch.ts';
import type { Checkpoint } from '../../src/training/checkpoint.ts';
import type { ErrorMeasures } from '../../src/training/error-measures.ts';
import type { Loss } from '../../src/training/loss.ts';
import type { PairFit } from '../../src/training/pair-fit.ts';
import { pairEnergies, shells } from '../../src/training/pair-fit.ts';
import { prepareTraining, type TrainingPlan } from '../../src/training/preparation.ts';
import type { Progress, Schedule } from '../../src/training/schedule.ts';
import type { TrainingState } from '../../src/training/train.ts';
import { moderate, numbers } from '../arbitraries/networks.ts';
import { configurationsOf } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

const close = (a: number, b: number, tolerance = 1e-10): boolean =>
  Math.abs(a - b) <= tolerance * (1 + Math.abs(a) + Math.abs(b));

// Adam.

export type AdamStep = (
  options: Adam,
  rate: number,
) => (state: AdamState, gradient: Record<string, Reals>) => AdamState;

interface ConstantGradient {
  readonly start: number;
  readonly slope: number;
  readonly rate: number;
  readonly steps: number;
}

const slopes = fc.tuple(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.boolean()).map(([x, up]) => (up ? x : -x));

const repeated = (step: AdamStep, options: Adam, { start, slope, rate, steps }: ConstantGradient): number => {
  const first = initialAdam({ w: Float64Array.of(start) });
  const last = Array.from({ length: steps }).reduce<AdamState>(
    (state) => step(options, rate)(state, { w: Float64Array.of(slope) }),
    first,
  );
  return last.weights['w']?.[0] ?? NaN;
};

export const constantGradientMovesByTheRate: Law<AdamStep, ConstantGradient> = {
  statement: 'under a constant gradient every Adam step moves a weight by the rate, whatever the gradient is',
  cases: fc.record({
    start: moderate,
    slope: slopes,
    rate: fc.double({ min: 1e-4, max: 0.1, noNaN: true }),
    steps: fc.integer({ min: 1, max: 20 }),
  }),
  holds: (step) => (example) => {
    const expected = example.start - example.steps * example.rate * Math.sign(example.slope);
    // epsilon = 1e-8 beside a gradient of at least 1e-2.
    return close(repeated(step, adam, example), expected, 2e-5);
  },
};

export const decayEntersTheGradient: Law<AdamStep, ConstantGradient> = {
  statement: 'weight decay is coupled: the first step moves against the sign of gradient + decay * weight',
  cases: fc.record({
    start: fc.double({ min: 0.5, max: 1, noNaN: true }),
    slope: fc.double({ min: -0.4, max: -0.1, noNaN: true }),
    rate: fc.constant(0.01),
    steps: fc.constant(1),
  }),
  holds: (step) => (example) =>
    close(repeated(step, { ...adam, weightDecay: 1 }, example), example.start - example.rate, 1e-6),
};

// Schedules.

export type RateAt = (schedule: Schedule) => (progress: Progress) => number;

export const ratesStayInTheirBounds: Law<
  RateAt,
  { readonly epochs: number; readonly stepsPerEpoch: number; readonly at: number }
> = {
  statement:
    'a one-cycle rate rises from peak/25 to the peak in a fifth of the steps, then falls to peak/250,000; a staircase goes from first to last',
  cases: fc.record({
    epochs: fc.integer({ min: 4, max: 40 }),
    stepsPerEpoch: fc.integer({ min: 5, max: 20 }),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  holds:
    (rateAt) =>
    ({ epochs, stepsPerEpoch, at }) => {
      const steps = epochs * stepsPerEpoch;
      const progress = (step: number): Progress => ({ step, steps, stepsPerEpoch });
      const cycle = rateAt({ tag: 'oneCycle', peak: 1 });
      const step = Math.min(steps - 2, Math.floor(at * (steps - 1)));
      const rises = cycle(progress(step)) <= cycle(progress(step + 1)) + 1e-15;
      const stairs = rateAt({ tag: 'staircase', first: 1e-3, last: 1e-5, every: 1 });
      return (
        close(cycle(progress(0)), 1 / 25, 1e-12) &&
        close(cycle(progress(steps - 1)), 1 / 250_000, 1e-12) &&
        rises === step + 1 <= Math.ceil(0.2 * steps - 1) &&
        close(stairs(progress(0)), 1e-3, 1e-12) &&
        close(stairs(progress(steps - 1)), 1e-5, 1e-12)
      );
    },
};

// The loss.

export type LossProgram = (
  loss: Loss,
  trained: readonly string[],
) => (program: TypedProgram) => E.Either<{ readonly message: string }, TypedProgram>;

interface LossCase {
  readonly spins: Reals;
  readonly forces: readonly number[];
  readonly energy: number;
  /** How much of its spin is added to the force label of each site. */
  readonly radial: readonly number[];
}

const smallNetwork: Network = {
  ...network('efnn', { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: true }),
  energyShift: -0.5,
};

const smallProgram = right(networkProgram(smallNetwork));

const smallWeights = {
  ...initialWeights(3)(smallProgram),
  'pair.weight': Float64Array.of(0.1, 0.2, 0.1, 0.2, 0, 0.2, 0.1, 0.2, 0.1),
};

const lossAt = (program: TypedProgram, { spins, energy }: LossCase, forceLabel: readonly number[]): number =>
  right(
    evaluate(float64)(3)(
      Object.fromEntries(Object.entries(smallWeights).map(([name, values]) => [name, [...values]])),
      { spins: [...spins], energyLabel: [energy], forceLabel },
    )(program),
  )['loss']?.[0] ?? NaN;

export const onlyTangentialForcesCount: Law<LossProgram, LossCase> = {
  statement: 'the loss does not see force labels along the spins, and sees all others',
  cases: fc.record({
    spins: configurationsOf(3).map(({ components }) => components),
    forces: numbers(27),
    energy: moderate,
    radial: numbers(9),
  }),
  runs: 40,
  holds: (lossProgram) => (example) => {
    const program = right(lossProgram({ weight: 2, forceWeight: 0.5 }, [])(smallProgram));
    const along = example.forces.map((f, i) => f + (example.radial[i % 9] ?? 0) * (example.spins[i] ?? 0));
    const across = example.forces.map((f, i) => {
      const [x = 0, y = 0] = [example.spins[i % 9], example.spins[(i % 9) + 9]];
      return f + (i < 9 ? -y : i < 18 ? x : 0);
    });
    const before = lossAt(program, example, example.forces);
    return (
      close(before, lossAt(program, example, along), 1e-9) && !close(before, lossAt(program, example, across), 1e-9)
    );
  },
};

// The fold.

/** Trains to the end, stopping once after `pause` epochs. */
export type TrainingRun = (
  plan: TrainingPlan,
  samples: LabelledSamples,
  pause: number,
) => TaskEither<BackendError, TrainingState>;

/** All epochs from one checkpoint to the end. */
export const train = async (
  plan: TrainingPlan,
  samples: LabelledSamples,
  from: Checkpoint | null,
  until: number,
): Promise<Checkpoint> => {
  const prepared = right(await prepareTraining(reference, plan)(description, samples, from)());
  const epochs = async (state: TrainingState): Promise<TrainingState> =>
    state.epoch >= until ? state : epochs(right(await prepared.epoch(state)()));
  return { network: prepared.network, run: '', state: await epochs(prepared.state) };
};

const description = network('efnn', { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: true });

export const shortPlan: TrainingPlan = {
  start: 'published',
  seed: 1,
  epochs: 4,
  batch: 5,
  schedule: { tag: 'oneCycle', peak: 1e-2 },
  weightDecay: 1e-3,
  clip: 10,
  forceWeight: 0.5,
};

interface RunCase {
  readonly samples: LabelledSamples;
  readonly seed: number;
  readonly pause: number;
}

/** Samples labelled with a smooth function of the spins that is no pair interaction. */
const labelledBy = (configurations: readonly { readonly components: Reals }[]): LabelledSamples => ({
  count: configurations.length,
  latticeSize: 3,
  spins: Float64Array.from(configurations.flatMap(({ components }) => [...components])),
  energies: Float64Array.from(configurations, ({ components }) =>
    components.reduce((sum, x, i) => sum + Math.sin(x * (components[(i + 1) % 9] ?? 0)), 0),
  ),
  forces: Float64Array.from(configurations.flatMap(({ components }) => [...components.map((x) => 0.1 * x * x)])),
});

const runCases: fc.Arbitrary<RunCase> = fc.record({
  samples: fc.array(configurationsOf(3), { minLength: 12, maxLength: 12 }).map(labelledBy),
  seed: fc.integer({ min: 0, max: 99 }),
  pause: fc.integer({ min: 1, max: 3 }),
});

const bits = ({ adam: { weights, firstMoment, secondMoment, step } }: TrainingState): string =>
  JSON.stringify([
    step,
    ...[weights, firstMoment, secondMoment].map((part) =>
      Object.entries(part).map(([name, values]) => [name, ...values]),
    ),
  ]);

export const resumedIsUninterrupted: Law<TrainingRun, RunCase> = {
  statement:
    'a run that was stopped, saved, read and resumed ends in the same bits as one that was not; other seeds end elsewhere',
  cases: runCases,
  runs: 6,
  holds:
    (run) =>
    async ({ samples, seed, pause }) => {
      const plan = { ...shortPlan, seed };
      const whole = await train(plan, samples, null, plan.epochs);
      const again = await train(plan, samples, null, plan.epochs);
      const other = await train({ ...plan, seed: seed + 1 }, samples, null, plan.epochs);
      const resumed = await run(plan, samples, pause)();
      return (
        E.isRight(resumed) &&
        bits(whole.state) === bits(again.state) &&
        bits(whole.state) !== bits(other.state) &&
        bits(whole.state) === bits(resumed.right)
      );
    },
};

/** Trains for as many epochs as the plan says. */
export type Fit = (plan: TrainingPlan, samples: LabelledSamples) => Promise<readonly [first: number, last: number]>;

export const lossFalls: Law<Fit, RunCase> = {
  statement: 'training lowers the mean loss',
  cases: runCases,
  runs: 5,
  holds:
    (fit) =>
    async ({ samples, seed }) => {
      const [first, last] = await fit({ ...shortPlan, seed, epochs: 20 }, samples);
      return last < first;
    },
};

// Fits and measures.

export type FitPairs = (kernel: number) => (samples: LabelledSamples) => PairFit;

export const fitRecoversPairs: Law<
  FitPairs,
  { readonly samples: LabelledSamples; readonly constants: readonly number[] }
> = {
  statement: 'a fit to energies that are a pair interaction recovers its constants, also for a larger lattice',
  cases: fc.record({
    samples: fc.array(configurationsOf(5), { minLength: 20, maxLength: 20 }).map((configurations) => ({
      ...labelledBy(configurations),
      latticeSize: 5,
    })),
    constants: numbers(6),
  }),
  runs: 10,
  holds:
    (fit) =>
    ({ samples, constants: [energyPerSite = 0, ...couplings] }) => {
      const exact: PairFit = { energyPerSite, couplings, kernel: new Float64Array(0) };
      const labelled = { ...samples, energies: pairEnergies(5, exact)(samples) };
      const found = fit(5)(labelled);
      const one = { size: 5, components: samples.spins.slice(0, 75) };
      const doubled = { count: 1, latticeSize: 10, spins: tile(2)(one).components };
      return (
        shells(5).length === 5 &&
        close(found.energyPerSite, energyPerSite, 1e-7) &&
        couplings.every((K, i) => close(found.couplings[i] ?? NaN, K, 1e-7)) &&
        close(pairEnergies(5, found)(doubled)[0] ?? NaN, 4 * (labelled.energies[0] ?? NaN), 1e-7)
      );
    },
};

export type Measures = (exact: Reals, reference?: number) => (predicted: Reals) => ErrorMeasures;

export const measuresAreWhatTheySay: Law<Measures, { readonly exact: readonly number[]; readonly offset: number }> = {
  statement:
    "a constant offset is the RMSE; the mean as a prediction has RMSE / std = 1 and the mean predictor's relative error",
  cases: fc.record({
    exact: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 20 }).map((values) => [...values, 0]),
    offset: fc.integer({ min: 1, max: 9 }),
  }),
  holds:
    (measures) =>
    ({ exact, offset }) => {
      const energies = Float64Array.from(exact);
      const mean = exact.reduce((sum, x) => sum + x, 0) / exact.length;
      const shifted = measures(energies)(energies.map((x) => x + offset));
      const constant = measures(energies)(energies.map(() => mean));
      return (
        close(shifted.rmse, offset) &&
        close(shifted.relative, offset / mean) &&
        close(constant.rmsePerDeviation, 1) &&
        close(constant.relative, constant.meanPredictor) &&
        shifted.count === exact.length
      );
    },
};
