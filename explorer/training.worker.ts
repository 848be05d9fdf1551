/**
 * A training from nothing: configurations are drawn and labelled, on several threads, and a network learns their energies and
 * forces. Whoever wants it to stop ends the worker, and with it the workers that it has started.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { backendError, type Backend, type BackendError } from 'efnn/backends';
import { networkProgram } from 'efnn/networks';
import {
  compilePrediction,
  errorMeasures,
  runTraining,
  type Checkpoint,
  type LabelledSamples,
  type TrainingPlan,
} from 'efnn/training';

import ExactWorker from './exact.worker.ts?worker';
import { joined } from './joined.ts';
import type { FromExact, FromTraining, LabelOrder, Labels, TrainingOrder } from './messages.ts';
import { started } from './started-backends.ts';
import { heldOut } from './state.ts';
import { trainedNetwork } from './trained-network.ts';

const say = (message: FromTraining): void => {
  postMessage(message);
};

/** The lattice of the training; what is learned there holds on every other. */
const size = 10;

/** Those that are held out have a seed of their own. */
const heldOutSeed = 2;

/** Few, so that a worker soon reports, and threads end together. */
const portion = 25;

const portionsOf = (seed: number, count: number): readonly LabelOrder[] =>
  Array.from({ length: Math.ceil(count / portion) }, (_, index) => ({
    tag: 'labels',
    id: index,
    size,
    seed,
    first: index * portion,
    count: Math.min(portion, count - index * portion),
  }));

/** What one worker makes of an order. */
const labelledBy = async (worker: Worker, order: LabelOrder): Promise<Labels> =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FromExact>): void => {
      if (data.tag === 'labels' && data.answer.tag === 'answer') {
        resolve(data.answer.value);
      } else {
        reject(new RangeError(data.answer.tag === 'failure' ? data.answer.message : 'expected labels, got an energy'));
      }
    };
    worker.onerror = ({ message }) => {
      reject(new RangeError(`a worker that labels ended: ${message}`));
    };
    worker.postMessage(order);
  });

/** All orders, each by the next worker that is free; their labels in the order of the orders. */
const labelledByAll = async (workers: readonly Worker[], orders: readonly LabelOrder[]): Promise<readonly Labels[]> => {
  const waiting = [...orders];
  const done = new Map<LabelOrder, Labels>();
  const goOn = async (worker: Worker): Promise<void> => {
    const next = waiting.shift();
    if (next !== undefined) {
      const labels = await labelledBy(worker, next);
      done.set(next, labels);
      say({ tag: 'labelled', count: labels.energies.length });
      await goOn(worker);
    }
  };
  await Promise.all(workers.map(goOn));
  return orders.flatMap((order) => done.get(order) ?? []);
};

const samplesOf = (labels: readonly Labels[]): LabelledSamples => {
  const energies = joined(labels.map((each) => each.energies));
  return {
    count: energies.length,
    latticeSize: size,
    spins: joined(labels.map(({ spins }) => spins)),
    energies,
    forces: joined(labels.map(({ forces }) => forces)),
  };
};

const planOf = ({ epochs, seed }: TrainingOrder): TrainingPlan => ({
  start: 'published',
  seed,
  epochs,
  batch: 50,
  schedule: { tag: 'oneCycle', peak: 1e-2 },
  weightDecay: 0,
  clip: 1,
  forceWeight: 'balanced',
});

/** Predictions of the energies that are held out, as they are after each epoch. */
const reports =
  (backend: Backend, test: LabelledSamples) =>
  ({ network: of, state }: Checkpoint): TE.TaskEither<BackendError, void> =>
    pipe(
      TE.fromEither(networkProgram(of)),
      TE.mapLeft(({ message }) => backendError(message)),
      TE.chain(compilePrediction(backend, { forces: false })),
      TE.chain((predict) => predict(state.adam.weights)(test)),
      TE.map(({ energies }) => {
        const { relative, meanPredictor } = errorMeasures(test.energies)(energies);
        const model = { network: of, weights: state.adam.weights };
        const report = { epoch: state.epoch, loss: state.loss, relative: relative ?? NaN, model };
        say({ tag: 'epoch', report, meanPredictor: meanPredictor ?? NaN });
      }),
    );

const trained = async (order: TrainingOrder): Promise<void> => {
  const workers = Array.from({ length: order.threads }, () => new ExactWorker());
  const training = portionsOf(order.seed, order.samples);
  const labels = await labelledByAll(workers, [...training, ...portionsOf(order.seed + heldOutSeed, heldOut)]);
  workers.forEach((worker) => {
    worker.terminate();
  });
  const [samples, test] = [samplesOf(labels.slice(0, training.length)), samplesOf(labels.slice(training.length))];
  const backend = await started(order.backend, order.threads);
  if (E.isLeft(backend)) {
    throw new RangeError(backend.left);
  }
  const ended = await runTraining(backend.right, {
    network: trainedNetwork(order.channels, order.layers),
    plan: planOf(order),
    samples: [samples],
    checkpoint: null,
    run: '',
  })(reports(backend.right, test))();
  if (E.isLeft(ended)) {
    throw new RangeError(ended.left.message);
  }
};

self.onmessage = ({ data }: MessageEvent<TrainingOrder>): void => {
  trained(data).then(
    () => {
      say({ tag: 'done' });
    },
    (error: unknown) => {
      say({ tag: 'failure', message: error instanceof Error ? error.message : String(error) });
    },
  );
};
