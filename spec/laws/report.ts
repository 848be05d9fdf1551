/** Laws of the report: its numbers can be checked, its text stays text, its verdicts follow from their rules. */
import fc from 'fast-check';

import type { Prose, Report, DoneJob, Section } from '../../src/report/report.ts';
import type { Rule, ConfidenceInterval, Verdict } from '../../src/report/verdict.ts';
import { plainReport, rule } from '../arbitraries/report.ts';
import type { Law } from '../law.ts';

/** The two renderings that must agree. */
export interface Publication {
  readonly page: (report: Report) => Promise<string>;
  readonly results: (report: Report) => string;
}

/** Every number in a text of JSON, and its strings, apart and run together as the pieces of prose are. */
const leavesOf = (json: string): { readonly numbers: ReadonlySet<number>; readonly strings: string } => {
  const numbers = new Set<number>();
  const strings = new Map<number, string>();
  JSON.parse(json, (_key, leaf: unknown) => {
    if (typeof leaf === 'number') {
      numbers.add(leaf);
    }
    if (typeof leaf === 'string') {
      strings.set(strings.size, leaf);
    }
    return leaf;
  });
  return { numbers, strings: [...strings.values()].join('\n') + [...strings.values()].join('') };
};

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

const decode = (html: string): string => html.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);

const contentOf = (html: string): string => html.slice(html.indexOf('<body>'));

/** What a reader reads, without the drawings and the ordinals of sections, figures and tables. */
const wordsOf = (html: string): string =>
  decode(
    contentOf(html)
      .replace(/<svg[^]*?<\/svg>/g, ' ')
      .replace(/<span class="ordinal">[^<]*<\/span>/g, ' ')
      .replace(/<data[^>]*>[^<]*<\/data>/g, ' ')
      .replace(/<[^>]*>/g, ' '),
  );

export const everyNumberIsInTheResults: Law<Publication, Report> = {
  statement: 'every number on the page stands in results.json: measured ones in full, others within its text',
  cases: plainReport,
  holds:
    ({ page, results }) =>
    async (report) => {
      const html = await page(report);
      const { numbers, strings } = leavesOf(results(report));
      const measured = [...contentOf(html).matchAll(/<data value="([^"]*)">/g)].map(([, shown]) => Number(shown));
      const inWords = wordsOf(html).match(/\d+/g) ?? [];
      return measured.every((x) => numbers.has(x)) && inWords.every((digits) => strings.includes(digits));
    },
};

