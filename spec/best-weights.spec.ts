/** Which weights a training keeps. */
import { flow, pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../src/training/checkpoint.ts';
import { runTraining, type TrainingOrder } from '../src/training/training-run.ts';
import { digest } from './arbitraries/runs.ts';
import { verify } from './law.ts';
import { bestAreKept, bestSurviveAStop, type Run } from './laws/best-weights.ts';
import { right } from './right.ts';

/** Runs of other orders. */
const ordering =
  (change: (order: TrainingOrder) => TrainingOrder): Run =>
  (backend, order) =>
    runTraining(backend, change(order));

/** Runs with other errors where some are measured. */
const measuring = (change: (rmse: number) => number): Run =>
  ordering(({ heldOutError, ...order }) => ({
    ...order,
    ...(heldOutError === undefined ? {} : { heldOutError: flow(heldOutError, TE.map(change)) }),
  }));

verify(bestAreKept, runTraining, {
  'the last are kept': (backend, order) => (afterEpoch, afterDivergence) =>
    pipe(
      runTraining(backend, order)(afterEpoch, afterDivergence),
      TE.map((trained) => ({ ...trained, weights: trained.state.adam.weights })),
    ),
  'nothing is chosen': ordering(({ heldOutError: _, ...order }) => order),
  'the worst are kept': measuring((rmse) => -rmse),
  'what is no number is the lowest': measuring((rmse) => (Number.isFinite(rmse) ? rmse : 0)),
  'the later of equals': (backend, order) => {
    const calls = new Array<number>();
    return measuring((rmse) => rmse - 1e-9 * calls.push(rmse))(backend, order);
  },
});

const saved = (checkpoint: Checkpoint): Checkpoint =>
  right(readCheckpoint(digest)(right(writeCheckpoint(digest)(checkpoint))));

/** Runs that read another checkpoint than was written. */
const reading = (change: (checkpoint: Checkpoint) => Checkpoint): Run =>
  ordering((order) => ({ ...order, checkpoint: order.checkpoint === null ? null : change(order.checkpoint) }));

verify(bestSurviveAStop(saved), runTraining, {
  'the best so far are lost': reading(({ state, ...rest }) => ({ ...rest, state: { ...state, best: null } })),
  'the last are the best so far': reading(({ state, ...rest }) => ({
    ...rest,
    state: { ...state, best: state.best === null ? null : { ...state.best, weights: state.adam.weights } },
  })),
  'the best are saved as float32': reading(({ state, ...rest }) => ({
    ...rest,
    state: {
      ...state,
      best:
        state.best === null
          ? null
          : {
              ...state.best,
              weights: Object.fromEntries(
                Object.entries(state.best.weights).map(([name, values]) => [name, values.map(Math.fround)]),
              ),
            },
    },
  })),
});
