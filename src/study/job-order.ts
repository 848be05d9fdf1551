/** Which job of a reproduction is begun first. */
import { sizeOf } from '../dataset/spin-kind.ts';
import { secondsOf } from './job-cost.ts';
import { isPublishedInSmall, publishedSize, type Job } from './job.ts';
import type { JobOrder } from './preset.ts';

const isTrainedAsPublished = (job: Job): boolean =>
  job.tag === 'lattice' && sizeOf(job.train.recipe.sampleShape) === publishedSize;

/**
 * How soon a job should be done, the least first: what costs next to nothing; then the networks of which the paper tells numbers, with
 * all their seeds, the EFNN, with every kernel, before the others; then those around them and of other training sizes, seed by seed; between their first seed and their
 * second the published protocol in small, with all its seeds.
 */
const rankOf = (job: Job): number => {
  if (job.tag !== 'dense' && job.tag !== 'lattice') {
    return 0;
  }
  if (isPublishedInSmall(job)) {
    return 3 + 1.5;
  }
  const { shape, architecture } = job.network;
  const isOfNumbers =
    shape.tag === 'dense'
      ? [105, 150].includes(shape.neurons) && shape.layers > 1
      : isTrainedAsPublished(job) && shape.channels === 3 && (shape.kernel === 3 || architecture === 'efnn');
  return isOfNumbers ? (architecture === 'efnn' ? 1 : 2) : 3 + job.plan.seed;
};

/** The jobs in this order; those that are alike in it stay as they are. */
export const inOrder =
  (order: JobOrder) =>
  <J extends Job>(jobs: readonly J[]): readonly J[] =>
    jobs
      .map((job) => ({ job, key: order === 'longest first' ? -secondsOf(job) : rankOf(job) }))
      .toSorted((one, other) => one.key - other.key)
      .map(({ job }) => job);
