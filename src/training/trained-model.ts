/** The model that a training ended with, and which training that was: a model's file with more in its metadata. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { DataError } from '../file/data-error.ts';
import type { Digest } from '../file/digest.ts';
import { readSafetensors, type TensorFile } from '../file/safetensors.ts';
import { isSealed, unsealed, writeSealed } from '../file/sealed-tensors.ts';
import { modelFile, modelOf } from '../network/model-file.ts';
import type { Model } from '../network/model.ts';
import { numberIn, textIn } from './training-metadata.ts';

/** A model at the end of its training. */
export interface TrainedModel extends Model {
  /** What the run was started with, as its checkpoints say it. */
  readonly run: string;
  readonly epoch: number;
  /** Of the last epoch. */
  readonly loss: number;
}

/** The bytes of a trained model's file, in float64; whoever reads models reads it. Fails where a weight is not finite. */
export const writeTrainedModel =
  (digest: Digest) =>
  ({ run, epoch, loss, ...model }: TrainedModel): Either<DataError, Uint8Array> =>
    pipe(
      modelFile('float64')(model),
      E.chain(({ metadata, tensors }) =>
        writeSealed(digest)({ metadata: { ...metadata, run, epoch: `${epoch}`, loss: `${loss}` }, tensors }),
      ),
    );

/** The trained model in a file. Fails for one that was changed, damaged, or not written by a training. */
const trainedModelOf =
  (digest: Digest) =>
  (sealed: TensorFile): Either<DataError, TrainedModel> =>
    pipe(
      sealed,
      unsealed(digest, 'a trained model'),
      E.chain((file) =>
        pipe(
          modelOf(file),
          E.bindTo('model'),
          E.apS('run', textIn(file, 'run')),
          E.apS('epoch', numberIn(file, 'epoch')),
          E.apS('loss', numberIn(file, 'loss')),
          E.map(({ model, ...training }) => ({ ...model, ...training })),
        ),
      ),
    );

/** The trained model in these bytes. Fails for one that was changed, damaged, or not written by a training. */
export const readTrainedModel =
  (digest: Digest) =>
  (bytes: Uint8Array): Either<DataError, TrainedModel> =>
    pipe(readSafetensors(bytes), E.chain(trainedModelOf(digest)));

/**
 * The model in these bytes, whoever wrote them: what names a training or carries a digest must be as that training left it,
 * a model of another program is believed as it stands.
 */
export const readAnyModel =
  (digest: Digest) =>
  (bytes: Uint8Array): Either<DataError, Model> =>
    pipe(
      readSafetensors(bytes),
      E.chain((file) =>
        isSealed(file) || Object.hasOwn(file.metadata, 'run') ? trainedModelOf(digest)(file) : modelOf(file),
      ),
    );
