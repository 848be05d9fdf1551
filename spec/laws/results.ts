/** Laws of `results.json` and of the files of figures: other programs read what the report says. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import type { Either } from 'fp-ts/lib/Either.js';
import { isRight } from 'fp-ts/lib/Either.js';

import type { Chart, Series } from '../../src/report/chart.ts';
import type { Interval } from '../../src/report/interval.ts';
import { judge, type JudgedReport, type Report } from '../../src/report/report.ts';
import { chart, illustratedReport, plainReport } from '../arbitraries/report.ts';
import type { Law } from '../law.ts';

/** Writing and reading of results. */
export interface Results {
  readonly write: (report: Report) => string;
  readonly read: (bytes: Uint8Array) => Either<unknown, JudgedReport>;
}

/** As JSON keeps it, which has no -0, and whose entries have no order. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export const resultsAreTheReport: Law<Results, Report> = {
  statement: 'a results.json, parsed back by its schema, is the report with its verdicts: every number and every word',
  cases: fc.oneof(plainReport, illustratedReport),
  holds:
    ({ write, read }) =>
    (report) => {
      const found = read(new TextEncoder().encode(write(report)));
      return isRight(found) && isDeepStrictEqual(asJson(found.right), asJson(judge(report)));
    },
};

/** A field of RFC 4180 and what ends it: a comma, the end of a line. */
const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;

/** The rows of a text of RFC 4180; a row of one word that stands out where it is none. */
const parsed = (csv: string): readonly (readonly string[])[] => {
  const found = [...csv.matchAll(new RegExp(fields.source, 'gy'))];
  const isWhole = found.map(([whole]) => whole).join('') === csv;
  return isWhole
    ? found
        .reduce<readonly (readonly string[])[]>(
          (rows, [, quoted, plain = '', end]) => {
            const row = [...(rows.at(-1) ?? []), quoted?.replaceAll('""', '"') ?? plain];
            return [...rows.slice(0, -1), row, ...(end === ',' ? [] : [[]])];
          },
          [[]],
        )
        .slice(0, -1)
    : [['not by RFC 4180']];
};

const textOf = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : String(Object.is(value, -0) ? 0 : value);

const endsOf = (interval: Interval | undefined): readonly string[] => [textOf(interval?.low), textOf(interval?.high)];

const pointsOf = (series: readonly Series[]): readonly (readonly string[])[] =>
  series.flatMap(({ family, variant = '', points }) =>
    points.map(({ x, y, interval }) => [family, variant, textOf(x), textOf(y), ...endsOf(interval)]),
  );

export const csvHasEveryPoint: Law<(chart: Chart) => string, Chart> = {
  statement:
    'a figure as comma-separated values, read by RFC 4180, has every point and bar in full, with the ends of its interval, below the names ' +
    'of its columns',
  cases: chart,
  holds: (csvOf) => (drawn) => {
    const [names = [], ...rows] = parsed(csvOf(drawn));
    const expected =
      drawn.tag === 'bars'
        ? drawn.categories.flatMap(({ label, bars }) =>
            bars.map(({ family, value, interval }) => [label, family, textOf(value), ...endsOf(interval)]),
          )
        : pointsOf(drawn.series);
    return (
      JSON.stringify(rows) === JSON.stringify(expected) &&
      names.length === (drawn.tag === 'bars' ? 5 : 6) &&
      names.slice(-2).join() === 'low,high'
    );
  },
};
