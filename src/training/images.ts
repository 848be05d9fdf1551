/** Images of labelled samples under the symmetries of the square: new configurations whose labels are known. */
import { actOnField, pointGroup, type LatticeSymmetry } from '../lattice/symmetry.ts';
import type { Reals } from '../number/reals.ts';
import type { LabelledSamples } from './batch.ts';

/** Lays arrays end to end. */
const joined = (arrays: readonly Reals[]): Reals => Float64Array.from(arrays.flatMap((array) => [...array]));

/** Every sample moved by one symmetry: energies stay, spins and forces are carried along. */
const moved =
  (symmetry: LatticeSymmetry) =>
  (samples: LabelledSamples): LabelledSamples => ({
    ...samples,
    spins: actOnField(symmetry)(samples.spins),
    forces: samples.forces === null ? null : actOnField(symmetry)(samples.forces),
  });

/**
 * The samples with their seven images under C4v: eight times as many. E_MC has this symmetry, the networks do not, so
 * they learn it from the images.
 */
export const withImages = (samples: LabelledSamples): LabelledSamples => {
  const all = pointGroup({ size: samples.latticeSize }).map((symmetry) => moved(symmetry)(samples));
  return {
    count: samples.count * all.length,
    latticeSize: samples.latticeSize,
    spins: joined(all.map(({ spins }) => spins)),
    energies: joined(all.map(({ energies }) => energies)),
    forces: samples.forces === null ? null : joined(all.map(({ forces }) => forces ?? new Float64Array(0))),
  };
};
