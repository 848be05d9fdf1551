/** The jobs of a reproduction: those already finished are read, the others done by several threads, in the order of the preset. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as T from 'fp-ts/lib/Task.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { CommandError, RunError } from '../../src/command/command-error.ts';
import { threadsFor } from '../../src/dataset/work.ts';
import { readModel } from '../../src/network/model-file.ts';
import { secondsOf } from '../../src/study/job-cost.ts';
import { inOrder } from '../../src/study/job-order.ts';
import { labelsFor, type Job, type LabelsJob, type PooledJob } from '../../src/study/job.ts';
import { samplesOf, type LabelsOf } from '../../src/study/labels.ts';
import type { Outcome } from '../../src/study/outcome.ts';
import type { JobOrder } from '../../src/study/preset.ts';
import { readResult, type Result } from '../../src/study/result.ts';
import type { ChosenBackend } from '../backends.ts';
import { rescuedAtInterruption } from '../interruption.ts';
import { startProgress } from '../progress.ts';
import { doAll } from '../workers/pool.ts';
import { study, type StudyDone, type StudyProgress, type StudyOrder } from '../workers/study.ts';
import type { ReproductionFolder } from './folder.ts';
import { recordRun, standingRecord } from './runs.ts';

/**
 * A finished job's result from its file; null where there is none that is whole, or where the model that was trained is not. A
 * result that was taken over from another folder stands without its model.
 */
export const standingResult = (folder: ReproductionFolder, job: Job): Task<Result | null> =>
  pipe(
    folder.standing('results', readResult)(job),
    T.chain((result) => (result?.tag === 'network' ? besideModel(folder, job, result) : T.of(result))),
  );

/** As `standingResult`; a checkpoint that is still there is of a call that was killed before it took it away. */
export const finished = (folder: ReproductionFolder, job: Job): TaskEither<RunError, Result | null> =>
  pipe(
    TE.fromTask<Result | null, RunError>(standingResult(folder, job)),
    TE.chainFirst((result) => (result === null ? TE.right(undefined) : folder.remove('checkpoints', job))),
  );

/** The result of a training, where the model stands whole that was written before it, or was left behind. */
const besideModel = (folder: ReproductionFolder, job: Job, result: Result): Task<Result | null> =>
  pipe(
    wasLeftBehind(folder, job),
    T.chain((isElsewhere) =>
      isElsewhere
        ? T.of(result)
        : pipe(
            folder.expected('models', readModel)(job),
            T.map((model) => (model === null ? null : result)),
          ),
    ),
  );

/** Whether the model of a job stays in another folder, from which its result alone was taken over. */
export const wasLeftBehind = (folder: ReproductionFolder, job: Job): Task<boolean> =>
  pipe(
    folder.has('models', job),
    T.chain((isThere) =>
      isThere
        ? T.of(false)
        : pipe(
            standingRecord(folder, job),
            T.map((record) => record?.leftBehind !== undefined),
          ),
    ),
  );

/** Writes a result with its manifest. */
export const save = (folder: ReproductionFolder, job: Job, result: Result): TaskEither<RunError, unknown> =>
  folder.write('results', job)(new TextEncoder().encode(`${JSON.stringify(result)}\n`));

/** What jobs are done with. */
export interface Means {
  readonly backend: ChosenBackend;
  readonly threads: number;
  readonly order: JobOrder;
  /** Seconds between the checkpoints of a training: what a kill can cost. */
  readonly checkpointSeconds: number;
}

/** Reads or makes labels. */
type Labelling = (jobs: readonly LabelsJob[]) => TaskEither<CommandError, LabelsOf>;

/** The outcomes of all jobs, in their order. Labels are asked for by the jobs alone that are not finished. */
export const outcomesOf =
  (folder: ReproductionFolder, means: Means, labelling: Labelling) =>
  (jobs: readonly PooledJob[]): TaskEither<CommandError, readonly Outcome[]> =>
    pipe(
      jobs,
      TE.traverseSeqArray((job) =>
        pipe(
          finished(folder, job),
          TE.map((result) => ({ job, result })),
        ),
      ),
      TE.chainW((known) => {
        const wanted = inOrder(means.order)(known.flatMap(({ job, result }) => (result === null ? [job] : [])));
        return pipe(
          labelling(labelsFor(wanted)),
          TE.chain((labels) => done(folder, means, labels)(wanted)),
          TE.map((fresh) => {
            const results = new Map(fresh);
            return known.flatMap(({ job, result }) => {
              const found = result ?? results.get(job);
              return found === undefined ? [] : [{ job, result: found }];
            });
          }),
        );
      }),
    );

