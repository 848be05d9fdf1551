/** Laws of the table of equations: the paper is covered, and the README shows it. */
import fc from 'fast-check';

import { equationTable, errata, type EquationRow, type Erratum } from '../equations.ts';
import type { Law } from '../law.ts';

/** The table, and the texts of the files that it names. */
export interface House {
  readonly rows: readonly EquationRow[];
  /** By path. */
  readonly files: ReadonlyMap<string, string>;
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

const exports = (text: string | undefined, name: string): boolean =>
  text !== undefined && new RegExp(`^export const ${name}\\b`, 'm').test(text);

/** Whether some specification or proof runs a law: it imports the law, and verifies. */
const isVerified = ({ files }: House, { file, name }: EquationRow['law']): boolean => {
  const module = file.split('/').at(-1) ?? file;
  return [...files].some(
    ([path, text]) =>
      path.endsWith('.spec.ts') &&
      text.includes(`laws/${module}'`) &&
      text.includes('verify(') &&
      new RegExp(`\\b${name}\\b`).test(text),
  );
};

const isAnchored = (house: House, { key, symbol, law, vectors }: EquationRow): boolean => {
  const source = house.files.get(symbol.file);
  return (
    exports(source, symbol.name) &&
    tagsOf(source ?? '').includes(key) &&
    exports(house.files.get(law.file), law.name) &&
    isVerified(house, law) &&
    house.files.has(`spec/vectors/${vectors}`)
  );
};

export const paperIsCovered: Law<House, (typeof paper)[number]> = {
  statement: 'every equation of the paper has a symbol that names it, a law that runs, and vectors',
  cases: fc.constantFrom(...paper),
  runs: 300,
  holds:
    (house) =>
    ([place, key]) => {
      const rows = house.rows.filter((row) => row.place === place && row.key === key);
      return rows.length > 0 && rows.every((row) => isAnchored(house, row));
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
