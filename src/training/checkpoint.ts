/**
 * Checkpoints: a model together with the state of its training, as one `.safetensors` file in float64, from which
 * training goes on to the same bits as if it had never stopped.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import { dataError, type DataError } from '../file/data-error.ts';
import type { Digest } from '../file/digest.ts';
import { decimal, wholeNumber } from '../file/numeral.ts';
import { readSafetensors, writeSafetensors, type TensorFile } from '../file/safetensors.ts';
import { modelOf, networkMetadata, weightTensors } from '../network/model-file.ts';
import { networkProgram, type Network } from '../network/network.ts';
import type { Weights } from '../network/weights.ts';
import type { TrainingState } from './train.ts';

/** A training that can go on. */
export interface Checkpoint {
  readonly network: Network;
  readonly state: TrainingState;
  /** What the run was started with; resuming with anything else is refused. */
  readonly run: string;
}

/** The three sets of tensors: what they are called in the file, and how. */
const prefixes = { weights: '', firstMoment: 'adam.m/', secondMoment: 'adam.v/' } as const;

type Part = keyof typeof prefixes;

const parts: readonly Part[] = ['weights', 'firstMoment', 'secondMoment'];

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
            run,
          },
          tensors: Object.fromEntries(
            parts.flatMap((part) =>
              Object.entries(weightTensors(network, program, 'float64')(state.adam[part])).map(([name, tensor]) => [
                prefixes[part] + name,
                tensor,
              ]),
            ),
          ),
        }),
      ),
      E.chain((file) =>
        pipe(
          contentDigest(digest)(file),
          E.chain((sha256) => writeSafetensors({ ...file, metadata: { ...file.metadata, [digestKey]: sha256 } })),
        ),
      ),
    );

/** Where the metadata hold the digest: that of the file as it is without it. */
const digestKey = 'contentSha256';

const contentDigest =
  (digest: Digest) =>
  (file: TensorFile): Either<DataError, string> =>
    pipe(writeSafetensors(file), E.map(digest));

/** The file without its digest. Fails unless that is the digest of the rest. */
const undamaged =
  (digest: Digest) =>
  ({ metadata: { [digestKey]: expected, ...metadata }, tensors }: TensorFile): Either<DataError, TensorFile> => {
    const file = { metadata, tensors };
    return pipe(
      contentDigest(digest)(file),
      E.filterOrElse(
        (found) => found === expected,
        () => dataError('expected a checkpoint as efnn wrote it, got a changed or damaged one; start training again'),
      ),
      E.map(() => file),
    );
  };

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
    modelOf({ ...file, tensors: partOf(part)(file) });

/** A whole number in the metadata, or for the loss any that is finite. */
const numberIn = (file: TensorFile, name: string): Either<DataError, number> =>
  pipe(
    O.fromNullable(file.metadata[name]),
    O.chain(name === 'loss' ? decimal : wholeNumber),
    E.fromOption(() =>
      dataError(`expected a number for ${name} in the metadata of a checkpoint, got none; start training again`),
    ),
  );

/** The checkpoint in these bytes. Fails for one that was changed or damaged, if only by a bit of a weight. */
export const readCheckpoint =
  (digest: Digest) =>
  (bytes: Uint8Array): Either<DataError, Checkpoint> =>
    pipe(
      readSafetensors(bytes),
      E.chain(undamaged(digest)),
      E.chain((file) =>
        pipe(
          E.Do,
          E.apS('model', weightsIn('weights')(file)),
          E.apS('first', weightsIn('firstMoment')(file)),
          E.apS('second', weightsIn('secondMoment')(file)),
          E.apS('epoch', numberIn(file, 'epoch')),
          E.apS('step', numberIn(file, 'step')),
          E.apS('loss', numberIn(file, 'loss')),
          E.map(({ model, first, second, epoch, step, loss }) => ({
            network: model.network,
            run: file.metadata['run'] ?? '',
            state: {
              epoch,
              loss,
              adam: { step, weights: model.weights, firstMoment: first.weights, secondMoment: second.weights },
            },
          })),
        ),
      ),
    );
