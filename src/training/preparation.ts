/** From a description of a network, a plan and sets of labelled samples to the first state of a training, ready to be resident. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { backendError, type Backend, type BackendError } from '../backend/backend.ts';
import { initialWeights } from '../network/initial-weights.ts';
import { networkMetadata } from '../network/model-file.ts';
import { networkProgram, type Network } from '../network/network.ts';
import { weightsByRole, type Weights } from '../network/weights.ts';
import { areFinite } from '../number/finite.kernel.ts';
import type { TypedProgram } from '../program/typecheck.ts';
import { adam } from './adam.ts';
import type { LabelledSamples, SampleSets } from './batch.ts';
import type { Checkpoint } from './checkpoint.ts';
import { energyUnits } from './energy-units.ts';
import { forceWeightOf, type ForceWeight } from './force-weight.ts';
import { meanPredictorLoss } from './mean-predictor.ts';
import { firstConfigurations } from './prediction.ts';
import type { Schedule } from './schedule.ts';
import { initialTraining, residentTraining, type ResidentTraining, type TrainingState } from './train.ts';
import { unitVariance } from './unit-variance.ts';

/** How the weights begin: by the published uniform rule, or scaled layer by layer to unit variance. */
export const starts = ['published', 'unit-variance'] as const;

/** How the weights begin. */
export type Start = (typeof starts)[number];

/** All of a training that is not data or network. */
export interface TrainingPlan {
  readonly start: Start;
  /** Of the initial weights and the shuffles. */
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  readonly schedule: Schedule;
  readonly weightDecay: number;
  readonly clip: number | null;
  /** The weight of squared force errors beside squared energy errors; null trains on energies alone. */
  readonly forceWeight: ForceWeight | null;
  /** Those of the labels, as published; where nothing is said, mean 0 and variance 1: see `energyUnits`. */
  readonly units?: 'raw';
}

/** A training that is ready: its network in the units of its labels, its first state, and what advances it. */
export interface Preparation {
  readonly network: Network;
  readonly program: TypedProgram;
  readonly state: TrainingState;
  /** The loss of always answering the mean energy. */
  readonly meanPredictorLoss: () => number;
  /** Makes the training resident, from its first state; whoever does releases it. */
  readonly resident: TaskEither<BackendError, ResidentTraining>;
}

/** How many configurations, of the first set, the unit-variance start looks at. */
const startSample = 64;

const startingWeights = (
  backend: Backend,
  { start, seed }: TrainingPlan,
  program: TypedProgram,
  fitted: Weights,
  samples: LabelledSamples,
): TaskEither<BackendError, Weights> => {
  const drawn = { ...initialWeights(seed)(program), ...fitted };
  return start === 'published'
    ? TE.right(drawn)
    : unitVariance(backend)(program, firstConfigurations(startSample, samples))(drawn);
};

/** A network in one text: equal texts, equal networks. */
const described = (network: Network): string =>
  JSON.stringify({
    ...networkMetadata(network),
    pairHead: network.shape.tag === 'lattice' && network.shape.pairHead,
  });

const stateIn = (checkpoint: Checkpoint, network: Network): E.Either<BackendError, TrainingState> =>
  described(checkpoint.network) === described(network)
    ? E.right(checkpoint.state)
    : E.left(
        backendError(
          'the checkpoint belongs to another network or other data than were given now; give the same, or start anew',
        ),
      );

/** Whether what is counted in a plan is whole. */
const wholePlan = ({ seed, epochs, batch }: TrainingPlan): E.Either<BackendError, unknown> =>
  Number.isSafeInteger(seed) && Number.isSafeInteger(epochs) && epochs >= 0 && Number.isSafeInteger(batch) && batch >= 1
    ? E.right(undefined)
    : E.left(
        backendError(
          `expected a seed, epochs of at least 0 and a batch of at least 1 in whole numbers, got seed ${seed}, epochs ${epochs} ` +
            `and batch ${batch}: change the plan`,
        ),
      );

/** Whether sets are of labelled spins that the network reads, as many as they say, and finite. */
const wholeSets = ({ shape }: Network, sets: SampleSets): E.Either<BackendError, unknown> => {
  const isWhole = ({ count, latticeSize: N, spins, energies, forces }: LabelledSamples): boolean =>
    [count, N].every((size) => Number.isSafeInteger(size) && size >= 1) &&
    spins.length === count * (shape.tag === 'lattice' ? 3 * N * N : shape.sites) &&
    energies.length === count &&
    (forces === null || forces.length === spins.length) &&
    [spins, energies, ...(forces === null ? [] : [forces])].every(areFinite);
  const stranger = sets.findIndex((samples) => !isWhole(samples));
  return stranger === -1
    ? E.right(undefined)
    : E.left(
        backendError(
          `expected finite samples with spins [count, ${shape.tag === 'lattice' ? '3, N, N' : shape.sites}], an energy each, and forces like ` +
            `spins, got others in set ${stranger}: count them, or train a network of their shape`,
        ),
      );
};

/** Where training begins, or goes on from a checkpoint. Fails for samples of another shape, for a network or a plan that there is none of. */
export const prepareTraining =
  (backend: Backend, plan: TrainingPlan) =>
  (description: Network, sets: SampleSets, checkpoint: Checkpoint | null): TaskEither<BackendError, Preparation> => {
    return pipe(
      E.Do,
      E.chainFirst(() => wholePlan(plan)),
      E.chainFirst(() => wholeSets(description, sets)),
      // Units are sought for networks that there are.
      E.chainFirstW(() => networkProgram(description)),
      E.map(() => energyUnits(description, sets, plan.units)),
      E.bindTo('units'),
      E.bindW('program', ({ units }) => networkProgram(units.network)),
      E.mapLeft(({ message }) => backendError(message)),
      TE.fromEither,
      TE.let('fitted', ({ program, units }) => weightsByRole(program)(units.fitted)),
      TE.bind('state', ({ program, fitted, units: { network } }) =>
        checkpoint === null
          ? pipe(startingWeights(backend, plan, program, fitted, sets[0]), TE.map(initialTraining))
          : TE.fromEither(stateIn(checkpoint, network)),
      ),
      TE.map(({ program, fitted, state, units: { network, deviation } }) => {
        const loss = { weight: 1 / (deviation * deviation), forceWeight: forceWeightOf(plan.forceWeight, sets) };
        return {
          network,
          program,
          state,
          meanPredictorLoss: () => meanPredictorLoss(loss, sets),
          resident: residentTraining(backend, {
            ...plan,
            adam: { ...adam, weightDecay: plan.weightDecay, clip: plan.clip },
            loss,
            frozen: Object.keys(fitted),
          })(program, sets, state),
        };
      }),
    );
  };
