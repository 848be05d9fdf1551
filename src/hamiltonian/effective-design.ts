/**
 * Eq. (3) as a linear model of its couplings, for configurations that are given: products with the design matrix, whose
 * 213,201 columns for 5 x 5 tiles of a 10 x 10 lattice are never written down. The features of a sample are its pairs and
 * their products, so that 1,300 numbers hold them.
 *
 * @eq 3
 */
import type { SpinConfiguration } from '../lattice/spins.ts';
import type { Design } from '../linear/ridge.ts';
import { pairFeatures, parameterCount, type Clusters } from './effective-model.ts';
import * as kernel from './effective-model.kernel.ts';

/** The design of the effective model on these clusters: row by row a configuration, columns as `effectiveFeatures`. */
export const effectiveDesign =
  (clusters: Clusters) =>
  (configurations: readonly SpinConfiguration[]): Design => {
    const pairs = configurations.map((spins) => clusters.map((cluster) => pairFeatures(cluster)(spins)));
    const columns = parameterCount(clusters);
    return {
      rows: configurations.length,
      columns,
      times: (v) => Float64Array.from(pairs, (sample) => kernel.energy(sample, v)),
      transposed: (u) => kernel.weightedFeatures(pairs, u, columns),
    };
  };
