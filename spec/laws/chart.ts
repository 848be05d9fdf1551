/** Laws of charts and their numbers: rounding, ticks, places of points and of labels. */
import fc from 'fast-check';

import type { Axis, Chart, LineChart, Point } from '../../src/report/chart.ts';
import { widthOf } from '../../src/report/plot.ts';
import type { Scale } from '../../src/report/scale.ts';
import { chart, decades, value } from '../arbitraries/report.ts';
import type { Law } from '../law.ts';

const digitOf = new Map(Array.from('⁻⁰¹²³⁴⁵⁶⁷⁸⁹', (raised, i) => [raised, Array.from('-0123456789')[i] ?? '']));

/** Reads a typeset number back, as a reader would. */
const read = (written: string): number => {
  const [mantissa = '', power] = written
    .replaceAll('\u202f', '')
    .replaceAll('\u2212', '-')
    .replace(/^10(?=[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])/, '1 × 10')
    .split(' × 10');
  const exponent = Array.from(power ?? '', (raised) => digitOf.get(raised) ?? raised).join('');
  return Number(`${mantissa}e${exponent === '' ? '0' : exponent}`);
};

/** A number, and how many significant digits to write it with. */
export interface Rounding {
  readonly x: number;
  readonly digits: number;
}

export const roundingIsNearest: Law<(digits: number) => (x: number) => string, Rounding> = {
  statement: 'a number is written within half a unit of its last digit',
  // Beyond these, numbers have fewer digits than they are asked for, or round to infinity.
  cases: fc.record({
    x: value.filter((x) => x === 0 || (Math.abs(x) > 1e-300 && Math.abs(x) < 1e300)),
    digits: fc.integer({ min: 2, max: 8 }),
  }),
  holds:
    (write) =>
    ({ x, digits }) =>
      Math.abs(read(write(digits)(x)) - x) <= 0.5 * 10 ** (1 - digits) * Math.abs(x) * (1 + 1e-9),
};

/** An axis, and the values that it has to show. */
export interface Extent {
  readonly axis: Axis;
  readonly values: readonly number[];
}

export interface Scaling {
  readonly scaleOf: (axis: Axis) => (values: readonly number[]) => Scale;
  readonly fraction: (scale: Scale) => (x: number) => number;
  readonly tickLabels: (ticks: readonly number[]) => readonly string[];
}

const magnitudes = fc.array(fc.double({ min: 1e-7, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 6 });

const extents: fc.Arbitrary<Extent> = fc.oneof(
  magnitudes.map((values): Extent => ({ axis: { label: 'y', scale: 'log' }, values })),
  magnitudes.map((values): Extent => ({ axis: { label: 'y', scale: 'linear' }, values: values.map((x) => x - 1) })),
  fc
    .uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 6 })
    .map((values): Extent => ({ axis: { label: 'N', scale: 'log', ticks: values }, values })),
);

export const scalesHoldTheirValues: Law<Scaling, Extent> = {
  statement:
    'a scale holds its values in order, puts equal steps (ratios) at equal lengths, and labels each tick truly',
  cases: extents,
  holds:
    ({ scaleOf, fraction, tickLabels }) =>
    ({ axis, values }) => {
      const scale = scaleOf(axis)(values);
      const place = fraction(scale);
      const [low, high] = scale.domain;
      const middle = axis.scale === 'log' ? Math.sqrt(low * high) : (low + high) / 2;
      const sorted = [...values].sort((a, b) => a - b).map(place);
      const labels = tickLabels(scale.ticks).map(read);
      return (
        sorted.every((at, i) => at >= -1e-9 && at <= 1 + 1e-9 && at >= (sorted[i - 1] ?? 0)) &&
        Math.abs(place(middle) - 0.5) < 1e-9 &&
        scale.ticks.every((tick, i) => {
          const label = labels[i] ?? NaN;
          return tick >= low && tick <= high && Math.abs(label - tick) <= 1e-8 * Math.abs(tick);
        })
      );
    },
};

/** Where labels wish to stand on a length of pixels. */
export interface Wishes {
  readonly gap: number;
  readonly height: number;
  readonly wishes: readonly number[];
}

/** Runs of labels that touch one another, as indices into positions in ascending order. */
const touching = (sorted: readonly number[], gap: number): readonly (readonly number[])[] =>
  sorted.reduce<readonly (readonly number[])[]>((runs, position, i) => {
    const last = runs.at(-1);
    const previous = sorted[i - 1];
    return last !== undefined && previous !== undefined && position - previous < gap + 1e-6
      ? [...runs.slice(0, -1), [...last, i]]
      : [...runs, [i]];
  }, []);

export const labelsStandApart: Law<
  (gap: number, low: number, high: number) => (wishes: readonly number[]) => readonly number[],
  Wishes
