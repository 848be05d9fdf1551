/** Sums over eigenvectors of the electron spin at each site. */
import { planes } from '../lattice/spins.ts';
import type { VectorRows } from '../linear/back-transformation.kernel.ts';
import type { Reals } from '../number/reals.ts';

/**
 * sum over n of weight_n <n| sigma_i |n> at each site i, shape [3, sites].
 * With amplitudes a (up) and b (down) at a site: 2 Re(a* b), 2 Im(a* b), |a|^2 - |b|^2.
 */
export const spinDensity = (weights: Reals, vectors: VectorRows): Float64Array => {
  const { count, dimension, re, im } = vectors;
  const sites = dimension / 2;
  const [x, y, z] = planes(sites);
  const density = new Float64Array(3 * sites);
  for (let n = 0; n < count; n++) {
    const weight = weights[n]!;
    for (let site = 0; site < sites; site++) {
      const up = n * dimension + 2 * site;
      const ar = re[up]!;
      const ai = im[up]!;
      const br = re[up + 1]!;
      const bi = im[up + 1]!;
      density[x + site]! += weight * 2 * (ar * br + ai * bi);
      density[y + site]! += weight * 2 * (ar * bi - ai * br);
      density[z + site]! += weight * (ar * ar + ai * ai - br * br - bi * bi);
    }
  }
  return density;
};
