/** Laws of the index of the paper: it covers the text, and names nothing that does not exist. */
import fc from 'fast-check';

import { markedSection } from '../../src/report/marked-section.ts';
import type { Law } from '../law.ts';
import type { Example, Exported, None } from '../paper/anchor.ts';
import type { Entry } from '../paper/entry.ts';
import type { Chapter } from '../paper/entries.ts';
import type { Erratum } from '../paper/errata.ts';
import { equationTable, indexPage, statusOf, type Verdicts } from '../paper/page.ts';
import { right } from '../right.ts';

/** The index, and all that it may name. */
export interface House {
  readonly parts: readonly Chapter[];
  readonly errata: Readonly<Record<string, Erratum>>;
  /** The text of the paper. */
  readonly paper: string;
  /** The texts of files, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** What a file exports under a name. */
  readonly exported: (file: string, name: string) => unknown;
  /** As MODULE.NAME: those that the machine checks. */
  readonly theorems: ReadonlySet<string>;
  /** The claims of reports, by id, with the verdicts of a run or before one. */
  readonly claims: ReadonlySet<string>;
  readonly verdicts: Verdicts;
}

const entriesOf = ({ parts }: House): readonly Entry[] => parts.flatMap(({ entries }) => entries);

/** Spaces and line ends are all one. */
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** The paper from its abstract to its conclusion. */
const bodyOf = (paper: string): string =>
  flat(paper.slice(paper.indexOf('\nAbstract'), paper.indexOf('DATA AVAILABILITY')));

/** A part of the body, from one index to the next. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The sentences of a text. A point after Fig. or Eq. ends none. */
const sentencesOf = (text: string): readonly Span[] => {
  const ends = [...text.matchAll(/(?<!\b(?:Fig|Figs|Eq))[.?!]\s+(?=[A-Z])/g)].map(
    ({ index, 0: end }) => index + end.length,
  );
  return [...ends, text.length].map((to, i) => ({ from: ends[i - 1] ?? 0, to }));
};

/** Whether a sentence has a digit or a sign of equality, references not counted. */
const isNumeric = (sentence: string): boolean => /[\d=]/.test(sentence.replaceAll(/\[[\d, ]+\]/g, ''));

/** Where a quote stands; null where it stands nowhere, or in two places and tells neither. */
const quoteOf = (body: string, quote: string): Span | null => {
  const from = body.indexOf(quote);
  return from < 0 || body.includes(quote, from + 1) ? null : { from, to: from + quote.length };
};

/** The sentences that state a number or a formula. */
const statementsIn = (body: string): readonly Span[] =>
  sentencesOf(body).filter(({ from, to }) => isNumeric(body.slice(from, to)));

/** How many sentences of the paper state a number or a formula. */
export const statementCount = (paper: string): number => statementsIn(bodyOf(paper)).length;

export const everySentenceIsQuoted: Law<House, null> = {
  statement:
    'every sentence of the paper with a digit or a formula is quoted by an entry, and every quote is in the paper, once',
  cases: fc.constant(null),
  runs: 1,
  holds: (house) => () => {
    const body = bodyOf(house.paper);
    const quotes = entriesOf(house).flatMap((entry) => entry.quotes);
    const found = quotes.flatMap((quote) => quoteOf(body, flat(quote)) ?? []);
    return (
      found.length === quotes.length &&
      statementsIn(body).every(({ from, to }) => found.some((quote) => quote.from < to && quote.to > from))
    );
  },
};

/** The keys of the `@eq` tags of a text: `@eq F, S, E (Fig. 2a)` has F, S and E. */
export const tagsOf = (text: string): readonly string[] =>
  [...text.matchAll(/@eq (.*)/g)].flatMap(([, tags = '']) =>
    tags
      .replaceAll(/ \([^()]*\)/g, '')
      .replace(/\s*\*\/$/, '')
      .split(',')
      .map((tag) => tag.trim()),
  );

const hasReason = ({ because }: None): boolean => because.length >= 20;

const isThere =
  ({ files, exported }: House) =>
  (anchor: Exported | Example | None): boolean => {
    if ('because' in anchor) {
      return hasReason(anchor);
    }
    if ('title' in anchor) {
      return anchor.title.length >= 8 && (files.get(anchor.file) ?? '').includes(anchor.title);
    }
    const found = exported(anchor.file, anchor.name);
    return 'value' in anchor ? found === anchor.value : found !== undefined;
  };

/** Whether a spec applies a law to what it speaks of, with mutants. */
const isApplied =
  ({ files }: House) =>
  (anchor: Exported | Example | None): boolean =>
    !('name' in anchor) ||
    [...files].some(
      ([path, text]) =>
        /^(spec|proofs)\/[\w.-]+\.ts$/.test(path) &&
        new RegExp(`\\bverify\\(\\s*(\\w+\\.)?${anchor.name}\\b`).test(text),
    );

const areThere = (names: readonly string[] | None, exists: (name: string) => boolean): boolean =>
  'because' in names ? hasReason(names) : names.length > 0 && names.every(exists);

