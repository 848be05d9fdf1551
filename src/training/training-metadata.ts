/** What the metadata of checkpoints and trained models say of the training: numbers and texts. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import { dataError, type DataError } from '../file/data-error.ts';
import { decimal, wholeNumber } from '../file/numeral.ts';
import type { TensorFile } from '../file/safetensors.ts';

const missing = (kind: string, name: string): DataError =>
  dataError(`expected a ${kind} for ${name} in the metadata of a training, got none; start training again`);

/** A text in the metadata. */
export const textIn = ({ metadata }: TensorFile, name: string): Either<DataError, string> =>
  pipe(metadata[name], E.fromNullable(missing('text', name)));

/** A whole number in the metadata, or for the loss any that is finite. */
export const numberIn = ({ metadata }: TensorFile, name: string): Either<DataError, number> =>
  pipe(
    O.fromNullable(metadata[name]),
    O.chain(name === 'loss' ? decimal : wholeNumber),
    E.fromOption(() => missing('number', name)),
  );
