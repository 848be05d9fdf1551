/**
 * Threads that do calls together, this one among them: the groups of a run, and what of a step is cut into parts. Who takes which call
 * is left to chance; the result does not depend on it.
 *
 * A worker that dies with a call that it has taken fails the run; the next run starts another. In a browser, memory can be
 * shared only where the page is isolated (`crossOriginIsolated`).
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { wholeNumberFrom } from '../../number/callers-mistake.ts';
import { backendError, type BackendError } from '../backend.ts';
import { inTurn } from '../in-turn.ts';
import { crewOf, type Session } from './crew.ts';
import { askForEnd, hasEndedSoon, openRound, takeCalls, type TakeCall } from './rounds.ts';
import { callFunction, callHere, type Call, type SharedModule } from './shared-module.ts';

/** Does calls, none of which needs what another does. */
export interface Team {
  /** How many compute at once, each in an arena of its own. */
  readonly threads: number;
  /** Returns when all calls are done; each thread is told once. */
  readonly compute: (calls: readonly Call[]) => TaskEither<BackendError, void>;
  /** Drops all that threads have of modules that will have no more calls, when what is under way is done. */
  readonly forget: (isForgotten: (module: SharedModule) => boolean) => void;
}

/** Does calls of these modules in this thread. */
const here =
  (modules: readonly SharedModule[]): TakeCall =>
  (module, called, ...operands) => {
    callFunction(modules[module]!, called, ...operands);
  };

/** This thread alone. */
export const alone: Team = {
  threads: 1,
  compute: (calls) =>
    TE.fromIO(() => {
      calls.forEach(callHere);
    }),
  forget: () => undefined,
};

const entry = new URL('team.worker.mjs', import.meta.url);

/** Waits until no worker is busy, or gives the reason why one never will end. */
const ended = async ({ rounds, news }: Session): Promise<string | null> => {
  if (hasEndedSoon(rounds)) {
    return null;
  }
  let reason: string | null = null;
  for (let next = news(); reason === null && !askForEnd(rounds); next = news()) {
    // Word of the round before may come late.
    reason = await next;
  }
  return reason;
};

/**
 * This thread and `threads - 1` workers; `script` is what workers run.
 *
 * @throws RangeError unless the threads are a whole number of at least 1.
 */
export const teamOf = (threads: number, script: URL = entry): Team => {
  if (wholeNumberFrom(1, 'a number of threads', 'count this one too')(threads) === 1) {
    return alone;
  }
  const crew = crewOf(threads - 1, script);
  // Executables share the workers, and the words of their rounds.
  const turn = inTurn();
  const failed = async (reason: string): Promise<Either<BackendError, void>> => {
    await crew.dismiss();
    return E.left(backendError(`a thread ended before its work was done (${reason}): try again, or with one thread`));
  };
  const together: Team['compute'] = (calls) =>
    turn(async () => {
      const session = crew.session([...new Set(calls.map(({ of }) => of))]);
      const missing = await session.start;
      if (missing !== null) {
        return failed(missing);
      }
      let isTaken = false;
      try {
        openRound(session.rounds, calls, session.modules);
        takeCalls(session.rounds, here(session.modules));
        isTaken = true;
      } finally {
        // Where a kernel throws, nobody else may be at the memory when it is used again.
        await (isTaken ? undefined : crew.dismiss());
      }
      const reason = await ended(session);
      if (reason !== null) {
        return failed(reason);
      }
      crew.rest();
      return E.right(undefined);
    });
  return {
    threads,
    compute: (calls) => (calls.length <= 1 ? alone.compute(calls) : together(calls)),
    // Nobody waits for it: workers that cannot be ended are replaced all the same.
    forget: (isForgotten) => {
      void turn(async () => crew.forget(isForgotten))().catch(() => undefined);
    },
  };
};
