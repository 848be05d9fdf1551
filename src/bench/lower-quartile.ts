/** The edge of the fastest quarter: on a machine that is slow at times it tells programs apart where a median tells moments apart. */

/**
 * The least of the values that a quarter of them, at least, does not exceed. NaN where there are none.
 *
 * @example
 * lowerQuartile([5, 3, 9, 1, 7]) // 3
 */
export const lowerQuartile = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length / 4) - 1] ?? NaN;
