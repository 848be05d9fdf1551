/** Files that the caller names: that one cannot be read is the caller's mistake. */
import { readFile as read } from 'node:fs/promises';

import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { DataSet } from '../src/dataset/data-set.ts';
import { readNpz } from '../src/dataset/npz.ts';
import { reasonOf, usageError, usageErrorIn, type UsageError } from './exit.ts';

export const readFile = (path: string): TE.TaskEither<UsageError, Uint8Array> =>
  TE.tryCatch(
    async () => new Uint8Array(await read(path)),
    (error) => usageError(`expected a file that can be read, came '${path}' (${reasonOf(error)}): check the path`),
  );

/** A data set in a file that an option names. */
export const readDataSet =
  (option: string) =>
  (path: string): TE.TaskEither<UsageError, DataSet> =>
    pipe(readFile(path), TE.chainEitherKW(readNpz), TE.mapLeft(usageErrorIn(option)));
