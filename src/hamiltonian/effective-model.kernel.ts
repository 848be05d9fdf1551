/** The loops of the effective model: features and energy, without the millions of products in memory. */
import type { SpinConfiguration } from '../lattice/spins.ts';
import type { Reals } from '../number/reals.ts';

/** The dot products s_i . s_j of the spins of a cluster, i <= j, row by row of that triangle: m (m + 1) / 2 numbers. */
export const pairFeatures = (spins: SpinConfiguration, cluster: readonly number[]): Float64Array => {
  const { size, components } = spins;
  const m = cluster.length;
  const pairs = new Float64Array((m * (m + 1)) / 2);
  let next = 0;
  for (let i = 0; i < m; i++) {
    for (let j = i; j < m; j++) {
      let product = 0;
      for (let k = 0; k < 3; k++) {
        const plane = k * size * size;
        product += components[plane + cluster[i]!]! * components[plane + cluster[j]!]!;
      }
      pairs[next++] = product;
    }
  }
  return pairs;
};

/** 1, then for each cluster its pairs x_p and their products x_p x_q, p <= q. */
export const features = (pairsOfClusters: readonly Reals[], length: number): Float64Array => {
  const values = new Float64Array(length);
  values[0] = 1;
  let next = 1;
  for (const pairs of pairsOfClusters) {
    for (let p = 0; p < pairs.length; p++) {
      values[next++] = pairs[p]!;
    }
    for (let p = 0; p < pairs.length; p++) {
      for (let q = p; q < pairs.length; q++) {
        values[next++] = pairs[p]! * pairs[q]!;
      }
    }
  }
  return values;
};

/** The sum over samples of weight times features, [length]: the transpose of `energy`. */
export const weightedFeatures = (
  samples: readonly (readonly Reals[])[],
  weights: Reals,
  length: number,
): Float64Array => {
  const sums = new Float64Array(length);
  for (let sample = 0; sample < samples.length; sample++) {
    const weight = weights[sample]!;
    sums[0]! += weight;
    let next = 1;
    for (const pairs of samples[sample]!) {
      for (let p = 0; p < pairs.length; p++) {
        sums[next++]! += weight * pairs[p]!;
      }
      for (let p = 0; p < pairs.length; p++) {
        const factor = weight * pairs[p]!;
        for (let q = p; q < pairs.length; q++) {
          sums[next++]! += factor * pairs[q]!;
        }
      }
    }
  }
  return sums;
};

/** The coefficients times the features. */
export const energy = (pairsOfClusters: readonly Reals[], coefficients: Reals): number => {
  let next = 1;
  let sum = coefficients[0]!;
  for (const pairs of pairsOfClusters) {
    for (let p = 0; p < pairs.length; p++) {
      sum += coefficients[next++]! * pairs[p]!;
    }
    for (let p = 0; p < pairs.length; p++) {
      let inner = 0;
      for (let q = p; q < pairs.length; q++) {
        inner += coefficients[next++]! * pairs[q]!;
      }
      sum += inner * pairs[p]!;
    }
  }
  return sum;
};
