/** The claims as a table for terminals: what the paper says beside what was obtained. No colours, no escape codes. */
import { plain } from './notation.ts';
import { judge, type JudgedClaim, type Report } from './report.ts';

const digits = 4;

/** One line of text: no control characters, which a terminal would obey, and no runs of spaces. */
const oneLine = (text: string): string => text.replace(/[\p{C}\s]+/gu, ' ').trim();

const widthOf = (text: string): number => Array.from(text).length;

const chunks = (width: number, word: string): readonly string[] => {
  const characters = Array.from(word);
  return characters.length <= width
    ? [word]
    : [characters.slice(0, width).join(''), ...chunks(width, characters.slice(width).join(''))];
};

/** Breaks text at spaces into lines of at most `width` characters; longer words are cut. */
export const wrap =
  (width: number) =>
  (text: string): readonly string[] =>
    oneLine(text)
      .split(' ')
      .flatMap((word) => chunks(width, word))
      .reduce<readonly string[]>((lines, word) => {
        const last = lines.at(-1);
        return last !== undefined && widthOf(last) + 1 + widthOf(word) <= width
          ? [...lines.slice(0, -1), `${last} ${word}`]
          : [...lines, word];
      }, []);

const pad =
  (width: number) =>
  (text: string): string =>
    text + ' '.repeat(Math.max(0, width - widthOf(text)));

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
const widthsOf = (rows: readonly Row[], width: number): readonly number[] => {
  const natural = (column: number, cap: number): number =>
    Math.min(cap, Math.max(...[header, ...rows].map((row) => widthOf(row[column] ?? ''))));
  const numbers = [natural(1, 20), natural(2, 16), natural(3, 13)];
  const rest = width - numbers.reduce((sum, w) => sum + w + 2, 0);
  return [Math.max(24, rest), ...numbers];
};

const linesOf =
  (widths: readonly number[]) =>
  (row: Row): readonly string[] => {
    const cells = row.map((cell, column) => wrap(widths[column] ?? 1)(cell));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, column) => pad(widths[column] ?? 0)(lines[line] ?? ''))
        .join('  ')
        .trimEnd(),
    );
  };

/** The table, `width` columns wide (at least 80), closing with the count of verdicts. */
export const terminalTable =
  (width: number) =>
  (report: Report): string => {
    const { title, preset, sections, verdicts } = judge(report);
    const tested = sections.filter(({ claims }) => claims.length > 0);
    const widths = widthsOf(
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
      ]),
      rule,
      `${verdicts.holds} hold, ${verdicts['does not hold']} do not hold, ${verdicts['not tested']} not tested`,
      '',
    ].join('\n');
  };
