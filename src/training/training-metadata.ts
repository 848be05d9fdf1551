/** What the metadata of checkpoints and trained models say of the training: numbers and texts. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { dataError, type DataError } from '../file/data-error.ts';
import { decimal, wholeNumber } from '../file/numeral.ts';
import { quoted } from '../file/quoted.ts';
import type { TensorFile } from '../file/safetensors.ts';
import type { BestEpoch } from './best-weights.ts';
import type { RateFactor } from './divergence.ts';

const refusal = (kind: string, name: string, got: string): DataError =>
  dataError(`expected a ${kind} for ${name} in the metadata of a training, got ${got}; start training again`);

/** A text in the metadata. */
export const textIn = ({ metadata }: TensorFile, name: string): Either<DataError, string> =>
  pipe(metadata[name], E.fromNullable(refusal('text', name, 'none')));

/** How the metadata say a factor of the rates: not at all, where it is 1. */
export const rateFactorMetadata = (factor: RateFactor): TensorFile['metadata'] =>
  factor === 1 ? {} : { rateFactor: `${factor}` };

/** The factor of the rates in the metadata. */
export const rateFactorIn = ({ metadata }: TensorFile): Either<DataError, RateFactor> => {
  const text = metadata['rateFactor'];
  return text === undefined
    ? E.right(1)
    : text === '0.5'
      ? E.right(0.5)
      : E.left(refusal('factor 0.5, or none,', 'rateFactor', quoted(text)));
};

/** How the metadata say which epoch was the best: not at all, where none was chosen. */
export const bestMetadata = (best: BestEpoch | null): TensorFile['metadata'] =>
  best === null ? {} : { bestEpoch: `${best.epoch}`, bestRmse: `${best.rmse}` };

/** The best epoch in the metadata; null where none was chosen. */
export const bestIn = (file: TensorFile): Either<DataError, BestEpoch | null> =>
  file.metadata['bestEpoch'] === undefined && file.metadata['bestRmse'] === undefined
    ? E.right(null)
    : pipe(E.Do, E.apS('epoch', numberIn(file, 'bestEpoch')), E.apS('rmse', numberIn(file, 'bestRmse')));

/** The numbers that need not be whole. */
const reals = ['loss', 'bestRmse'];

/** A whole number in the metadata, or for losses and errors any that is finite. */
export const numberIn = ({ metadata }: TensorFile, name: string): Either<DataError, number> => {
  const [kind, numeral] = reals.includes(name)
    ? (['finite number', decimal] as const)
    : (['whole number', wholeNumber] as const);
  const text = metadata[name];
  return text === undefined
    ? E.left(refusal(kind, name, 'none'))
    : pipe(
        numeral(text),
        E.fromOption(() => refusal(kind, name, quoted(text))),
      );
};
