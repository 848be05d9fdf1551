/** The value in the middle: repeated timings have outliers on one side, which a mean would follow. */

/**
 * The median; of an even number of values the mean of the middle two. NaN where there are none.
 *
 * @example
 * median([3, 1, 2, 10]) // 2.5
 */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.ceil((sorted.length - 1) / 2)];
  return ((sorted[low] ?? NaN) + (sorted[high] ?? NaN)) / 2;
};
