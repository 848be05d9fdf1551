/**
 * A training from its first state, or a checkpoint, to its last epoch. One that diverges begins again, once, at half the rates of
 * its schedule: what it comes to depends on where it begins alone, and so do all that went on from one of its checkpoints.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { backendError, type Backend, type BackendError } from '../backend/backend.ts';
import type { Network } from '../network/network.ts';
import type { Weights } from '../network/weights.ts';
import { areFinite } from '../number/finite.kernel.ts';
import type { SampleSets } from './batch.ts';
import { better, type HeldOutError } from './best-weights.ts';
import type { Checkpoint } from './checkpoint.ts';
import { divergence, type Divergence, type RateFactor } from './divergence.ts';
import { compilePrediction, firstConfigurations } from './prediction.ts';
import { prepareTraining, type Preparation, type TrainingPlan } from './preparation.ts';
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
  /** The RMSE on energies that are held out, asked for after every epoch: the best weights are kept. Without it the last are. */
  readonly heldOutError?: HeldOutError;
}

/** What a training comes to: the network in the units of its labels, its program, its last state, and the weights that it keeps. */
export interface TrainedNetwork extends Pick<Preparation, 'network' | 'program'> {
  readonly state: TrainingState;
  readonly weights: Weights;
}

/** Called after every epoch; what it returns is waited for, so that a checkpoint is on disk before the next epoch. */
export type AfterEpoch<E> = (checkpoint: Checkpoint) => TaskEither<E, void>;

/** Called where a training has diverged and begins again at half the rate; what it returns is waited for. */
export type AfterDivergence<E> = (divergence: Divergence) => TaskEither<E, void>;

/** How many configurations of each set show whether a network still predicts something. */
const lookedAt = 64;

/** How a training at some rates ends, where nothing else goes wrong. */
type Ending<A> = Either<Divergence, A>;

const endingOf = <A>(task: TaskEither<BackendError | Divergence, A>): TaskEither<BackendError, Ending<A>> =>
  pipe(
    task,
    TE.map((a): Ending<A> => E.right(a)),
    TE.orElse((error) => (error.tag === 'Divergence' ? TE.right(E.left(error)) : TE.left(error))),
  );

/** What comes next, where nothing has diverged. */
const unlessDiverged =
  <A, E, B>(next: (a: A) => TaskEither<E, Ending<B>>) =>
  (ending: Ending<A>): TaskEither<E, Ending<B>> =>
    E.isLeft(ending) ? TE.right(ending) : next(ending.right);

/**
 * How far the mean loss of an epoch may be above that of the mean energy, and above the one before: networks that are further off are dead,
 * and hardly ever come back, however finite all numbers are.
 */
const mostOfEpochs = 1e3;

/** Refuses an epoch that left a network worse by far than the mean energy, and than it was; labels that do not vary have the unit 1. */
const alive =
  ({ schedule }: TrainingPlan, { meanPredictorLoss }: Preparation) =>
  (before: TrainingState, after: TrainingState): Ending<TrainingState> => {
    const hasGrown = after.loss > mostOfEpochs * before.loss;
    const limit = hasGrown ? mostOfEpochs * Math.max(1, before.loss, meanPredictorLoss()) : Infinity;
    return after.loss > limit
      ? E.left(
          divergence(
            `expected a mean loss of at most ${limit}, got ${after.loss} over epoch ${after.epoch}`,
            schedule,
            after.rateFactor,
          ),
        )
      : E.right(after);
  };

/**
 * The weights that are kept; refuses those with which a network predicts nothing finite. Each step measures its loss before it changes
 * the weights, so that what the last one did is seen here alone.
 */
