/** The model that a training ended with, and which training that was: a model's file with more in its metadata. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { canonicalJson } from '../file/canonical-json.ts';
import { isCheckpoint } from '../file/checkpoint-mark.ts';
import { dataError, type DataError } from '../file/data-error.ts';
import type { Digest } from '../file/digest.ts';
import { readSafetensors, type TensorFile } from '../file/safetensors.ts';
import { isSealed, unsealed, writeSealed } from '../file/sealed-tensors.ts';
import { modelFile, modelOf } from '../network/model-file.ts';
import type { Model } from '../network/model.ts';
import type { BestEpoch } from './best-weights.ts';
import type { RateFactor } from './divergence.ts';
import { bestIn, bestMetadata, numberIn, rateFactorIn, rateFactorMetadata, textIn } from './training-metadata.ts';
import { readDataRecord, readRecord, showDataRecord, type DataRecord, type TrainingRecord } from './training-record.ts';

/** A model at the end of its training. */
export interface TrainedModel extends Model {
  /** What the run was started with, as its checkpoints say it. */
  readonly run: string;
  /** The data that were held out; null where none were. Where they chose the weights, the run says them too. */
  readonly validation: DataRecord | null;
  /** The version of efnn that trained. */
  readonly program: string;
  readonly epoch: number;
  /** Of the last epoch. */
  readonly loss: number;
  /** What the rates of the plan were multiplied by. */
  readonly rateFactor: RateFactor;
  /** The epoch whose weights these are, and their RMSE on what was held out; null where they are the last. */
  readonly best: BestEpoch | null;
}

/** How a model was trained, as its file says. */
export interface Training
  extends TrainingRecord, Pick<TrainedModel, 'validation' | 'program' | 'loss' | 'rateFactor' | 'best'> {}

/** A model, and its training where its file says one. */
export interface KnownModel extends Model {
  readonly training: Training | null;
  /** All that the metadata of its file say, in their words. */
  readonly metadata: TensorFile['metadata'];
}

/** The bytes of a trained model's file, in float64; whoever reads models reads it. Fails where a weight is not finite. */
export const writeTrainedModel =
  (digest: Digest) =>
  ({
    run,
    validation,
    program,
    epoch,
    loss,
    rateFactor,
    best,
    ...model
  }: TrainedModel): Either<DataError, Uint8Array> =>
    pipe(
      modelFile('float64')(model),
      E.chain(({ metadata, tensors }) =>
        writeSealed(digest)({
          metadata: {
            ...metadata,
            ...(validation === null ? {} : { validation: showDataRecord(validation) }),
            ...{ run, program, epoch: `${epoch}`, loss: `${loss}` },
            ...rateFactorMetadata(rateFactor),
            ...bestMetadata(best),
          },
          tensors,
        }),
      ),
    );

const whatIsTrained = 'a trained model';

/** The version of a program: three numbers, and what a prerelease is called. */
const isVersion = (text: string): boolean => /^\d{1,9}\.\d{1,9}\.\d{1,9}(-[0-9A-Za-z.-]{1,40})?$/.test(text);

const validationIn = ({ metadata }: TensorFile): Either<DataError, DataRecord | null> =>
  metadata['validation'] === undefined ? E.right(null) : readDataRecord(metadata['validation']);

interface Recorded {
  readonly model: TrainedModel;
  readonly record: TrainingRecord;
}

/** A model, and a training that can have ended with it: of the network that was asked for, after all of its epochs. */
const ofOneTraining = ({ model, record }: Recorded): boolean =>
  isVersion(model.program) &&
  model.epoch === record.plan.epochs &&
  (model.best !== null) === (record.chosenOn !== undefined) &&
  (model.best?.epoch ?? 1) <= model.epoch &&
  model.network.architecture === record.network.architecture &&
  canonicalJson({ ...model.network.shape }) === canonicalJson({ ...record.network.shape });

/** Refuses the checkpoint of a training, whole or damaged: what it lacks is still to come, and its run is not lost. */
const finished: (file: TensorFile) => Either<DataError, TensorFile> = E.fromPredicate(
  (file) => !isCheckpoint(file),
  () =>
    dataError(
      `expected ${whatIsTrained}, got the checkpoint of a training that is not finished: finish it by the command that was ` +
        'stopped (efnn train: with the same options and --resume), and give the model that it writes',
    ),
);

/** The trained model in a file. Fails for one that was changed, damaged, not finished, or not written by a training. */
const recordedModel =
  (digest: Digest) =>
  (sealed: TensorFile): Either<DataError, Recorded> =>
    pipe(
      finished(sealed),
      E.chain(unsealed(digest, whatIsTrained)),
      E.bindTo('file'),
      // What the file says of its training is decoded before a network is built.
      E.bind('run', ({ file }) => textIn(file, 'run')),
      E.bind('record', ({ run }) => readRecord(run)),
      E.bind('validation', ({ file }) => validationIn(file)),
      E.bind('program', ({ file }) => textIn(file, 'program')),
      E.bind('epoch', ({ file }) => numberIn(file, 'epoch')),
      E.bind('loss', ({ file }) => numberIn(file, 'loss')),
      E.bind('rateFactor', ({ file }) => rateFactorIn(file)),
      E.bind('best', ({ file }) => bestIn(file)),
      E.bind('model', ({ file }) => modelOf(file)),
      E.map(({ file: _, record, model, ...training }) => ({ record, model: { ...model, ...training } })),
      E.filterOrElse(ofOneTraining, () =>
        dataError(
          `expected ${whatIsTrained} after the epochs and of the network that its metadata say, with the version of its ` +
            'program, got others; train the model again',
        ),
      ),
    );

/** The trained model in these bytes. Fails for one that was changed, damaged, not finished, or not written by a training. */
export const readTrainedModel =
  (digest: Digest) =>
  (bytes: Uint8Array): Either<DataError, TrainedModel> =>
    pipe(
      readSafetensors(bytes),
      E.chain(recordedModel(digest)),
      E.map(({ model }) => model),
    );

/**
 * The model in these bytes, whoever wrote them: what names a training or carries a digest must be as that training left it,
 * and is known by it; a model of another program is believed as it stands.
 */
export const readAnyModel =
  (digest: Digest) =>
  (bytes: Uint8Array): Either<DataError, KnownModel> =>
    pipe(
      readSafetensors(bytes),
      E.chain((file) =>
        isSealed(file) || Object.hasOwn(file.metadata, 'run')
          ? pipe(
              recordedModel(digest)(file),
              E.map(
                ({ model: { network, weights, validation, program, loss, rateFactor, best }, record }): KnownModel => ({
                  network,
                  weights,
                  training: { ...record, validation, program, loss, rateFactor, best },
                  metadata: file.metadata,
                }),
              ),
            )
          : pipe(
              modelOf(file),
              E.map((model): KnownModel => ({ ...model, training: null, metadata: file.metadata })),
            ),
      ),
    );
