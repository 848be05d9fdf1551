/** Jobs done by several threads, or here: the results are the same, in the order of the jobs. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { reasonOf, runError, type CommandError } from '../exit.ts';

/** A kind of job: the function that does it, and the module that does it in a thread of its own (see `serve.ts`). */
export interface Labour<Job, Result> {
  readonly work: (job: Job) => E.Either<CommandError, Result>;
  readonly entry: URL;
}

export interface Reply<Result> {
  readonly index: number;
  readonly result: E.Either<CommandError, Result>;
}

export const allCores = availableParallelism();

/** Does the jobs on `threads` threads, and reports each result as it comes; the first failure ends them all. */
export const doAll =
  <Job, Result>(labour: Labour<Job, Result>, threads: number) =>
  (jobs: readonly Job[], report: (result: Result) => void): TaskEither<CommandError, readonly Result[]> =>
    Math.min(threads, jobs.length) > 1
      ? inThreads(labour, Math.min(threads, jobs.length), jobs, report)
      : here(labour, jobs, report);

const here =
  <Job, Result>(
    { work }: Labour<Job, Result>,
    jobs: readonly Job[],
    report: (result: Result) => void,
  ): TaskEither<CommandError, readonly Result[]> =>
  async () => {
    const results = new Array<E.Either<CommandError, Result>>();
    for (const job of jobs) {
      const result = work(job);
      results.push(result);
      if (E.isLeft(result)) {
        break;
      }
      report(result.right);
      await breath();
    }
    return E.sequenceArray(results);
  };

/** Lets timers and the progress bar have their turn. */
const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const inThreads =
  <Job, Result>(
    { entry }: Labour<Job, Result>,
    threads: number,
    jobs: readonly Job[],
    report: (result: Result) => void,
  ): TaskEither<CommandError, readonly Result[]> =>
  async () => {
    const results = new Map<number, Result>();
    const waiting = jobs.entries();
    const workers = Array.from({ length: threads }, () => new Worker(entry));
    const failure = await new Promise<E.Either<CommandError, void>>((resolve) => {
      const handNext = (worker: Worker): void => {
        const next = waiting.next();
        if (next.done !== true) {
          const [index, job] = next.value;
          worker.postMessage({ index, job });
        }
      };
      const receive = (worker: Worker, { index, result }: Reply<Result>): void => {
        if (E.isLeft(result)) {
          resolve(result);
          return;
        }
        results.set(index, result.right);
        report(result.right);
        if (results.size === jobs.length) {
          resolve(E.right(undefined));
        } else {
          handNext(worker);
        }
      };
      workers.forEach((worker) => {
        worker.on('message', (reply: Reply<Result>) => {
          receive(worker, reply);
        });
        worker.on('error', (error) => {
          resolve(E.left(runError(`a thread failed (${reasonOf(error)}): try again with --threads 1`)));
        });
        handNext(worker);
      });
    });
    await Promise.all(workers.map((worker) => worker.terminate()));
    return E.map(() => [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result))(failure);
  };
