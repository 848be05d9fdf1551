/** Laws of trainings that diverge: they begin again at half the rate, once, and to the same bits wherever they are stopped. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend, BackendError, Step } from '../../src/backend/backend.ts';
import { reference } from '../../src/backend/reference/reference.ts';
import { adam } from '../../src/training/adam.ts';
import type { LabelledSamples } from '../../src/training/batch.ts';
import type { Checkpoint } from '../../src/training/checkpoint.ts';
import type { Divergence } from '../../src/training/divergence.ts';
import type { TrainingPlan } from '../../src/training/preparation.ts';
import type { Schedule } from '../../src/training/schedule.ts';
import {
  runTraining,
  type AfterDivergence,
  type AfterEpoch,
  type TrainedNetwork,
  type TrainingOrder,
} from '../../src/training/training-run.ts';
import { bits, runCases, shortPlan, smallNetwork, type RunCase } from '../arbitraries/trainings.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import { withResidents } from '../with-residents.ts';

/** How trainings are run that may be stopped by `E`. */
export type Run = <E>(
  backend: Backend,
  order: TrainingOrder,
  afterEpoch: AfterEpoch<E>,
  afterDivergence: AfterDivergence<E>,
) => TaskEither<BackendError | Divergence | E, TrainedNetwork>;

/** The running one. */
export const run: Run = (backend, order, afterEpoch, afterDivergence) =>
  runTraining(backend, order)(afterEpoch, afterDivergence);

/** Which step this is, counted from 1, and its rate: from the scalars alone that Adam gives it. */
const momentOf = ({ scalars }: Step): { readonly step: number; readonly rate: number } => {
  const step = Math.round(Math.log(1 - 1 / (scalars['adam.secondScale'] ?? NaN)) / Math.log(adam.beta2));
  return { step, rate: -(scalars['adam.step'] ?? NaN) * (1 - adam.beta1 ** step) };
};

/** A backend on which some steps, from one to another, have another loss, where their rate is above a bound. */
const withLoss = (another: number, [first, last]: readonly [number, number], bound: number): Backend =>
  withResidents(reference, (resident) => ({
    ...resident,
    step: (step) =>
      pipe(
        resident.step(step),
        TE.map(({ loss = new Float64Array(0), ...others }) => {
          const now = momentOf(step);
          const isMeant = first <= now.step && now.step <= last && now.rate > bound;
          return { ...others, loss: isMeant ? loss.map(() => another) : loss };
        }),
      ),
  }));

/** A backend on which the loss explodes at a step, where its rate is above a bound. */
const exploding = (at: number, bound: number): Backend => withLoss(Infinity, [at, at], bound);

const rate = 1e-2;

/** Falls by so little that it stays above nine tenths of the rate where that is whole, and below where it is halved. */
const schedules = {
  decay: (first: number): Schedule => ({ tag: 'decay', rate: first, factor: 0.99, every: 1 }),
  staircase: (first: number): Schedule => ({ tag: 'staircase', first, last: 0.97 * first, every: 1 }),
};

/** A training that diverges at a step, from the second on, and what is done to it. */
export interface Diverging {
  readonly run: RunCase;
  readonly schedule: keyof typeof schedules;
  /** The first step diverges never: what its loss is no rate has made. */
  readonly at: number;
  /** After how many epochs, over both attempts, it is stopped and resumed. */
  readonly stop: number;
}

/** Four epochs of three steps. */
export const divergingCases: fc.Arbitrary<Diverging> = fc.record({
  run: runCases,
  schedule: fc.constantFrom('decay' as const, 'staircase' as const),
  at: fc.integer({ min: 2, max: 12 }),
  stop: fc.integer({ min: 1, max: 7 }),
});

const planOf = ({ run: { seed }, schedule }: Diverging, scale: number): TrainingPlan => ({
  ...shortPlan,
  seed,
  schedule: schedules[schedule](scale * rate),
});

const orderOf = (example: Diverging, scale: number, checkpoint: Checkpoint | null): TrainingOrder => ({
  network: smallNetwork,
  plan: planOf(example, scale),
  samples: [example.run.samples],
  checkpoint,
  run: '',
});

interface Stopped {
  readonly tag: 'Stopped';
  readonly checkpoint: Checkpoint;
}

/** What is heard of a training that is not stopped. */
const heard = async (runs: Run, backend: Backend, order: TrainingOrder) => {
  const told = new Array<string>();
  const ended = await runs<never>(
    backend,
    order,
    ({ state }) => TE.fromIO(() => void told.push(`${state.epoch} at ${state.rateFactor}`)),
    () => TE.fromIO(() => void told.push('diverged')),
  )();
  return { ended, told: told.join() };
};

/** The epochs before the step that diverges, that it does, and all epochs at half the rate. */
const expected = (at: number): string =>
  [
    ...Array.from({ length: Math.floor((at - 1) / 3) }, (_, epoch) => `${epoch + 1} at 1`),
    'diverged',
    ...[1, 2, 3, 4].map((epoch) => `${epoch} at 0.5`),
  ].join();

