/** Files that the caller names: that one cannot be read is the caller's mistake. */
import { access, open, type FileHandle } from 'node:fs/promises';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { usageError, usageErrorIn, type UsageError } from '../src/command/command-error.ts';
import type { DataError } from '../src/file/data-error.ts';
import { quoted } from '../src/file/quoted.ts';
import { readLabelledNpz } from '../src/dataset/data-set-file.ts';
import type { LabelledData } from '../src/dataset/data-set.ts';
import { pieces } from '../src/dataset/shard.ts';
import { withUnitVectors } from '../src/dataset/spin-tensor.ts';
import { reasonOf } from './exit.ts';

export const readFile = (path: string): TE.TaskEither<UsageError, Uint8Array> =>
  TE.tryCatch(
    () => contentOf(path),
    (error) => usageError(`expected a file that can be read, got ${quoted(path)} (${reasonOf(error)}): check the path`),
  );

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The labelled data in a file that an option names; their spin vectors are unit vectors. */
export const readLabelledData =
  (option: string) =>
  (path: string): TE.TaskEither<UsageError, LabelledData> =>
    pipe(readFile(path), TE.chainEitherKW(labelledDataIn), TE.mapLeft(usageErrorIn(option)));

/** The labelled data in these bytes; their spin vectors are unit vectors. */
export const labelledDataIn = (bytes: Uint8Array): E.Either<DataError, LabelledData> =>
  pipe(readLabelledNpz(bytes), E.chain(withUnitVectors));

const contentOf = async (path: string): Promise<Uint8Array> => {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return size > most ? await inPieces(file, size) : new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
};

/** Node reads less than 2 GiB at once. */
const most = 2 ** 30;

const inPieces = async (file: FileHandle, size: number): Promise<Uint8Array> => {
  const content = new Uint8Array(size);
  for (const { first, count } of pieces({ first: 0, count: size }, most)) {
    const { bytesRead } = await file.read(content, first, count, first);
    if (bytesRead !== count) {
      throw new RangeError('it changed while it was read');
    }
  }
  return content;
};
