/** The files that a command was given, compared as the file system sees them: under other names, through links. */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { pipe } from 'fp-ts/lib/function.js';
import * as T from 'fp-ts/lib/Task.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { UsageError } from '../src/command/command-error.ts';
import { expectApart, type NamedFile, type PlacedFile } from '../src/command/output-name.ts';
import { placeOf } from './write-file.ts';

/** Refuses, before anything is read or written, an output that is an input or another output. */
export const expectFilesApart = (
  inputs: readonly NamedFile[],
  outputs: readonly NamedFile[],
): TaskEither<UsageError, void> =>
  pipe(
    TE.Do,
    TE.apS('placedInputs', TE.fromTask(placed(inputs))),
    TE.apS('placedOutputs', TE.fromTask(placed(outputs))),
    TE.chainEitherK(({ placedInputs, placedOutputs }) => expectApart(placedInputs, placedOutputs)),
  );

const placed = (files: readonly NamedFile[]): Task<readonly PlacedFile[]> =>
  pipe(
    files,
    T.traverseArray((file) => async () => ({ ...file, place: await identityOf(file.path) })),
  );

/** What is there is known by its place on the disk, what is not by the path that it would have. */
const identityOf = async (path: string): Promise<string> => {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return pathOf(path);
  }
};

/** A path that leads nowhere is refused by who would use it. */
const pathOf = async (path: string): Promise<string> => {
  try {
    const { path: end } = await placeOf(path);
    return join(await realpath(dirname(end)), basename(end));
  } catch {
    return resolve(path);
  }
};
