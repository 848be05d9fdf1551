/** Figures as tables of comma-separated values, every number in full: what a chart shows, for other programs. */
import type { Axis, Chart, Series } from './chart.ts';
import { titleOf } from './chart.ts';
import type { Interval } from './interval.ts';

/** A field of RFC 4180: quoted where it has commas, quotes or ends of lines. */
const field = (value: string | number | null): string => {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

type Row = readonly (string | number | null)[];

/** The columns of an interval, on either side of its value. */
const ends = ['low', 'high'] as const;

const endsOf = (interval: Interval | undefined): Row => ends.map((end) => interval?.[end] ?? null);

const pointsOf = (x: Axis, y: Axis, series: readonly Series[]): readonly Row[] => [
  ['family', 'variant', titleOf(x), titleOf(y), ...ends],
  ...series.flatMap(({ family, variant, points }) =>
    points.map(({ x: at, y: value, interval }): Row => [family, variant ?? '', at, value, ...endsOf(interval)]),
  ),
];

const rowsOf = (chart: Chart): readonly Row[] => {
  switch (chart.tag) {
    case 'lines':
      return pointsOf(chart.x, chart.y, chart.series);
    case 'scatter':
      return pointsOf(chart.exact, chart.predicted, chart.series);
    case 'bars':
      return [
        ['category', 'family', titleOf(chart.value), ...ends],
        ...chart.categories.flatMap(({ label, bars }) =>
          bars.map(({ family, value, interval }): Row => [label, family, value, ...endsOf(interval)]),
        ),
      ];
  }
};

/**
 * A line for the names of the columns, then one for each point or bar; nothing stands where nothing was measured.
 *
 * @source RFC 4180
 */
export const csvOf = (chart: Chart): string =>
  rowsOf(chart)
    .map((row) => `${row.map(field).join(',')}\r\n`)
    .join('');
