/** Subsets of {0, .., n-1}, in lexicographic order: the index sets of r-spin couplings. */

/** All increasing r-tuples of {from, .., n-1}, lexicographically. */
const increasing = (from: number, n: number, r: number): readonly (readonly number[])[] =>
  r === 0
    ? [[]]
    : Array.from({ length: Math.max(0, n - from) }, (_, i) => from + i).flatMap((first) =>
        increasing(first + 1, n, r - 1).map((others) => [first, ...others]),
      );

/**
 * The r-element subsets of {0, .., n-1}, each increasing, in lexicographic order.
 *
 * @example
 * subsets(3, 2) // [[0, 1], [0, 2], [1, 2]]
 */
export const subsets = (n: number, r: number): readonly (readonly number[])[] => increasing(0, n, r);

/**
 * How many r-element subsets n elements have: n! / (r! (n-r)!).
 *
 * @example
 * binomial(15, 3) // 455
 */
export const binomial = (n: number, r: number): number =>
  r < 0 || r > n ? 0 : Array.from({ length: r }, (_, i) => i + 1).reduce((c, i) => (c * (n - r + i)) / i, 1);
