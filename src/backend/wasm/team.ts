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
}

/** What a worker is asked to do with one machine. */
interface Task {
  /** Which machine it is, so that a worker instantiates it once. */
  readonly machine: number;
  readonly module: WebAssembly.Module;
  readonly imports: Imports;
  readonly arena: number;
  /** What to call `group` with: sums, first sample, number of chunks. */
  readonly groups: readonly GroupCall[];
  readonly capacity: number;
}

type GroupCall = readonly [sums: number, first: number, chunks: number];

const callsOf = ({ machine: { compiled }, groups }: Work): readonly GroupCall[] =>
  groups.map(({ index, first, chunks }) => [compiled.sumsAt(index), first * compiled.samples, chunks]);

const taskOf = (work: Work, thread: number): Task => {
  const { id, compiled, module, imports } = work.machine;
  const { capacity } = work;
  return { machine: id, module, imports, arena: compiled.arenaAt(thread), groups: callsOf(work), capacity };
};

/** This thread alone. */
export const alone: Team = {
  threads: 1,
  compute: (work) =>
    TE.fromIO(() => {
      for (const each of work) {
        const { machine, capacity } = each;
        for (const [sums, first, chunks] of callsOf(each)) {
          machine.group(machine.compiled.arenaAt(0), sums, first, chunks, capacity);
        }
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
  const together: Team['compute'] = (work) => async () => {
    // Groups are counted through all work, in the memory of the first machine: whoever adds one takes the next.
    const { buffer } = work[0]!.machine.memory;
    const taken = new Int32Array(buffer, 0, 1);
    Atomics.store(taken, 0, 0);
    const calls = work.flatMap((each) => callsOf(each).map((call) => ({ call, each })));
    const running = workers.running();
    const elsewhere = Array.from({ length: Math.min(threads, calls.length) - 1 }, (_, index) => {
      const tasks = work.map((each) => taskOf(each, index + 1));
      return Promise.resolve(running.exec('compute', [{ counter: buffer, tasks }]));
    });
    for (let next = Atomics.add(taken, 0, 1); next < calls.length; next = Atomics.add(taken, 0, 1)) {
      const { call, each } = calls[next]!;
      each.machine.group(each.machine.compiled.arenaAt(0), ...call, each.capacity);
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
  const countOf = (work: readonly Work[]): number => work.reduce((sum, { groups }) => sum + groups.length, 0);
  return { threads, compute: (work) => (countOf(work) === 1 ? alone.compute(work) : together(work)) };
};
