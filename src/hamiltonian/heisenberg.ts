/**
 * The classical Heisenberg model of nearest neighbours on the periodic N x N lattice: E = -J sum over bonds <ij> of
 * s_i . s_j, unit vectors s_i; J > 0 is a ferromagnet. E is linear in each spin, so
 *
 *   dE/ds_i = -J sum over the neighbours j of i of s_j.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { latticeOf, type SpinConfiguration } from '../lattice/spins.ts';
import { neighbours, siteCount, sites, type LatticeError } from '../lattice/square-lattice.ts';
import { asManyAs } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';

/** dE/ds of a configuration, [3, N, N], in the units of J. Fails for N < 3, a wrong count of components, and spins or a coupling that are not finite. */
export const heisenbergGradient =
  (J: number): ((spins: SpinConfiguration) => Either<LatticeError, Reals>) =>
  (spins) =>
    pipe(
      latticeOf(spins),
      E.filterOrElse(
        () => Number.isFinite(J),
        (): LatticeError => ({ tag: 'LatticeError', message: `expected a finite coupling J, got ${J}: give a number` }),
      ),
      E.map((lattice) => {
        const around = sites(lattice).map(neighbours(lattice));
        const count = siteCount(lattice);
        const { components } = spins;
        return Float64Array.from(components, (_, index) => {
          const site = index % count;
          const plane = index - site;
          return -J * (around[site] ?? []).reduce((sum, other) => sum + (components[plane + other] ?? NaN), 0);
        });
      }),
    );

/**
 * E from the gradient, by Euler's theorem for a form of degree 2: half the sum over sites of s_i . dE/ds_i.
 *
 * @throws RangeError for a gradient that is not in the shape of the spins.
 */
export const heisenbergEnergy = ({ components }: Pick<SpinConfiguration, 'components'>, gradient: Reals): number => {
  asManyAs(
    components.length,
    'numbers, one a component of the spins',
    'take heisenbergGradient of these spins',
  )(gradient);
  return components.reduce((sum, s, index) => sum + s * (gradient[index] ?? NaN), 0) / 2;
};
