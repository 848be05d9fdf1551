/** Locks: a file that says which process is at work on another file, so that no two are. */
import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { z } from 'zod';

import { reasonOf, runError, usageError, type CommandError } from './exit.ts';

/** Does the work while this process holds the lock of `path`; refuses where another one does. */
export const withLock =
  (path: string) =>
  <A>(work: TaskEither<CommandError, A>): TaskEither<CommandError, A> =>
  async () => {
    const lock = `${path}.lock`;
    const taken = await take(lock, path);
    if (E.isLeft(taken)) {
      return taken;
    }
    try {
      return await work();
    } finally {
      await rm(lock, { force: true });
    }
  };

/** Makes the lock, in place of one that a process left behind when it was killed. */
const take = async (lock: string, path: string): Promise<E.Either<CommandError, void>> => {
  try {
    const file = await open(lock, 'wx');
    try {
      await file.writeFile(JSON.stringify({ process: process.pid, host: hostname() }));
    } finally {
      await file.close();
    }
    return E.right(undefined);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) {
      return E.left(runError(`could not write '${lock}' (${reasonOf(error)}): free space or choose another place`));
    }
    const holder = await holderOf(lock, patience);
    if (holder !== null) {
      return E.left(
        usageError(
          `expected to be alone at work on '${path}', came while ${holder} is: wait for it, choose another name, ` +
            `or, if it has ended, remove '${lock}'`,
        ),
      );
    }
    await rm(lock, { force: true });
    return take(lock, path);
  }
};

/** How often a lock is read again that has no owner yet: whoever made it is about to write down who it is. */
const patience = 5;

const ownerSchema = z.object({ process: z.number(), host: z.string() });

/** Who holds a lock; null if nobody does any more. What runs on another host cannot be seen from here. */
const holderOf = async (lock: string, attempts: number): Promise<string | null> => {
  const owner = ownerSchema.safeParse(await contentOf(lock));
  if (!owner.success) {
    return attempts > 0 ? wait(20).then(() => holderOf(lock, attempts - 1)) : null;
  }
  const { process: id, host } = owner.data;
  if (host !== hostname()) {
    return `process ${id} on ${host}`;
  }
  return isRunning(id) ? `process ${id}` : null;
};

const contentOf = async (lock: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(lock, 'utf8'));
  } catch {
    return null;
  }
};

/** Signal 0 is never sent: it only asks. A process of another user answers with a refusal. */
const isRunning = (id: number): boolean => {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
};

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
