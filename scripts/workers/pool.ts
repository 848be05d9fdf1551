/** Jobs done by several threads, or here: the results are the same, in the order of the jobs. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { reasonOf, runError, type CommandError } from '../exit.ts';

/** Something that a job says while it is being done: how far it is, a state to be saved. */
export type Tell<Note> = (note: Note) => void;

/** A kind of job: the function that does it, and the module that does it in a thread of its own (see `serve.ts`). */
export interface Labour<Job, Note, Result> {
  readonly work: (job: Job, tell: Tell<Note>) => TaskEither<CommandError, Result>;
  readonly entry: URL;
}

export type Reply<Note, Result> =
  | { readonly tag: 'note'; readonly index: number; readonly note: Note }
  | { readonly tag: 'result'; readonly index: number; readonly result: E.Either<CommandError, Result> };

/** What is called while jobs are done; indices are those of the jobs. */
export interface Listener<Note, Result> {
  readonly note: (note: Note, index: number) => void;
  readonly result: (result: Result, index: number) => void;
}

export const allCores = availableParallelism();

/** Does the jobs on `threads` threads, and reports each result as it comes; the first failure ends them all. */
export const doAll =
  <Job, Note, Result>(labour: Labour<Job, Note, Result>, threads: number) =>
  (jobs: readonly Job[], listener: Listener<Note, Result>): TaskEither<CommandError, readonly Result[]> =>
    Math.min(threads, jobs.length) > 1
      ? inThreads(labour, Math.min(threads, jobs.length), jobs, listener)
      : here(labour, jobs, listener);

const here =
  <Job, Note, Result>(
    { work }: Labour<Job, Note, Result>,
    jobs: readonly Job[],
    listener: Listener<Note, Result>,
  ): TaskEither<CommandError, readonly Result[]> =>
  async () => {
    const results = new Array<E.Either<CommandError, Result>>();
    for (const [index, job] of jobs.entries()) {
      const result = await work(job, (note) => {
        listener.note(note, index);
      })();
      results.push(result);
      if (E.isLeft(result)) {
        break;
      }
      listener.result(result.right, index);
      await breath();
    }
    return E.sequenceArray(results);
  };

/** Lets timers and the progress bar have their turn. */
export const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const inThreads =
  <Job, Note, Result>(
    { entry }: Labour<Job, Note, Result>,
    threads: number,
    jobs: readonly Job[],
    listener: Listener<Note, Result>,
  ): TaskEither<CommandError, readonly Result[]> =>
  async () => {
    const results = new Map<number, Result>();
    const waiting = jobs.entries();
    const workers = Array.from({ length: threads }, () => new Worker(entry));
    const ending = await new Promise<E.Either<CommandError, void>>((resolve) => {
      const handNext = (worker: Worker): void => {
        const next = waiting.next();
        if (next.done !== true) {
          const [index, job] = next.value;
          worker.postMessage({ index, job });
        }
      };
      const receive = (worker: Worker, reply: Reply<Note, Result>): void => {
        if (reply.tag === 'note') {
          listener.note(reply.note, reply.index);
          return;
        }
        const { index, result } = reply;
        if (E.isLeft(result)) {
          resolve(result);
          return;
        }
        results.set(index, result.right);
        listener.result(result.right, index);
        if (results.size === jobs.length) {
          resolve(E.right(undefined));
        } else {
          handNext(worker);
        }
      };
      workers.forEach((worker) => {
        worker.on('message', (reply: Reply<Note, Result>) => {
          receive(worker, reply);
        });
        worker.on('error', (error) => {
          resolve(E.left(runError(`a thread failed (${reasonOf(error)}): try again with --threads 1`)));
        });
        worker.on('exit', (code) => {
          resolve(E.left(runError(`a thread ended early (exit code ${code}): try again with --threads 1`)));
        });
        handNext(worker);
      });
    });
    await Promise.all(workers.map((worker) => worker.terminate()));
    return E.map(() => [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result))(ending);
  };
