/** The loss of always answering the mean energy: what losses of trainings are measured by. */
import { sumOf } from '../number/sum.kernel.ts';
import { relativeSize, type SampleSets } from './batch.ts';
import { varianceIn } from './energy-variance.ts';
import { componentSquares } from './force-weight.ts';
import type { Loss } from './loss.ts';

/** The mean over samples of their squared forces, in units of the lattice size of the first set. */
const squaredForces = (sets: SampleSets): number => {
  const count = sets.reduce((sum, samples) => sum + samples.count, 0);
  return sets.reduce((sum, samples) => {
    // Two components a unit vector, one a number.
    const components = samples.latticeSize === 1 ? 1 : 2;
    const unit = relativeSize(sets, samples);
    return sum + (components * sumOf(componentSquares(samples))) / (unit * unit * count);
  }, 0);
};

/** The mean loss of the mean energy of each set, whatever the spins, and so of no forces. */
export const meanPredictorLoss = ({ weight, forceWeight }: Loss, sets: SampleSets): number =>
  weight *
  (varianceIn(sets, ({ energies }) => energies) + (forceWeight === null ? 0 : forceWeight * squaredForces(sets)));
