/**
 * Locks: a file that says who is at work on another file, so that no two are.
 *
 * A dead holder's lock is never removed by those who wait, for two of them could each remove what the other has just
 * made. Instead it is succeeded: the one process that manages to make the file `<lock>.<token of the dead>` holds the
 * lock, and a file can be made once. Only the holder removes files, the first one first, and who has made a successor
 * looks again whether the chain before it still stands.
 */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { link, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { runError, usageError, type CommandError } from '../src/command/command-error.ts';
import { lockEnding } from '../src/command/output-name.ts';
import { quoted } from '../src/file/quoted.ts';
import { holderName, ownerIn, successorOf, type Owner } from '../src/provenance/lock-file.ts';
import { hasCode, reasonOf } from '../src/command/thrown.ts';
import { atInterruption } from './interruption.ts';
import { isRunning, outlives, startOf, textOf, thisSystem } from './process-life.ts';
import { companions, removeUnfinished } from './write-file.ts';

/**
 * Does the work while this process holds the lock of `path`; refuses where another one does. What a killed holder left
 * unfinished of the file and its companions goes first.
 */
export const withLock =
  (path: string) =>
  <A>(work: TaskEither<CommandError, A>): TaskEither<CommandError, A> =>
  async () => {
    const taken = await take(path);
    if (E.isLeft(taken)) {
      return taken;
    }
    try {
      const name = basename(path);
      await removeUnfinished(dirname(path), [name, ...companions.map((suffix) => name + suffix)]);
      return await work();
    } finally {
      taken.right();
    }
  };

/** The tokens of the locks that this very process holds. */
const held = new Set<string>();

const self = (): Owner => ({
  token: randomUUID().replaceAll('-', '').slice(0, 12),
  process: process.pid,
  host: hostname(),
  start: startOf(process.pid),
  system: thisSystem(),
});

/** One file of the chain: what it says, and when its holder last touched it, in milliseconds of the file system's clock. */
interface Link {
  readonly path: string;
  /** Null where it cannot be read. */
  readonly owner: Owner | null;
  readonly touched: number;
}

/** The files of the chain, the holder's last. */
const chainOf = async (lock: string, path = lock): Promise<readonly Link[]> => {
  const one = await linkAt(path);
  return one === null ? [] : [one, ...(await chainOf(lock, successorOf(lock, one.owner)))];
};

const linkAt = async (path: string): Promise<Link | null> => {
  try {
    const text = await readFile(path, 'utf8');
    const { mtimeMs } = await stat(path);
    return { path, owner: ownerIn(text), touched: mtimeMs };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      return null;
    }
    throw error;
  }
};

/** How often a holder touches its lock, and after how long without a touch one that cannot be seen from here counts as dead. */
const pulse = { every: 2000, deadAfter: 15_000 };

/** How often a waiter looks whether an unseen holder touches its lock. */
const lookEvery = 500;

/** Takes the lock and returns what releases it. */
const take = async (path: string): Promise<E.Either<CommandError, () => void>> => {
  const lock = path + lockEnding;
  const owner = self();
  const candidate = join(dirname(path), `.${owner.token}${lockEnding}`);
  try {
    // Marked before it can be seen: a second attempt inside this process must not take it for a dead one's.
    held.add(owner.token);
    await writeFile(candidate, JSON.stringify(owner));
    const { mtimeMs: now } = await stat(candidate);
    const made = await entered(lock, candidate, owner, { now, since: performance.now() });
    if (E.isRight(made)) {
      return E.right(holding(lock, made.right));
    }
    held.delete(owner.token);
    return E.left(
      usageError(
        `expected to be alone at work on ${quoted(path)}, got ${made.left} at work on it: wait for it, or choose another name`,
      ),
    );
  } catch (error) {
    held.delete(owner.token);
    return E.left(runError(`could not write ${quoted(lock)} (${reasonOf(error)}): free space or choose another place`));
  } finally {
    await rm(candidate, { force: true });
  }
};

