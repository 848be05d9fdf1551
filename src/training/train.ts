/**
 * Training as a fold: an epoch maps a training state to the next one, and depends on the state, the samples and the
 * settings alone. So the same seed gives the same bits, and a run resumed from a state goes on as if never interrupted.
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { backendError, type Arrays, type Backend, type BackendError, type Executable } from '../backend/backend.ts';
import type { Weights } from '../network/weights.ts';
import { gradientName } from '../program/gradient.ts';
import { declarations, type TypedProgram } from '../program/typecheck.ts';
import { drawn, permutation } from '../random/draw.ts';
import { streamOf } from '../random/stream.ts';
import { adamStep, initialAdam, type Adam, type AdamState } from './adam.ts';
import { batchesOf, lossInputs, samplesAt, type LabelledSamples } from './batch.ts';
import { lossProgram, type Loss } from './loss.ts';
import { meanOf } from './mean.kernel.ts';
import { rateAt, type Schedule } from './schedule.ts';

/** What an epoch depends on beside the state and the samples. */
export interface TrainingSettings {
  readonly epochs: number;
  /** Samples in a batch. */
  readonly batch: number;
  readonly schedule: Schedule;
  readonly adam: Adam;
  readonly loss: Loss;
  /** Of the shuffles: epoch e is shuffled by (seed, e). */
  readonly seed: number;
  /** Weights that stay as they are: the pair head once it is fitted. */
  readonly frozen: readonly string[];
}

/** What one epoch hands to the next: all that a resumed training needs to reach the same bits. */
export interface TrainingState {
  /** Epochs done. */
  readonly epoch: number;
  readonly adam: AdamState;
  /** The mean loss of the samples over the last epoch, each measured before its step; NaN before the first. */
  readonly loss: number;
}

/** The state before the first epoch. */
export const initialTraining = (weights: Weights): TrainingState => ({
  epoch: 0,
  adam: initialAdam(weights),
  loss: NaN,
});

/** One epoch of training, compiled for a backend. */
export type Epoch = (state: TrainingState) => TaskEither<BackendError, TrainingState>;

interface Stepped {
  readonly adam: AdamState;
  readonly lossSum: number;
}

/** The mean over the batch of a gradient that came as a sum over it. */
const meanGradient = (outputs: Arrays, trained: readonly string[], count: number): Weights =>
  Object.fromEntries(
    trained.map((name) => [name, meanOf(outputs[gradientName('loss', name)] ?? new Float64Array(0), count)]),
  );

/** A fold whose steps are tasks, each started when the one before has ended. */
const inTurn =
  <E, S, A>(step: (state: S, item: A) => TaskEither<E, S>) =>
  (items: readonly A[]) => {
    const from =
      (index: number) =>
      (state: S): TaskEither<E, S> => {
        const item = items[index];
        return item === undefined ? TE.right(state) : pipe(step(state, item), TE.chain(from(index + 1)));
      };
    return from(0);
  };

/**
 * Compiles a network's loss and returns the epoch as a function of the state.
 *
 * The batch gradient is the mean of the samples' gradients. A loss that is no longer finite ends training with an error
 * that says so: too high a rate kills a deep product network for good.
 */
export const compileEpoch =
  (backend: Backend, settings: TrainingSettings) =>
  (network: TypedProgram, samples: LabelledSamples): TaskEither<BackendError, Epoch> => {
    const trained = Object.keys(declarations('parameter')(network)).filter((name) => !settings.frozen.includes(name));
    const stepsPerEpoch = Math.ceil(samples.count / settings.batch);
    const rate = rateAt(settings.schedule);

    const step =
      (executable: Executable) =>
      ({ adam, lossSum }: Stepped, indices: readonly number[]): TaskEither<BackendError, Stepped> => {
        const batch = samplesAt(indices)(samples);
        return pipe(
          executable.run({
            parameters: adam.weights,
            inputs: lossInputs(batch),
            latticeSize: samples.latticeSize,
            batch: batch.count,
          }),
          TE.map((outputs) => ({
            adam: adamStep(
              settings.adam,
              rate({ step: adam.step, steps: settings.epochs * stepsPerEpoch, stepsPerEpoch }),
            )(adam, meanGradient(outputs, trained, batch.count)),
            lossSum: lossSum + (outputs['loss'] ?? new Float64Array(0)).reduce((sum, loss) => sum + loss, 0),
          })),
          TE.filterOrElse(
            (after) => Number.isFinite(after.lossSum),
            () =>
              backendError(
                `the loss is no longer finite after step ${adam.step}; lower the rate (peak now ${peakOf(settings.schedule)})`,
              ),
          ),
        );
      };

    const epoch =
      (executable: Executable): Epoch =>
      (state) =>
        pipe(
          drawn(streamOf(settings.seed, state.epoch, 'shuffle'))(permutation(samples.count)),
          batchesOf(settings.batch),
          (batches) => inTurn(step(executable))(batches)({ adam: state.adam, lossSum: 0 }),
          TE.map(({ adam, lossSum }) => ({ epoch: state.epoch + 1, adam, loss: lossSum / samples.count })),
        );

    return pipe(
      network,
      lossProgram(settings.loss, trained),
      TE.fromEither,
      TE.mapLeft(({ message }) => backendError(message)),
      TE.chain(backend.compile),
      TE.map(epoch),
    );
  };

const peakOf = (schedule: Schedule): number => {
  switch (schedule.tag) {
    case 'decay':
      return schedule.rate;
    case 'staircase':
      return schedule.first;
    case 'oneCycle':
      return schedule.peak;
  }
};
