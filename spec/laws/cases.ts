/** Law of the inputs that once gave a wrong result: each is held by tests that exist. */
import fc from 'fast-check';

import type { Law } from '../law.ts';

/** A test: its file, its title as it stands there, and which row of a table it is about. */
interface NamedTest {
  readonly spec: string;
  readonly test: string;
  readonly of?: string;
}

/** An input, in short, what is right, and the tests that hold it. */
export interface Row {
  readonly id: string;
  readonly command: string;
  readonly right: string;
  readonly tests: readonly NamedTest[];
}

/** The texts of spec files, by their paths. */
export type Specs = Readonly<Record<string, string>>;

/** Whether a text is in a source between quotation marks, or is the name of a law that is verified there. */
const isNamed = (source: string, text: string): boolean =>
  [`'${text}'`, `"${text}"`, `verify(${text},`].some((written) => source.includes(written));

/** Whether a title is one of a test, of a mutant, or of a law: no row of a table is. */
const isTest = (source: string, title: string): boolean =>
  [`('${title}',`, `("${title}",`, `'${title}':`, `verify(${title},`].some((written) =>
    source.replaceAll(/\(\s+/g, '(').includes(written),
  );

/** Which rows name no test that exists. */
export type Missing = (rows: readonly Row[], specs: Specs) => readonly string[];

/** See `Missing`. */
export const missing: Missing = (rows, specs) =>
  rows
    .filter(
      ({ tests }) =>
        tests.length === 0 ||
        tests.some(({ spec, test, of }) => {
          const source = specs[spec] ?? '';
          return !isTest(source, test) || (of !== undefined && !isNamed(source, of));
        }),
    )
    .map(({ id }) => id);

/** The ways in which a row can lose its test. */
const losses = [
  (row: Row): Row => ({ ...row, tests: [] }),
  (row: Row): Row => ({ ...row, tests: row.tests.map((one) => ({ ...one, test: `${one.test} no more` })) }),
  (row: Row): Row => ({ ...row, tests: row.tests.map((one) => ({ ...one, of: 'no row of a table' })) }),
  (row: Row): Row => ({ ...row, tests: row.tests.map((one) => ({ ...one, spec: 'spec/none.spec.ts' })) }),
] as const;

export const lostTestsAreMissed = (
  rows: readonly Row[],
  specs: Specs,
): Law<Missing, { readonly at: number; readonly loss: number }> => ({
  statement: 'each input that once gave a wrong result names tests that exist, and one that loses its test is named',
  cases: fc.record({ at: fc.nat(rows.length - 1), loss: fc.nat(losses.length - 1) }),
  holds:
    (find) =>
    ({ at, loss }) => {
      const lost = rows.map((row, i) => (i === at ? (losses[loss]?.(row) ?? row) : row));
      return find(rows, specs).length === 0 && find(lost, specs).join() === rows[at]?.id;
    },
});
