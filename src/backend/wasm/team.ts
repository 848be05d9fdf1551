/**
 * Threads that compute the groups of a run together, this one among them. Who takes which group is left to chance;
 * the result does not depend on it.
 *
 * A worker that dies with a group that it has taken fails the run; the next run starts another. In a browser, memory can be
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
import type { Group } from './groups.ts';
import type { Machine } from './machine.ts';
import { askForEnd, hasEndedSoon, openRound, takeCalls, type GroupCall } from './rounds.ts';

/** Groups of a machine's chunks, for which so many samples are staged. */
export interface Work {
  readonly machine: Machine;
  readonly groups: readonly Group[];
  readonly capacity: number;
}

/** Computes groups of the chunks of some machines. */
export interface Team {
  /** How many compute at once, each in an arena of its own. */
  readonly threads: number;
  /** Returns when all work is done; each thread is told once. */
  readonly compute: (work: readonly Work[]) => TaskEither<BackendError, void>;
  /** Drops all that threads have of machines that will have no more work, when what is under way is done. */
  readonly forget: (isForgotten: (machine: Machine) => boolean) => void;
}

/** The calls of all groups of some work, in their order. */
const callsOf = (work: readonly Work[], machines: readonly Machine[]): readonly GroupCall[] =>
  work.flatMap(({ machine, groups, capacity }) =>
    groups.map(({ index, first, chunks }) => ({
      machine: machines.indexOf(machine),
      sums: machine.compiled.sumsAt(index),
      first: first * machine.compiled.samples,
      chunks,
      capacity,
    })),
  );

/** Computes a group in the arena of this thread. */
const compute =
  (machines: readonly Machine[]) =>
  ({ machine, sums, first, chunks, capacity }: GroupCall): void => {
    const { group, compiled } = machines[machine]!;
    group(compiled.arenaAt(0), sums, first, chunks, capacity);
  };

const machinesOf = (work: readonly Work[]): readonly Machine[] => work.map(({ machine }) => machine);

/** This thread alone. */
export const alone: Team = {
  threads: 1,
  compute: (work) =>
    TE.fromIO(() => {
      const machines = machinesOf(work);
      callsOf(work, machines).forEach(compute(machines));
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
  const together: Team['compute'] = (work) =>
    turn(async () => {
      const session = crew.session(machinesOf(work));
      const missing = await session.start;
      if (missing !== null) {
        return failed(missing);
      }
      openRound(session.rounds, callsOf(work, session.machines));
      let isTaken = false;
      try {
        takeCalls(session.rounds, compute(session.machines));
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
  const countOf = (work: readonly Work[]): number => work.reduce((sum, { groups }) => sum + groups.length, 0);
  return {
    threads,
    compute: (work) => (countOf(work) === 1 ? alone.compute(work) : together(work)),
    // Nobody waits for it: workers that cannot be ended are replaced all the same.
    forget: (isForgotten) => {
      void turn(async () => crew.forget(isForgotten))().catch(() => undefined);
    },
  };
};
