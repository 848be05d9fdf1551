/**
 * The three-spin infinite-range model in float64, for batches: H = -sum over i < j < k of J_ijk s_i s_j s_k and dH/ds.
 *
 * H is linear in each spin, so dH/ds_m is minus the sum over the pairs without m, and sum over m of s_m dH/ds_m = 3 H.
 *
 * @eq 1
 */
import { callersMistake, wholeNumberFrom } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';

/**
 * H of each sample, [B]; couplings [L (L-1) (L-2) / 6] in lexicographic order, spins [B, L]. Summed term by term in that order,
 * -J ((s_i s_j) s_k), as in the authors' data: their energies come out bit for bit.
 *
 * @throws RangeError where couplings or spins are not so many.
 */
export const threeSpinEnergies =
  (sites: number, couplings: Reals) =>
  (spins: Reals): Float64Array => {
    const energies = new Float64Array(batchSize(sites, couplings, spins));
    for (let sample = 0; sample < energies.length; sample++) {
      const from = sample * sites;
      const to = from + sites;
      let next = 0;
      let energy = 0;
      for (let i = from; i < to; i++) {
        for (let j = i + 1; j < to; j++) {
          const pair = spins[i]! * spins[j]!;
          for (let k = j + 1; k < to; k++) {
            energy += -couplings[next++]! * (pair * spins[k]!);
          }
        }
      }
      energies[sample] = energy;
    }
    return energies;
  };

/**
 * dH/ds of each sample, [B, L]; couplings and spins as above.
 *
 * @throws RangeError where couplings or spins are not so many.
 */
export const threeSpinGradients =
  (sites: number, couplings: Reals) =>
  (spins: Reals): Float64Array => {
    const batch = batchSize(sites, couplings, spins);
    const gradients = new Float64Array(batch * sites);
    for (let sample = 0; sample < batch; sample++) {
      const from = sample * sites;
      const to = from + sites;
      let next = 0;
      for (let i = from; i < to; i++) {
        for (let j = i + 1; j < to; j++) {
          const pair = spins[i]! * spins[j]!;
          let inner = 0;
          for (let k = j + 1; k < to; k++) {
            const coupling = couplings[next++]!;
            inner += coupling * spins[k]!;
            gradients[k]! -= coupling * pair;
          }
          gradients[i]! -= inner * spins[j]!;
          gradients[j]! -= inner * spins[i]!;
        }
      }
    }
    return gradients;
  };

const batchSize = (sites: number, couplings: Reals, spins: Reals): number => {
  wholeNumberFrom(1, 'a number of sites L', 'count the spins of one sample')(sites);
  const triples = (sites * (sites - 1) * (sites - 2)) / 6;
  if (couplings.length !== triples || spins.length % sites !== 0) {
    callersMistake(
      `${triples} couplings and spins of shape [B, ${sites}]`,
      `${couplings.length} couplings and ${spins.length} spins`,
      'give a coupling for each triple of sites, and each sample whole',
    );
  }
  return spins.length / sites;
};
