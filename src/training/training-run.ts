/** A training from its first state, or a checkpoint, to its last epoch. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { backendError, type Backend, type BackendError } from '../backend/backend.ts';
import type { Network } from '../network/network.ts';
import type { SampleSets } from './batch.ts';
import type { Checkpoint } from './checkpoint.ts';
import { compilePrediction, firstConfigurations } from './prediction.ts';
import { prepareTraining, type Preparation, type TrainingPlan } from './preparation.ts';
import { peakOf } from './schedule.ts';
import type { Epoch, TrainingState } from './train.ts';

/** What is trained, on what, by which plan, and from where. */
export interface TrainingOrder {
  readonly network: Network;
  readonly plan: TrainingPlan;
  readonly samples: SampleSets;
  /** Where the training goes on from; null begins at the beginning. */
  readonly checkpoint: Checkpoint | null;
  /** Of the run, written into its checkpoints: resuming with anything else is refused. */
  readonly run: string;
}

/** What a training comes to: the network in the units of its labels, its program, and its last state. */
export interface TrainedNetwork extends Pick<Preparation, 'network' | 'program'> {
  readonly state: TrainingState;
}

/** Called after every epoch; what it returns is waited for, so that a checkpoint is on disk before the next epoch. */
export type AfterEpoch<E> = (checkpoint: Checkpoint) => TaskEither<E, void>;

/** How many configurations of each set show whether a network still predicts something. */
const lookedAt = 64;

/**
 * Refuses weights with which a network predicts nothing finite. Each step measures its loss before it changes the weights, so
 * that what the last one did is seen here alone.
 */
const expectFinite = (
  backend: Backend,
  { plan, samples }: TrainingOrder,
  { program }: Preparation,
  { adam }: TrainingState,
): TaskEither<BackendError, unknown> =>
  pipe(
    program,
    compilePrediction(backend, { forces: plan.forceWeight !== null }),
    TE.chain((predict) =>
      pipe(
        samples,
        TE.traverseSeqArray((set) => predict(adam.weights)(firstConfigurations(lookedAt, set))),
      ),
    ),
    TE.filterOrElse(
      (predictions) =>
        predictions.every(({ energies, forces }) => [...energies, ...(forces ?? [])].every(Number.isFinite)),
      () =>
        backendError(
          'expected weights that predict finite energies after the last step, got weights too great for that; ' +
            `lower the rate (peak now ${peakOf(plan.schedule)})`,
        ),
    ),
  );

/**
 * Trains to the end of the plan, or to the first error; weights that predict nothing finite are one. What is resident meanwhile
 * is released, however that ends.
 */
export const runTraining =
  (backend: Backend, order: TrainingOrder) =>
  <E>(afterEpoch: AfterEpoch<E>): TaskEither<BackendError | E, TrainedNetwork> => {
    const { network, plan, samples, checkpoint, run } = order;
    const toTheEnd =
      (prepared: Preparation, epoch: Epoch) =>
      (state: TrainingState): TaskEither<BackendError | E, TrainingState> =>
        state.epoch >= plan.epochs
          ? TE.right(state)
          : pipe(
              epoch(state),
              TE.chainFirstW((after) => afterEpoch({ network: prepared.network, state: after, run })),
              TE.chain(toTheEnd(prepared, epoch)),
            );
    return pipe(
      prepareTraining(backend, plan)(network, samples, checkpoint),
      TE.chainW((prepared) =>
        pipe(
          TE.bracketW(
            prepared.resident,
            ({ epoch }) => toTheEnd(prepared, epoch)(prepared.state),
            ({ release }) => TE.fromIO(release),
          ),
          TE.chainFirstW((state) => expectFinite(backend, order, prepared, state)),
          TE.map((state) => ({ network: prepared.network, program: prepared.program, state })),
        ),
      ),
    );
  };
