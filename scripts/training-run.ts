/** A training from its first state, or a checkpoint, to its last epoch: the fold of `train.ts` with its effects. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { Backend, BackendError } from '../src/backend/backend.ts';
import type { Network } from '../src/network/network.ts';
import type { LabelledSamples } from '../src/training/batch.ts';
import type { Checkpoint } from '../src/training/checkpoint.ts';
import { prepareTraining, type Preparation, type TrainingPlan } from '../src/training/preparation.ts';
import type { TrainingState } from '../src/training/train.ts';
import { runError, type CommandError } from './exit.ts';

export interface TrainingOrder {
  readonly network: Network;
  readonly plan: TrainingPlan;
  readonly samples: LabelledSamples;
  readonly checkpoint: Checkpoint | null;
  /** Of the run, written into its checkpoints: resuming with anything else is refused. */
  readonly run: string;
}

export interface TrainedNetwork extends Pick<Preparation, 'network' | 'program'> {
  readonly state: TrainingState;
}

/** Called after every epoch; what it returns is waited for, so that a checkpoint is on disk before the next epoch. */
export type AfterEpoch = (checkpoint: Checkpoint) => TaskEither<CommandError, void>;

/** Trains to the end of the plan. */
export const runTraining =
  (backend: Backend, { network, plan, samples, checkpoint, run }: TrainingOrder) =>
  (afterEpoch: AfterEpoch): TaskEither<CommandError, TrainedNetwork> => {
    const failed = ({ message }: BackendError): CommandError => runError(message);
    const onward =
      (prepared: Preparation) =>
      async (first: TrainingState): Promise<E.Either<CommandError, TrainedNetwork>> => {
        const from = async (state: TrainingState): Promise<E.Either<CommandError, TrainingState>> => {
          if (state.epoch >= plan.epochs) {
            return E.right(state);
          }
          const next = await pipe(
            prepared.epoch(state),
            TE.mapLeft(failed),
            TE.chainFirst((after) => afterEpoch({ network: prepared.network, state: after, run })),
          )();
          return E.isLeft(next) ? next : from(next.right);
        };
        return pipe(
          await from(first),
          E.map((state) => ({ network: prepared.network, program: prepared.program, state })),
        );
      };
    return pipe(
      prepareTraining(backend, plan)(network, samples, checkpoint),
      TE.mapLeft(failed),
      TE.chain((prepared) => () => onward(prepared)(prepared.state)),
    );
  };
