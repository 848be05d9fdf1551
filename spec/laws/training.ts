/** Laws of training: schedules, the loss, the fold over epochs, and what is fitted rather than trained. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend, BackendError } from '../../src/backend/backend.ts';
import { reference } from '../../src/backend/reference/reference.ts';
import { tile } from '../../src/lattice/spins.ts';
import { initialWeights } from '../../src/network/initial-weights.ts';
import { network, networkProgram, type Network } from '../../src/network/network.ts';
import { float64 } from '../../src/number/float64.ts';
import type { Reals } from '../../src/number/reals.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { gradientName } from '../../src/program/gradient.ts';
import { adam } from '../../src/training/adam.ts';
import type { batchesOf, LabelledSamples } from '../../src/training/batch.ts';
import type { Checkpoint } from '../../src/training/checkpoint.ts';
import type { ErrorMeasures } from '../../src/training/error-measures.ts';
import { lossProgram, type Loss } from '../../src/training/loss.ts';
import type { PairFit } from '../../src/training/pair-fit.ts';
import { pairEnergies, shells } from '../../src/training/pair-fit.ts';
import type { TrainingPlan } from '../../src/training/preparation.ts';
import type { Progress, Schedule } from '../../src/training/schedule.ts';
import {
  initialTraining,
  residentTraining,
  type TrainingSettings,
  type TrainingState,
} from '../../src/training/train.ts';
import { runTraining } from '../../src/training/training-run.ts';
import { moderate, numbers } from '../arbitraries/networks.ts';
import { configurationsOf } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

const close = (a: number, b: number, tolerance = 1e-10): boolean =>
  Math.abs(a - b) <= tolerance * (1 + Math.abs(a) + Math.abs(b));

// Schedules.

export type RateAt = (schedule: Schedule) => (progress: Progress) => number;

export const ratesStayInTheirBounds: Law<RateAt, { readonly epochs: number; readonly stepsPerEpoch: number }> = {
  statement:
    'a one-cycle rate rises from peak/25 to the peak in a fifth of the steps, then falls to peak/250,000; a staircase goes from first to last',
  cases: fc.record({ epochs: fc.integer({ min: 4, max: 40 }), stepsPerEpoch: fc.integer({ min: 5, max: 20 }) }),
  holds:
    (rateAt) =>
    ({ epochs, stepsPerEpoch }) => {
      const steps = epochs * stepsPerEpoch;
      const progress = (step: number): Progress => ({ step, steps, stepsPerEpoch });
      const rates = Array.from({ length: steps }, (_, step) => rateAt({ tag: 'oneCycle', peak: 1 })(progress(step)));
      /** The last step of the first fifth, counted from 0; where it is none, the peak lies between two steps. */
      const top = steps / 5 - 1;
      const stairs = rateAt({ tag: 'staircase', first: 1e-3, last: 1e-5, every: 1 });
      return (
        close(rates[0] ?? NaN, 1 / 25, 1e-12) &&
        close(rates.at(-1) ?? NaN, 1 / 250_000, 1e-12) &&
        (!Number.isInteger(top) || close(rates[top] ?? NaN, 1, 1e-12)) &&
        rates.slice(1).every((after, step) => {
          const before = rates[step] ?? NaN;
          return (step + 1 > top || before < after) && (step < top || before > after);
        }) &&
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

/** How a run ends that is stopped after an epoch: with the checkpoint that it could have saved. */
interface Stopped {
  readonly tag: 'Stopped';
  readonly checkpoint: Checkpoint;
}

const description = network('efnn', { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: true });

/** All epochs from one checkpoint, or the beginning, until so many are done. */
export const train = async (
  plan: TrainingPlan,
  samples: LabelledSamples,
  checkpoint: Checkpoint | null,
  until: number,
): Promise<Checkpoint> => {
  const order = { network: description, plan, samples, checkpoint, run: '' };
  const trained = runTraining(
    reference,
    order,
  )<Stopped>((reached) =>
    reached.state.epoch < until ? TE.right(undefined) : TE.left({ tag: 'Stopped', checkpoint: reached }),
  );
  const ended = pipe(
    trained,
    TE.map(({ network: ofLabels, state }): Checkpoint => ({ network: ofLabels, run: '', state })),
    TE.orElse((error) =>
      error.tag === 'Stopped' ? TE.right<BackendError, Checkpoint>(error.checkpoint) : TE.left(error),
    ),
  );
  return right(await ended());
};

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

export const batchesPartition: Law<typeof batchesOf, { readonly places: readonly number[]; readonly size: number }> = {
  statement:
    'batches are the places of an epoch in their order, each once; all are full but the last, which is not empty',
  cases: fc.record({ places: fc.array(fc.nat(), { maxLength: 50 }), size: fc.integer({ min: 1, max: 20 }) }),
  holds:
    (batches) =>
    ({ places, size }) => {
      const cut = batches(size)(places);
      return (
        JSON.stringify(cut.flat()) === JSON.stringify(places) &&
        cut.slice(0, -1).every(({ length }) => length === size) &&
        cut.slice(-1).every(({ length }) => 1 <= length && length <= size)
      );
    },
};

const settings: TrainingSettings = {
  ...shortPlan,
  adam: { ...adam, weightDecay: 0, clip: null },
  loss: { weight: 2, forceWeight: 0.5 },
  frozen: [],
};

/** The first of the samples. */
const few = (samples: LabelledSamples, count: number): LabelledSamples => ({
  ...samples,
  count,
  spins: samples.spins.slice(0, 27 * count),
  energies: samples.energies.slice(0, count),
  forces: samples.forces?.slice(0, 27 * count) ?? null,
});

const oneEpoch = async (
  backend: Backend,
  given: TrainingSettings,
  samples: LabelledSamples,
): Promise<TrainingState> => {
  const start = initialTraining(smallWeights);
  const { epoch, release } = right(await residentTraining(backend, given)(smallProgram, samples, start)());
  const after = right(await epoch(start)());
  release();
  return after;
};

export const gradientsAreMeans: Law<Backend, RunCase> = {
  statement: 'the gradient of a batch is the mean of those of its samples, also where it is smaller than others',
  cases: runCases,
  runs: 10,
  holds: (backend) => async (example) => {
    const samples = few(example.samples, 3);
    const program = right(lossProgram(settings.loss, Object.keys(smallWeights))(smallProgram));
    const parameters = Object.fromEntries(Object.entries(smallWeights).map(([name, values]) => [name, [...values]]));
    const gradients = [0, 1, 2].map((at) =>
      right(
        evaluate(float64)(3)(parameters, {
          spins: [...samples.spins.slice(27 * at, 27 * (at + 1))],
          energyLabel: [samples.energies[at] ?? NaN],
          forceLabel: [...(samples.forces?.slice(27 * at, 27 * (at + 1)) ?? [])],
        })(program),
      ),
    );
    // After the first step the first moment is (1 - b1) times the gradient.
    const { firstMoment } = (await oneEpoch(backend, settings, samples)).adam;
    return Object.entries(firstMoment).every(([name, moments]) =>
      [...moments].every((moment, i) => {
        const mean = gradients.reduce((sum, one) => sum + (one[gradientName('loss', name)]?.[i] ?? NaN), 0) / 3;
        return close(moment, (1 - adam.beta1) * mean);
      }),
    );
  },
};

export const epochsDependOnTheirState: Law<Backend, RunCase> = {
  statement: 'an epoch depends on its state alone: asked for again, or while another runs, it ends in the same bits',
  cases: runCases,
  runs: 5,
  holds:
    (backend) =>
    async ({ samples }) => {
      const start = initialTraining(smallWeights);
      const { epoch, release } = right(
        await residentTraining(backend, settings)(smallProgram, few(samples, 6), start)(),
      );
      const first = right(await epoch(start)());
      const second = right(await epoch(first)());
      const again = right(await epoch(start)());
      const [third, both] = await Promise.all([epoch(first)(), epoch(start)()]);
      release();
      return bits(again) === bits(first) && bits(right(third)) === bits(second) && bits(right(both)) === bits(first);
    },
};

/** What becomes of a training. */
type Ending = 'trained' | 'stopped' | 'diverged';

export const residentsAreReleased: Law<typeof runTraining, { readonly run: RunCase; readonly ending: Ending }> = {
  statement: 'a training releases what it made resident, once, however it ends',
  cases: fc.record({ run: runCases, ending: fc.constantFrom<Ending>('trained', 'stopped', 'diverged') }),
  runs: 12,
  holds: (run) => async (example) => {
    const made = new Map<number, number>();
    const plan = example.ending === 'diverged' ? { ...shortPlan, schedule: tooHigh(1e200) } : shortPlan;
    const order = { network: description, plan, samples: example.run.samples, checkpoint: null, run: '' };
    const ended = await run(
      counting(made),
      order,
    )(() => (example.ending === 'stopped' ? TE.left({ tag: 'Stopped' as const }) : TE.right(undefined)))();
    return E.isRight(ended) === (example.ending === 'trained') && made.size === 1 && made.get(0) === 1;
  },
};

/** A backend that notes how often each of its residents was released. */
const counting = (releases: Map<number, number>): Backend => ({
  name: 'counting',
  compile: (program) =>
    pipe(
      reference.compile(program),
      TE.map(({ run, resident }) => ({
        run,
        resident: (residency) =>
          pipe(
            resident(residency),
            TE.map((one) => {
              const index = releases.size;
              releases.set(index, 0);
              return {
                ...one,
                release: () => {
                  releases.set(index, (releases.get(index) ?? 0) + 1);
                  one.release();
                },
              };
            }),
          ),
      })),
    ),
});

const tooHigh = (rate: number): Schedule => ({ tag: 'decay', rate, factor: 1, every: 1 });

export const divergenceNamesTheRate: Law<Backend, { readonly run: RunCase; readonly rate: number }> = {
  statement: 'too high a rate ends with an error that names the step and the rate, whatever the moments have become',
  cases: fc.record({ run: runCases, rate: fc.constantFrom(1e60, 1e120, 1e200, 1e300) }),
  runs: 8,
  holds: (backend) => async (example) => {
    const plan = { ...shortPlan, schedule: tooHigh(example.rate) };
    const order = { network: description, plan, samples: example.run.samples, checkpoint: null, run: '' };
    const ended = await runTraining(backend, order)(() => TE.right(undefined))();
    return (
      E.isLeft(ended) &&
      /^the loss is no longer finite after step \d+; lower the rate \(peak now (.*)\)$/.exec(
        ended.left.message,
      )?.[1] === `${example.rate}`
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
    "a constant offset is the RMSE; the mean as a prediction has RMSE / std = 1 and the mean predictor's " +
    'relative error; equal energies have no std, and nothing is measured in it',
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
      const equal = measures(energies.map(() => offset))(energies);
      return (
        close(shifted.rmse, offset) &&
        close(shifted.relative ?? NaN, offset / mean) &&
        close(constant.rmsePerDeviation ?? NaN, 1) &&
        close(constant.relative ?? NaN, constant.meanPredictor ?? NaN) &&
        equal.rmsePerDeviation === null &&
        equal.meanPredictor === 0 &&
        shifted.count === exact.length
      );
    },
};
