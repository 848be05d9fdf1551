/** Laws of the weights that a training keeps: the best by what is held out, or the last. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { reference } from '../../src/backend/reference/reference.ts';
import type { Weights } from '../../src/network/weights.ts';
import type { HeldOutError } from '../../src/training/best-weights.ts';
import type { Checkpoint } from '../../src/training/checkpoint.ts';
import { runTraining, type TrainingOrder } from '../../src/training/training-run.ts';
import { bits, runCases, shortPlan, smallNetwork, type RunCase } from '../arbitraries/trainings.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** How trainings are run, with the checkpoint of a stopped one as it was stored. */
export type Run = typeof runTraining;

/** A training, and the errors of its four epochs on what is held out. */
export interface Chosen {
  readonly run: RunCase;
  readonly errors: readonly number[];
}

const heldOutErrors = fc.constantFrom(0.25, 0.5, 1, 1, 2, NaN, Infinity);

const ofEveryEpoch = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.array(one, { minLength: shortPlan.epochs, maxLength: shortPlan.epochs });

/** Errors with equals among them, and such as are no numbers: some, or all. */
export const chosenCases: fc.Arbitrary<Chosen> = fc.record({
  run: runCases,
  errors: fc.oneof(
    { weight: 4, arbitrary: ofEveryEpoch(heldOutErrors) },
    { weight: 1, arbitrary: ofEveryEpoch(fc.constantFrom(NaN, Infinity)) },
  ),
});

/** The epoch with the first of the lowest errors, from 1; 0 where none is finite. */
const bestOf = (errors: readonly number[]): number => {
  const finite = errors.filter(Number.isFinite);
  return finite.length === 0 ? 0 : errors.indexOf(Math.min(...finite)) + 1;
};

const orderOf = ({ run: { samples, seed } }: Chosen): TrainingOrder => ({
  ...{ network: smallNetwork, plan: { ...shortPlan, seed }, samples: [samples] as const, checkpoint: null, run: '' },
});

/** The weights after each epoch of a training that chooses nothing. */
const weightsByEpoch = async (order: TrainingOrder) => {
  const weights = new Array<Weights>();
  const { state } = right(
    await runTraining(reference, order)(({ state: { adam } }) => TE.fromIO(() => void weights.push(adam.weights)))(),
  );
  return { weights, state };
};

/** The error of weights is that of the epoch which ended with them. */
const errorOf =
  (weights: readonly Weights[], errors: readonly number[]): HeldOutError =>
  (now) =>
    TE.right(errors[weights.findIndex((one) => isDeepStrictEqual(one, now))] ?? NaN);

export const bestAreKept: Law<Run, Chosen> = {
  statement:
    'a training that holds data out keeps the weights of the first epoch with the lowest finite error there, tells which that is, ' +
    'and trains as any other; without finite errors it diverges; one that holds nothing out keeps the last',
  cases: chosenCases,
  runs: 15,
  holds: (run) => async (example) => {
    const order = orderOf(example);
    const { weights, state } = await weightsByEpoch(order);
    const epoch = bestOf(example.errors);
    const kept = await run(reference, { ...order, heldOutError: errorOf(weights, example.errors) })(() =>
      TE.right(undefined),
    )();
    const last = right(await run(reference, order)(() => TE.right(undefined))());
    return (
      isDeepStrictEqual(last.weights, weights.at(-1)) &&
      last.state.best === null &&
      (E.isLeft(kept)
        ? epoch === 0 &&
          kept.left.message.startsWith('expected a finite error on what is held out after one of the epochs')
        : bits(kept.right.state) === bits(state) &&
          isDeepStrictEqual(kept.right.weights, weights[epoch - 1]) &&
          isDeepStrictEqual(kept.right.state.best, {
            epoch,
            rmse: example.errors[epoch - 1],
            weights: weights[epoch - 1],
          }))
    );
  },
};

interface Stopped {
  readonly tag: 'Stopped';
  readonly checkpoint: Checkpoint;
}

export const bestSurviveAStop = (stored: (checkpoint: Checkpoint) => Checkpoint): Law<Run, Chosen> => ({
  statement: 'a training that was stopped, saved, read and resumed keeps the same best weights, to the bit',
  cases: chosenCases.filter(({ errors }) => bestOf(errors) > 0),
  runs: 12,
  holds: (run) => async (example) => {
    const plain = orderOf(example);
    const { weights } = await weightsByEpoch(plain);
    const order = { ...plain, heldOutError: errorOf(weights, example.errors) };
    const whole = right(await run(reference, order)(() => TE.right(undefined))());
    const stopped = await run(
      reference,
      order,
    )<Stopped>((checkpoint) =>
      checkpoint.state.epoch < example.run.pause ? TE.right(undefined) : TE.left({ tag: 'Stopped', checkpoint }),
    )();
    if (E.isRight(stopped) || stopped.left.tag !== 'Stopped') {
      return false;
    }
    const checkpoint = stored(stopped.left.checkpoint);
    const resumed = right(await run(reference, { ...order, checkpoint })(() => TE.right(undefined))());
    return (
      isDeepStrictEqual(resumed.weights, whole.weights) &&
      isDeepStrictEqual(resumed.state.best, whole.state.best) &&
      bits(resumed.state) === bits(whole.state)
    );
  },
});
