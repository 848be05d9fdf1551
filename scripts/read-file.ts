/** Files that the caller names: that one cannot be read is the caller's mistake. */
import { access, open, type FileHandle } from 'node:fs/promises';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { assumedUnitsLine } from '../src/command/assumed-units.ts';
import { usageError, usageErrorIn, type UsageError } from '../src/command/command-error.ts';
import { quoted } from '../src/file/quoted.ts';
import { readLabelledNpz, type LabelledFile } from '../src/dataset/data-set-file.ts';
import { withModerateLabels } from '../src/dataset/moderate-size.ts';
import { pieces } from '../src/dataset/shard.ts';
import { withUnitVectors } from '../src/dataset/spin-tensor.ts';
import { messageLine } from '../src/command/message-line.ts';
import { reasonOf } from '../src/command/thrown.ts';
import { assumedUnits } from '../src/network/model-file.ts';
import { readAnyModel, type KnownModel } from '../src/training/trained-model.ts';
import { sha256 } from './sha256.ts';

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

/** The labelled data in a file that an option names; their spin vectors are unit vectors, and their labels of moderate size. */
export const readLabelledFile =
  (option: string) =>
  (path: string): TE.TaskEither<UsageError, LabelledFile> =>
    pipe(
      readFile(path),
      TE.mapLeft(usageErrorIn(option)),
      TE.chainEitherKW((bytes) =>
        pipe(
          readLabelledNpz(bytes),
          E.chain(withUnitVectors),
          E.chain(withModerateLabels),
          E.bimap(usageErrorIn(`${option}: ${quoted(path)}`), (data) => ({ ...data, path, sha256: sha256(bytes) })),
        ),
      ),
    );

/**
 * The model in a file that an option names, and its training where the file says one. What the file leaves open of the energy's
 * units is assumed, and said on stderr.
 */
export const readModelFile =
  (option: string) =>
  (path: string): TE.TaskEither<UsageError, KnownModel> =>
    pipe(
      readFile(path),
      TE.mapLeft(usageErrorIn(option)),
      TE.chainEitherKW((bytes) =>
        pipe(readAnyModel(sha256)(bytes), E.mapLeft(usageErrorIn(`${option}: ${quoted(path)}`))),
      ),
      TE.chainFirstIOK(({ metadata }) => () => {
        const assumed = assumedUnitsLine(assumedUnits(metadata));
        if (assumed !== null) {
          process.stderr.write(`efnn: ${messageLine(`${option}: ${quoted(path)}: ${assumed}`)}\n`);
        }
      }),
    );

/** Those in several files, read one after the other. */
export const readLabelledFiles =
  (option: string) =>
  (paths: readonly string[]): TE.TaskEither<UsageError, ReadonlyNonEmptyArray<LabelledFile>> =>
    pipe(
      paths,
      TE.traverseSeqArray(readLabelledFile(option)),
      TE.chainOptionK(() => usageError(`${option}: expected a file, got none: name one`))(RNEA.fromReadonlyArray),
    );

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
