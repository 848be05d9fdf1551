/** The mean of numbers. */
import type { Reals } from './reals.ts';
import { sumOf } from './sum.kernel.ts';

/**
 * The arithmetic mean; NaN of no numbers.
 *
 * @example
 * meanOf(Float64Array.of(1, 2, 6)) // 3
 */
export const meanOf = (values: Reals): number => sumOf(values) / values.length;
