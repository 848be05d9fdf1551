/** Ctrl-C and its kin: what was reached is saved and what was begun put in order before the process ends. */
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

import type { Task } from 'fp-ts/lib/Task.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { nextTurn } from './event-loop.ts';

/** What must still be done if the process is stopped now, the latest first. */
const pending = new Set<() => void>();

/** What would be lost if the process is stopped now, to be saved before the rest is put in order. */
const rescues = new Set<Task<unknown>>();

/** When the first signal came; NaN before. */
const stop = { since: NaN };

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Schedulers kill a process half a minute after they asked it to end: a disk that takes longer is not waited for. */
const longestRescue = 10_000;

/** Calls this, which must not wait for anything, if a signal ends the process; until the result is called. */
export const atInterruption = (tidy: () => void): (() => void) => {
  pending.add(tidy);
  return () => {
    pending.delete(tidy);
  };
};

/** Saves this first, some seconds at most, if a signal ends the process; until the result is called. */
export const rescuedAtInterruption = (save: Task<unknown>): (() => void) => {
  rescues.add(save);
  return () => {
    rescues.delete(save);
  };
};

/** Lets signals be answered. Once one is, this waits for ever: what was reached is saved, and nothing more is begun. */
export const turnUnlessStopped: Task<void> = async () => {
  await nextTurn();
  if (!Number.isNaN(stop.since)) {
    await new Promise(() => undefined);
  }
};

/** Does the work; a signal that ends the process meanwhile is answered by one line, which says what becomes of it. */
export const promising =
  (message: string) =>
  <Failure, A>(work: TaskEither<Failure, A>): TaskEither<Failure, A> =>
  () => {
    const forget = atInterruption(() => {
      process.stderr.write(`efnn: stopped: ${message}\n`);
    });
    return work().finally(forget);
  };

/** Puts in order what is pending; also when the process ends itself early. */
export const tidyUp = (): void => {
  const all = [...pending].toReversed();
  pending.clear();
  all.forEach((tidy) => {
    tidy();
  });
};

/** Saves, tidies up, and ends the process as the signal always does. */
const answer = async (signal: (typeof signals)[number]): Promise<void> => {
  await Promise.race([Promise.all([...rescues].map((save) => save())), wait(longestRescue)]);
  tidyUp();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // The first process of a container ignores signals that it does not handle.
  process.exit(128 + constants.signals[signal]);
};

/** A terminal sends Ctrl-C to the process and to npm above it, which passes it on: within this time they are one. */
const onePress = 1000;

/** From now on the first signal saves and tidies up, and then ends the process as it always does; a later one ends it at once. */
export const watchSignals = (): void => {
  signals.forEach((signal) => {
    process.on(signal, () => {
      const now = performance.now();
      if (Number.isNaN(stop.since)) {
        stop.since = now;
        void answer(signal);
      } else if (now - stop.since > onePress) {
        tidyUp();
        process.exit(128 + constants.signals[signal]);
      }
    });
  });
};
