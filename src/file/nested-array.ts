/** Row-major numbers as nested lists, the way JSON has arrays of several dimensions. */
import type { Reals } from '../number/reals.ts';

/** A number, or lists of lists of numbers. */
export type Nested = number | readonly Nested[];

/**
 * The numbers as nested lists of this shape.
 *
 * @example
 * nested([2, 2])(Float64Array.of(1, 2, 3, 4)) // [[1, 2], [3, 4]]
 */
export const nested =
  (shape: readonly number[]) =>
  (values: Reals): Nested => {
    const [extent, ...rest] = shape;
    if (extent === undefined) {
      return values[0] ?? NaN;
    }
    const length = rest.reduce((product, n) => product * n, 1);
    return Array.from({ length: extent }, (_, i) => nested(rest)(values.subarray(i * length, (i + 1) * length)));
  };
