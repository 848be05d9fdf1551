/**
 * What of forces turns unit vectors, P_i F_i = F_i - (F_i . s_i) s_i at each site i. How an energy changes as spins grow is not physical:
 * a network is not trained on it, and answers anything.
 */
import type { Reals } from '../number/reals.ts';
import type { LabelledSamples } from './batch.ts';

/** The tangential part of forces on these samples, in the shape [count, 3, N, N] of the spins; chains of numbers have all of theirs. */
export const tangentialForces =
  ({ latticeSize, spins }: Pick<LabelledSamples, 'latticeSize' | 'spins'>) =>
  (forces: Reals): Reals => {
    if (latticeSize === 1) {
      return forces;
    }
    const sites = latticeSize * latticeSize;
    return forces.map((force, place) => {
      const first = Math.floor(place / (3 * sites)) * 3 * sites + (place % sites);
      const along = [first, first + sites, first + 2 * sites].reduce(
        (sum, each) => sum + (forces[each] ?? NaN) * (spins[each] ?? NaN),
        0,
      );
      return force - along * (spins[place] ?? NaN);
    });
  };
