/**
 * The report as one HTML file that needs nothing else: no script, no font, no network. It links to the files beside it. Each number it shows stands in
 * `results.json`; the ordinals of sections, figures and tables are counted here.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { csvOf } from './figure-csv.ts';
import { svgOf, type FigureError } from './figure-svg.ts';
import { hasWidth } from './interval.ts';
import { cell, escape, number, prose, quantity, type Html } from './markup.ts';
import { pageStyle } from './page-style.ts';
import { judge } from './report.ts';
import type {
  Column,
  DoneJob,
  Fact,
  Figure,
  JudgedClaim,
  JudgedReport,
  JudgedSection,
  Prose,
  Report,
  Table,
} from './report.ts';
import { divergedSentence, hold, doNot, proseOf, type ConfidenceInterval, type Verdict } from './verdict.ts';

/** A figure with its number in the report and its drawing. */
interface Plate {
  readonly figure: Figure;
  readonly ordinal: number;
  readonly svg: Html;
}

/** A section with what is numbered through the report. */
interface Chapter {
  readonly section: JudgedSection;
  readonly ordinal: number;
  readonly plates: readonly Plate[];
  readonly firstTable: number;
  readonly runs: readonly DoneJob[];
}

const lines = (pieces: readonly Html[]): Html => pieces.join('\n');

const ordinal = (text: string): Html => `<span class="ordinal">${text}</span>`;

const linked = (target: string | null, html: Html): Html =>
  target === null ? html : `<a href="${escape(target)}">${html}</a>`;

/** Where a figure's files lie, beside the page: its drawing, and the numbers in it. */
export const figureFile = (id: string, extension: 'svg' | 'csv'): string =>
  `figures/${id.replaceAll(/[^\w-]/g, '_')}.${extension}`;

const hasRuns = ({ runs = [] }: JudgedSection): boolean => runs.length > 0;

// Claims.

const verdictClass: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  'does not hold': 'fails',
  undecided: 'open',
  'not tested': 'open',
};

const note = (text: Prose): Html => `<span class="note">${prose(text)}</span>`;

/** The interval of a number, which one seed has not, and of how many seeds it is, where the sample does not say the same. */
const spreadOf = (spread: ConfidenceInterval, sample: string): readonly Prose[] => {
  const { low, high, seeds, least } = spread;
  const isOfSeeds = least !== undefined;
  return [
    ...(hasWidth(spread) && !(isOfSeeds && seeds === 1) ? [['between ', low, ' and ', high]] : []),
    ...(isOfSeeds && !sample.startsWith(`${seeds} seed`) ? [['seeds of each comparison: ', seeds, ' or more']] : []),
  ];
};

const claimRow = (
  { statement, remark, expected, obtained, unit, rule, sample, spread, subject, comment, verdict }: JudgedClaim,
  runs: string | null,
): Html => {
  const notes = [remark, comment].map((text) => (text === undefined ? '' : note(text))).join('');
  const value = quantity(3, unit);
  const between = spread === undefined ? '' : spreadOf(spread, sample).map(note).join('');
  return lines([
    '<tr>',
    `<td>${escape(statement)}${notes}</td>`,
    `<td data-label="Paper">${value(expected)}</td>`,
    `<td data-label="This run">${value(obtained)}${between}<span class="note">${linked(runs, escape(sample))}</span></td>`,
    `<td><span class="verdict ${verdictClass[verdict]}">${verdict}</span><span class="note">${prose(proseOf(rule, subject))}</span></td>`,
    '</tr>',
  ]);
};

/** How many of its jobs are done, beside the title of a section that is not whole. */
const shareDone = ({ partial }: JudgedSection): Html =>
  partial === undefined
    ? ''
    : `<span class="note">${prose([partial.done, ' of its ', partial.planned, ' jobs are done'])}</span>`;

const claimRows = ({ section, ordinal: place }: Chapter): Html =>
  section.claims.length === 0
    ? ''
    : lines([
        '<tbody>',
        `<tr><th colspan="4" scope="rowgroup"><a href="#section-${place}">${escape(section.title)}</a>${shareDone(section)}</th></tr>`,
        ...section.claims.map((claim) => claimRow(claim, hasRuns(section) ? `#runs-${place}` : null)),
        '</tbody>',
      ]);

/** What a reader has to know first of a report that is not whole. */
const warning = ({ partial }: JudgedReport): Html =>
  partial === undefined
    ? ''
    : `<p class="partial">${prose(['Not all is done: ', partial.done, ' of ', partial.planned, ' jobs. What the others would tell is undecided here, or not tested.'])}</p>`;

/** What the ends of a number mean. */
const intervals =
  'Between the ends of a number the true one lies with ninety-five percent, over seeds and over test configurations. Of several comparisons ' +
  'the number is that of the one which speaks most against the claim, and each of them has to keep the rule.';