const keptWeights =
  (backend: Backend, { plan, samples, heldOutError }: TrainingOrder, { program }: Preparation) =>
  (state: TrainingState): TaskEither<BackendError, Ending<Weights>> => {
    const weights = heldOutError === undefined ? state.adam.weights : state.best?.weights;
    const diverged = (got: string): Ending<never> => E.left(divergence(got, plan.schedule, state.rateFactor));
    if (weights === undefined) {
      return TE.right(diverged('expected a finite error on what is held out after one of the epochs, got none'));
    }
    return pipe(
      program,
      compilePrediction(backend, { forces: plan.forceWeight !== null }),
      TE.chain((predict) =>
        pipe(
          samples,
          TE.traverseSeqArray((set) => predict(weights)(firstConfigurations(lookedAt, set))),
        ),
      ),
      TE.map((predictions) =>
        predictions.every(({ energies, forces }) => areFinite(energies) && (forces === null || areFinite(forces)))
          ? E.right(weights)
          : diverged(
              'expected weights that predict finite energies after the last step, got weights too great for that',
            ),
      ),
    );
  };

/** The state after an epoch, with the best weights so far where the training keeps them. */
const withBest =
  ({ heldOutError }: TrainingOrder) =>
  (state: TrainingState): TaskEither<BackendError, TrainingState> =>
    heldOutError === undefined
      ? TE.right(state)
      : pipe(
          heldOutError(state.adam.weights),
          TE.bimap(
            ({ message }) => backendError(message),
            (rmse) => ({
              ...state,
              best: better(state.best, { epoch: state.epoch, rmse, weights: state.adam.weights }),
            }),
          ),
        );

/**
 * Trains to the end of the plan, or to the first error. A training that diverges begins again, once, at half the rate, and
 * `afterDivergence` is told; its state has that `rateFactor` from then on, in checkpoints too. What is resident meanwhile is
 * released, however that ends.
 */
export const runTraining =
  (backend: Backend, order: TrainingOrder) =>
  <E>(
    afterEpoch: AfterEpoch<E>,
    afterDivergence: AfterDivergence<E> = () => TE.right(undefined),
  ): TaskEither<BackendError | Divergence | E, TrainedNetwork> => {
    const { network, plan, samples, run } = order;
    const toTheEnd =
      (prepared: Preparation, epoch: Epoch) =>
      (state: TrainingState): TaskEither<BackendError | E, Ending<TrainingState>> =>
        state.epoch >= plan.epochs
          ? TE.right(E.right(state))
          : pipe(
              endingOf(
                pipe(
                  epoch(state),
                  TE.chainEitherKW((after) => alive(plan, prepared)(state, after)),
                  TE.chainW(withBest(order)),
                ),
              ),
              TE.chainW(
                unlessDiverged((after) =>
                  pipe(
                    afterEpoch({ network: prepared.network, state: after, run }),
                    TE.chainW(() => toTheEnd(prepared, epoch)(after)),
                  ),
                ),
              ),
            );
    const trained = (
      checkpoint: Checkpoint | null,
      rateFactor: RateFactor,
    ): TaskEither<BackendError | E, Ending<TrainedNetwork>> =>
      pipe(
        prepareTraining(backend, plan)(network, samples, checkpoint),
        TE.chainW((prepared) =>
          pipe(
            TE.bracketW(
              prepared.resident,
              ({ epoch }) => toTheEnd(prepared, epoch)({ ...prepared.state, rateFactor }),
              ({ release }) => TE.fromIO(release),
            ),
            TE.chainW(
              unlessDiverged((state) =>
                pipe(
                  keptWeights(backend, order, prepared)(state),
                  TE.map(
                    E.map((weights) => ({ network: prepared.network, program: prepared.program, state, weights })),
                  ),
                ),
              ),
            ),
          ),
        ),
      );
    const rateFactor = order.checkpoint?.state.rateFactor ?? 1;
    return pipe(
      trained(order.checkpoint, rateFactor),
      TE.chainW((ending) =>
        E.isLeft(ending) && rateFactor === 1
          ? pipe(
              afterDivergence(ending.left),
              TE.chainW(() => trained(null, 0.5)),
            )
          : TE.right(ending),
      ),
      TE.chainW(TE.fromEither),
    );
  };
