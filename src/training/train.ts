/**
 * Training as a fold: an epoch maps a training state to the next one, and depends on the state, the samples and the
 * settings alone. So the same seed gives the same bits, and a run resumed from a state goes on as if never interrupted.
 *
 * Samples and state are resident with the backend, so that a step hands over no more than places and a learning rate.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import { filterWithIndex } from 'fp-ts/lib/Record.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { backendError, type Arrays, type Backend, type BackendError, type Resident } from '../backend/backend.ts';
import { inTurn } from '../backend/in-turn.ts';
import type { Weights } from '../network/weights.ts';
import { areFinite } from '../number/finite.kernel.ts';
import { sumOf } from '../number/sum.kernel.ts';
import { declarations, type TypedProgram } from '../program/typecheck.ts';
import { drawn, permutation } from '../random/draw.ts';
import { streamOf } from '../random/stream.ts';
import { adamProgram, adamScalars, afterSteps, initialAdam, residentState, type Adam, type AdamState } from './adam.ts';
import {
  batchesOfSets,
  lossInputs,
  relativeSize,
  type LabelledSamples,
  type SampleSets,
  type SetBatch,
} from './batch.ts';
import type { BestWeights } from './best-weights.ts';
import { divergence, type Divergence, type RateFactor } from './divergence.ts';
import { lossProgram, type Loss } from './loss.ts';
import { rateAt, type Schedule } from './schedule.ts';

/** What an epoch depends on beside the state and the samples. */
export interface TrainingSettings {
  readonly epochs: number;
  /** Samples in a batch. */
  readonly batch: number;
  readonly schedule: Schedule;
  readonly adam: Adam;
  /** On the lattice size of the first set; on N times its size errors are N times as large, and weighted by 1 / N^2. */
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
  /** What the rates of the schedule are multiplied by. */
  readonly rateFactor: RateFactor;
  /** The best weights so far, where a training keeps them; else null. */
  readonly best: BestWeights | null;
}

/** The state before the first epoch. */
export const initialTraining = (weights: Weights): TrainingState => ({
  epoch: 0,
  adam: initialAdam(weights),
  loss: NaN,
  rateFactor: 1,
  best: null,
});

/** One epoch of training, on a backend: from a state to the next. */
export type Epoch = (state: TrainingState) => TaskEither<BackendError | Divergence, TrainingState>;

/** A training whose samples and state live on a backend's side. */
export interface ResidentTraining {
  /** Epochs go one after the other, in the order in which they are asked for. */
  readonly epoch: Epoch;
  /** Gives back what it holds; no epoch runs after that. */
  readonly release: IO<void>;
}

/** A set of samples that is resident with a backend. */
interface ResidentSet {
  readonly resident: Resident;
  readonly count: number;
}

/** Hands the state of one resident to another: each set has one of its own, and its steps go on from those of the others. */
const handedOver = (from: Resident, to: Resident): TaskEither<BackendError, void> =>
  pipe(from.read, TE.chain(to.write));

/** A loss that has grown by more has diverged. */
const mostGrowth = 1e8;

/**
 * The mean loss beyond which a training has diverged that had this one. Below 1, about the loss of answering the mean in units of the
 * labels, all losses count as 1. Where none is known yet, all numbers will do: forces that the energies hardly show begin high.
 */
const limitAfter = (loss: number): number =>
  Number.isNaN(loss) ? Number.MAX_VALUE : Math.min(Number.MAX_VALUE, mostGrowth * Math.max(1, loss));

const none = new Float64Array(0);

/** The sum of the losses of a batch, each measured before the step, which is then done. */
const stepOf =
  (
    batches: readonly SetBatch<ResidentSet>[],
    settings: TrainingSettings,
    { adam: before, rateFactor }: TrainingState,
  ) =>
  (limit: number) =>
  (
    index: number,
    { set: { resident }, places }: SetBatch<ResidentSet>,
  ): TaskEither<BackendError | Divergence, number> => {
    const step = before.step + index;
    const stepsPerEpoch = batches.length;
    const rate =
      rateFactor * rateAt(settings.schedule)({ step, steps: settings.epochs * stepsPerEpoch, stepsPerEpoch });
    const taken = resident.step({
      samples: { places },
      scalars: adamScalars(settings.adam, { step: step + 1, rate, batch: places.length }),
    });
    const holder = batches[index - 1]?.set.resident ?? resident;
    return pipe(
      holder === resident
        ? taken
        : pipe(
            handedOver(holder, resident),
            TE.chain(() => taken),
          ),
      TE.map(({ loss = none }) => sumOf(loss)),
      TE.filterOrElse(
        (loss) => loss / places.length <= limit,
        (loss) =>
          step === 0
            ? backendError(
                `expected a finite loss before the first step, got ${loss / places.length}: look at the labels, and at what the ` +
                  'forces weigh',
              )
            : divergence(
                `expected a mean loss of at most ${limit}, got ${loss / places.length} before step ${step}`,
                settings.schedule,
                rateFactor,
              ),
      ),
    );
  };

