/** Functions that remember: the same value, computed once. */

/** The function, which remembers its results under their keys, so many at most before it starts anew. */
export const remembered = <Arguments extends readonly unknown[], A>(
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
