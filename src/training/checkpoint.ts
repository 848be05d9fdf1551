/**
 * Checkpoints: a model together with the state of its training, as one `.safetensors` file in float64, from which
 * training goes on to the same bits as if it had never stopped.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { checkpointEnding } from '../file/checkpoint-mark.ts';
import { dataError, type DataError } from '../file/data-error.ts';
import type { Digest } from '../file/digest.ts';
import type { TensorFile } from '../file/safetensors.ts';
import { readSealed, writeSealed } from '../file/sealed-tensors.ts';
import { modelOf, networkMetadata, weightTensors } from '../network/model-file.ts';
import { networkProgram, type Network } from '../network/network.ts';
import type { Weights } from '../network/weights.ts';
import { momentNames } from './adam.ts';
import type { BestWeights } from './best-weights.ts';
import type { TrainingState } from './train.ts';
import { bestIn, bestMetadata, numberIn, rateFactorIn, rateFactorMetadata } from './training-metadata.ts';

/** A training that can go on. */
export interface Checkpoint {
  readonly network: Network;
  readonly state: TrainingState;
  /** What the run was started with; resuming with anything else is refused. */
  readonly run: string;
}

/** Where a run that writes this model keeps its state until it is done. */
export const checkpointPath = (out: string): string => out + checkpointEnding;

/** The sets of tensors: what they are called in the file, and how. */
const moments = momentNames('');

const prefixes = { weights: '', firstMoment: moments.first, secondMoment: moments.second, best: 'best/' };

type Part = keyof typeof prefixes;

const parts: readonly Part[] = ['weights', 'firstMoment', 'secondMoment', 'best'];

/** What a state has of each set; there may be no best weights. */
const weightsOf = ({ adam, best }: TrainingState): readonly (readonly [Part, Weights])[] => [
  ['weights', adam.weights],
  ['firstMoment', adam.firstMoment],
  ['secondMoment', adam.secondMoment],
  ...(best === null ? [] : [['best', best.weights] as const]),
];

/**
 * The bytes of a checkpoint, with the digest of its content in the metadata. Fails where one of its weights or moments is not
 * finite.
 */
export const writeCheckpoint =
  (digest: Digest) =>
  ({ network, state, run }: Checkpoint): Either<DataError, Uint8Array> =>
    pipe(
      networkProgram(network),
      E.bimap(
        ({ message }) => dataError(message),
        (program) => ({
          metadata: {
            ...networkMetadata(network),
            epoch: `${state.epoch}`,
            step: `${state.adam.step}`,
            loss: `${state.loss}`,
            ...rateFactorMetadata(state.rateFactor),
            ...bestMetadata(state.best),
            run,
          },
          tensors: Object.fromEntries(
            weightsOf(state).flatMap(([part, values]) =>
              Object.entries(weightTensors(network, program, 'float64')(values)).map(([name, tensor]) => [
                prefixes[part] + name,
                tensor,
              ]),
            ),
          ),
        }),
      ),
      E.chain(writeSealed(digest)),
    );

/** The tensors of one part, under their plain names. */
const partOf =
  (part: Part) =>
  ({ tensors }: TensorFile): TensorFile['tensors'] => {
    const others = parts.filter((other) => other !== part && prefixes[other].startsWith(prefixes[part]));
    return Object.fromEntries(
      Object.entries(tensors)
        .filter(
          ([name]) => name.startsWith(prefixes[part]) && !others.some((other) => name.startsWith(prefixes[other])),
        )
        .map(([name, tensor]) => [name.slice(prefixes[part].length), tensor]),
    );
  };

const weightsIn =
  (part: Part) =>
  (file: TensorFile): Either<DataError, { readonly network: Network; readonly weights: Weights }> =>
    pipe(
      modelOf({ ...file, tensors: partOf(part)(file) }),
      E.mapLeft((error) =>
        prefixes[part] === '' ? error : dataError(`tensors under ${prefixes[part]}: ${error.message}`),
      ),
    );

const bestWeightsIn = (file: TensorFile): Either<DataError, BestWeights | null> =>
  pipe(
    bestIn(file),
    E.chain((best) =>
      best === null
        ? E.right(null)
        : pipe(
            weightsIn('best')(file),
            E.map(({ weights }) => ({ ...best, weights })),
          ),
    ),
  );

/** The checkpoint in these bytes. Fails for one that was changed or damaged, if only by a bit of a weight. */
export const readCheckpoint =
  (digest: Digest) =>
  (bytes: Uint8Array): Either<DataError, Checkpoint> =>
    pipe(
      readSealed(digest, 'a checkpoint')(bytes),
      E.chain((file) =>
        pipe(
          E.Do,
          E.apS('model', weightsIn('weights')(file)),
          E.apS('first', weightsIn('firstMoment')(file)),
          E.apS('second', weightsIn('secondMoment')(file)),
          E.apS('epoch', numberIn(file, 'epoch')),
          E.apS('step', numberIn(file, 'step')),
          E.apS('loss', numberIn(file, 'loss')),
          E.apS('rateFactor', rateFactorIn(file)),
          E.apS('best', bestWeightsIn(file)),
          E.map(({ model, first, second, epoch, step, loss, rateFactor, best }) => ({
            network: model.network,
            run: file.metadata['run'] ?? '',
            state: {
              epoch,
              loss,
              rateFactor,
              best,
              adam: { step, weights: model.weights, firstMoment: first.weights, secondMoment: second.weights },
            },
          })),
        ),
      ),
    );
