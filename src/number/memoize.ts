/** Memoization: the same value, computed once. */

/** Memoizes f by a string key; the cache is cleared when it holds `most` entries. */
export const memoize = <Arguments extends readonly unknown[], A>(
  most: number,
  key: (...operands: Arguments) => string,
  f: (...operands: Arguments) => A,
): ((...operands: Arguments) => A) => {
  const known = new Map<string, A>();
  return (...operands) => {
    const name = key(...operands);
    const found = known.get(name);
    if (found !== undefined) {
      return found;
    }
    if (known.size >= most) {
      known.clear();
    }
    const made = f(...operands);
    known.set(name, made);
    return made;
  };
};

/** The value that a function without arguments has the first time; also of a task, which then runs once. */
export const once = <A>(make: () => A): (() => A) => memoize(1, () => '', make);
