/** The sum of numbers, in a loop: to call a function for each of the losses of a batch is noticed in small steps. */
import type { Reals } from './reals.ts';

/**
 * The sum, one number after the other; 0 of none.
 *
 * @example
 * sumOf(Float64Array.of(1, 2, 6)) // 9
 */
export const sumOf = (values: Reals): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    sum += values[i]!;
  }
  return sum;
};
