/**
 * The effective model, an RKKY-type expansion in dot products of spins up to four-body terms:
 *
 *   E_eff(S) = J_0 + sum over pairs p of g_p x_p + sum over p <= q of g_pq x_p x_q,   x_p = s_i . s_j, p = (i <= j).
 *
 * Self pairs (i, i) are included, as in the paper, although x_ii = 1. The pairs of m spins number P = m (m + 1) / 2
 * and the parameters 1 + P + P (P + 1) / 2: 12,758,826 for m = 100. Confined to clusters of spins, here the 5 x 5
 * tiles of the lattice, the model has that many terms a cluster and one constant in all: 213,201.
 *
 * Coefficients, and the features that they multiply, come in this order: the constant; then cluster by cluster the
 * pairs, (0, 0), (0, 1), .., and the pairs of pairs, likewise.
 *
 * @eq 3
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { SpinConfiguration } from '../lattice/spins.ts';
import { siteAt, siteCount, sites, type SquareLattice } from '../lattice/square-lattice.ts';
import { asManyAs, wholeNumberFrom } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';
import * as kernel from './effective-model.kernel.ts';

/** Groups of sites; only spins of one group interact. */
export type Clusters = readonly (readonly number[])[];

/** Clusters or coefficients that do not fit the lattice or each other: the message says what is expected. */
export interface EffectiveModelError {
  readonly tag: 'EffectiveModelError';
  readonly message: string;
}

const invalid = (message: string): Either<EffectiveModelError, never> =>
  E.left({ tag: 'EffectiveModelError', message });

/** The full model: all sites in one cluster. */
export const wholeLattice = (lattice: SquareLattice): Clusters => [sites(lattice)];

/** The disjoint width x width tiles of the lattice, row by row. Fails unless the width divides N, a whole number of at least 1. */
export const tiles =
  (width: number) =>
  (lattice: SquareLattice): Either<EffectiveModelError, Clusters> => {
    if (!isCount(lattice.size)) {
      return invalid(
        `expected a lattice size N that is a positive integer, got ${lattice.size}: count the sites of a side`,
      );
    }
    if (!isCount(width) || lattice.size % width !== 0) {
      return invalid(`expected a tile width that divides N = ${lattice.size}, got ${width}: choose a divisor`);
    }
    const along = blocks(lattice.size / width);
    const at = siteAt(lattice);
    return E.right(
      along.flatMap((tileRow) =>
        along.map((tileColumn) =>
          blocks(width).flatMap((row) =>
            blocks(width).map((column) => at(tileRow * width + row, tileColumn * width + column)),
          ),
        ),
      ),
    );
  };

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 1;

const blocks = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

const things = wholeNumberFrom(0, 'a number of things', 'count them');

/**
 * P = n (n + 1) / 2: the pairs i <= j of n things.
 *
 * @throws RangeError unless n is a whole number of at least 0.
 */
export const pairCount = (n: number): number => (things(n) * (n + 1)) / 2;

/**
 * The parameters of the model: 1 + sum over clusters of P + P (P + 1) / 2.
 *
 * @example
 * parameterCount(wholeLattice({ size: 10 })) // 12758826
 */
export const parameterCount = (clusters: Clusters): number =>
  clusters.map(({ length }) => pairCount(length)).reduce((count, pairs) => count + pairs + pairCount(pairs), 1);

/** The sites of clusters that a lattice has not. */
const strangersTo = (spins: SpinConfiguration, sitesOfClusters: readonly number[]): number | undefined =>
  sitesOfClusters.find((site) => !(Number.isSafeInteger(site) && site >= 0 && site < siteCount(spins)));

const misplaced = (spins: SpinConfiguration, site: number): string =>
  `expected sites below ${siteCount(spins)}, got a cluster with site ${site}: take clusters of this N`;

/**
 * The pair features s_i . s_j, i <= j, of a cluster, [P].
 *
 * @throws RangeError for a site that the lattice has not, and where spins are not three numbers a site.
 */
export const pairFeatures =
  (cluster: readonly number[]) =>
  (spins: SpinConfiguration): Reals => {
    const stranger = strangersTo(spins, cluster);
    if (stranger !== undefined) {
      throw new RangeError(misplaced(spins, stranger));
    }
    asManyAs(
      3 * siteCount(spins),
      'components, three for each site',
      'give all x, then all y, then all z',
    )(spins.components);
    return kernel.pairFeatures(spins, cluster);
  };

/**
 * What each coefficient multiplies, [parameterCount]: the design row of a linear regression.
 *
 * @throws RangeError as `pairFeatures`.
 */
export const effectiveFeatures =
  (clusters: Clusters) =>
  (spins: SpinConfiguration): Reals =>
    kernel.features(
      clusters.map((cluster) => pairFeatures(cluster)(spins)),
      parameterCount(clusters),
    );

/**
 * E_eff of one configuration. Fails unless there are `parameterCount(clusters)` coefficients, the clusters lie on the lattice, there
 * are three components for each site, and all numbers are finite.
 *
 * @example
 * effectiveEnergy([[0, 1]], Float64Array.of(5, 0, 2, 0, 0, 0, 0, 0, 0, 0))(ferromagnet(2)) // right(7)
 */
export const effectiveEnergy =
  (clusters: Clusters, coefficients: Reals) =>
  (spins: SpinConfiguration): Either<EffectiveModelError, number> => {
    const expected = parameterCount(clusters);
    if (coefficients.length !== expected) {
      return invalid(
        `expected ${expected} coefficients for clusters of this size, got ${coefficients.length}: fit them to these clusters`,
      );
    }
    const { size, components } = spins;
    if (!isCount(size) || components.length !== 3 * size * size) {
      return invalid(
        `expected spins of shape [3, N, N], got N = ${size} and ${components.length} numbers: give three for each site`,
      );
    }
    const outside = strangersTo(spins, clusters.flat());
    if (outside !== undefined) {
      return invalid(misplaced(spins, outside));
    }
    const energy = kernel.energy(
      clusters.map((cluster) => pairFeatures(cluster)(spins)),
      coefficients,
    );
    return Number.isFinite(energy)
      ? E.right(energy)
      : invalid(`expected finite spins and coefficients, got an energy of ${energy}: recompute those that are not`);
  };
