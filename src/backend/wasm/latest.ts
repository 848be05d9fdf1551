/** Values that are made when they are first asked for, the latest of which are kept. */
export type Latest<K, V> = (key: K, make: () => V) => V;

/** Keeps so many values, those that were asked for last. */
export const latest = <K, V extends object | number | string>(most: number): Latest<K, V> => {
  const kept = new Map<K, V>();
  /** Most are asked for again at once: that one moves nothing. */
  let newest: { readonly key: K; readonly value: V } | null = null;
  return (key, make) => {
    if (newest !== null && newest.key === key) {
      return newest.value;
    }
    const value = kept.get(key) ?? make();
    kept.delete(key);
    kept.set(key, value);
    if (kept.size > most) {
      [...kept.keys()].slice(0, -most).forEach((oldest) => kept.delete(oldest));
    }
    newest = { key, value };
    return value;
  };
};
