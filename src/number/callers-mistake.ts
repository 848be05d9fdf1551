/**
 * Mistakes in a calling program, where what is returned has no room for an error: a size that is no whole number, arrays that do
 * not fit together, a name that the types forbid. They are thrown, and say what was expected, what was got, what to do.
 */

/** Ends a calculation that no right program asks for. */
export const callersMistake = (expected: string, got: string, advice: string): never => {
  throw new RangeError(`expected ${expected}, got ${got}: ${advice}`);
};

/**
 * The number, if it is a whole one of at least `least`.
 *
 * @throws RangeError for any other.
 *
 * @example
 * wholeNumberFrom(1, 'a lattice size', 'count the sites')(3) // 3
 */
export const wholeNumberFrom =
  (least: number, what: string, advice: string) =>
  (value: number): number =>
    Number.isSafeInteger(value) && value >= least
      ? value
      : callersMistake(`${what} that is a whole number of at least ${least}`, String(value), advice);

/**
 * N of an N x N lattice.
 *
 * @throws RangeError unless it is a whole number of at least 1.
 */
export const sideOfLattice = wholeNumberFrom(
  1,
  'a lattice size N',
  'give the number of sites along one side, 1 for chains',
);

/**
 * What a table has under a name.
 *
 * @throws RangeError for a name that it has not.
 *
 * @example
 * rowNamed('a letter', { a: 1, b: 2 })('b') // 2
 */
export const rowNamed =
  <Name extends string, A>(what: string, table: Readonly<Record<Name, A>>) =>
  (name: Name): A =>
    Object.hasOwn(table, name)
      ? table[name]
      : callersMistake(`${what} (${Object.keys(table).join(', ')})`, `'${name}'`, 'choose one of them');

/**
 * Numbers of which there are as many as there should be.
 *
 * @throws RangeError where there are more or fewer.
 */
export const asManyAs =
  (count: number, what: string, advice: string) =>
  <A>(values: ArrayLike<A>): void => {
    if (values.length !== count) {
      callersMistake(`${count} ${what}`, String(values.length), advice);
    }
  };
