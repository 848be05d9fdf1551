/**
 * The units in which a network learns energies, taken from the labels.
 *
 * The shift is the mean energy per site, or what the fitted pair head leaves as constant; the scale is the standard
 * deviation of what remains. So the network proper learns a quantity of mean 0 and variance 1: training on raw total
 * energies, sums over N^2 sites of a nearly constant number, is badly conditioned.
 */
import type { Network, Shape } from '../network/network.ts';
import type { Reals } from '../number/reals.ts';
import type { FittedRole } from '../program/weight.ts';
import type { LabelledSamples } from './batch.ts';
import { deviationOf, meanOf } from './error-measures.ts';
import { fitPairs, pairEnergies } from './pair-fit.ts';

/** Numbers for the weights that are fitted. */
export type FittedWeights = Readonly<Partial<Record<FittedRole, Reals>>>;

/** The units of a network's energies, and what was fitted to find them. */
export interface EnergyUnits {
  /** The network with its energy scale and shift. */
  readonly network: Network;
  /** The standard deviation of the energies that the network proper has to learn. */
  readonly deviation: number;
  /** What is fitted, not trained, by the role of its weight: the kernel where there is a pair head. */
  readonly fitted: FittedWeights;
}

const sitesOf = (shape: Shape, { latticeSize }: LabelledSamples): number =>
  shape.tag === 'dense' ? shape.sites : latticeSize * latticeSize;

const minus = (a: Reals, b: Reals): Reals => a.map((x, index) => x - (b[index] ?? 0));

/** How many entries of order one the network sums: their sum has a standard deviation of about its square root. */
const summedEntries = (shape: Shape, samples: LabelledSamples): number =>
  shape.tag === 'dense' ? shape.neurons : sitesOf(shape, samples);

/** What is subtracted from the labels before the network learns them. */
const known = (shape: Shape, samples: LabelledSamples): Omit<EnergyUnits, 'network'> & { readonly shift: number } => {
  if (shape.tag === 'lattice' && shape.pairHead) {
    const fit = fitPairs(shape.kernel)(samples);
    const remainder = minus(samples.energies, pairEnergies(shape.kernel, fit)(samples));
    return { shift: fit.energyPerSite, deviation: deviationOf(remainder), fitted: { pairKernel: fit.kernel } };
  }
  return {
    shift: meanOf(samples.energies) / sitesOf(shape, samples),
    deviation: deviationOf(samples.energies),
    fitted: {},
  };
};

/**
 * Labels that vary less than this, beside the largest, vary by the rounding of the sums behind mean and fit (a few
 * hundred terms of 2^-53 each): they are constant, and their unit is 1.
 */
const rounding = 1e-13;

/** The units for a network, from the samples that it will be trained on. */
export const energyUnits = (description: Network, samples: LabelledSamples): EnergyUnits => {
  const { shift, deviation, fitted } = known(description.shape, samples);
  const largest = samples.energies.reduce((most, energy) => Math.max(most, Math.abs(energy)), 0);
  const positive = deviation > rounding * largest ? deviation : 1;
  return {
    network: {
      ...description,
      energyShift: shift,
      energyScale: positive / Math.sqrt(summedEntries(description.shape, samples)),
    },
    deviation: positive,
    fitted,
  };
};
