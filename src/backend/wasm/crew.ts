/**
 * Workers that wait for rounds of work in shared memory. A message tells them of the modules once; from then on a round
 * costs one notification, and nothing is sent.
 *
 * They start with the first round, and stay for those that come after: a worker takes long to start, and its first rounds are slow. No
 * process stays for their sake while there is no work, and they leave when none has come for long, since they hold memory.
 */
import { endRounds, newRounds, patienceMilliseconds, spinMilliseconds, type Rounds } from './rounds.ts';
import type { SharedModule } from './shared-module.ts';
import { startWorker, type TeamWorker } from './worker.ts';

/** Some modules that the workers know, the rounds of their groups, and what becomes of the workers. */
export interface Session {
  readonly modules: readonly SharedModule[];
  readonly rounds: Rounds;
  /** Resolves with null when all workers have come, or with the reason why one will not. */
  readonly start: Promise<string | null>;
  /**
   * Resolves when a worker that was asked for it says that nobody is busy any more, or that it leaves, with null; or when a worker has
   * ended that had not left, with the reason.
   */
  readonly news: () => Promise<string | null>;
  /** Whether a worker has ended or left. */
  readonly isOver: () => boolean;
}

/** Workers while there is work for them. */
export interface Crew {
  /** A session that knows these modules: the present one, or another. The process stays as long as it has work. */
  readonly session: (modules: readonly SharedModule[]) => Session;
  /** Lets the process end, if it has nothing else to do. */
  readonly rest: () => void;
  /** Ends all workers now. */
  readonly dismiss: () => Promise<void>;
  /**
   * Ends all workers if they know one of these modules: its memory lasts as long as an instance does that uses it, and a worker
   * that sleeps drops none.
   */
  readonly forget: (isForgotten: (module: SharedModule) => boolean) => Promise<void>;
}

/**
 * Modules that workers know at once: those that they were told of last. Each has an instance in every worker. A step has three, those of a
 * training on several lattice sizes three for each, and workers that had to be told anew at each step would do little else.
 */
const mostModules = 16;

/** What a worker is told of a session. */
const orderOf = ({ modules, rounds }: Pick<Session, 'modules' | 'rounds'>, thread: number) => ({
  rounds,
  spinMilliseconds,
  patienceMilliseconds,
  modules: modules.map(({ id, module, imports, names, arenaAt }) => ({
    id,
    module,
    imports,
    names,
    arena: arenaAt(thread),
  })),
});

const newSession = (workers: readonly TeamWorker[], modules: readonly SharedModule[]): Session => {
  const rounds = newRounds();
  let loss: string | null = null;
  const leavers = new Set<TeamWorker>();
  // Whoever waits now: promises that outlive many rounds would keep all that have waited for them.
  let tell: (news: string | null) => void = () => undefined;
  /** Gives a worker its order; resolves when it has come, or will not: it may have left before it was told. */
  const comes = async (worker: TeamWorker, thread: number): Promise<void> =>
    new Promise((resolve) => {
      worker.tell(orderOf({ modules, rounds }, thread), {
        says: (word) => {
          if (word === 'left') {
            leavers.add(worker);
          }
          resolve();
          tell(null);
        },
        ends: (reason) => {
          if (!leavers.has(worker)) {
            loss ??= reason;
            tell(loss);
          }
          resolve();
        },
      });
    });
  const start = Promise.all(workers.map(async (worker, index) => comes(worker, index + 1))).then(() => loss);
  const news = async (): Promise<string | null> =>
    new Promise((resolve) => {
      tell = resolve;
      if (loss !== null) {
        tell(loss);
      }
    });
  return { modules, rounds, start, news, isOver: () => loss !== null || leavers.size > 0 };
};

/** So many workers, which run `script`. */
export const crewOf = (count: number, script: URL): Crew => {
  let workers: readonly TeamWorker[] = [];
  let present: Session | null = null;
  const hold = (holds: boolean): void => {
    for (const worker of workers) {
      worker.holdsProcess(holds);
    }
  };
  const dismiss = async (): Promise<void> => {
    if (present !== null) {
      endRounds(present.rounds);
    }
    const leaving = workers;
    workers = [];
    present = null;
    await Promise.all(leaving.map(async ({ end }) => end()));
  };
  const begin = (modules: readonly SharedModule[]): Session => {
    const known = present?.modules.filter((module) => !modules.includes(module)) ?? [];
    if (present?.isOver() === true) {
      void dismiss().catch(() => undefined);
    } else if (present !== null) {
      endRounds(present.rounds);
    }
    workers = workers.length === count ? workers : Array.from({ length: count }, () => startWorker(script));
    present = newSession(workers, [...modules, ...known].slice(0, Math.max(mostModules, modules.length)));
    return present;
  };
  return {
    session: (modules) => {
      // A worker that is lost between two rounds is missed by nobody: the next round has others.
      const session =
        present?.isOver() === false && modules.every((module) => present?.modules.includes(module))
          ? present
          : begin(modules);
      hold(true);
      return session;
    },
    rest: () => {
      hold(false);
    },
    dismiss,
    forget: async (isForgotten) => (present?.modules.some(isForgotten) === true ? dismiss() : undefined),
  };
};