const done =
  (folder: ReproductionFolder, means: Means, labels: LabelsOf) =>
  (jobs: readonly PooledJob[]): TaskEither<CommandError, readonly (readonly [PooledJob, Result])[]> =>
    pipe(
      jobs,
      TE.traverseSeqArray((job) => orderOf(folder, means.backend, labels, job)),
      TE.chainW((orders) => () => observed(folder, means, orders)),
      TE.map((results) =>
        jobs.flatMap((job, i) => results.slice(i, i + 1).map(({ result }) => [job, result] as const)),
      ),
    );

const orderOf = (
  folder: ReproductionFolder,
  backend: ChosenBackend,
  labels: LabelsOf,
  job: PooledJob,
): TaskEither<RunError, StudyOrder> =>
  pipe(
    folder.read('checkpoints', job),
    TE.map((checkpoint) => ({
      job,
      samples: samplesOf(labels)(job),
      // A thread computes alone; what it needs of the processor's cores is the pool's to give.
      backend: { ...backend, threads: 1 },
      checkpoint,
    })),
  );

/** What jobs write, each one thing after the other, and all of it: a checkpoint that could not be written costs no result. */
const writers = () => {
  const tails = new Map<number, Promise<E.Either<RunError, unknown>>>();
  return {
    write: (index: number, next: TaskEither<RunError, unknown>): void => {
      const before = tails.get(index) ?? Promise.resolve(E.right(undefined));
      tails.set(
        index,
        before.then(async (written) => {
          const now = await next();
          return E.isLeft(written) ? written : now;
        }),
      );
    },
    all: async () => E.sequenceArray(await Promise.all(tails.values())),
  };
};

/**
 * Does the orders under one progress bar; every result, model and checkpoint is on disk as soon as it is known, and a signal loses no
 * more than the epochs that have not ended.
 */
const observed = async (
  folder: ReproductionFolder,
  { threads, checkpointSeconds }: Means,
  orders: readonly StudyOrder[],
): Promise<E.Either<CommandError, readonly StudyDone[]>> => {
  const costs = orders.map(({ job }) => secondsOf(job));
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const progress = startProgress('networks', '%', 100);
  const { write, all } = writers();
  /** The last checkpoints, which are not on the disk yet, and when one of the same job was written. */
  const reached = new Map<number, Uint8Array>();
  const saved = new Map<number, number>();
  /** The epochs that are done. */
  const done = new Map<number, number>();
  const save = (index: number): void => {
    const [job, checkpoint] = [orders[index]?.job, reached.get(index)];
    if (job !== undefined && checkpoint !== undefined) {
      reached.delete(index);
      saved.set(index, performance.now());
      write(index, folder.write('checkpoints', job)(checkpoint));
    }
  };
  const start = performance.now();
  const forget = rescuedAtInterruption(() => {
    [...reached.keys()].forEach(save);
    return all();
  });
  const results = await doAll(study, threadsFor(threads, total))(orders, {
    progress: ({ epoch, checkpoint }: StudyProgress, index) => {
      const job = orders[index]?.job;
      const epochs = job !== undefined && 'plan' in job ? job.plan.epochs : 1;
      progress.advance((((100 * (costs[index] ?? 0)) / total) * (epoch - (done.get(index) ?? 0))) / epochs);
      done.set(index, epoch);
      reached.set(index, checkpoint);
      if (performance.now() - (saved.get(index) ?? start) > 1000 * checkpointSeconds) {
        save(index);
      }
    },
    result: (found, index) => {
      const job = orders[index]?.job;
      reached.delete(index);
      if (job !== undefined) {
        // What went on from a checkpoint took longer than this call knows.
        const isWhole = orders[index]?.checkpoint === null;
        write(index, recordRun(folder, job, isWhole ? found.seconds : null));
        write(index, kept(folder, job, found));
      }
    },
  })();
  if (E.isLeft(results)) {
    // What fails, as a GPU that is lost, costs no epoch that has ended.
    [...reached.keys()].forEach(save);
  }
  const written = await all();
  forget();
  progress.stop();
  return pipe(
    written,
    E.chainW(() => results),
  );
};

/** Writes the model and the result, and only then takes the checkpoint away. */
const kept = (
  folder: ReproductionFolder,
  job: PooledJob,
  { result, model }: StudyDone,
): TaskEither<RunError, unknown> =>
  pipe(
    model === null ? TE.of<RunError, unknown>(null) : folder.write('models', job)(model),
    TE.chain(() => save(folder, job, result)),
    TE.chain(() => folder.remove('checkpoints', job)),
  );
