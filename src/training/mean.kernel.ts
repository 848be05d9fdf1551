/** The mean over a batch of what came as a sum over it. */
import type { Reals } from '../number/reals.ts';

/** Each number of the sum, over the count. */
export const meanOf = (sum: Reals, count: number): Float64Array => {
  const mean = new Float64Array(sum.length);
  for (let i = 0; i < sum.length; i++) {
    mean[i] = sum[i]! / count;
  }
  return mean;
};
