/** The names of files that jobs leave. */
import { textDigest, type Digest } from '../file/digest.ts';
import { titleOf, type Job, type LabelsJob } from './job.ts';

const slug = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/**
 * `efnn-c-3-n-2-1f0c9a7d3e52`: a title for people, and a digest of all that fixes the content: the job, and what computed it
 * (null where that makes no difference).
 */
export const jobName =
  (digest: Digest) =>
  (job: Job | LabelsJob, computedBy: string | null): string =>
    `${slug(titleOf(job))}-${textDigest(digest)(JSON.stringify({ job, computedBy })).slice(0, 12)}`;
