/** How the jobs of a reproduction were done: their times, machines and files, for the report. */
import { cpus } from 'node:os';

import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { RunError } from '../../src/command/command-error.ts';
import { readManifest } from '../../src/provenance/manifest.ts';
import { manifestPath } from '../../src/provenance/verification.ts';
import type { DoneJob } from '../../src/report/report.ts';
import { jobText, labelsFor, labelsOf, titleOf, type Job } from '../../src/study/job.ts';
import type { Outcomes } from '../../src/study/outcome.ts';
import { readRunRecord, type RunRecord } from '../../src/study/result.ts';
import { readFile } from '../read-file.ts';
import { sha256 } from '../sha256.ts';
import type { ReproductionFolder } from './folder.ts';

const thisMachine = (): string => `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;

/** Writes how a job was done. */
export const writeRecord = (folder: ReproductionFolder, job: Job, record: RunRecord): TaskEither<RunError, unknown> =>
  folder.write('runs', job)(new TextEncoder().encode(`${JSON.stringify(record)}\n`));

/** Writes how long a job took here; null where it went on from a checkpoint. */
export const recordRun = (
  folder: ReproductionFolder,
  job: Job,
  seconds: number | null,
): TaskEither<RunError, unknown> => writeRecord(folder, job, { seconds, machine: thisMachine() });

/** How a job was done, where that stands whole in a folder. */
export const standingRecord = (folder: ReproductionFolder, job: Job): Task<RunRecord | null> =>
  folder.standing('runs', readRunRecord)(job);

/** The runs behind some outcomes, by the texts of their jobs. */
export const runsIn = (
  folder: ReproductionFolder,
  outcomes: Outcomes,
): TaskEither<never, ReadonlyMap<string, DoneJob>> => {
  const digestOf = (path: string): TaskEither<never, readonly string[]> =>
    pipe(
      readFile(manifestPath(path)),
      TE.chainEitherKW(readManifest(sha256)),
      TE.map((manifest): readonly string[] => [manifest.sha256]),
      TE.orElse((): TaskEither<never, readonly string[]> => TE.right([])),
    );
  return pipe(
    labelsFor(outcomes.map(({ job }) => job)),
    TE.traverseSeqArray((labels) =>
      pipe(
        digestOf(folder.labelsPath(labels)),
        TE.map((digests) => [JSON.stringify(labels), digests] as const),
      ),
    ),
    TE.map((entries) => new Map(entries)),
    TE.chain((digests) =>
      pipe(
        outcomes,
        TE.traverseSeqArray(({ job, result }) =>
          pipe(
            TE.fromTask(standingRecord(folder, job)),
            TE.map((record) => {
              const halved =
                result.tag === 'network' && result.rateFactor !== 1 ? ', at half the rate: it had diverged' : '';
              const [file = '', model = null] = folder.namesOf(job);
              return [
                jobText(job),
                {
                  id: file,
                  title: `${titleOf(job)}${halved}`,
                  seed: 'plan' in job ? job.plan.seed : null,
                  seconds: record?.seconds ?? null,
                  machine: record?.machine ?? null,
                  ...{ result: file, model },
                  data: labelsOf(job).flatMap((one) => digests.get(JSON.stringify(one)) ?? []),
                },
              ] as const;
            }),
          ),
        ),
      ),
    ),
    TE.map((entries) => new Map(entries)),
  );
};
