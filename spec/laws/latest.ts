/** The law of values that are kept while they are among the latest. */
import fc from 'fast-check';

import type { latest } from '../../src/backend/wasm/latest.ts';
import type { Law } from '../law.ts';

interface Asked {
  readonly most: number;
  readonly keys: readonly number[];
}

/** Which of the keys in their order have a value made, by the keys that are known before each, the latest last. */
const madeByDefinition = ({ most, keys }: Asked): readonly boolean[] =>
  keys.map((key, index) => {
    const before = keys.slice(0, index).toReversed();
    const known = [...new Set(before)].slice(0, most);
    return !known.includes(key);
  });

export const theLatestAreKept: Law<typeof latest, Asked> = {
  statement:
    'a value is made once as long as its key is among the last that were asked for, each counted once, and then anew',
  cases: fc.record({
    most: fc.integer({ min: 1, max: 4 }),
    keys: fc.array(fc.nat({ max: 5 }), { maxLength: 30 }),
  }),
  holds:
    (keeping) =>
    ({ most, keys }) => {
      const kept = keeping<number, { readonly key: number }>(most);
      const made = keys.map((key) => {
        const fresh = { key };
        const value = kept(key, () => fresh);
        return value.key === key ? value === fresh : null;
      });
      return JSON.stringify(made) === JSON.stringify(madeByDefinition({ most, keys }));
    },
};
