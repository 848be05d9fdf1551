/** Whether numbers are finite, in a loop: to call a function for each of the moments of a wide network is noticed in its epochs. */
import type { Reals } from './reals.ts';

/**
 * Whether none of the numbers is infinite or NaN.
 *
 * @example
 * areFinite(Float64Array.of(1, Infinity)) // false
 */
export const areFinite = (values: Reals): boolean => {
  for (let i = 0; i < values.length; i += 1) {
    // Number.isFinite is a call where engines do not know that these are numbers.
    if (!(Math.abs(values[i]!) < Infinity)) {
      return false;
    }
  }
  return true;
};