/** The moment when the waiter came, by the file system's clock and by its own. */
interface Arrival {
  readonly now: number;
  readonly since: number;
}

/** The path of the file that now is ours, or who holds the lock. */
const entered = async (
  lock: string,
  candidate: string,
  owner: Owner,
  arrival: Arrival,
): Promise<E.Either<string, string>> => {
  const chain = await chainOf(lock);
  const last = chain.at(-1);
  if (last !== undefined && (await isAlive(last, arrival))) {
    return E.left(holderName(last.owner));
  }
  const place = last === undefined ? lock : successorOf(lock, last.owner);
  if (!(await makeOnce(candidate, place, owner))) {
    return entered(lock, candidate, owner, arrival);
  }
  if ((await chainOf(lock)).at(-1)?.owner?.token === owner.token) {
    return E.right(place);
  }
  // The holder before us had not died but ended: its chain is gone, and our file continues nothing.
  await rm(place, { force: true });
  return entered(lock, candidate, owner, arrival);
};

/** Makes the file with its content at once; false where it is there already. */
const makeOnce = async (candidate: string, place: string, owner: Owner): Promise<boolean> => {
  try {
    await link(candidate, place);
    return true;
  } catch (error) {
    return hasCode(error, 'EEXIST') ? false : makeInPlace(place, owner);
  }
};

/** Some file systems have no links; a waiter may then see the file before its content. */
const makeInPlace = async (place: string, owner: Owner): Promise<boolean> => {
  try {
    const file = await open(place, 'wx');
    try {
      await file.writeFile(JSON.stringify(owner));
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) {
      return false;
    }
    throw error;
  }
};

/** A process of this system is asked for; of another system, or where no start is known, the pulse tells. */
const isAlive = async (one: Link, arrival: Arrival): Promise<boolean> => {
  const { owner } = one;
  if (owner?.system === thisSystem() && owner.host === hostname()) {
    if (owner.process === process.pid && owner.start === startOf(process.pid)) {
      return held.has(owner.token);
    }
    if (!isRunning(owner.process)) {
      return false;
    }
    if (owner.start !== null) {
      return owner.start === startOf(owner.process) && outlives(owner.process, pulse.deadAfter);
    }
  }
  return beats(one, arrival);
};

/** Waits until the lock is touched, or has not been for so long that its holder must be dead. */
const beats = async (one: Link, arrival: Arrival): Promise<boolean> => {
  // A clock that was set back since leaves touches in the future: they are as old as the wait for them.
  const age = Math.max(0, arrival.now - one.touched) + (performance.now() - arrival.since);
  if (age > pulse.deadAfter) {
    return false;
  }
  await wait(lookEvery);
  const now = await linkAt(one.path);
  return now !== null && (now.touched !== one.touched || beats(one, arrival));
};

/**
 * Touches a file from a thread of its own, so that long computations do not stop the pulse; by writing, so that the clock
 * is the file system's.
 */
const pulseProgram = `
  const { openSync, writeSync, closeSync } = require('node:fs');
  const { workerData: { path, every } } = require('node:worker_threads');
  setInterval(() => {
    try {
      const file = openSync(path, 'r+');
      try {
        writeSync(file, '{', 0);
      } finally {
        closeSync(file);
      }
    } catch {}
  }, every);`;

/** Keeps the lock until the result is called: the files of the chain go, the first one first. */
const holding = (lock: string, place: string): (() => void) => {
  const beat = new Worker(pulseProgram, { eval: true, workerData: { path: place, every: pulse.every } });
  beat.unref();
  const release = (): void => {
    removeChain(lock, place);
  };
  const forget = atInterruption(release);
  return () => {
    forget();
    release();
    void beat.terminate();
  };
};

const removeChain = (lock: string, last: string, path = lock): void => {
  const text = textOf(path);
  if (text === null) {
    return;
  }
  const owner = ownerIn(text);
  rmSync(path, { force: true });
  if (path === last) {
    held.delete(owner?.token ?? '');
  } else {
    removeChain(lock, last, successorOf(lock, owner));
  }
};
