/** Laws of mutation scores: how sure a fraction of killed mutants is. */
import fc from 'fast-check';

import type { Law } from '../law.ts';
import type { wilson } from '../mutation/score.ts';

/** Wilson's interval by its definition: the fractions p at which k of n lies within z standard deviations of n p. */
export const intervalIsWilsons: Law<typeof wilson, { readonly n: number; readonly k: number }> = {
  statement:
    'at both ends of the interval the number of kills lies 1.96 standard deviations from what is expected there',
  cases: fc
    .integer({ min: 2, max: 300 })
    .chain((n) => fc.record({ n: fc.constant(n), k: fc.integer({ min: 1, max: n - 1 }) })),
  holds:
    (interval) =>
    ({ n, k }) => {
      const [low, high] = interval(k, n);
      return (
        low < k / n &&
        k / n < high &&
        [low, high].every((p) => Math.abs(Math.abs(k - n * p) - 1.959964 * Math.sqrt(n * p * (1 - p))) < 1e-9 * n)
      );
    },
};
