/** Whether numbers are finite, in a loop: a call for each of a network's moments takes as long as a step. */
import type { Reals } from './reals.ts';

/**
 * Whether none of the numbers is infinite or NaN.
 *
 * @example
 * areFinite(Float64Array.of(1, Infinity)) // false
 */
export const areFinite = (values: Reals): boolean => {
  for (let i = 0; i < values.length; i += 1) {
    if (!Number.isFinite(values[i])) {
      return false;
    }
  }
  return true;
};
