/** The labels of a reproduction: read where they were made before, made on all threads otherwise. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { isNonEmpty } from 'fp-ts/lib/ReadonlyArray.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { concatenated, sampleCount, type DataSet } from '../../src/dataset/data-set.ts';
import { readNpz, writeNpz } from '../../src/dataset/npz.ts';
import { pieces } from '../../src/dataset/shard.ts';
import { titleOf, type LabelsJob } from '../../src/study/job.ts';
import { labelledSamples, type LabelledSamples } from '../../src/training/batch.ts';
import { secondsPerEnergy } from '../commands/exact-options.ts';
import { threadsFor, unitsPerJob } from '../commands/work-load.ts';
import { runError, type CommandError } from '../exit.ts';
import { startProgress } from '../progress.ts';
import { generation } from '../workers/generation.ts';
import { doAll } from '../workers/pool.ts';
import type { ReproductionFolder } from './folder.ts';

/** The samples of each set of labels. */
export type LabelsOf = (job: LabelsJob) => LabelledSamples | null;

export const labelsIn =
  (folder: ReproductionFolder, threads: number) =>
  (jobs: readonly LabelsJob[]): TaskEither<CommandError, LabelsOf> =>
    pipe(
      jobs,
      TE.traverseSeqArray((job) =>
        pipe(
          found(folder, job),
          TE.chain((data) => (data === null ? made(folder, threads, job) : TE.right(data))),
          TE.map((data) => [JSON.stringify(job), labelledSamples(data)] as const),
        ),
      ),
      TE.map((entries) => {
        const samples = new Map(entries);
        return (job) => samples.get(JSON.stringify(job)) ?? null;
      }),
    );

const found = (folder: ReproductionFolder, job: LabelsJob): TaskEither<CommandError, DataSet | null> =>
  pipe(
    folder.read('labels', job),
    TE.map((bytes) => (bytes === null ? null : pipe(readNpz(bytes), E.getOrElseW(() => null)))),
  );

const made = (folder: ReproductionFolder, threads: number, job: LabelsJob): TaskEither<CommandError, DataSet> => {
  const { plan, range } = job;
  const seconds = secondsPerEnergy(plan.size, plan.forces);
  const progress = startProgress(titleOf(job), 'samples', range.count);
  return pipe(
    doAll(generation, threadsFor(threads, seconds * range.count))(
      pieces(range, unitsPerJob(seconds)).map((piece) => ({ plan, range: piece })),
      {
        note: () => undefined,
        result: (piece) => {
          progress.advance(sampleCount(piece));
        },
      },
    ),
    TE.chainEitherKW((all) =>
      isNonEmpty(all)
        ? pipe(
            concatenated(all),
            E.mapLeft(({ message }): CommandError => runError(message)),
          )
        : E.left(runError('no samples were made')),
    ),
    (task): TaskEither<CommandError, DataSet> => async () => task().finally(progress.stop),
    TE.chainFirstW((data) => folder.write('labels', job)(writeNpz(data))),
  );
};
