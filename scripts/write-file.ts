/**
 * Files are written whole or not at all: under a temporary name in the same folder, to the disk, then renamed. A link is
 * written through, the permissions of a file that is replaced stay, and what is no regular file is refused.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, open, readdir, readlink, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { runError, usageError, type RunError, type UsageError } from '../src/command/command-error.ts';
import { textDigest } from '../src/file/digest.ts';
import { companionEndings, expectOwnEnding, lockEnding, type Standing } from '../src/command/output-name.ts';
import { quoted } from '../src/file/quoted.ts';
import { aFolder, hasCode, reasonOf, writingAdvice } from '../src/command/thrown.ts';
import { sha256 } from './sha256.ts';

/** Whoever reads `path` meanwhile, or after a crash, finds the old file or the new one, never a part. */
export const writeFile = (path: string, content: Uint8Array | string): TE.TaskEither<RunError, void> =>
  TE.tryCatch(
    () => replace(path, content),
    (error) => runError(`could not write ${quoted(path)} (${reasonOf(error)}): free space or choose another place`),
  );

/** Endings of the files that lie beside an output while it is made, or for good; a lock can be succeeded by a longer one. */
export const companions = [...companionEndings, `${lockEnding}.0123456789ab`];

/**
 * Refuses a path that could not be written, before the work that would be lost: the steps of writing are tried, up to a
 * file under a temporary name. The message begins with the option that named the path.
 */
export const expectWritable = (
  path: string,
  standing: Standing = 'replaced',
  option = '--out',
): TE.TaskEither<UsageError, void> =>
  pipe(
    TE.fromEither(expectOwnEnding(option, path)),
    TE.chain(() =>
      TE.tryCatch(
        () => tried(path),
        (error) =>
          usageError(
            `${option}: expected a file name in a folder that can be written, got ${quoted(path)} (${reasonOf(error)}): ` +
              writingAdvice(error),
          ),
      ),
    ),
    TE.chain((isThere) =>
      !isThere || standing === 'replaced'
        ? TE.right(undefined)
        : TE.left(
            usageError(
              `${option}: expected a name that is free, got ${quoted(path)}, which is there: ${standing.advice}`,
            ),
          ),
    ),
  );

/** Where a path leads to, and the permissions of the file that is there; null where none is. */
interface Place {
  readonly path: string;
  readonly mode: number | null;
}

/** Links are followed by hand, for the file at their end need not be there yet. */
export const placeOf = async (path: string, links = 0): Promise<Place> => {
  if (path === '' || path.endsWith('/')) {
    throw new RangeError(path === '' ? 'it is empty' : `with / at its end ${aFolder}`);
  }
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) {
      if (links > mostLinks) {
        throw new RangeError('its links lead in a circle');
      }
      return await placeOf(resolve(dirname(path), await readlink(path)), links + 1);
    }
    if (found.isDirectory()) {
      throw new RangeError(aFolder);
    }
    if (!found.isFile()) {
      throw new RangeError('it is a device or a pipe, not a regular file');
    }
    return { path, mode: found.mode & permissions };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      return { path, mode: null };
    }
    throw error;
  }
};

/** As many as Linux follows. */
const mostLinks = 40;

/** The bits of a mode that say who may read, write and execute. */
const permissions = 0o777;

/** How the temporary names of a file begin: short, whatever its name, for names have a largest length. */
const temporaryPrefix = (name: string): string => `${temporaryPrefixOfAll}${textDigest(sha256)(name).slice(0, 12)}-`;

const temporaryPrefixOfAll = '.efnn-';

const temporarySuffix = '.tmp';

/** A name of its own for a file that is being written. */
export const temporaryBeside = (path: string): string =>
  join(dirname(path), `${temporaryPrefix(basename(path))}${randomBytes(6).toString('hex')}${temporarySuffix}`);

/**
 * Removes what writers that were killed left unfinished of some files of a folder, or of all. Who calls this is alone at
 * work on these files, for a writer at work would lose what it writes.
 */
export const removeUnfinished = async (folder: string, names: readonly string[] | 'all'): Promise<void> => {
  const prefixes = names === 'all' ? [temporaryPrefixOfAll] : names.map(temporaryPrefix);
  const left = (await readdir(folder)).filter(
    (name) => name.endsWith(temporarySuffix) && prefixes.some((prefix) => name.startsWith(prefix)),
  );
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
};

/** Whether a file is there that would be replaced. */
const tried = async (path: string): Promise<boolean> => {
  const place = await placeOf(path);
  if (!(await stat(dirname(place.path))).isDirectory()) {
    throw new RangeError('it lies in a file, not in a folder');
  }
  if (place.mode !== null) {
    await access(place.path, constants.W_OK);
  }
  await Promise.all(companions.map((suffix) => expectPossible(join(dirname(place.path), basename(path) + suffix))));
  const temporary = temporaryBeside(place.path);
  await (await open(temporary, 'wx')).close();
  await rm(temporary);
  return place.mode !== null;
};

/** Fails where the system has no such names, because they are too long, say, or where a folder has one. */
const expectPossible = async (path: string): Promise<void> => {
  try {
    if ((await lstat(path)).isDirectory()) {
      throw new RangeError(`a folder has the name ${quoted(basename(path))}, which a file beside it needs`);
    }
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) {
      throw error;
    }
  }
};

const replace = async (path: string, content: Uint8Array | string): Promise<void> => {
  const place = await placeOf(path);
  const temporary = temporaryBeside(place.path);
  try {
    const file = await open(temporary, 'wx');
    try {
      if (place.mode !== null) {
        await file.chmod(place.mode);
      }
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, place.path);
    await syncFolder(dirname(place.path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

/** A new name is on the disk once its folder is; some systems cannot do that to a folder, and do it by themselves. */
const syncFolder = async (path: string): Promise<void> => {
  try {
    const folder = await open(path);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // The file itself is safe under one of its names.
  }
};
