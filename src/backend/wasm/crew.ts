/**
 * Workers that wait for rounds of work in shared memory. A message tells them of the machines once; from then on a round
 * costs one notification, and nothing is sent.
 *
 * They start with the first round, and are let go when nothing has come for a while, so that a process can end.
 */
import { pool, type Pool } from 'workerpool';

import type { Machine } from './machine.ts';
import { endRounds, newRounds, spinMilliseconds, type Rounds } from './rounds.ts';

/** Some machines that the workers know, the rounds of their groups, and what becomes of the workers. */
export interface Session {
  readonly machines: readonly Machine[];
  readonly rounds: Rounds;
  /** Resolves with null when all workers have come, or with the reason why one will not. */
  readonly start: Promise<string | null>;
  /**
   * Resolves when a worker that was asked for it says that nobody is busy any more, with null; or when a worker has ended, or has
   * left, that should not have, with the reason.
   */
  readonly news: () => Promise<string | null>;
  /** Whether a worker has ended or left, asked or not. */
  readonly isOver: () => boolean;
}

/** Workers while there is work for them. */
export interface Crew {
  /** A session that knows these machines: the present one, or another. */
  readonly session: (machines: readonly Machine[]) => Session;
  /** Lets the workers go after a while without work. */
  readonly rest: () => void;
  /** Ends all workers now. */
  readonly dismiss: () => Promise<void>;
  /**
   * Ends all workers if they know one of these machines: its memory lasts as long as an instance does that uses it, and a worker
   * that sleeps drops none.
   */
  readonly forget: (isForgotten: (machine: Machine) => boolean) => Promise<void>;
}

/** Milliseconds without work after which workers are let go. */
const idleMilliseconds = 250;

/** Machines that workers know at once: the latest. Each is a module with an instance in every worker. */
const mostMachines = 8;

/** The path of a module in Node, its address in a browser. */
const scriptOf = (script: URL): string =>
  script.protocol === 'file:' ? process.getBuiltinModule('node:url').fileURLToPath(script) : script.href;

/** What a worker is told of a session. */
const orderOf = ({ machines, rounds }: Pick<Session, 'machines' | 'rounds'>, thread: number) => ({
  rounds,
  spinMilliseconds,
  machines: machines.map(({ id, module, imports, compiled }) => ({
    id,
    module,
    imports,
    arena: compiled.arenaAt(thread),
  })),
});

const newSession = (workers: Pool, count: number, machines: readonly Machine[]): Session => {
  const rounds = newRounds();
  let loss: string | null = null;
  // Whoever waits now: promises that outlive many rounds would keep all that have waited for them.
  let tell: (news: string | null) => void = () => undefined;
  const lost = (reason: string): void => {
    loss ??= reason;
    tell(loss);
  };
  /** Gives a worker its order; resolves when it has come. */
  const comes = async (thread: number): Promise<unknown> =>
    new Promise((resolve) => {
      const on = (event: 'here' | 'ended'): void => {
        if (event === 'here') {
          resolve(event);
        } else {
          tell(null);
        }
      };
      workers
        .exec('compute', [orderOf({ machines, rounds }, thread)], { on })
        .then(() => 'it left', String)
        .then(lost)
        .then(resolve);
    });
  const start = Promise.all(Array.from({ length: count }, async (_, index) => comes(index + 1))).then(() => loss);
  const news = async (): Promise<string | null> =>
    new Promise((resolve) => {
      tell = resolve;
      if (loss !== null) {
        tell(loss);
      }
    });
  return { machines, rounds, start, news, isOver: () => loss !== null };
};

/** So many workers, which run `script`. */
export const crewOf = (count: number, script: URL): Crew => {
  let workers: Pool | null = null;
  let present: Session | null = null;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;
  const dismiss = async (): Promise<void> => {
    clearTimeout(idleTimer);
    // A worker that sleeps until a round does not hear that it has to stop, and would be waited for before it is ended.
    if (present !== null) {
      endRounds(present.rounds);
    }
    const leaving = workers;
    workers = null;
    present = null;
    await leaving?.terminate(true);
  };
  const begin = (machines: readonly Machine[]): Session => {
    const known = present?.machines.filter((machine) => !machines.includes(machine)) ?? [];
    if (present !== null) {
      endRounds(present.rounds);
    }
    workers ??= pool(scriptOf(script), {
      minWorkers: count,
      maxWorkers: count,
      workerType: 'auto',
      workerOpts: { type: 'module' },
    });
    present = newSession(workers, count, [...machines, ...known].slice(0, Math.max(mostMachines, machines.length)));
    return present;
  };
  return {
    session: (machines) => {
      clearTimeout(idleTimer);
      // A worker that is lost between two rounds is missed by nobody: the next round has others.
      return present?.isOver() === false && machines.every((machine) => present?.machines.includes(machine))
        ? present
        : begin(machines);
    },
    rest: () => {
      clearTimeout(idleTimer);
      idleTimer = setTimeout(() => {
        void dismiss();
      }, idleMilliseconds);
    },
    dismiss,
    forget: async (isForgotten) => (present?.machines.some(isForgotten) === true ? dismiss() : undefined),
  };
};
