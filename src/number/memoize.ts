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

/** Memoizes f for each object as long as the object lasts. */
export const memoizeObject = <A extends object, B>(f: (a: A) => B): ((a: A) => B) => {
  const known = new WeakMap<A, { readonly value: B }>();
  return (a) => {
    const found = known.get(a);
    if (found !== undefined) {
      return found.value;
    }
    const value = f(a);
    known.set(a, { value });
    return value;
  };
};