export const divergedBeginAgain: Law<Run, Diverging> = {
  statement:
    'a training that diverges says so and begins again: all of its steps are those of a training at half the rate, to the bit, ' +
    'and its state tells the factor; one that does not diverge has the factor 1',
  cases: divergingCases,
  runs: 12,
  holds: (runs) => async (example) => {
    const { ended, told } = await heard(runs, exploding(example.at, 0.9 * rate), orderOf(example, 1, null));
    const halved = await heard(runs, exploding(example.at, 0.9 * rate), orderOf(example, 0.5, null));
    return (
      E.isRight(ended) &&
      E.isRight(halved.ended) &&
      told === expected(example.at) &&
      halved.told === '1 at 1,2 at 1,3 at 1,4 at 1' &&
      ended.right.state.rateFactor === 0.5 &&
      ended.right.state.loss === halved.ended.right.state.loss &&
      bits(ended.right.state) === bits(halved.ended.right.state)
    );
  },
};

/** A training whose losses are large for an epoch, from the second on. */
export interface Spiking {
  readonly run: RunCase;
  readonly epoch: number;
  readonly withForces: boolean;
  /** The losses, beside that of the mean energy. */
  readonly times: number;
}

export const spikes: fc.Arbitrary<Spiking> = fc.record({
  run: runCases,
  epoch: fc.integer({ min: 2, max: 4 }),
  withForces: fc.boolean(),
  times: fc.constantFrom(3e2, 9e2, 1e4, 1e6),
});

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** The loss of the mean energy and of no forces, by the words of its definition: in units of the variance of the energies. */
const lossOfTheMean = ({ count, spins, energies, forces }: LabelledSamples, forceWeight: number): number => {
  const centre = mean([...energies]);
  const variance = mean([...energies].map((energy) => (energy - centre) ** 2));
  const perSample = Array.from({ length: 9 * count }, (_, i) => {
    const places = [0, 1, 2].map((k) => 27 * Math.floor(i / 9) + 9 * k + (i % 9));
    const along = places.reduce((sum, at) => sum + (forces?.[at] ?? NaN) * (spins[at] ?? NaN), 0);
    return places.reduce((sum, at) => sum + (forces?.[at] ?? NaN) ** 2, 0) - along ** 2;
  });
  return 1 + (forceWeight * perSample.reduce((sum, x) => sum + x, 0)) / count / variance;
};

export const deadTrainingsBeginAgain: Law<Run, Spiking> = {
  statement:
    'a training of which a whole epoch is a thousand times worse than the mean energy, forces and all, has diverged, finite as it is; ' +
    'one that is some hundred times worse goes on',
  cases: spikes,
  runs: 24,
  holds:
    (runs) =>
    async ({ run: { samples, seed }, epoch, withForces, times }) => {
      const forceWeight = withForces ? 100 : null;
      const order: TrainingOrder = {
        network: { ...smallNetwork, shape: { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: false } },
        plan: { ...shortPlan, seed, forceWeight, schedule: schedules.decay(rate) },
        samples: [samples],
        checkpoint: null,
        run: '',
      };
      const loss = times * lossOfTheMean(samples, forceWeight ?? 0);
      const { ended, told } = await heard(runs, withLoss(loss, [3 * epoch - 2, 3 * epoch], 0.9 * rate), order);
      return (
        E.isRight(ended) &&
        told === (times > 1e3 ? expected(3 * epoch) : [1, 2, 3, 4].map((done) => `${done} at 1`).join())
      );
    },
};

export const divergedTwiceIsAnError: Law<Run, Diverging> = {
  statement:
    'a training that diverges at half the rate too ends with an error that names both, and begins no third time',
  cases: divergingCases,
  runs: 12,
  holds: (runs) => async (example) => {
    const { ended, told } = await heard(runs, exploding(example.at, 0), orderOf(example, 1, null));
    return (
      E.isLeft(ended) &&
      ended.left.message.endsWith(`lower the rate (peak ${rate / 2}, half of what it was at first)`) &&
      told.split(',').filter((one) => one === 'diverged').length === 1 &&
      told.split(',').every((one) => !/ at 0\.[^5]/.test(one))
    );
  },
};

export const stoppedWhileDiverging = (stored: (checkpoint: Checkpoint) => Checkpoint): Law<Run, Diverging> => ({
  statement:
    'a training that is stopped before it diverges, or while it is done again, goes on from its checkpoint to the same bits; ' +
    'nothing that was stopped at half the rate begins again',
  cases: divergingCases,
  runs: 20,
  holds: (runs) => async (example) => {
    const backend = exploding(example.at, 0.9 * rate);
    const whole = right(
      await runs<never>(
        backend,
        orderOf(example, 1, null),
        () => TE.right(undefined),
        () => TE.right(undefined),
      )(),
    );
    const epochs = new Array<number>();
    const stopped = await runs<Stopped>(
      backend,
      orderOf(example, 1, null),
      (checkpoint) =>
        epochs.push(checkpoint.state.epoch) < example.stop
          ? TE.right(undefined)
          : TE.left({ tag: 'Stopped', checkpoint }),
      () => TE.right(undefined),
    )();
    // Later than its last epoch it is not stopped.
    if (E.isRight(stopped)) {
      return bits(stopped.right.state) === bits(whole.state);
    }
    if (stopped.left.tag !== 'Stopped') {
      return false;
    }
    const { checkpoint } = stopped.left;
    const { ended, told } = await heard(runs, backend, orderOf(example, 1, stored(checkpoint)));
    return (
      E.isRight(ended) &&
      bits(ended.right.state) === bits(whole.state) &&
      ended.right.state.rateFactor === 0.5 &&
      told.includes('diverged') === (checkpoint.state.rateFactor === 1)
    );
  },
});
