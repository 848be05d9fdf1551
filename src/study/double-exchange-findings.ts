/** What the trained lattice networks of a study have to tell, and how it is asked for. */
import { hasHead, type LatticeJob } from './job.ts';
import { learned, type Trait } from './other-protocol.ts';
import { errorAt, kernelOf, type Planned, type Trained } from './outcome.ts';
import type { ResultOf } from './result.ts';

/** A lattice network that was trained, with its job and its result. */
export type TrainedLattice = Trained<LatticeJob>;

/** A lattice network that is planned, trained or not. */
export type PlannedLattice = Planned<LatticeJob>;

/** All that the section speaks of. */
export interface Findings {
  /** The networks that claims are on. */
  readonly planned: readonly PlannedLattice[];
  /** Those of them that are trained. */
  readonly networks: readonly TrainedLattice[];
  readonly head: ResultOf<'pair-head'> | null;
  /** Tested lattice sizes, the training size first. */
  readonly sizes: readonly number[];
  /** The error of the mean predictor on the authors' sampler, where Eq. (3) was fitted to that. */
  readonly publishedMean: number | null;
}

/** The depth n of a network. */
export const layersOf = ({ job }: PlannedLattice): number => job.network.shape.layers;

/** The layers of the deepest networks of the paper. */
const publishedDepth = 3;

/** Whether a network is no deeper than those of the paper: others are of other widths too, and stand for themselves. */
export const isOfThePaper = (network: PlannedLattice): boolean => layersOf(network) <= publishedDepth;

/** Networks with the head where there are any, otherwise those without: only they are compared. */
export const withOneHead = <N extends PlannedLattice>(networks: readonly N[]): readonly N[] => {
  const withHead = networks.filter(({ job }) => hasHead(job.network));
  return withHead.length > 0 ? withHead : networks;
};

/** Whether a network has kernels of k x k. */
export const ofKernel =
  (kernel: number) =>
  ({ job }: PlannedLattice): boolean =>
    kernelOf(job) === kernel;

/** The kernels of the paper's networks, beside those that generalize better here: of both a network is claimed to be the best. */
export const comparedKernels = [
  { kernel: 3, suffix: '' },
  { kernel: 5, suffix: '-5' },
];

/** Networks that were trained alike: with the head where there are any, otherwise alone; and with the least of the kernels. */
export const comparable = <N extends PlannedLattice>(networks: readonly N[]): readonly N[] => {
  const alike = withOneHead(networks);
  return alike.filter(ofKernel(Math.min(...alike.map(({ job }) => kernelOf(job)))));
};

/** `kernels of 3 x 3, RKKY head`: what networks have alike. */
export const shapeInWords = (kernel: number, networks: readonly PlannedLattice[]): string =>
  `kernels of ${kernel} x ${kernel}, ${withOneHead(networks).some(({ job }) => hasHead(job.network)) ? 'RKKY head' : 'no head'}`;

/** The relative error of always answering the mean energy, at a lattice size. */
export const meanPredictorAt = ({ networks }: Findings, size: number | undefined): number | null =>
  networks.map(({ result }) => errorAt(result, size)?.meanPredictor).find((error) => error !== undefined) ?? null;

/** In what the paper's trainings on lattices may differ from ours. */
export const latticeTraits: readonly Trait<LatticeJob>[] = [
  { paper: 'sampler published', of: ({ train }) => `sampler ${train.recipe.sampler}` },
  learned,
  { paper: 'kernels of 5 x 5', of: (job) => `kernels of ${kernelOf(job)} x ${kernelOf(job)}` },
  { paper: 'no head', of: ({ network }) => (hasHead(network) ? 'RKKY head' : 'no head') },
];
