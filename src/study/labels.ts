/** The labels of a reproduction: which of them are checked, and which each job is trained and tested on. */
import type { Either } from 'fp-ts/lib/Either.js';

import { publishedTrainingSamples } from '../dataset/published.ts';
import type { OrderError } from '../dataset/recipe.ts';
import { sizeOf } from '../dataset/spin-kind.ts';
import { systems } from '../dataset/systems.ts';
import { runOf, type Run } from '../provenance/run.ts';
import { splitSamples, type LabelledSamples } from '../training/batch.ts';
import { publishedLabels, usesLabels, type Job, type LabelsJob } from './job.ts';
import type { StudySamples } from './network-job.ts';

/** The samples of each set of labels that was made; null for others. */
export type LabelsOf = (job: LabelsJob) => LabelledSamples | null;

/**
 * One configuration in so many is computed by the reference method as well, where another makes the labels, and up to this N:
 * beyond it one diagonalization takes longer than all labels.
 */
const checks = { every: 200, largest: 20 };

/**
 * Every how many configurations the labels of a job are compared with those of the reference method; null where they are
 * not: for labels that are the reference, and on larger lattices. A difference beyond the tolerance ends the reproduction.
 */
export const checkEvery = ({ recipe: { system, method, sampleShape } }: LabelsJob): number | null =>
  method !== systems[system].methods[0] && sizeOf(sampleShape) <= checks.largest ? checks.every : null;

/** The run that makes the labels of a job, by this version of the program. */
export const labelsRun =
  (program: string) =>
  (job: LabelsJob): Either<OrderError, Run> =>
    runOf(program)(job.recipe, { samples: job.range.count, shard: { i: 1, n: 1 }, checkEvery: checkEvery(job) });

/** The authors' split of their own three-spin samples. */
const publishedSplit = (all: LabelledSamples): StudySamples => {
  const { train, test } = splitSamples(publishedTrainingSamples)(all);
  return { train, tests: [test] };
};

/** What a job is trained and tested on, all of it; null for jobs without labels, and where a set is missing. */
export const samplesOf =
  (labels: LabelsOf) =>
  (job: Job): StudySamples | null => {
    if (job.tag === 'dense') {
      const all = labels(publishedLabels(job));
      return all === null ? null : publishedSplit(all);
    }
    if (!usesLabels(job)) {
      return null;
    }
    const train = labels(job.train);
    const tests = job.tests.flatMap((test) => labels(test) ?? []);
    return train === null || tests.length < job.tests.length ? null : { train, tests };
  };
