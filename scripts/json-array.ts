/** Row-major numbers as nested lists, the way JSON has arrays of several dimensions. */
import type { Reals } from '../src/number/reals.ts';

/** A number, or lists of lists of numbers. */
export type Nested = number | readonly Nested[];

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
