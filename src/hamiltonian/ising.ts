/**
 * The 2D Ising model: H = -J sum over nearest-neighbour pairs of s_i s_j, spins +1 and -1.
 *
 * Generic over the number field, so that identities between its formulas can be checked in exact rationals.
 *
 * @eq H (Fig. 1)
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { bonds, siteCount, squareLattice, type SquareLattice } from '../lattice/square-lattice.ts';
import { asManyAs, callersMistake } from '../number/callers-mistake.ts';
import type { NumberField } from '../number/number-field.ts';

/**
 * H of one spin a site, in the units of J, summed bond by bond; spins in row-major order.
 *
 * @throws RangeError for N < 3, where neighbours coincide, for more or fewer spins than sites, and for one that is neither 1 nor -1.
 *
 * @example
 * isingEnergy(float64)({ size: 3 }, 1)([1, 1, 1, 1, 1, 1, 1, 1, 1]) // -18
 */
export const isingEnergy =
  <A>(field: NumberField<A>) =>
  (lattice: SquareLattice, J: A) =>
  (spins: readonly A[]): A => {
    const sums = bonds(ofBonds(lattice));
    asManyAs(siteCount(lattice), 'spins, one a site', 'give them in row-major order')(spins);
    const spin = (site: number): A => {
      const s = spins[site] ?? field.zero;
      return field.equals(field.mul(s, s), field.one)
        ? s
        : callersMistake('spins 1 and -1', `${field.toNumber(s)} at site ${site}`, 'give the sign of each spin');
    };
    const aligned = sums.reduce((sum, { from, to }) => field.add(sum, field.mul(spin(from), spin(to))), field.zero);
    return field.sub(field.zero, field.mul(J, aligned));
  };

/** A lattice on which each bond is one of its own. */
const ofBonds = ({ size }: SquareLattice): SquareLattice =>
  pipe(
    squareLattice(size),
    E.getOrElse(({ message }): SquareLattice => {
      throw new RangeError(message);
    }),
  );
