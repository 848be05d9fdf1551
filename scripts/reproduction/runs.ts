/** How the jobs of a reproduction were done: their times, machines and files, for the report. */
import { cpus } from 'node:os';
import { join } from 'node:path';

import { pipe } from 'fp-ts/lib/function.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { RunError } from '../../src/command/command-error.ts';
import { readManifest } from '../../src/provenance/manifest.ts';
import { manifestPath } from '../../src/provenance/verification.ts';
import type { DoneJob } from '../../src/report/report.ts';
import { jobText, labelsFor, labelsOf, type Job } from '../../src/study/job.ts';
import type { Outcome, Outcomes } from '../../src/study/outcome.ts';
import { runOf, type KeptJob } from '../../src/study/record.ts';
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

/** The SHA-256 in the manifest of a file; none where it has none. */
const digestAt = (path: string): Task<readonly string[]> =>
  pipe(
    readFile(manifestPath(path)),
    TE.chainEitherKW(readManifest(sha256)),
    TE.match(
      () => [],
      (manifest) => [manifest.sha256],
    ),
  );

/** What is kept of some finished jobs, in their order. */
export const recordsIn = (folder: ReproductionFolder, outcomes: Outcomes): Task<readonly KeptJob[]> =>
  pipe(
    labelsFor(outcomes.map(({ job }) => job)),
    T.traverseSeqArray((labels) =>
      pipe(
        digestAt(folder.labelsPath(labels)),
        T.map((digests) => [JSON.stringify(labels), digests] as const),
      ),
    ),
    T.map((entries) => new Map(entries)),
    T.chain((digests) =>
      pipe(
        outcomes,
        T.traverseSeqArray(({ job, result }) =>
          pipe(
            T.Do,
            T.bind('run', () => standingRecord(folder, job)),
            T.bind('model', () => modelDigest(folder, { job, result })),
            T.map(({ run, model: [model] }): KeptJob => {
              const labels = labelsOf(job).flatMap((one) => digests.get(JSON.stringify(one)) ?? []);
              const left = run?.leftBehind;
              return {
                job,
                record: {
                  format: 'efnn-record/1',
                  job: jobText(job),
                  computedBy: folder.computedBy,
                  result,
                  seconds: run?.seconds ?? null,
                  machine: run?.machine ?? null,
                  digests: {
                    model: model ?? left?.model ?? null,
                    // What was recorded where the job was done is whole; here some of its labels may not lie.
                    labels: left?.labels ?? labels,
                  },
                },
              };
            }),
          ),
        ),
      ),
    ),
  );

const modelDigest = (folder: ReproductionFolder, outcome: Outcome): Task<readonly string[]> => {
  const { model } = folder.namesOf(outcome);
  return model === null ? T.of([]) : digestAt(join(folder.path, model));
};

/** The runs behind some outcomes, by the texts of their jobs: with links to the files that lie in this folder. */
export const runsIn = (folder: ReproductionFolder, outcomes: Outcomes): Task<ReadonlyMap<string, DoneJob>> =>
  pipe(
    recordsIn(folder, outcomes),
    T.chain(
      T.traverseSeqArray(({ job, record }) =>
        pipe(
          folder.has('models', job),
          T.map((hasModel) => {
            const { result, model } = folder.namesOf({ job, result: record.result });
            return [jobText(job), runOf(job, { result, model: hasModel ? model : null }, record)] as const;
          }),
        ),
      ),
    ),
    T.map((entries) => new Map(entries)),
  );
