/** The score of mutants: what counts, and how sure it is. */
import { expect, it } from 'vitest';

import { verify } from './law.ts';
import { intervalIsWilsons } from './laws/mutation.ts';
import { scoreOf, wilson, type MutantResult } from './mutation/score.ts';

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
