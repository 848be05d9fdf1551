/** Files are written whole or not at all: under a temporary name in the same folder, to the disk, then renamed. */
import { randomUUID } from 'node:crypto';
import { access, constants, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import * as TE from 'fp-ts/lib/TaskEither.js';

import { reasonOf, runError, usageError, type RunError, type UsageError } from './exit.ts';

/** Whoever reads `path` meanwhile, or after a crash, finds the old file or the new one, never a part. */
export const writeFile = (path: string, content: Uint8Array | string): TE.TaskEither<RunError, void> =>
  TE.tryCatch(
    () => replace(path, content),
    (error) => runError(`could not write '${path}' (${reasonOf(error)}): free space or choose another place`),
  );

/** Refuses a path that could not be written, before the work that would be lost. */
export const expectWritable = (path: string): TE.TaskEither<UsageError, void> =>
  TE.tryCatch(
    async () => {
      await access(dirname(path), constants.W_OK);
      if (!(await isFolder(dirname(path)))) {
        throw new RangeError('it lies in a file, not in a folder');
      }
      if (await isFolder(path)) {
        throw new RangeError('it is a folder');
      }
    },
    (error) =>
      usageError(
        `--out: expected a file name in a folder that can be written, came '${path}' (${reasonOf(error)}): ` +
          'make the folder, or choose another name',
      ),
  );

const replace = async (path: string, content: Uint8Array | string): Promise<void> => {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
};