export const everyMeasurementIsOnThePage: Law<Publication, Report> = {
  statement: 'what was obtained for a claim is on the page, and so is its verdict',
  cases: plainReport,
  holds:
    ({ page }) =>
    async (report) => {
      const html = await page(report);
      const claims = report.sections.flatMap((section) => section.claims);
      const shown = claims.every(
        ({ obtained }) => obtained === null || html.includes(`<data value="${JSON.stringify(obtained)}">`),
      );
      return shown && (html.match(/class="verdict /g) ?? []).length === claims.length;
    },
};

/** The skeleton of a page: its tags with the names of their attributes, in order, but not those of its drawings. */
const skeletonOf = (html: string): string =>
  [...html.replace(/<svg[^]*?<\/svg>/g, '').matchAll(/<(\/?[a-zA-Z!][^\s>/]*)((?:[^">]|"[^"]*")*)>/g)]
    .map(([, tag = '', attributes = '']) => `${tag} ${attributes.replace(/"[^"]*"/g, '').trim()}`)
    .join('\n');

/** The tags that drawings are made of; text that became markup would bring others. */
const drawingTags = new Set(['svg', 'g', 'path', 'line', 'text', 'tspan']);

const tagsOfDrawings = (html: string): readonly string[] =>
  [...html.matchAll(/<svg[^]*?<\/svg>/g)].flatMap(([svg]) =>
    [...svg.matchAll(/<\/?([a-zA-Z!][^\s>/]*)/g)].map(([, tag = '']) => tag),
  );

const plainText = <A>(leaf: A | string): A | string => (typeof leaf === 'string' ? 'x' : leaf);

const plainProse = (words: Prose): Prose => (typeof words === 'string' ? 'x' : words.map(plainText));

const plainSection = ({ paragraphs, guide, claims, tables, figures, runs }: Section): Section => ({
  ...(guide === undefined ? {} : { guide: plainProse(guide) }),
  ...(runs === undefined ? {} : { runs }),
  title: 'x',
  paragraphs: paragraphs.map(plainProse),
  claims: claims.map(({ comment, unit, ...claim }) => ({
    ...claim,
    statement: 'x',
    expected: plainText(claim.expected),
    ...(unit === undefined ? {} : { unit: 'x' }),
    ...(comment === undefined ? {} : { comment: plainProse(comment) }),
  })),
  tables: tables.map(({ id, caption, columns, rows }) => ({
    id,
    caption: plainProse(caption),
    columns: columns.map(({ unit }) => ({ label: 'x', ...(unit === undefined ? {} : { unit: 'x' }) })),
    rows: rows.map((row) => row.map(plainText)),
  })),
  figures: figures.map(({ id, caption, chart }) => ({ id, title: 'x', caption: plainProse(caption), chart })),
});

const plainRun = ({ title, machine, result, model, data, ...run }: DoneJob): DoneJob => ({
  ...run,
  title: plainText(title),
  machine: plainText(machine),
  result: plainText(result),
  model: plainText(model),
  data: data.map(plainText),
});

/** The same report with harmless text around the same numbers. */
const plainTwin = ({ abstract, facts, sections, runs }: Report): Report => ({
  ...(runs === undefined ? {} : { runs: runs.map(plainRun) }),
  title: 'x',
  preset: 'x',
  abstract: plainProse(abstract),
  facts: facts.map(({ value }) => ({ label: 'x', value: plainText(value), unit: 'x' })),
  sections: sections.map(plainSection),
});

export const textStaysText: Law<Publication['page'], Report> = {
  statement: 'no text changes the skeleton of the page, and none is lost',
  cases: plainReport,
  holds: (page) => async (report) => {
    const html = await page(report);
    const twin = await page(plainTwin(report));
    const readable = (words: string): string => words.replace(/(?![\t\n])\p{Cc}|\p{Cs}/gu, '\ufffd');
    const statements = report.sections.flatMap(({ claims }) =>
      claims.flatMap(({ statement, remark }) => [statement, ...(typeof remark === 'string' ? [remark] : [])]),
    );
    const written = decode(html);
    return (
      skeletonOf(html) === skeletonOf(twin) &&
      tagsOfDrawings(html).every((tag) => drawingTags.has(tag)) &&
      statements.every((words) => written.includes(readable(words)))
    );
  },
};

/** A rule, and how far from its edge a number lies, as a fraction. */
export interface Edge {
  readonly rule: Rule;
  readonly margin: number;
}

/** Numbers just inside and just outside of what a rule allows. */
const around = ({ rule: edge, margin }: Edge): Readonly<Record<'inside' | 'outside', readonly number[]>> => {
  switch (edge.tag) {
    case 'below':
      return { inside: [edge.bound * (1 - margin)], outside: [edge.bound, edge.bound * (1 + margin)] };
    case 'above':
      return { inside: [edge.bound * (1 + margin)], outside: [edge.bound, edge.bound * (1 - margin)] };
    case 'equals': {
      const { value, tolerance } = edge;
      const [near, far] = [tolerance * (1 - margin), tolerance * (1 + margin)];
      return { inside: [value, value + near, value - near], outside: [value + far, value - far] };
    }
    case 'at-most':
      return { inside: [edge.bound, edge.bound * (1 - margin), 0], outside: [edge.bound * (1 + margin)] };
    case 'alike': {
      const [near, far] = [edge.factor ** (1 - margin), edge.factor * (1 + margin)];
      return { inside: [1, near, 1 / near], outside: [far, 1 / far] };
    }
  }
};

/** The rule, asking for two seeds. */
const asking = (edge: Rule): Rule => ({ ...edge, leastSeeds: 2 });

/** A spread that surrounds all that a rule allows; none where that has no end. */
const surrounding = (edge: Edge): readonly ConfidenceInterval[] =>
  edge.rule.tag === 'equals' || edge.rule.tag === 'alike'
    ? [{ low: Math.min(...around(edge).outside), high: Math.max(...around(edge).outside), seeds: 9 }]
    : [];

/** The verdict of a rule on a number and its spread. */
export type Verdicts = (rule: Rule) => (obtained: number | null, spread?: ConfidenceInterval) => Verdict;

export const verdictsFollow: Law<Verdicts, Edge> = {
  statement:
    'a verdict changes at the edge of its rule; nothing measured is not tested, no number never holds, and a spread on ' +
    'both sides of the edge, or too few seeds, decide nothing',
  // Margins well above the rounding of value +- tolerance, whose magnitudes differ by up to 1e12.
  cases: fc
    .record({ rule, margin: fc.double({ min: 1e-3, max: 0.5, noNaN: true }) })
    .filter(({ rule: edge }) => edge.tag !== 'equals' || edge.tolerance > 1e-9 * edge.value),
  holds: (verdictOf) => (edge) => {
    const verdict = verdictOf(edge.rule);
    const { inside, outside } = around(edge);
    return (
      inside.every((x) => verdict(x) === 'holds') &&
      outside.every((x) => verdict(x) === 'does not hold') &&
      verdict(null) === 'not tested' &&
      inside.every((x) => outside.every((y) => verdict(y, { low: x, high: y, seeds: 9 }) === 'undecided')) &&
      surrounding(edge).every(
        (all) => verdict(all.low, all) === 'undecided' && verdict(all.high, all) === 'undecided',
      ) &&
      [...inside, ...outside].every(
        (x) => verdictOf(asking(edge.rule))(x, { low: x, high: x, seeds: 1 }) === 'undecided',
      ) &&
      [NaN, Infinity, -Infinity].every((x) => verdict(x) === 'does not hold')
    );
  },
};

/** A report in a terminal of some width. */
export interface Terminal {
  readonly report: Report;
  readonly width: number;
}

export const tableFits: Law<(width: number) => (report: Report) => string, Terminal> = {
  statement: 'the table fits its terminal, its columns are aligned, and no text steers the terminal',
  cases: fc.record({ report: plainReport, width: fc.integer({ min: 80, max: 160 }) }),
  holds:
    (terminalTable) =>
    ({ report, width }) => {
      const table = terminalTable(width)(report);
      const lines = table.split('\n');
      const claims = report.sections.flatMap((section) => section.claims);
      const column = lines.find((line) => line.startsWith('claim '))?.indexOf('verdict') ?? -1;
      const verdicts = lines.filter((line) =>
        / {2}(holds|does not hold|undecided|not tested)$/.test(
          Array.from(line)
            .slice(column - 2)
            .join(''),
        ),
      );
      return (
        lines.every((line) => Array.from(line).length <= width) &&
        !/(?!\n)\p{Cc}/u.test(table) &&
        verdicts.length === claims.length
      );
    },
};
