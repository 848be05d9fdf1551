/** The loss of always answering the mean energy: what losses of trainings are measured by. */
import type { SampleSets } from './batch.ts';
import { varianceIn } from './energy-variance.ts';
import { forceSquareIn } from './force-weight.ts';
import type { Loss } from './loss.ts';

/** How many force components a sample of the first set has: two a unit vector, one a number. */
const componentsIn = ([{ count, latticeSize, spins }]: SampleSets): number =>
  latticeSize === 1 ? spins.length / count : 2 * latticeSize * latticeSize;

/**
 * The mean loss of the mean energy of each set, whatever the spins, and so of no forces. On N times the size of the first set there are
 * N^2 times as many forces, of which each counts for 1 / N^2.
 */
export const meanPredictorLoss = ({ weight, forceWeight }: Loss, sets: SampleSets): number =>
  weight *
  (varianceIn(sets, ({ energies }) => energies) +
    (forceWeight === null ? 0 : forceWeight * componentsIn(sets) * forceSquareIn(sets)));
