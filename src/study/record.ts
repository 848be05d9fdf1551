/**
 * Records: what a finished job leaves that is small enough to keep for good. Weights and labels are made again by their seeds; a
 * record has their digests. It is one line of JSON, and carries a digest of its own.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { z } from 'zod';

import { canonicalJson } from '../file/canonical-json.ts';
import { dataError, type DataError } from '../file/data-error.ts';
import { decodeJson } from '../file/decode.ts';
import { textDigest, type Digest } from '../file/digest.ts';
import type { DoneJob } from '../report/report.ts';
import { jobName } from './job-name.ts';
import { jobText, titleOf, type Job } from './job.ts';
import { leftBehindSchema, positive, resultSchema, type Result } from './result.ts';

const bodySchema = z.strictObject({
  format: z.literal('efnn-record/1'),
  /** The job in its own words, which fix the result. */
  job: z.string(),
  /** Version and backend. */
  computedBy: z.string(),
  result: resultSchema,
  /** How long the job took; null where that is not known. */
  seconds: positive.nullable(),
  /** Processor and Node; null where that is not known. */
  machine: z.string().nullable(),
  /** Of the network that was trained, null for other jobs, and of its labels. */
  digests: leftBehindSchema,
});

/** What is kept of a finished job. */
export type JobRecord = Readonly<z.infer<typeof bodySchema>>;

/** A finished job, and what is kept of it. */
export interface KeptJob {
  readonly job: Job;
  readonly record: JobRecord;
}

const sealedSchema = bodySchema.extend({ sha256: z.string() });

const sealOf = (digest: Digest, body: JobRecord): string => textDigest(digest)(canonicalJson(body));

/** The text of a record, with the digest of all that it says. */
export const showRecord =
  (digest: Digest) =>
  (record: JobRecord): string =>
    `${canonicalJson({ ...record, sha256: sealOf(digest, record) })}\n`;

/** The record in the bytes of its file. Fails where they are none, or were changed. */
export const readRecord =
  (digest: Digest) =>
  (bytes: Uint8Array): Either<DataError, JobRecord> =>
    pipe(
      bytes,
      decodeJson('the record of a job', sealedSchema),
      E.chain(({ sha256, ...record }) =>
        sealOf(digest, record) === sha256
          ? E.right(record)
          : E.left(dataError('expected the record of a job as it was written, got a changed one: copy it again')),
      ),
    );

/** The name of the file of a record. */
export const recordName =
  (digest: Digest) =>
  (job: Job, computedBy: string): string =>
    `${jobName(digest)(job, computedBy)}.json`;

/** The record, where it is of this job and of what computes here. Fails for that of another. */
export const expectRecordOf =
  (job: Job, computedBy: string) =>
  (record: JobRecord): Either<DataError, JobRecord> =>
    record.job === jobText(job) && record.computedBy === computedBy
      ? E.right(record)
      : E.left(dataError('expected the record of this very job, got that of another: copy it again'));

/** What is said of a run whose training diverged, once or twice. */
const divergenceIn = (result: Result): string =>
  result.tag === 'diverged'
    ? ', diverged, at half the rate too'
    : result.tag === 'network' && result.rateFactor !== 1
      ? ', at half the rate: it had diverged'
      : '';

/** The run of a job as the report shows it: where its files lie, and how it was done. */
export const runOf = (job: Job, files: Pick<DoneJob, 'result' | 'model'>, record: JobRecord): DoneJob => ({
  id: files.result,
  title: `${titleOf(job)}${divergenceIn(record.result)}`,
  seed: 'plan' in job ? job.plan.seed : null,
  ...{ seconds: record.seconds, machine: record.machine },
  ...files,
  ...(record.digests.model === null ? {} : { modelSha256: record.digests.model }),
  data: record.digests.labels,
});
