/** Which job of a reproduction is begun first. */
import { sizeOf } from '../dataset/spin-kind.ts';
import { secondsOf } from './job-cost.ts';
import {
  generalizationChannels,
  hasHead,
  isPublishedInSmall,
  publishedSize,
  type DenseJob,
  type Job,
  type LatticeJob,
} from './job.ts';
import type { JobOrder } from './preset.ts';

/** Widths of the networks of Figs. 2b and 2c of which the paper tells numbers; of binary spins those of every EFNN from the first on. */
const toldWidths = [105, 150] as const;

const isOfDenseNumbers = ({ system, network: { shape, architecture } }: DenseJob): boolean =>
  shape.tag === 'dense' &&
  shape.layers > 1 &&
  (toldWidths.some((width) => width === shape.neurons) ||
    (architecture === 'efnn' && system === 'three-spin-binary' && shape.neurons > toldWidths[0]));

const isOfLatticeNumbers = ({ network: { shape, architecture }, ...job }: LatticeJob): boolean =>
  shape.tag === 'lattice' &&
  sizeOf(job.train.recipe.sampleShape) === publishedSize &&
  shape.channels === generalizationChannels &&
  (shape.kernel === 3 || architecture === 'efnn');

/** Whether a job trains one of the EFNNs by which the paper tells how errors fall with C and n, and on larger lattices. */
const isOfTrends = (job: DenseJob | LatticeJob): boolean =>
  job.tag === 'lattice' &&
  sizeOf(job.train.recipe.sampleShape) === publishedSize &&
  job.network.architecture === 'efnn' &&
  job.network.shape.tag === 'lattice' &&
  job.network.shape.kernel === 3 &&
  hasHead(job.network);

/**
 * How soon a job should be done, the least first: what costs next to nothing; then the networks of which the paper tells numbers, with
 * all their seeds, the EFNN, with every kernel, before the others; then the EFNNs of every C; then those around them and of other training
 * sizes, seed by seed; between their first seed and their second the published protocol in small, with all its seeds.
 */
const rankOf = (job: Job): number => {
  if (job.tag !== 'dense' && job.tag !== 'lattice') {
    return 0;
  }
  if (isPublishedInSmall(job)) {
    return 3 + 1.5;
  }
  const isOfNumbers = job.tag === 'dense' ? isOfDenseNumbers(job) : isOfLatticeNumbers(job);
  return isOfNumbers ? (job.network.architecture === 'efnn' ? 1 : 2) : isOfTrends(job) ? 3 : 3 + job.plan.seed;
};

/** The jobs in this order; those that are alike in it stay as they are. */
export const inOrder =
  (order: JobOrder) =>
  <J extends Job>(jobs: readonly J[]): readonly J[] =>
    jobs
      .map((job) => ({ job, key: order === 'longest first' ? -secondsOf(job) : rankOf(job) }))
      .toSorted((one, other) => one.key - other.key)
      .map(({ job }) => job);
