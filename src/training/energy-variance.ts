/** How much energies vary, over sets of samples of one lattice size each. */
import { joinedReals } from '../file/joined.kernel.ts';
import { meanOf } from '../number/mean.ts';
import type { Reals } from '../number/reals.ts';
import { relativeSize, type LabelledSamples, type SampleSets } from './batch.ts';

const square = (x: number): number => x * x;

/** The variance of energies about the mean of their set, in units of the lattice size of the first. */
export const varianceIn = (sets: SampleSets, energiesOf: (samples: LabelledSamples) => Reals): number =>
  meanOf(
    joinedReals(
      sets.map((samples) => {
        const energies = energiesOf(samples);
        const centre = meanOf(energies);
        const unit = relativeSize(sets, samples);
        return energies.map((energy) => square((energy - centre) / unit));
      }),
    ),
  );
