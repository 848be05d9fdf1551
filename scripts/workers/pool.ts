/** Jobs done by threads, or here: the results are the same, in the order of the jobs. */
import { fileURLToPath } from 'node:url';

import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pool } from 'workerpool';

import { runError, type CommandError } from '../../src/command/command-error.ts';
import { nextTurn } from '../event-loop.ts';
import { reasonOf } from '../../src/command/thrown.ts';

/** Called by a running job with its progress: how far it is, a state to be saved. */
export type Report<Progress> = (progress: Progress) => void;

/** A kind of job: the function that does it, and the module that does it in a thread of its own (see `serve.ts`). */
export interface JobKind<Job, Progress, Result> {
  readonly work: (job: Job, report: Report<Progress>) => TaskEither<CommandError, Result>;
  readonly entry: URL;
}

/** What is called while jobs are done; indices are those of the jobs. */
export interface Listener<Progress, Result> {
  readonly progress: (progress: Progress, index: number) => void;
  readonly result: (result: Result, index: number) => void;
}

/**
 * Does the jobs on `threads` threads, and reports each result as it comes; the first failure ends them all. This thread then stays
 * free for signals; with 0 threads it does the jobs itself, and signals wait for the one under way.
 */
export const doAll =
  <Job, Progress, Result>(kind: JobKind<Job, Progress, Result>, threads: number) =>
  (jobs: readonly Job[], listener: Listener<Progress, Result>): TaskEither<CommandError, readonly Result[]> =>
    Math.min(threads, jobs.length) > 0
      ? inThreads(kind, Math.min(threads, jobs.length), jobs, listener)
      : here(kind, jobs, listener);

const here =
  <Job, Progress, Result>(
    { work }: JobKind<Job, Progress, Result>,
    jobs: readonly Job[],
    listener: Listener<Progress, Result>,
  ): TaskEither<CommandError, readonly Result[]> =>
  async () => {
    const results = new Array<E.Either<CommandError, Result>>();
    for (const [index, job] of jobs.entries()) {
      const result = await work(job, (progress) => {
        listener.progress(progress, index);
      })();
      results.push(result);
      if (E.isLeft(result)) {
        break;
      }
      listener.result(result.right, index);
      await nextTurn();
    }
    return E.sequenceArray(results);
  };

const inThreads =
  <Job, Progress, Result>(
    { entry }: JobKind<Job, Progress, Result>,
    threads: number,
    jobs: readonly Job[],
    listener: Listener<Progress, Result>,
  ): TaskEither<CommandError, readonly Result[]> =>
  async () => {
    type Done = E.Either<CommandError, Result>;
    const workers = pool(fileURLToPath(entry), { maxWorkers: threads, workerType: 'thread' });
    const done = async (job: Job, index: number): Promise<Done> => {
      const result = await workers.exec<(one: Job) => Done>('work', [job], {
        on: (progress: Progress) => {
          listener.progress(progress, index);
        },
      });
      if (E.isRight(result)) {
        listener.result(result.right, index);
      }
      return result;
    };
    try {
      const all = jobs.map(done);
      return await Promise.race([Promise.all(all).then(E.sequenceArray), firstFailure(all)]);
    } catch (error) {
      return E.left(
        runError(
          `a thread failed (${reasonOf(error).split('\n')[0] ?? ''}): ` +
            (threads > 1 ? 'try again with --threads 1' : 'if it lacked memory, ask for a smaller size'),
        ),
      );
    } finally {
      await workers.terminate(true);
    }
  };

/** The first result that is a failure; waits forever where there is none. */
const firstFailure = <Failure, A>(results: readonly Promise<E.Either<Failure, A>>[]): Promise<E.Left<Failure>> =>
  new Promise((resolve, reject) => {
    results.forEach((one) => {
      one.then((result) => {
        if (E.isLeft(result)) {
          resolve(result);
        }
      }, reject);
    });
  });
