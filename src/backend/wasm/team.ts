/**
 * Threads that compute the groups of a run together, this one among them. Who takes which group is left to chance;
 * the result does not depend on it.
 *
 * Workers start with the first run, and are let go when nothing has come for a while, so that a process can end. A
 * worker that dies fails the run; the next run starts another. In a browser, memory can be shared only where the page
 * is isolated (`crossOriginIsolated`).
 */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pool, type Pool } from 'workerpool';

import { backendError, type BackendError } from '../backend.ts';
import type { Group } from './groups.ts';
import type { Imports, Machine } from './machine.ts';

/** Computes groups of a machine's chunks, for which so many samples are staged. */
export interface Team {
  /** How many compute at once, each in an arena of its own. */
  readonly threads: number;
  readonly compute: (machine: Machine, groups: readonly Group[], capacity: number) => TaskEither<BackendError, void>;
}

/** What a worker is asked to do. */
interface Task {
  /** Which machine it is, so that a worker instantiates it once. */
  readonly machine: number;
  readonly module: WebAssembly.Module;
  readonly imports: Imports;
  readonly memory: WebAssembly.Memory;
  readonly arena: number;
  /** What to call `group` with: sums, first sample, number of chunks. */
  readonly groups: readonly GroupCall[];
  readonly capacity: number;
}

type GroupCall = readonly [sums: number, first: number, chunks: number];

const callsOf = ({ compiled }: Machine, groups: readonly Group[]): readonly GroupCall[] =>
  groups.map(({ index, first, chunks }) => [compiled.sumsAt(index), first * compiled.samples, chunks]);

/** This thread alone. */
export const alone: Team = {
  threads: 1,
  compute: (machine, groups, capacity) =>
    TE.fromIO(() => {
      for (const [sums, first, chunks] of callsOf(machine, groups)) {
        machine.group(machine.compiled.arenaAt(0), sums, first, chunks, capacity);
      }
    }),
};

/** Milliseconds without work after which workers are let go. */
const idleMilliseconds = 250;

const entry = new URL('team.worker.mjs', import.meta.url);

/** The path of a module in Node, its address in a browser. */
const scriptOf = (script: URL): string =>
  script.protocol === 'file:' ? process.getBuiltinModule('node:url').fileURLToPath(script) : script.href;

/** Workers while there is work for them. */
const workersOf = (count: number, script: URL) => {
  let workers: Pool | null = null;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;
  return {
    running: (): Pool => {
      clearTimeout(idleTimer);
      workers ??= pool(scriptOf(script), {
        minWorkers: count,
        maxWorkers: count,
        workerType: 'auto',
        workerOpts: { type: 'module' },
      });
      return workers;
    },
    /** Lets them go after a while. */
    rest: (): void => {
      clearTimeout(idleTimer);
      idleTimer = setTimeout(() => {
        void workers?.terminate(true);
        workers = null;
      }, idleMilliseconds);
    },
  };
};

/** This thread and `threads - 1` workers; `script` is what workers run. */
export const teamOf = (threads: number, script: URL = entry): Team => {
  if (threads === 1) {
    return alone;
  }
  const workers = workersOf(threads - 1, script);
  const together: Team['compute'] = (machine, groups, capacity) => async () => {
    const { compiled, memory, id, module, imports } = machine;
    const calls = callsOf(machine, groups);
    const taken = new Int32Array(memory.buffer, 0, 1);
    Atomics.store(taken, 0, 0);
    const running = workers.running();
    const elsewhere = Array.from({ length: Math.min(threads, groups.length) - 1 }, (_, index) => {
      const arena = compiled.arenaAt(index + 1);
      const task: Task = { machine: id, module, imports, memory, arena, groups: calls, capacity };
      return Promise.resolve(running.exec('compute', [task]));
    });
    for (let next = Atomics.add(taken, 0, 1); next < calls.length; next = Atomics.add(taken, 0, 1)) {
      const [sums, first, chunks] = calls[next]!;
      machine.group(compiled.arenaAt(0), sums, first, chunks, capacity);
    }
    // All must have ended before anything else uses the memory, those that fail too.
    const endings = await Promise.allSettled(elsewhere);
    workers.rest();
    const failure = endings.find((ending) => ending.status === 'rejected');
    return failure === undefined
      ? E.right(undefined)
      : E.left(
          backendError(
            `a thread ended before its work was done (${String(failure.reason)}): try again, or with one thread`,
          ),
        );
  };
  return {
    threads,
    compute: (...work) => (work[1].length === 1 ? alone.compute(...work) : together(...work)),
  };
};
