/** Laws of the table of equations: the paper is covered, and the README shows it. */
import fc from 'fast-check';

import { equationTable, errata, type EquationRow, type Erratum } from '../equations.ts';
import type { Law } from '../law.ts';

/** The table, and the texts of the files that it names. */
export interface House {
  readonly rows: readonly EquationRow[];
  /** By path. */
  readonly files: ReadonlyMap<string, string>;
  /** What a file exports under a name. */
  readonly exported: (file: string, name: string) => unknown;
}

/**
 * What the paper has, listed from its text: numbered equations, those without number, and the figures that define
 * something.
 */
export const paper = [
  ['Fig. 1', 'H'],
  ['Fig. 1', 'phi'],
  ['Fig. 2a', 'F'],
  ['Fig. 2a', 'S'],
  ['Fig. 2a', 'E'],
  ['Eq. (1)', '1'],
  ['Fig. 2b', 'relative error'],
  ['Eq. (2)', '2'],
  ['below Eq. (2)', 'E_MC'],
  ['Eq. (3)', '3'],
  ['Fig. 3', 'T'],
  ['Fig. 3', 'f'],
  ['below Eq. (3)', 'O(3)'],
  ['Fig. 4a', 'F_j'],
  ['Fig. 4a', 'q'],
  ['Fig. 4b', 'parameters'],
  ['Fig. 5a', 'continued function'],
  ['Fig. 5b', 'ResNet'],
  ['Fig. 5c', 'DNN'],
  ['Fig. 5d', 'DenseNet'],
] as const;

/** The keys of the `@eq` tags of a text: `@eq F, S, E (Fig. 2a)` has F, S and E. */
export const tagsOf = (text: string): readonly string[] =>
  [...text.matchAll(/@eq (.*)/g)].flatMap(([, tags = '']) =>
    tags
      .replaceAll(/ \([^()]*\)/g, '')
      .replace(/\s*\*\/$/, '')
      .split(',')
      .map((tag) => tag.trim()),
  );

const isExported = ({ exported }: House, { file, name, value }: EquationRow['symbol']): boolean =>
  exported(file, name) === value;

const isAnchored = (house: House, { key, symbol, law, vectors }: EquationRow): boolean =>
  isExported(house, symbol) &&
  isExported(house, law) &&
  tagsOf(house.files.get(symbol.file) ?? '').includes(key) &&
  house.files.has(`spec/vectors/schema/${vectors}.json`);

export const paperIsCovered: Law<House, (typeof paper)[number]> = {
  statement: 'every equation of the paper has a symbol that names it, a law, and vectors',
  cases: fc.constantFrom(...paper),
  runs: 300,
  holds:
    (house) =>
    ([place, key]) => {
      const rows = house.rows.filter((row) => row.place === place && row.key === key);
      return rows.length > 0 && rows.every((row) => isAnchored(house, row));
    },
};

export const rowsAreTheirLaws: Law<House, null> = {
  statement: "the law of each row holds for the row's symbol, and fails for a wrong symbol in its place",
  cases: fc.constant(null),
  runs: 1,
  holds:
    ({ rows }) =>
    async () => {
      const verdicts = await Promise.all(
        rows.flatMap(({ implementation, mutant }) => [
          implementation.keepsTheLaw(),
          mutant.keepsTheLaw().then((kept) => !kept),
        ]),
      );
      return verdicts.every((asItShould) => asItShould);
    },
};

export const tagsAreKnown: Law<House, number> = {
  statement: 'every @eq tag in the sources names an equation of the table',
  cases: fc.nat(9999),
  runs: 400,
  holds:
    ({ rows, files }) =>
    (index) => {
      const tagged = [...files].filter(([path, text]) => path.startsWith('src/') && text.includes('@eq'));
      const [, text = ''] = tagged[index % tagged.length] ?? [];
      return tagged.length > 0 && tagsOf(text).every((tag) => rows.some(({ key }) => key === tag));
    },
};

export const errataAreShown: Law<House, Erratum> = {
  statement: 'what is said of the differences between text and data is shown by a law or an example that exists',
  cases: fc.constantFrom(...errata),
  runs: 100,
  holds:
    ({ files }) =>
    ({ shownBy }) =>
      shownBy === null || (files.get(shownBy.file) ?? '').includes(shownBy.name),
};

/** The text between the README's markers. */
const shownTable = (readme: string): string | null =>
  /<!-- equations -->\n([\s\S]*?)\n?<!-- \/equations -->/.exec(readme)?.[1]?.trim() ?? null;

export const readmeShowsTheTable: Law<House, null> = {
  statement: 'the README has exactly these rows between its markers',
  cases: fc.constant(null),
  runs: 1,
  holds:
    ({ rows, files }) =>
    () =>
      shownTable(files.get('README.md') ?? '') === equationTable(rows),
};
