/** The labels of a reproduction: data sets as `efnn generate` makes them, read where they were made before. */
import { rm } from 'node:fs/promises';

import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { asRunError, runError, type CommandError, type RunError } from '../../src/command/command-error.ts';
import { writeNpz } from '../../src/dataset/data-set-file.ts';
import type { DataSet } from '../../src/dataset/data-set.ts';
import { quoted } from '../../src/file/quoted.ts';
import { runDescription, type Run } from '../../src/provenance/run.ts';
import { dataSetOf, journalPath } from '../../src/provenance/verification.ts';
import type { LabelsJob } from '../../src/study/job.ts';
import { labelsRun, type LabelsOf } from '../../src/study/labels.ts';
import { labelledSamples } from '../../src/training/batch.ts';
import { writeArtifact } from '../artifact.ts';
import { reasonOf } from '../../src/command/thrown.ts';
import { runGeneration } from '../generation/run.ts';
import { openJournal } from '../journal-file.ts';
import { programVersion } from '../program-version.ts';
import { standingArtifact } from '../standing-artifact.ts';
import type { ReproductionFolder } from './folder.ts';

/** The labels of these jobs: read where they stand whole, else made. */
export const labelsIn =
  (folder: ReproductionFolder, threads: number) =>
  (jobs: readonly LabelsJob[]): TaskEither<CommandError, LabelsOf> =>
    pipe(
      jobs,
      TE.traverseSeqArray((job) =>
        pipe(
          TE.fromEither(labelsRun(programVersion)(job)),
          TE.mapLeft(asRunError),
          TE.chainW((run) => standingOrMade(folder.labelsPath(job), threads, run)),
          TE.map((data) => [JSON.stringify(job), labelledSamples(data)] as const),
        ),
      ),
      TE.map((entries) => {
        const samples = new Map(entries);
        return (job) => samples.get(JSON.stringify(job)) ?? null;
      }),
    );

const standingOf = (path: string, run: Run): TaskEither<never, DataSet | null> =>
  TE.fromTask(standingArtifact(dataSetOf(runDescription(run)))(path, runDescription(run)));

/** The labels of a job that stand whole in a folder; null where there are none. */
export const standingLabels = (folder: ReproductionFolder, job: LabelsJob): TaskEither<RunError, DataSet | null> =>
  pipe(
    TE.fromEither(labelsRun(programVersion)(job)),
    TE.mapLeft(asRunError),
    TE.chainW((run) => standingOf(folder.labelsPath(job), run)),
  );

/** The labels of a run that stand there whole, or new ones; a journal beside whole ones is of a call that was killed. */
const standingOrMade = (path: string, threads: number, run: Run): TaskEither<CommandError, DataSet> =>
  pipe(
    standingOf(path, run),
    TE.chainFirstW((data) => (data === null ? TE.right(undefined) : removeJournal(path))),
    TE.chainW((data) => (data === null ? made(path, threads, run) : TE.right(data))),
  );

/** Makes labels and writes them with their manifest; a call that was stopped goes on from its journal. */
const made = (path: string, threads: number, run: Run): TaskEither<CommandError, DataSet> =>
  pipe(
    openJournal(path, run),
    TE.bindTo('journal'),
    TE.bindW('data', ({ journal }) =>
      // Who reproduces has chosen no recipe.
      pipe(journal, runGeneration(run, threads), TE.mapLeft(asRunError)),
    ),
    TE.chainFirstW(({ data }) =>
      pipe(
        TE.fromEither(writeNpz(data)),
        TE.mapLeft(asRunError),
        TE.chain((bytes) => writeArtifact(path, bytes, runDescription(run))),
      ),
    ),
    TE.map(({ journal, data }) => {
      journal.remove();
      return data;
    }),
  );

const removeJournal = (path: string): TaskEither<RunError, void> =>
  TE.tryCatch(
    () => rm(journalPath(path), { force: true }),
    (error) => runError(`could not remove ${quoted(journalPath(path))} (${reasonOf(error)}): remove it`),
  );
