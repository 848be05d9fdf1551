/** Rough costs of jobs in multiply-adds: for a progress bar that runs evenly, and to begin with the longest job. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { publishedTrainingSamples } from '../dataset/published.ts';
import { sizeOf } from '../dataset/spin-kind.ts';
import { networkProgram, type Network } from '../network/network.ts';
import { multiplyAdds, onLattice } from '../program/counts.ts';
import type { TrainingPlan } from '../training/preparation.ts';
import type { EffectiveModelJob, Job } from './job.ts';

/** What a training step costs beside a forward pass: the gradient, and that of the forces inside a loss. */
const stepCost = ({ forceWeight }: TrainingPlan): number => (forceWeight === null ? 3 : 9);

const forwardCost = (network: Network, latticeSize: number): number =>
  pipe(
    networkProgram(network),
    E.match(
      () => 1,
      (program) => onLattice(latticeSize)(multiplyAdds(program)),
    ),
  );

/** Conjugate gradients want some dozens of products with the design and its transpose; the symmetric features are costly once. */
const effectiveCost = ({ form, labels }: EffectiveModelJob): number =>
  ({ tiles: 100 * 213_201, symmetric: 4e6, pairs: 1e5 })[form] * labels;

/** The cost of training, or a nominal cost where little is computed. */
export const costOf = (job: Job): number => {
  switch (job.tag) {
    case 'dense':
      return forwardCost(job.network, 1) * publishedTrainingSamples * job.plan.epochs * stepCost(job.plan);
    case 'lattice': {
      const { recipe, range } = job.train;
      return forwardCost(job.network, sizeOf(recipe.sampleShape)) * range.count * job.plan.epochs * stepCost(job.plan);
    }
    case 'effective-model':
      return effectiveCost(job);
    case 'exact-reduction':
    case 'resummation':
    case 'pair-head':
    case 'speed':
      return 1e6;
  }
};
