/**
 * The units in which a network learns energies, taken from the labels.
 *
 * The shift is the mean energy per site, or what the fitted pair head leaves as constant; the scale is the standard
 * deviation of what remains. So the network proper learns a quantity of mean 0 and variance 1: training on raw total
 * energies, sums over N^2 sites of a nearly constant number, is badly conditioned.
 *
 * Of several lattice sizes the shift is the energy of all samples over all their sites, and deviations are those about the
 * mean of each set, divided by N and multiplied by the N of the first: as sums over N^2 sites deviate.
 */
import type { Network, Shape } from '../network/network.ts';
import type { Reals } from '../number/reals.ts';
import type { FittedRole } from '../program/weight.ts';
import type { LabelledSamples, SampleSets } from './batch.ts';
import { meanOf } from '../number/mean.ts';
import { varianceIn } from './energy-variance.ts';
import { fitPairs, pairEnergies } from './pair-fit.ts';

/** Numbers for the weights that are fitted. */
export type FittedWeights = Readonly<Partial<Record<FittedRole, Reals>>>;

/** The units of a network's energies, and what was fitted to find them. */
export interface EnergyUnits {
  /** The network with its energy scale and shift. */
  readonly network: Network;
  /** The standard deviation of the energies that the network proper has to learn, on the lattice size of the first set. */
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

/** The energy of all samples over all their sites; for one set its mean energy over its sites, to the bit. */
const energyPerSite = (shape: Shape, sets: SampleSets): number => {
  const each = sets.map((samples) => ({
    sites: samples.count * sitesOf(shape, samples),
    energy: meanOf(samples.energies) / sitesOf(shape, samples),
  }));
  const allSites = each.reduce((sum, { sites }) => sum + sites, 0);
  const first = each[0]?.energy ?? NaN;
  return each.reduce((sum, { sites, energy }) => sum + (sites / allSites) * (energy - first), first);
};

/** What is subtracted from the labels before the network learns them. */
const known = (shape: Shape, sets: SampleSets): Omit<EnergyUnits, 'network'> & { readonly shift: number } => {
  if (shape.tag === 'lattice' && shape.pairHead) {
    const fit = fitPairs(shape.kernel)(sets);
    const remainder = (samples: LabelledSamples): Reals =>
      minus(samples.energies, pairEnergies(shape.kernel, fit)(samples));
    return {
      shift: fit.energyPerSite,
      deviation: Math.sqrt(varianceIn(sets, remainder)),
      fitted: { pairKernel: fit.kernel },
    };
  }
  return {
    shift: energyPerSite(shape, sets),
    deviation: Math.sqrt(varianceIn(sets, ({ energies }) => energies)),
    fitted: {},
  };
};

/**
 * Labels that vary less than this, beside the largest, vary by the rounding of the sums behind mean and fit (a few
 * hundred terms of 2^-53 each): they are constant, and their unit is 1.
 */
const rounding = 1e-13;

/**
 * The units for a network, from the samples that it will be trained on. `raw` are those of the labels: no shift, but for the constant of
 * a pair head, and the scale 1.
 */
export const energyUnits = (description: Network, sets: SampleSets, units?: 'raw'): EnergyUnits => {
  const { shift, deviation, fitted } = known(description.shape, sets);
  if (units === 'raw') {
    const energyShift = fitted.pairKernel === undefined ? 0 : shift;
    return { network: { ...description, energyShift, energyScale: 1 }, deviation: 1, fitted };
  }
  const largest = Math.max(
    ...sets.map(({ energies }) => energies.reduce((most, energy) => Math.max(most, Math.abs(energy)), 0)),
  );
  const positive = deviation > rounding * largest ? deviation : 1;
  return {
    network: {
      ...description,
      energyShift: shift,
      energyScale: positive / Math.sqrt(summedEntries(description.shape, sets[0])),
    },
    deviation: positive,
    fitted,
  };
};
