/** The index as Markdown: the whole on its page, the equations alone in the README. */
import { markdownTable } from '../../src/report/markdown-table.ts';
import type { Example, Exported, None } from './anchor.ts';
import type { Entry } from './entry.ts';
import type { Chapter } from './entries.ts';
import { errata, type Erratum, type ErratumName } from './errata.ts';

/** The verdicts of a run, by the claim's id. */
export type Verdicts = ReadonlyMap<string, string>;

/** What assures an entry for all cases, or for those of a law or an example. */
const assuranceOf = ({ isProven, law }: Entry): string => {
  if (isProven) {
    return 'proven';
  }
  if ('because' in law) {
    return 'not tested';
  }
  return 'title' in law ? 'an example holds' : 'the law holds';
};

/** How an entry stands. The law of a finding is about the verdicts of the report; these say what a run found. */
export const statusOf =
  (verdicts: Verdicts) =>
  (entry: Entry): string => {
    const found = entry.claims.map((id) => `${id}: ${verdicts.get(id) ?? 'not tested'}`);
    return [...(found.length > 0 && !entry.isProven ? [] : [assuranceOf(entry)]), ...found].join('; ');
  };

const link = (root: string, { file, name }: Exported): string => `[\`${name}\`](${root}${file})`;

/** The equations as the README shows them. */
export const equationTable = (entries: readonly Entry[]): string =>
  markdownTable(
    ['where', 'equation', 'symbol', 'property'],
    entries.flatMap(({ kind, place, statement, symbol, law }) =>
      kind === 'equation' && 'name' in symbol && 'name' in law
        ? [[place, statement, link('', symbol), link('', law)]]
        : [],
    ),
  );

const root = '../../';

const isNone = (anchor: object): anchor is None => 'because' in anchor;

/** Every reason, once, in the order in which the page needs them. */
const reasonsOf = (parts: readonly Chapter[]): readonly string[] => [
  ...new Set(
    parts.flatMap(({ entries }) =>
      entries.flatMap(({ symbol, law, theorems, vectors }) =>
        [symbol, law, theorems, vectors].filter(isNone).map(({ because }) => because),
      ),
    ),
  ),
];

const anchorText = (anchor: Exported | Example): string =>
  'name' in anchor ? link(root, anchor) : `[${anchor.title}](${root}${anchor.file})`;

const theoremLink = (theorem: string): string => `[\`${theorem}\`](${root}proofs/coq/${theorem.split('.')[0] ?? ''}.v)`;

const vectorLink = (vector: string): string =>
  `[${vector}](../vectors/${vector.includes('/') ? `${vector}.json` : vector})`;

const pageLink = (page: string): string => `[${page.split('/').at(-1) ?? page}](${root}${page})`;

const erratumNames = Object.keys(errata);

const erratumMark = (name: ErratumName): string => `E${erratumNames.indexOf(name) + 1}`;

/** The table of a part. */
const tableOf = (
  { entries }: Chapter,
  orNone: <A extends object>(show: (there: A) => string, anchor: A | None) => string,
  verdicts: Verdicts,
): string =>
  markdownTable(
    ['where', 'statement', 'symbol', 'law', 'theorem', 'vectors', 'status', 'errata', 'more'],
    entries.map((entry) => [
      entry.place,
      entry.statement,
      orNone((symbol: Exported) => link(root, symbol), entry.symbol),
      orNone(anchorText, entry.law),
      orNone((names: readonly string[]) => names.map(theoremLink).join(', '), entry.theorems),
      orNone((names: readonly string[]) => names.map(vectorLink).join(', '), entry.vectors),
      statusOf(verdicts)(entry),
      entry.errata.length === 0 ? 'none known' : entry.errata.map(erratumMark).join(', '),
      entry.pages.map(pageLink).join(', '),
    ]),
  );

const shownBy = ({ shownBy: shown }: Erratum): string =>
  shown === null ? 'nothing that runs here can' : anchorText(shown);

const countOf = (parts: readonly Chapter[]): string => {
  const entries = parts.flatMap((part) => part.entries);
  const of = (kind: Entry['kind']): number => entries.filter((entry) => entry.kind === kind).length;
  return `${entries.length} entries: ${of('equation')} equations, ${of('definition')} definitions, ${of('number')} numbers, ${of('finding')} findings.`;
};

/** The index: a table for each part, then reasons and errata. */
export const indexPage = (parts: readonly Chapter[], verdicts: Verdicts): string => {
  const reasons = reasonsOf(parts);
  const orNone = <A extends object>(show: (there: A) => string, anchor: A | None): string =>
    isNone(anchor) ? `none (${reasons.indexOf(anchor.because) + 1})` : show(anchor);
  return [
    countOf(parts),
    ...parts.flatMap((part) => [`## ${part.title}`, tableOf(part, orNone, verdicts)]),
    '## Why there is none',
    reasons.map((because, i) => `${i + 1}. ${because}.`).join('\n'),
    '## Errata',
    'What the text says, what its published code and data say, and what shows it here.',
    markdownTable(
      ['', 'the text', 'found', 'shown by'],
      Object.entries<Erratum>(errata).map(([, erratum], i) => [
        `E${i + 1}`,
        erratum.text,
        erratum.found,
        shownBy(erratum),
      ]),
    ),
  ].join('\n\n');
};