const tally = ({ verdicts }: JudgedReport): Html => {
  const words: readonly (readonly [Verdict, string])[] = [
    ['holds', hold(verdicts.holds)],
    ['does not hold', `${doNot(verdicts['does not hold'])} hold`],
    ['undecided', 'undecided'],
    ['not tested', 'not tested'],
  ];
  const counts = words.map(([verdict, word]) => `${number(3)(verdicts[verdict])} ${word}`);
  return `<p class="tally">${counts.join(', ')}. Each verdict follows from its rule and its number alone. ${intervals}</p>`;
};

const claimTable = (report: JudgedReport, chapters: readonly Chapter[]): Html =>
  report.sections.every(({ claims }) => claims.length === 0)
    ? ''
    : lines([
        '<h2 id="claims">What the paper says, and what this run obtained</h2>',
        tally(report),
        '<table class="claims" aria-labelledby="claims">',
        '<thead><tr><th>Claim</th><th>Paper</th><th>This run</th><th>Verdict</th></tr></thead>',
        ...chapters.map(claimRows),
        '</table>',
      ]);

// Sections.

/** How the cells of a column are written: numbers to the right, words to the left. */
interface Layout {
  readonly alignment: string;
  readonly write: (value: string | number | null) => Html;
}

const layoutOf =
  ({ rows }: Table) =>
  ({ digits = 3 }: Column, i: number): Layout => {
    const values = rows.map((row) => row[i] ?? null);
    const isWords = values.some((value) => typeof value === 'string');
    return { alignment: isWords ? '' : ' class="numeric"', write: cell(digits) };
  };

/** Lines of a heading do not break within `N = 40`. */
const unbroken = (html: Html): Html => html.replaceAll(' = ', '&nbsp;=&nbsp;');

const heading = ({ label, unit }: Column, { alignment }: Layout): Html =>
  `<th${alignment}>${unbroken(escape(label))}${unit === undefined ? '' : ` <span class="unit">(${escape(unit)})</span>`}</th>`;

/** A table that scrolls by itself where it is wider than the page, also by the keys, under a name that is an element of the page. */
const scrolled = (name: string, table: Html): Html =>
  `<div class="wide" role="region" tabindex="0" aria-labelledby="${name}">${table}</div>`;

const tableOf = (table: Table, place: number): Html => {
  const columns = table.columns.map((column, i) => ({ column, layout: layoutOf(table)(column, i) }));
  const row = (cells: Table['rows'][number]): Html =>
    columns.map(({ layout }, i) => `<td${layout.alignment}>${layout.write(cells[i] ?? null)}</td>`).join('');
  const caption = `caption-${place}`;
  // Outside of what scrolls, so that it is as wide as the page whatever the table is.
  return lines([
    `<figure class="table" id="table-${place}">`,
    `<figcaption id="${caption}"><strong>${ordinal(`Table ${place}.`)}</strong> ${prose(table.caption)}</figcaption>`,
    scrolled(
      caption,
      lines([
        `<table aria-labelledby="${caption}">`,
        `<thead><tr>${columns.map(({ column, layout }) => heading(column, layout)).join('')}</tr></thead>`,
        `<tbody>${lines(table.rows.map((cells) => `<tr>${row(cells)}</tr>`))}</tbody>`,
        '</table>',
      ]),
    ),
    '</figure>',
  ]);
};

const fileLink = (path: string): Html => linked(path, escape(path.slice(path.lastIndexOf('/') + 1)));

const value = quantity(3);

/** A digest, short; whole where the pointer rests on it. */
const digestOf = (sha256: string): Html => `<code title="${escape(sha256)}">${escape(sha256.slice(0, 12))}</code>`;

/** The network of a run: its file, or its digest where that is not kept. */
const networkOf = ({ model, modelSha256 }: Pick<DoneJob, 'model' | 'modelSha256'>): readonly Html[] =>
  model === null ? (modelSha256 === undefined ? [] : [digestOf(modelSha256)]) : [fileLink(model)];

const runRow = ({ title, seed, seconds, machine, result, data, ...network }: DoneJob): Html =>
  lines([
    '<tr>',
    `<td>${escape(title)}</td><td class="numeric">${value(seed)}</td>`,
    `<td class="numeric">${value(seconds)}</td><td>${value(machine)}</td>`,
    `<td>${[fileLink(result), ...networkOf(network)].join('<br>')}</td>`,
    `<td>${data.map(digestOf).join(' ')}</td>`,
    '</tr>',
  ]);