> = {
  statement: 'labels stand apart, in order, inside, and as near to their wishes as that allows',
  cases: fc.record({
    gap: fc.constantFrom(10, 15),
    height: fc.constantFrom(180, 300),
    wishes: fc.array(fc.double({ min: -20, max: 320, noNaN: true }), { minLength: 1, maxLength: 12 }),
  }),
  holds:
    (placeLabels) =>
    ({ gap, height, wishes }) => {
      const placed = placeLabels(gap, 0, height)(wishes);
      const pairs = wishes.map((wish, i) => ({ wish, at: placed[i] ?? NaN })).sort((a, b) => a.at - b.at);
      const sorted = pairs.map(({ at }) => at);
      const isOrdered = pairs.every(({ wish }, i) => wish >= (pairs[i - 1]?.wish ?? -Infinity));
      const isApart = sorted.every((at, i) => i === 0 || at - (sorted[i - 1] ?? NaN) >= gap - 1e-6);
      const fits = (wishes.length - 1) * gap <= height;
      const isInside = !fits || ((sorted[0] ?? NaN) >= -1e-6 && (sorted.at(-1) ?? NaN) <= height + 1e-6);
      // A run of touching labels that leans on no edge is balanced: its mean displacement vanishes.
      const isBalanced = touching(sorted, gap).every((run) => {
        const [first = NaN, last = NaN] = [sorted[run[0] ?? 0], sorted[run.at(-1) ?? 0]];
        const displacement = run.reduce((sum, i) => sum + (sorted[i] ?? NaN) - (pairs[i]?.wish ?? NaN), 0);
        return first < 1e-6 || last > height - 1e-6 || Math.abs(displacement) < 1e-5;
      });
      return isOrdered && isApart && isInside && isBalanced;
    },
};

export type Draftsman = (chart: Chart) => Promise<string>;

export const lineChart = (points: readonly Point[]): LineChart => ({
  tag: 'lines',
  x: { label: 'W', scale: 'linear' },
  y: { label: 'relative error', scale: 'log' },
  series: [{ family: 'EFNN', points }],
  references: [],
});

/** The places of the markers in a drawing of one series, in pixels, from left to right. */
const markersOf = (svg: string): readonly { readonly x: number; readonly y: number }[] =>
  [...svg.matchAll(/<path transform="translate\(([-\d.]+),([-\d.]+)\)" d="[^"]+" fill="#d55e00"/g)]
    .map(([, x, y]) => ({ x: Number(x), y: Number(y) }))
    .sort((a, b) => a.x - b.x);

export const pointsAreInPlace: Law<Draftsman, readonly Point[]> = {
  statement: 'each point is drawn once, further up for larger values, equal ratios at equal distances',
  cases: decades,
  holds: (draw) => async (points) => {
    const markers = markersOf(await draw(lineChart(points)));
    const sorted = [...points].sort((a, b) => a.x - b.x);
    const heights = sorted.map(({ y }, i) => ({ decades: Math.log10(y), pixels: -(markers[i]?.y ?? NaN) }));
    const [first, second] = heights;
    const rate =
      first === undefined || second === undefined
        ? NaN
        : (second.pixels - first.pixels) / (second.decades - first.decades);
    return (
      markers.length === points.length &&
      rate > 0 &&
      // SVG holds places to a thousandth of a pixel.
      heights.every(
        ({ decades: at, pixels }) =>
          Math.abs(pixels - (first?.pixels ?? NaN) - rate * (at - (first?.decades ?? NaN))) < 0.5,
      )
    );
  },
  runs: 15,
};

export const drawingsRepeat: Law<Draftsman, Chart> = {
  statement: 'the same chart gives the same bytes, without ids that a second drawing could clash with',
  cases: chart,
  holds: (draw) => async (example) => {
    const svg = await draw(example);
    return svg === (await draw(example)) && svg.startsWith('<svg') && !/\sid="|url\(|<script/.test(svg);
  },
  runs: 12,
};

/** Places of legend entries: x and the line, for families in a figure of some width. */
export type LegendPlacing = (
  width: number,
) => (families: readonly string[]) => readonly { readonly x: number; readonly line: number }[];

interface LegendCase {
  readonly width: number;
  readonly families: readonly string[];
}

export const legendsStayInside: Law<LegendPlacing, LegendCase> = {
  statement: 'the words of a legend stay inside the figure, in reading order, and never overlap',
  cases: fc.record({
    width: fc.integer({ min: 300, max: 800 }),
    families: fc.array(fc.string({ minLength: 1, maxLength: 24 }), { minLength: 1, maxLength: 12 }),
  }),
  holds:
    (placing) =>
    ({ width, families }) => {
      const places = placing(width)(families);
      const ends = places.map(({ x }, i) => x + widthOf(families[i] ?? ''));
      return (
        places.length === families.length &&
        ends.every((end) => end <= width) &&
        places.every(({ x, line }, i) => {
          const before = places[i - 1] ?? { line: 0 };
          return line === before.line ? x >= (ends[i - 1] ?? 0) : line === before.line + 1;
        })
      );
    },
};
