/** Values that are kept while they are among the latest. */
import { latest, type Latest } from '../src/backend/wasm/latest.ts';
import { verify } from './law.ts';
import { theLatestAreKept } from './laws/latest.ts';

/** Keeps those that were made last, whoever asks for them again. */
const lastMade = <K, V extends object | number | string>(most: number): Latest<K, V> => {
  const kept = new Map<K, V>();
  return (key, make) => {
    const value = kept.get(key) ?? make();
    kept.set(key, value);
    [...kept.keys()].slice(0, -most).forEach((oldest) => kept.delete(oldest));
    return value;
  };
};

verify(theLatestAreKept, latest, {
  'one more is kept': (most) => latest(most + 1),
  'all are kept': () => latest(Infinity),
  'none but the last is kept': () => latest(1),
  'who is asked for again grows no younger': lastMade,
});
