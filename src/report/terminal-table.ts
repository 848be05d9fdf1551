/** The claims as a table for terminals: what the paper says beside what was obtained. No colours, no escape codes. */
import { plain } from './notation.ts';
import { judge, type JudgedClaim, type Report } from './report.ts';
import { divergedSentence, doNot, hold } from './verdict.ts';
import { linesOf, oneLine, widthOf, wrap } from './text-table.ts';

const digits = 4;

type Row = readonly [claim: string, paper: string, obtained: string, verdict: string];

const quantity = (value: string | number, unit: string | undefined): string =>
  oneLine(`${typeof value === 'number' ? plain(digits)(value) : value}${unit === undefined ? '' : ` ${unit}`}`);

const rowOf = ({ statement, expected, obtained, unit, verdict }: JudgedClaim): Row => [
  oneLine(statement),
  quantity(expected, unit),
  obtained === null ? '-' : quantity(obtained, unit),
  verdict,
];

const header: Row = ['claim', 'paper', 'obtained', 'verdict'];

/** The widths of the columns: numbers get what they need up to a cap, claims get the rest. */
const columnsOf = (rows: readonly Row[], width: number): readonly number[] => {
  const natural = (column: number, cap: number): number =>
    Math.min(cap, Math.max(...[header, ...rows].map((row) => widthOf(row[column] ?? ''))));
  const numbers = [natural(1, 20), natural(2, 16), natural(3, 13)];
  const rest = width - numbers.reduce((sum, w) => sum + w + 2, 0);
  return [Math.max(24, rest), ...numbers];
};

/** The table, `width` columns wide (at least 80), closing with the count of verdicts. */
export const terminalTable =
  (width: number) =>
  (report: Report): string => {
    const { title, preset, sections, verdicts, partial } = judge(report);
    const tested = sections.filter(({ claims }) => claims.length > 0);
    const widths = columnsOf(
      tested.flatMap(({ claims }) => claims.map(rowOf)),
      Math.max(80, width),
    );
    const rule = '─'.repeat(widths.reduce((sum, w) => sum + w, 2 * (widths.length - 1)));
    return [
      ...wrap(rule.length)(`${title} (preset: ${preset})`),
      rule,
      ...linesOf(widths)(header),
      ...tested.flatMap((section) => [
        rule,
        ...wrap(rule.length)(section.title),
        ...section.claims.flatMap((claim) => linesOf(widths)(rowOf(claim))),
        ...(section.diverged === undefined ? [] : wrap(rule.length)(divergedSentence(section.diverged))),
      ]),
      rule,
      ...(partial === undefined ? [] : [`not all is done: ${partial.done} of ${partial.planned} jobs`]),
      `${verdicts.holds} ${hold(verdicts.holds)}, ${verdicts['does not hold']} ${doNot(verdicts['does not hold'])} hold, ${verdicts.undecided} undecided, ${verdicts['not tested']} not tested`,
      '',
    ].join('\n');
  };
