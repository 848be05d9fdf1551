/** Laws of charts and their numbers: rounding, decades, places of points, legends. */
import fc from 'fast-check';

import type { Chart, LineChart, Point } from '../../src/report/chart.ts';
import { interval } from '../arbitraries/interval.ts';
import { chart, decades, measuredPoints, value } from '../arbitraries/report.ts';
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

export const ordinaryNumbersHaveNoPower: Law<(digits: number) => (x: number) => string, Rounding> = {
  statement: 'a number from 0.01 to 1000 is written without a power of ten, whatever stands beside it',
  cases: fc.record({ x: fc.double({ min: 0.01, max: 1000, noNaN: true }), digits: fc.integer({ min: 2, max: 8 }) }),
  holds:
    (write) =>
    ({ x, digits }) =>
      /^[\d.]+$/.test(write(digits)(x)),
};

/** The decades of an axis from the values on it. */
export const decadesHoldTheirValues: Law<(values: readonly number[]) => readonly [number, number], readonly number[]> =
  {
    statement: 'a logarithmic axis runs from a power of ten to another around its values, and no decade further',
    cases: fc.oneof(
      fc.array(fc.double({ min: 1e-7, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 6 }),
      fc
        .array(fc.integer({ min: -7, max: 7 }), { minLength: 1, maxLength: 3 })
        .map((powers) => powers.map((k) => Number(`1e${k}`))),
    ),
    holds: (decadesOf) => (values) => {
      const [from, to] = decadesOf(values);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const isPower = (x: number): boolean => /^1e[+-]\d+$/.test(x.toExponential());
      // The allowance is that of the rounding of a logarithm.
      return (
        isPower(from) &&
        isPower(to) &&
        from < to &&
        from <= low * (1 + 1e-8) &&
        to >= high * (1 - 1e-8) &&
        low < 10 * from * (1 + 1e-8) &&
        (high > (to / 10) * (1 - 1e-8) || to <= 10 * from * (1 + 1e-8))
      );
    },
  };

/** All groups of a role in a drawing. */
export const group = (svg: string, role: string): string =>
  [...svg.matchAll(new RegExp(`<g class="mark-\\w+ role-${role}"[^>]*>([\\s\\S]*?)</g>`, 'g'))]
    .map(([, inside]) => inside)
    .join('');

/** The symbols of a legend, without their places. */
const symbolsOf = (svg: string): readonly string[] =>
  [...group(svg, 'legend-symbol').matchAll(/<path transform="[^"]*"([^>]*)>/g)].map(([, look = '']) => look);

export const everySeriesIsInTheLegend: Law<Draftsman, readonly string[]> = {
  statement: 'each family and each variant has its name in a legend, once, and no two of them have the same symbol',
  cases: fc.subarray(['n = 1', 'n = 2', 'n = 3'], { minLength: 1 }),
  holds: (draw) => async (variants) => {
    const families = ['EFNN', 'DNN', 'ResNet'];
    const points = [
      { x: 1, y: 1e-3 },
      { x: 2, y: 1e-2 },
    ];
    const svg = await draw({
      ...lineChart([]),
      series: families.flatMap((family) => variants.map((variant) => ({ family, variant, points }))),
    });
    const names = [...families, ...variants];
    const labels = [...group(svg, 'legend-label').matchAll(/>([^<>]+)<\/text>/g)].map(([, name]) => name);
    const symbols = symbolsOf(svg);
    return labels.join() === names.join() && symbols.length === names.length && new Set(symbols).size === names.length;
  },
  runs: 5,
};

export type Draftsman = (chart: Chart) => Promise<string>;

export const lineChart = (points: readonly Point[]): LineChart => ({
  tag: 'lines',
  x: { label: 'W', scale: 'linear' },
  y: { label: 'relative error', scale: 'log' },
  series: [{ family: 'EFNN', points }],
  references: [],
});

/** The places of the markers in a drawing of one series, in pixels, from left to right; its legend has one of its own. */
const markersOf = (svg: string): readonly Place[] =>
  [...group(svg, 'mark layer_\\d+_marks').matchAll(markerPath)]
    .map(([, x, y]) => ({ x: Number(x), y: Number(y) }))
    .sort((a, b) => a.x - b.x);

interface Place {
  readonly x: number;
  readonly y: number;
}

const markerPath =
  /<path (?:aria-label="[^"]*" )?transform="translate\(([-\d.]+),([-\d.]+)\)" d="[^"]+" fill="#d55e00/g;

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

/** A chart of one series whose values have intervals: a point or a bar each. */
export interface Measured {
  readonly tag: 'lines' | 'bars';
  readonly points: readonly Point[];
}

const measuredChart = ({ tag, points }: Measured): Chart =>
  tag === 'lines'
    ? lineChart(points)
    : {
        tag,
        value: lineChart([]).y,
        categories: points.map(({ x, y, interval }) => ({
          label: `${x}`,
          bars: [{ family: 'EFNN', value: y, ...(interval === undefined ? {} : { interval }) }],
        })),
      };

/** Where a line of a series begins and ends, in pixels. */
interface Stroke {
  readonly from: Place;
  readonly to: Place;
}

const strokePath = /<line transform="translate\(([-\d.]+),([-\d.]+)\)" x2="([-\d.]+)" y2="([-\d.]+)" stroke="#d55e00/g;

const strokesOf = (svg: string): readonly Stroke[] =>
  [...group(svg, 'mark layer_\\d+_marks').matchAll(strokePath)].map((numbers) => {
    const [x = NaN, y = NaN, right = NaN, down = NaN] = numbers.slice(1).map(Number);
    return { from: { x, y }, to: { x: x + right, y: y + down } };
  });

/** The heads of arrows, which are open, in the colour of their series. */
const arrowPath =
  /<path transform="translate\(([-\d.]+),([-\d.]+)\)" d="M[^"A]*" (?:fill="transparent" )?stroke="#d55e00" stroke-width="1.5"/g;

/** How wide and how high the frame of a drawing is, in pixels: the largest of all that have a background. */
const frameOf = (svg: string): { readonly width: number; readonly height: number } => {
  const frames = [...svg.matchAll(/class="background" aria-hidden="true" d="M0,0h([\d.]+)v([\d.]+)/g)];
  return {
    width: Math.max(...frames.map(([, width]) => Number(width))),
    height: Math.max(...frames.map(([, , height]) => Number(height))),
  };
};

export const intervalsAreDrawn: Law<Draftsman, Measured> = {
  statement:
    'each interval is drawn as a line of the colour of its series from its lower end to its upper one, through its marker and inside the frame; an end ' +
    'more than a decade beyond all values may be cut at the edge of the frame, with the head of an arrow, of which the axis tells; and no frame has ' +
    'more decades than that; an interval of no width, and a value without one, has no line',
  cases: fc.record({ tag: fc.constantFrom('lines', 'bars'), points: measuredPoints }),
  holds: (draw) => async (measured) => {
    const { tag, points } = measured;
    const svg = await draw(measuredChart(measured));
    // Bars lie: their values run to the right, and they stand in the order in which they are told.
    const along = (place: Place): number => (tag === 'lines' ? -place.y : place.x);
    const across = (place: Place): number => (tag === 'lines' ? place.x : place.y);
    const markers = [...markersOf(svg)].sort((a, b) => across(a) - across(b));
    const inOrder = tag === 'lines' ? [...points].sort((a, b) => a.x - b.x) : points;
    const [first, second] = inOrder.map(({ y }, i) => ({ log: Math.log10(y), at: markers[i] }));
    if (first?.at === undefined || second?.at === undefined || markers.length !== points.length) {
      return false;
    }
    const { at: origin, log: start } = first;
    const rate = (along(second.at) - along(origin)) / (second.log - start);
    const placeOf = (y: number): number => along(origin) + rate * (Math.log10(y) - start);
    const expected = inOrder.flatMap(({ interval }, i) =>
      interval === undefined || interval.low === interval.high
        ? []
        : [{ across: across(markers[i] ?? origin), ends: [placeOf(interval.low), placeOf(interval.high)] }],
    );
    const { width, height } = frameOf(svg);
    const [bottom, top] = tag === 'lines' ? [-height, 0] : [0, width];
    const logs = points.map(({ y }) => Math.log10(y));
    const [lowest, highest] = [Math.min(...logs), Math.max(...logs)];
    // What may be cut, and what is: an end beyond the frame, and beyond all values by more than a decade.
    const isFar = (end: number): boolean => end < placeOf(10 ** (lowest - 1)) || end > placeOf(10 ** (highest + 1));
    const isOut = (end: number): boolean => end < bottom - 1 || end > top + 1;
    const cut = expected.flatMap((bar) => bar.ends.filter(isOut).map((end) => ({ across: bar.across, end })));
    const heads = [...group(svg, 'mark layer_\\d+_marks').matchAll(arrowPath)].map(([, x, y]) => ({
      x: Number(x),
      y: Number(y),
    }));
    const strokes = [...strokesOf(svg)].sort((a, b) => across(a.from) - across(b.from));
    return (
      (top - bottom) / rate < Math.ceil(highest + 1) - Math.floor(lowest - 1) + 1e-6 &&
      cut.every(({ end }) => isFar(end)) &&
      heads.length === cut.length &&
      cut.every(({ across: at, end }) =>
        heads.some(
          (head) => Math.abs(across(head) - at) < 0.5 && Math.abs(along(head) - (end < bottom ? bottom : top)) < 0.5,
        ),
      ) &&
      svg.includes('an arrow') === cut.length > 0 &&
      strokes.length === expected.length &&
      strokes.every(({ from, to }, i) => {
        const ends = [along(from), along(to)].sort((a, b) => a - b);
        return (
          [from, to].every(
            (end) =>
              Math.abs(across(end) - (expected[i]?.across ?? NaN)) < 0.5 &&
              end.x > -0.5 &&
              end.x < width + 0.5 &&
              end.y > -0.5 &&
              end.y < height + 0.5,
          ) &&
          ends.every((end, j) => {
            const whole = expected[i]?.ends[j] ?? NaN;
            return Math.abs(end - Math.min(top, Math.max(bottom, whole))) < 1;
          })
        );
      })
    );
  },
  runs: 30,
};

/** Several series with the same x, on an axis of either kind, with a line across at an x of its own. */
interface Crowded {
  readonly scale: 'linear' | 'log';
  /** The logarithms of the values of each series, and how far its error bars reach on either side; null has none. */
  readonly series: readonly (readonly { readonly log: number; readonly half: number | null }[])[];
  readonly line: number;
}

const crowdedXs = [10, 14, 20, 40];

/** Families in the order of their colours, each of which no other has. */
const colours: Readonly<Record<string, string>> = {
  EFNN: '#d55e00',
  DNN: '#0072b2',
  ResNet: '#009e73',
  DenseNet: '#8e5ea2',
  'RKKY head': '#9a7d0a',
};

const crowded: fc.Arbitrary<Crowded> = fc.record({
  scale: fc.constantFrom('linear', 'log'),
  series: fc.array(
    fc.tuple(
      ...crowdedXs.map(() =>
        fc.record({
          log: fc.oneof(fc.constantFrom(-3, -2.99), interval(-3.9, -1.1)),
          half: fc.option(fc.constantFrom(0.02, 0.1, 0.4), { freq: 3 }),
        }),
      ),
    ),
    { minLength: 2, maxLength: 5 },
  ),
  line: fc.constantFrom(9, 11, 15, 39),
});

const crowdedChart = ({ scale, series, line }: Crowded): LineChart => ({
  ...lineChart([]),
  x: { label: 'N', scale, ticks: crowdedXs },
  references: [{ label: 'training', axis: 'x', at: line }],
  series: series.map((values, i) => ({
    family: Object.keys(colours)[i] ?? '',
    points: values.map(({ log, half }, j) => ({
      ...{ x: crowdedXs[j] ?? NaN, y: 10 ** log },
      ...(half === null ? {} : { interval: { low: 10 ** (log - half), high: 10 ** (log + half) } }),
    })),
  })),
});

/** What is drawn of a point: its marker, and from where to where it reaches with its error bar, in pixels. */
interface Drawn extends Place {
  readonly top: number;
  readonly bottom: number;
  readonly turn: number;
}

const drawnIn = (svg: string, colour: string): readonly Drawn[] => {
  const marks = group(svg, 'mark layer_\\d+_marks');
  const markers = [
    ...marks.matchAll(
      new RegExp(`<path [^>]*transform="translate\\(([-\\d.]+),([-\\d.]+)\\)" d="[^"]+" fill="${colour}`, 'g'),
    ),
  ].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
  const strokes = [
    ...marks.matchAll(
      new RegExp(
        `<line transform="translate\\(([-\\d.]+),([-\\d.]+)\\)" x2="0" y2="([-\\d.]+)" stroke="${colour}`,
        'g',
      ),
    ),
  ].map((numbers) => {
    const [x = NaN, y = NaN, down = NaN] = numbers.slice(1).map(Number);
    return { x, ends: [y, y + down] };
  });
  return markers
    .toSorted((a, b) => a.x - b.x)
    .map((marker, turn) => {
      const ends = strokes.filter(({ x }) => Math.abs(x - marker.x) < 0.1).flatMap((stroke) => stroke.ends);
      return { ...marker, turn, top: Math.min(marker.y, ...ends), bottom: Math.max(marker.y, ...ends) };
    });
};

/** Where the ticks of the axis below and the upright line are, in pixels. */
export const uprights = (svg: string): { readonly ticks: readonly number[]; readonly line: number } => ({
  ticks: [...group(svg, 'axis-tick').matchAll(/translate\(([-\d.]+),0\)" x2="0" y2="/g)].map(([, x]) => Number(x)),
  line: Number(
    /translate\(([-\d.]+),[-\d.]+\)" x2="0" y2="[-\d.]+" stroke="currentColor" stroke-dasharray/.exec(
      group(svg, 'mark layer_\\d+_marks'),
    )?.[1],
  ),
});

export const crowdsStandSideBySide: Law<Draftsman, Crowded> = {
  statement:
    'points at one x stand apart where their markers or error bars would overlap, each near its own x, inside the frame and on its side of any line; ' +
    'all points of a series are moved alike, by no more than a marker is wide; a series that overlaps none stands at its x; and where points were ' +
    'moved the axis says so',
  cases: crowded,
  holds: (draw) => async (example) => {
    const svg = await draw(crowdedChart(example));
    const { ticks, line } = uprights(svg);
    const drawn = example.series.map((_, i) => drawnIn(svg, Object.values(colours)[i] ?? ''));
    // Pixels that a marker is high at most, and that two of them certainly share; a tick is between pixels.
    const [high, shared, half] = [14, 5, 0.6];
    const { width } = frameOf(svg);
    const at = crowdedXs.map((_, turn) => drawn.flatMap((points) => points.slice(turn, turn + 1)));
    const isMoved = (point: Drawn): boolean => Math.abs(point.x - (ticks[point.turn] ?? NaN)) > half;
    const overlap = (one: Drawn, other: Drawn, by: number): boolean =>
      one.top - by / 2 < other.bottom + by / 2 && other.top - by / 2 < one.bottom + by / 2;
    const isInPlace = (point: Drawn, others: readonly Drawn[]): boolean => {
      const tick = ticks[point.turn] ?? NaN;
      const own = Math.abs(point.x - tick);
      return (
        ticks.every((other, i) => i === point.turn || own < 0.25 * Math.abs(other - tick)) &&
        own < 9 &&
        point.x > 4 &&
        point.x < width - 4 &&
        point.x < line === tick < line &&
        others.every((other) => !overlap(point, other, shared) || Math.abs(point.x - other.x) > 0.8)
      );
    };
    const movesAlike = (points: readonly Drawn[]): boolean =>
      points.every(
        ({ x, turn }) =>
          Math.abs(x - (ticks[turn] ?? NaN) - ((points[0]?.x ?? NaN) - (ticks[points[0]?.turn ?? NaN] ?? NaN))) <
          2 * half,
      );
    const mayMove = (points: readonly Drawn[]): boolean =>
      drawn.some(
        (others) =>
          others !== points &&
          points.some((point) => others.some((other) => other.turn === point.turn && overlap(point, other, high))),
      );
    return (
      ticks.length === crowdedXs.length &&
      drawn.every((points) => points.length === crowdedXs.length && movesAlike(points)) &&
      drawn.every((points) => mayMove(points) || !points.some(isMoved)) &&
      at.every((points) =>
        points.every((point) =>
          isInPlace(
            point,
            points.filter((other) => other !== point),
          ),
        ),
      ) &&
      svg.includes('stand side by side') === drawn.flat().some(isMoved)
    );
  },
  runs: 40,
};

/** A line across a drawing, and what is written beside it. */
const acrossOf = (
  svg: string,
): {
  readonly line: Place;
  readonly width: number;
  readonly label: Place;
  readonly words: string;
  readonly isApart: boolean;
} => {
  const marks = group(svg, 'mark layer_\\d+_marks');
  const [, x = NaN, y = NaN, width = NaN] =
    /<line transform="translate\(([-\d.]+),([-\d.]+)\)" x2="([-\d.]+)" y2="0" stroke="currentColor" stroke-dasharray/
      .exec(marks)
      ?.map(Number) ?? [];
  const [text = '', left, top, words = ''] =
    /<text [^>]*transform="translate\(([-\d.]+),([-\d.]+)\)"[^>]*>([^<>]+)<\/text>/.exec(marks) ?? [];
  return {
    line: { x, y },
    width: Math.abs(width),
    label: { x: Number(left), y: Number(top) },
    words,
    isApart:
      text.includes(' paint-order="stroke"') &&
      text.includes(' stroke="var(--paper, white)"') &&
      marks.lastIndexOf('<path') < marks.indexOf(text),
  };
};

/** A value across a chart in the middle of its decade, and points near three of its ends: on the left and the right, above and below. */
interface Crowd {
  readonly at: number;
  readonly free: 'left above' | 'left below' | 'right above' | 'right below';
}

export const linesAcrossAreInPlace: Law<Draftsman, Crowd> = {
  statement:
    'a value to compare with is a dashed line across the whole frame, in its place among the points, and its label stands where the fewest points are, before ' +
    'them, its letters apart from what they lie on',
  cases: fc.record({
    at: fc.constantFrom(2e-4, 1e-3, 7e-3),
    free: fc.constantFrom('left above', 'left below', 'right above', 'right below'),
  }),
  holds:
    (draw) =>
    async ({ at, free }) => {
      const points = (['left', 'right'] as const).flatMap((end) =>
        (['above', 'below'] as const).flatMap((side) => {
          const near = side === 'above' ? 1.3 : 1 / 1.3;
          return free === `${end} ${side}`
            ? []
            : [{ x: (end === 'left' ? 0 : 10) + (side === 'above' ? 1 : 0), y: at * near }];
        }),
      );
      // Two more hold the decades.
      const all = [...points, { x: 5, y: at * 30 }, { x: 6, y: at / 30 }];
      const svg = await draw({ ...lineChart(all), references: [{ label: 'paper: 7', axis: 'y', at }] });
      const { line, width, label, words, isApart } = acrossOf(svg);
      const markers = markersOf(svg);
      const places = [...markers].sort((a, b) => a.y - b.y);
      const [top, bottom] = [places[0]?.y ?? NaN, places.at(-1)?.y ?? NaN];
      const frame = frameOf(svg);
      return (
        markers.length === all.length &&
        words === 'paper: 7' &&
        isApart &&
        Math.abs(width - frame.width) < 1 &&
        // The extreme points are equally far from the value, in decades.
        Math.abs(line.y - (top + bottom) / 2) < 0.5 &&
        (label.x < frame.width / 2 ? 'left' : 'right') === free.split(' ')[0] &&
        (label.y < line.y ? 'above' : 'below') === free.split(' ')[1] &&
        Math.abs(label.y - line.y) < 20
      );
    },
  runs: 12,
};

/** Values to compare with, by their axes, and by what factor the first point may be wrong. */
export interface Comparison {
  readonly axes: readonly ('x' | 'y')[];
  readonly factor: number;
}

export const axesHaveTitles: Law<Draftsman, Comparison> = {
  statement: 'each axis has its title, once, whatever values are drawn across the chart beside the points',
  cases: fc.record({
    axes: fc.array(fc.constantFrom('x' as const, 'y' as const), { maxLength: 3 }),
    factor: fc.constantFrom(1, 2),
  }),
  holds:
    (draw) =>
    async ({ axes, factor }) => {
      const chart = lineChart([
        { x: 1, y: 1e-3, interval: { low: 1e-3 / factor, high: 1e-3 * factor } },
        { x: 2, y: 1e-2 },
      ]);
      const svg = await draw({ ...chart, references: axes.map((axis) => ({ label: 'paper', axis, at: 1 })) });
      const titles = [...group(svg, 'axis-title').matchAll(/>([^<>]+)<\/text>/g)].map(([, words]) => words);
      return titles.toSorted().join() === [chart.x.label, chart.y.label].toSorted().join();
    },
  runs: 12,
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
