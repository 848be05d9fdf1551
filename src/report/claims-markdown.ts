/** The claims of a report as a table in Markdown, for a README: what the paper says beside what a run obtained. */
import { hasWidth } from './interval.ts';
import { markdownTable } from './markdown-table.ts';
import { typographic } from './notation.ts';
import type { Fact, JudgedReport, Prose } from './report.ts';
import { divergedSentence, doNot, hold } from './verdict.ts';

const words = (value: string | number | null): string => {
  if (value === null) {
    return '-';
  }
  return typeof value === 'number' ? typographic(3)(value) : value;
};

const inWords = (prose: Prose): string => (typeof prose === 'string' ? [prose] : prose).map(words).join('').trim();

/** `2 claims hold, 1 does not, 3 undecided, 0 not tested`: how many claims have each verdict. */
export const countOf = (verdicts: JudgedReport['verdicts']): string =>
  [
    `${words(verdicts.holds)} ${verdicts.holds === 1 ? 'claim' : 'claims'} ${hold(verdicts.holds)}`,
    `${words(verdicts['does not hold'])} ${doNot(verdicts['does not hold'])}`,
    `${words(verdicts.undecided)} undecided`,
    `${words(verdicts['not tested'])} not tested`,
  ].join(', ');

/** A sentence of facts, then a row for each claim, the first of a section names it; then what follows for users. */
export const claimsMarkdown = ({ preset, partial, facts, verdicts, sections }: JudgedReport): string =>
  [
    ...(partial === undefined
      ? []
      : [`Not all is done: ${words(partial.done)} of ${words(partial.planned)} jobs.`, '']),
    `${countOf(verdicts)}; ` + [`preset ${preset}`, ...facts.map(factOf)].join(', ') + '.',
    '',
    markdownTable(
      ['where', 'claim', 'paper', 'obtained', 'from', 'verdict'],
      sections.flatMap(({ title, claims }) =>
        claims.map(({ statement, remark, comment, expected, obtained, spread, sample, verdict }, i) => [
          i === 0 ? words(title) : '',
          [statement, ...[remark, comment].flatMap((text) => (text === undefined ? [] : [inWords(text)]))].join('; '),
          words(expected),
          `${words(obtained)}${spread !== undefined && hasWidth(spread) ? ` (${words(spread.low)} to ${words(spread.high)})` : ''}`,
          words(sample),
          verdict,
        ]),
      ),
    ),
    ...sections.flatMap(({ title, diverged }) =>
      diverged === undefined ? [] : ['', `${words(title)}: ${divergedSentence(diverged)}`],
    ),
    ...sections.flatMap(({ title, guide }) => (guide === undefined ? [] : ['', `${words(title)}: ${inWords(guide)}`])),
  ].join('\n');

const factOf = ({ label, value, unit }: Fact): string =>
  `${label} ${words(value)}${unit === undefined ? '' : ` ${unit}`}`;
