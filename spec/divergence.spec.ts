/** Trainings that diverge, and begin again at half the rate. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { BackendError } from '../src/backend/backend.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../src/training/checkpoint.ts';
import type { Divergence } from '../src/training/divergence.ts';
import type { Schedule } from '../src/training/schedule.ts';
import type { TrainedNetwork, TrainingOrder } from '../src/training/training-run.ts';
import { digest } from './arbitraries/runs.ts';
import { verify } from './law.ts';
import {
  deadTrainingsBeginAgain,
  divergedBeginAgain,
  divergedTwiceIsAnError,
  run,
  stoppedWhileDiverging,
  type Run,
} from './laws/divergence.ts';
import { right } from './right.ts';
import { withResidents } from './with-residents.ts';

interface Diverged {
  readonly tag: 'Diverged';
}

/** Runs that, where a training diverges, do another order instead. */
const insteadOf =
  (other: (order: TrainingOrder, last: Checkpoint | null) => TrainingOrder): Run =>
  <E>(
    backend: Parameters<Run>[0],
    order: TrainingOrder,
    afterEpoch: Parameters<typeof run<E>>[2],
    afterDivergence: Parameters<typeof run<E>>[3],
  ): TaskEither<BackendError | Divergence | E, TrainedNetwork> => {
    const reached = new Map<'last', Checkpoint>();
    return pipe(
      run<E | Diverged>(
        backend,
        order,
        (checkpoint) => {
          reached.set('last', checkpoint);
          return afterEpoch(checkpoint);
        },
        (divergence) =>
          pipe(
            afterDivergence(divergence),
            TE.chainW(() => TE.left<Diverged>({ tag: 'Diverged' })),
          ),
      ),
      TE.orElse((error): TaskEither<BackendError | Divergence | E, TrainedNetwork> =>
        isDiverged(error)
          ? run(backend, other(order, reached.get('last') ?? null), afterEpoch, afterDivergence)
          : TE.left(error),
      ),
    );
  };

const isDiverged = (error: unknown): error is Diverged =>
  typeof error === 'object' && error !== null && 'tag' in error && error.tag === 'Diverged';

const scaled =
  (by: number) =>
  (schedule: Schedule): Schedule => {
    switch (schedule.tag) {
      case 'decay':
        return { ...schedule, rate: by * schedule.rate };
      case 'staircase':
        return { ...schedule, first: by * schedule.first, last: by * schedule.last };
      case 'oneCycle':
        return { ...schedule, peak: by * schedule.peak };
    }
  };

const silent: Run = (backend, order, afterEpoch) => run(backend, order, afterEpoch, () => TE.right(undefined));

verify(divergedBeginAgain, run, {
  'nothing is said': silent,
  'at a third of the rate': insteadOf((order) => ({
    ...order,
    plan: { ...order.plan, schedule: scaled(1 / 3)(order.plan.schedule) },
  })),
  'at half the rate, without a record of it': insteadOf((order) => ({
    ...order,
    plan: { ...order.plan, schedule: scaled(1 / 2)(order.plan.schedule) },
  })),
  'from another seed': (backend, order, afterEpoch, afterDivergence) =>
    insteadOf(({ plan, ...rest }) => ({ ...rest, plan: { ...plan, seed: plan.seed + 1 } }))(
      backend,
      order,
      afterEpoch,
      afterDivergence,
    ),
});

/** Runs on a backend that tells other losses. */
const hearing =
  (change: (loss: number) => number): Run =>
  (backend, order, afterEpoch, afterDivergence) =>
    run(
      withResidents(backend, (resident) => ({
        ...resident,
        step: (step) =>
          pipe(
            resident.step(step),
            TE.map(({ loss, ...others }) => ({ ...others, ...(loss === undefined ? {} : { loss: loss.map(change) }) })),
          ),
      })),
      order,
      afterEpoch,
      afterDivergence,
    );

verify(deadTrainingsBeginAgain, run, {
  'whatever is finite is alive': hearing((loss) => Math.min(loss, 10)),
  'ten times the loss of the mean is death': hearing((loss) => (loss > 1e2 ? 1e2 * loss : loss)),
  'forces do not count': (backend, order, afterEpoch, afterDivergence) =>
    hearing((loss) => (order.plan.forceWeight !== null && loss > 1e3 ? 9 * loss : loss))(
      backend,
      order,
      afterEpoch,
      afterDivergence,
    ),
  'at the rate that killed it': insteadOf((order) => order),
});

/** Half of the half, where that diverges too. */
const again: Run = (backend, order, afterEpoch, afterDivergence) =>
  pipe(
    run(backend, order, afterEpoch, afterDivergence),
    TE.orElse(() =>
      run(
        backend,
        { ...order, plan: { ...order.plan, schedule: scaled(1 / 4)(order.plan.schedule) } },
        afterEpoch,
        afterDivergence,
      ),
    ),
  );

verify(divergedTwiceIsAnError, run, {
  'a third time': again,
  'at the same rate, as if for the first time': insteadOf((order) => order),
});

const saved = (checkpoint: Checkpoint): Checkpoint =>
  right(readCheckpoint(digest)(right(writeCheckpoint(digest)(checkpoint))));

/** Runs that read another checkpoint than was written. */
const reading =
  (change: (checkpoint: Checkpoint) => Checkpoint): Run =>
  (backend, order, afterEpoch, afterDivergence) =>
    run(
      backend,
      { ...order, checkpoint: order.checkpoint === null ? null : change(order.checkpoint) },
      afterEpoch,
      afterDivergence,
    );

verify(stoppedWhileDiverging(saved), run, {
  'checkpoints forget that rates were halved': reading(({ state, ...rest }) => ({
    ...rest,
    state: { ...state, rateFactor: 1 },
  })),
  'what was stopped goes on at half the rate': reading(({ state, ...rest }) => ({
    ...rest,
    state: { ...state, rateFactor: 0.5 },
  })),
  'what was stopped begins again': (backend, order, afterEpoch, afterDivergence) =>
    run(backend, { ...order, checkpoint: null }, afterEpoch, afterDivergence),
});