/** The losses of all batches of an epoch; what they may grow from is the loss of the last one, or of the very first batch. */
const lossesOf = (
  batches: readonly SetBatch<ResidentSet>[],
  settings: TrainingSettings,
  state: TrainingState,
): TaskEither<BackendError | Divergence, readonly number[]> => {
  const [first, ...others] = batches;
  const { loss } = state;
  const step = stepOf(batches, settings, state);
  return first === undefined
    ? TE.right([])
    : pipe(
        step(limitAfter(loss))(0, first),
        TE.chain((firstLoss) => {
          const limit = limitAfter(Number.isNaN(loss) ? firstLoss / first.places.length : loss);
          return pipe(
            others,
            TE.traverseSeqArrayWithIndex((index, batch) => step(limit)(index + 1, batch)),
            TE.map((losses) => [firstLoss, ...losses]),
          );
        }),
      );
};

/** Refuses a state that is not finite: no loss has measured what the last step did. */
const expectFinite = (
  { schedule }: TrainingSettings,
  { rateFactor }: TrainingState,
  step: number,
  arrays: Arrays,
): Either<Divergence, unknown> => {
  const [name] = Object.entries(arrays).find(([, values]) => !areFinite(values)) ?? [];
  return name === undefined
    ? E.right(arrays)
    : E.left(divergence(`expected finite numbers in ${name} after step ${step}, got others`, schedule, rateFactor));
};

/** An epoch brings its state with it, so that it depends on no epoch before; what that costs is a copy. */
const epochOn =
  (sets: ReadonlyNonEmptyArray<ResidentSet>, settings: TrainingSettings): Epoch =>
  (state) => {
    const count = sets.reduce((sum, set) => sum + set.count, 0);
    const batches = pipe(
      drawn(streamOf(settings.seed, state.epoch, 'shuffle'))(permutation(count)),
      batchesOfSets(sets, settings.batch),
    );
    const [begin, end] = [batches[0]?.set ?? sets[0], batches.at(-1)?.set ?? sets[0]];
    return pipe(
      begin.resident.write(residentState(state.adam)),
      TE.chainW(() => lossesOf(batches, settings, state)),
      TE.bindTo('losses'),
      TE.bindW('arrays', () => end.resident.read),
      TE.chainFirstEitherKW(({ arrays }) => expectFinite(settings, state, state.adam.step + batches.length, arrays)),
      TE.map(({ losses, arrays }) => ({
        ...state,
        epoch: state.epoch + 1,
        adam: afterSteps(batches.length, arrays)(state.adam),
        loss: losses.reduce((sum, loss) => sum + loss, 0) / count,
      })),
    );
  };

/**
 * Makes the training of a network resident with a backend: its loss and the gradients are compiled, the samples and the
 * first state are there for as long as it is not released. Each set of samples is a resident of its own; they hand the
 * state on to each other.
 *
 * The batch gradient is the mean of the samples' gradients. A loss that has grown beyond all measure ends an epoch with a
 * divergence: too high a rate kills a deep product network for good.
 */
export const residentTraining =
  (backend: Backend, settings: TrainingSettings) =>
  (network: TypedProgram, sets: SampleSets, first: TrainingState): TaskEither<BackendError, ResidentTraining> => {
    const trained = pipe(
      declarations('parameter')(network),
      filterWithIndex((name) => !settings.frozen.includes(name)),
    );
    const residentOf = (samples: LabelledSamples): TaskEither<BackendError, ResidentSet> => {
      const unit = relativeSize(sets, samples);
      const weight = settings.loss.weight / (unit * unit);
      return pipe(
        network,
        lossProgram({ ...settings.loss, weight }, Object.keys(trained)),
        TE.fromEither,
        TE.mapLeft(({ message }) => backendError(message)),
        TE.chain(backend.compile),
        TE.chain((executable) =>
          executable.resident({
            update: adamProgram(settings.adam)(trained),
            state: residentState(first.adam),
            latticeSize: samples.latticeSize,
            data: { inputs: lossInputs(samples), batch: samples.count },
            observed: ['loss'],
          }),
        ),
        TE.map((resident) => ({ resident, count: samples.count })),
      );
    };
    const [one, ...others] = sets;
    return pipe(
      others.reduce<TaskEither<BackendError, ReadonlyNonEmptyArray<ResidentSet>>>(
        (before, samples) => pipe(before, TE.chain(withAnother(residentOf(samples)))),
        pipe(residentOf(one), TE.map(RNEA.of)),
      ),
      TE.map((residents) => {
        const turn = inTurn();
        const epoch = epochOn(residents, settings);
        return { epoch: (state) => turn(epoch(state)), release: releaseOf(residents) };
      }),
    );
  };

const releaseOf =
  (sets: readonly ResidentSet[]): IO<void> =>
  () => {
    sets.forEach(({ resident }) => {
      resident.release();
    });
  };

/** One more resident; where it cannot be made, those that were are released. */
const withAnother =
  (another: TaskEither<BackendError, ResidentSet>) =>
  (sets: ReadonlyNonEmptyArray<ResidentSet>): TaskEither<BackendError, ReadonlyNonEmptyArray<ResidentSet>> =>
    pipe(
      another,
      TE.orElseFirstIOK(() => releaseOf(sets)),
      TE.map((set) => pipe(sets, RNEA.concat(RNEA.of(set)))),
    );