const hasVectors =
  ({ files }: House) =>
  (vector: string): boolean =>
    files.has(vector.includes('/') ? `spec/vectors/${vector}.json` : `spec/vectors/schema/${vector}.json`);

/** Which fields of an entry name what is not there, or nothing at all. */
export const faultsOf =
  (house: House) =>
  (entry: Entry): readonly string[] => {
    const exists = isThere(house);
    const { kind, statement, symbol, law, theorems, isProven, vectors, claims, pages, errata } = entry;
    const sound = {
      statement: statement.length >= 5,
      symbol: exists(symbol),
      law: exists(law) && isApplied(house)(law),
      tag: kind !== 'equation' || ('file' in symbol && tagsOf(house.files.get(symbol.file) ?? '').includes(entry.key)),
      theorem: areThere(theorems, (theorem) => house.theorems.has(theorem)) && !(isProven && 'because' in theorems),
      vectors: areThere(vectors, hasVectors(house)),
      status: claims.every((id) => house.claims.has(id)) && statusOf(house.verdicts)(entry).length > 0,
      // An equation has a law that its symbol keeps and a wrong one breaks.
      judgement: kind !== 'equation' || entry.judged !== null,
      errata: errata.every((name) => Object.hasOwn(house.errata, name)),
      pages: pages.every((page) => house.files.has(page)),
    };
    return Object.entries(sound).flatMap(([field, isSound]) => (isSound ? [] : [field]));
  };

export const entriesAreWhole: Law<House, null> = {
  statement:
    'every entry has a statement, symbol, law, theorem, vectors, status and errata, or the reason why not; all that it names exists',
  cases: fc.constant(null),
  runs: 1,
  holds: (house) => () => entriesOf(house).every((entry) => faultsOf(house)(entry).length === 0),
};

export const entriesDiffer: Law<House, null> = {
  statement: 'no two entries say the same of the same place',
  cases: fc.constant(null),
  runs: 1,
  holds: (house) => () => {
    const said = entriesOf(house).map(({ place, statement }) => `${place}: ${statement}`);
    return said.length > 0 && new Set(said).size === said.length;
  },
};

export const symbolsKeepTheirLaws: Law<House, null> = {
  statement: "the law of each equation holds for the equation's symbol, and fails for a wrong symbol in its place",
  cases: fc.constant(null),
  runs: 1,
  holds: (house) => async () => {
    const judged = entriesOf(house).flatMap((entry) => entry.judged ?? []);
    const verdicts = await Promise.all(
      judged.flatMap(({ implementation, mutant }) => [
        implementation.keepsTheLaw(),
        mutant.keepsTheLaw().then((kept) => !kept),
      ]),
    );
    return verdicts.length > 0 && verdicts.every((asItShould) => asItShould);
  },
};

export const tagsAreKnown: Law<House, null> = {
  statement: 'every @eq tag in the sources and in the explorer names an entry',
  cases: fc.constant(null),
  runs: 1,
  holds: (house) => () => {
    const keys = new Set(entriesOf(house).map(({ key }) => key));
    const tagsIn = (folder: string): readonly string[] =>
      [...house.files].flatMap(([path, text]) => (path.startsWith(folder) ? tagsOf(text) : []));
    return ['src/', 'explorer/'].every((folder) => {
      const tags = tagsIn(folder);
      return tags.length > 0 && tags.every((tag) => keys.has(tag));
    });
  },
};

export const errataAreShown: Law<House, null> = {
  statement: 'every erratum is named by an entry, and shown by a law or an example that exists, where one can',
  cases: fc.constant(null),
  runs: 1,
  holds: (house) => () => {
    const named = new Set(entriesOf(house).flatMap(({ errata }) => errata));
    return Object.entries(house.errata).every(
      ([name, { shownBy }]) =>
        [...named].some((other) => other === name) &&
        (shownBy === null || (isThere(house)(shownBy) && isApplied(house)(shownBy))),
    );
  },
};

export const claimsAreIndexed: Law<House, null> = {
  statement: 'every claim that a report makes belongs to an entry, be it in the run of today or not yet',
  cases: fc.constant(null),
  runs: 1,
  holds: (house) => () => {
    const named = new Set(entriesOf(house).flatMap(({ claims }) => claims));
    return house.claims.size > 0 && [...house.claims].every((id) => named.has(id));
  },
};

export const pagesShowTheIndex: Law<House, null> = {
  statement: 'the page of the index and the README show exactly these entries between their markers',
  cases: fc.constant(null),
  runs: 1,
  holds: (house) => () => {
    const shown = (path: string, marker: string): string =>
      right(markedSection(marker)(house.files.get(path) ?? `<!-- ${marker} --><!-- /${marker} -->`));
    return (
      shown('README.md', 'equations') === equationTable(entriesOf(house)) &&
      shown('spec/paper/README.md', 'index') === indexPage(house.parts, house.verdicts)
    );
  },
};