/** The runs behind a section, folded: each with its seed, its time, its machine, its files and the SHA-256 of its labels. */
const runsOf = ({ ordinal: place, runs }: Chapter): Html =>
  runs.length === 0
    ? ''
    : lines([
        `<details id="runs-${place}"><summary id="summary-${place}">The runs behind this section</summary>`,
        scrolled(
          `summary-${place}`,
          lines([
            `<table aria-labelledby="summary-${place}">`,
            '<thead><tr><th>run</th><th class="numeric">seed</th><th class="numeric">time <span class="unit">(s)</span></th>',
            '<th>machine</th><th>files</th><th>digests of its labels</th></tr></thead>',
            `<tbody>${lines(runs.map(runRow))}</tbody>`,
            '</table>',
          ]),
        ),
        '</details>',
      ]);

const plateOf = ({ figure, ordinal: place, svg }: Plate): Html =>
  lines([
    `<figure id="figure-${place}">`,
    `<div role="img" aria-label="${escape(figure.title)}">${svg}</div>`,
    `<figcaption><strong>${ordinal(`Figure ${place}.`)} ${escape(figure.title)}.</strong> ${prose(figure.caption)} ${linked(figureFile(figure.id, 'svg'), 'SVG')}, ${linked(figureFile(figure.id, 'csv'), 'CSV')}.</figcaption>`,
    '</figure>',
  ]);

const chapterOf = (chapter: Chapter): Html => {
  const { section, ordinal: place, plates, firstTable } = chapter;
  return lines([
    `<section id="section-${place}">`,
    `<h2>${ordinal(String(place))}${escape(section.title)}${shareDone(section)}</h2>`,
    `<div class="text">${lines(section.paragraphs.map((paragraph) => `<p>${prose(paragraph)}</p>`))}</div>`,
    section.diverged === undefined ? '' : `<p class="partial">${prose(divergedSentence(section.diverged))}</p>`,
    section.guide === undefined
      ? ''
      : `<div class="text"><p><strong>In practice.</strong> ${prose(section.guide)}</p></div>`,
    plates.length === 0 ? '' : `<div class="figures">${lines(plates.map(plateOf))}</div>`,
    ...section.tables.map((table, i) => tableOf(table, firstTable + i)),
    runsOf(chapter),
    '</section>',
  ]);
};

// The page.

const factOf = ({ label, value, unit }: Fact): Html =>
  `<div><dt>${escape(label)}</dt><dd>${quantity(4, unit)(value)}</dd></div>`;

const pageOf = (report: JudgedReport, chapters: readonly Chapter[]): Html =>
  lines([
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escape(report.title)}</title>`,
    `<style>${pageStyle}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<h1>${escape(report.title)}</h1>`,
    `<p class="abstract">${prose(report.abstract)}</p>`,
    warning(report),
    '</header>',
    `<dl class="facts">${lines([{ label: 'preset', value: report.preset }, ...report.facts].map(factOf))}</dl>`,
    '<main>',
    claimTable(report, chapters),
    ...chapters.map(chapterOf),
    '</main>',
    '<footer>Every number on this page stands, in full, in <a href="results.json"><code>results.json</code></a> beside it.</footer>',
    '</body>',
    '</html>',
    '',
  ]);

const countBefore = (items: readonly (readonly unknown[])[], index: number): number =>
  items.slice(0, index).reduce((sum, part) => sum + part.length, 0);

const chaptersOf = ({ sections, runs = [] }: JudgedReport, svgs: readonly Html[]): readonly Chapter[] =>
  sections.map((section, i) => {
    const figuresBefore = countBefore(
      sections.map(({ figures }) => figures),
      i,
    );
    const tablesBefore = countBefore(
      sections.map(({ tables }) => tables),
      i,
    );
    const plates = section.figures.map((figure, j) => ({
      figure,
      ordinal: figuresBefore + j + 1,
      svg: svgs[figuresBefore + j] ?? '',
    }));
    return {
      ...{ section, ordinal: i + 1, plates, firstTable: tablesBefore + 1 },
      runs: runs.filter(({ id }) => section.runs?.includes(id) === true),
    };
  });

/** A file of the report, by its path beside `results.json`. */
export interface ReportFile {
  readonly path: string;
  readonly content: string;
}

/** A report in files: the page, and each figure as a drawing and as numbers. */
export interface ReportFiles {
  readonly page: Html;
  readonly figures: readonly ReportFile[];
}

/** The page and the files of its figures, or the first figure that cannot be drawn. */
export const reportFiles = (report: Report): TE.TaskEither<FigureError, ReportFiles> => {
  const judged = judge(report);
  const figures = judged.sections.flatMap((section) => section.figures);
  return pipe(
    figures.map(({ chart }) => chart),
    TE.traverseSeqArray(svgOf),
    TE.map((svgs) => ({
      page: pageOf(judged, chaptersOf(judged, svgs)),
      figures: figures.flatMap(({ id, chart }, i) => [
        { path: figureFile(id, 'svg'), content: svgs[i] ?? '' },
        { path: figureFile(id, 'csv'), content: csvOf(chart) },
      ]),
    })),
  );
};
