/**
 * The 2D Ising model: H = -J sum over nearest-neighbour pairs of s_i s_j, spins +1 and -1.
 *
 * Generic over the number field, so that identities between its formulas can be checked in exact rationals.
 *
 * @eq H (Fig. 1)
 */
import { bonds, siteCount, type SquareLattice } from '../lattice/square-lattice.ts';
import type { NumberField } from '../number/number-field.ts';

/**
 * H of one spin a site, in the units of J, summed bond by bond; spins in row-major order.
 *
 * @example
 * isingEnergy(float64)({ size: 3 }, 1)([1, 1, 1, 1, 1, 1, 1, 1, 1]) // -18
 */
export const isingEnergy =
  <A>(field: NumberField<A>) =>
  (lattice: SquareLattice, J: A) =>
  (spins: readonly A[]): A => {
    const spin = (site: number): A => {
      const s = spins[site];
      if (s === undefined) {
        throw new RangeError(`expected ${siteCount(lattice)} spins, one a site, got ${spins.length}`);
      }
      return s;
    };
    const aligned = bonds(lattice).reduce(
      (sum, { from, to }) => field.add(sum, field.mul(spin(from), spin(to))),
      field.zero,
    );
    return field.sub(field.zero, field.mul(J, aligned));
  };
