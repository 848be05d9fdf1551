/**
 * The classical Heisenberg model of nearest neighbours on the periodic N x N lattice: E = -J sum over bonds <ij> of
 * s_i . s_j, unit vectors s_i; J > 0 is a ferromagnet. E is linear in each spin, so
 *
 *   dE/ds_i = -J sum over the neighbours j of i of s_j.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { SpinConfiguration } from '../lattice/spins.ts';
import { neighbours, siteCount, sites, squareLattice, type LatticeError } from '../lattice/square-lattice.ts';
import type { Reals } from '../number/reals.ts';

/** dE/ds of a configuration, [3, N, N], in the units of J. Fails for N < 3. */
export const heisenbergGradient =
  (J: number): ((spins: SpinConfiguration) => Either<LatticeError, Reals>) =>
  ({ size, components }) =>
    pipe(
      squareLattice(size),
      E.map((lattice) => {
        const around = sites(lattice).map(neighbours(lattice));
        const count = siteCount(lattice);
        return Float64Array.from(components, (_, index) => {
          const site = index % count;
          const plane = index - site;
          return -J * (around[site] ?? []).reduce((sum, other) => sum + (components[plane + other] ?? NaN), 0);
        });
      }),
    );

/** E from the gradient, by Euler's theorem for a form of degree 2: half the sum over sites of s_i . dE/ds_i. */
export const heisenbergEnergy = ({ components }: Pick<SpinConfiguration, 'components'>, gradient: Reals): number =>
  components.reduce((sum, s, index) => sum + s * (gradient[index] ?? NaN), 0) / 2;
