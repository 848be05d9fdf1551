/** The score of mutants: what counts, and how sure it is. */
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { verify, type Law } from './law.ts';
import { scoreOf, wilson, type MutantResult } from './mutation/score.ts';

/** Wilson's interval by its definition: the fractions p at which k of n lies within z standard deviations of n p. */
const intervalIsWilsons: Law<typeof wilson, { readonly n: number; readonly k: number }> = {
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

verify(intervalIsWilsons, wilson, {
  'the normal interval': (k, n) => {
    const half = 1.959964 * Math.sqrt((k / n) * (1 - k / n) * (1 / n));
    return [k / n - half, k / n + half];
  },
  'one standard deviation': (k, n) => [
    k / n - Math.sqrt(k * (n - k)) / n ** 1.5,
    k / n + Math.sqrt(k * (n - k)) / n ** 1.5,
  ],
});

it('equivalents are in no score, and timeouts are killed', () => {
  const mutant = (line: number, status: MutantResult['status']): MutantResult => ({
    file: 'src/lattice/spins.ts',
    line,
    mutator: 'EqualityOperator',
    replacement: `a < ${line}`,
    status,
  });
  const results = [mutant(1, 'Killed'), mutant(2, 'Timeout'), mutant(3, 'Survived'), mutant(4, 'Survived')];
  const known = [{ ...mutant(3, 'Survived'), reason: 'both are 0 there' }];
  const found = scoreOf({ fraction: 1, seed: 1 }, results, known);
  expect([found.ran, found.killed, found.equivalents, found.score]).toEqual([4, 2, 1, 2 / 3]);
  expect(found.survivors).toEqual([mutant(4, 'Survived')]);
});
