/** Ctrl-C and its kin: what was begun is put in order before the process ends. */
import { constants } from 'node:os';

import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** What must still be done if the process is stopped now, the latest first. */
const pending = new Set<() => void>();

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls this, which must not wait for anything, if a signal ends the process; until the result is called. */
export const atInterruption = (tidy: () => void): (() => void) => {
  pending.add(tidy);
  return () => {
    pending.delete(tidy);
  };
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

/** From now on signals tidy up first, and then end the process as they always do. */
export const watchSignals = (): void => {
  signals.forEach((signal) => {
    process.once(signal, () => {
      tidyUp();
      process.kill(process.pid, signal);
      // The first process of a container ignores signals that it does not handle.
      process.exit(128 + constants.signals[signal]);
    });
  });
};
