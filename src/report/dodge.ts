/**
 * Series whose points at one x would hide each other, or each other's error bars, stand side by side: each is drawn a little to the left
 * or the right, in one of as few columns as they need. All points of a series move by the same length, so that its lines keep their
 * slope, and stay far nearer to their own x than to any other. Numbers stay as they are: the drawing alone moves.
 */
import { pow } from '../number/elementary/power.kernel.ts';
import type { Axis, Point, Series } from './chart.ts';
import { decadesAround } from './drawing.ts';
import type { Interval } from './interval.ts';

/** A point, and the x at which it is drawn. */
export interface Placed extends Point {
  readonly at: number;
}

/** A series whose points have their places. */
export interface PlacedSeries extends Series {
  readonly points: readonly Placed[];
}

/** Where values lie along an axis, from 0 at the one end to 1 at the other, and the value at a place. */
export interface Ruler {
  readonly placeOf: (value: number) => number;
  readonly valueAt: (place: number) => number;
}

/** The ruler of an axis that holds these values. */
export const rulerOf = ({ scale, ticks }: Axis, values: readonly number[]): Ruler => {
  const isLog = scale === 'log';
  const ends = isLog && ticks === undefined && values.length > 0 ? decadesAround(values) : values;
  const position = (value: number): number => (isLog ? Math.log10(value) : value);
  const [low, high] = [Math.min(...ends.map(position)), Math.max(...ends.map(position))];
  return {
    placeOf: (value) => (high > low ? (position(value) - low) / (high - low) : 0),
    valueAt: (place) => {
      const at = low + place * (high - low);
      return isLog ? pow(10, at) : at;
    },
  };
};

/** Half of a marker, as a part of the height of a chart. */
const halfMarker = 0.02;

/** How far apart two columns stand where there is room, and how far from its x a point stands at most, as parts of the width of a chart. */
const [step, most] = [0.016, 0.016];

/** How much of the way to the next x all columns of one x may take, half of it on either side. */
const room = 0.4;

/** A series: its place in their order, and from where to where each of its points reaches up the chart. */
interface Reaching {
  readonly order: number;
  readonly reaches: readonly (Interval & Pick<Point, 'x'>)[];
}

/** Whether two series have points at one x that overlap. */
const overlaps =
  (one: Reaching) =>
  (other: Reaching): boolean =>
    one.reaches.some((a) => other.reaches.some((b) => a.x === b.x && a.low <= b.high && b.low <= a.high));

/** What overlaps, directly or by others between. */
const crowdsOf = (series: readonly Reaching[]): readonly (readonly Reaching[])[] =>
  series.reduce<readonly (readonly Reaching[])[]>((crowds, next) => {
    const touched = crowds.filter((crowd) => crowd.some(overlaps(next)));
    return [...crowds.filter((crowd) => !touched.includes(crowd)), [...touched.flat(), next]];
  }, []);

/** The columns of a crowd, each of series that do not overlap: in their order, each takes the first column that is free. */
const columnsOf = (crowd: readonly Reaching[]): readonly (readonly Reaching[])[] =>
  crowd
    .toSorted((one, other) => one.order - other.order)
    .reduce<readonly (readonly Reaching[])[]>((columns, next) => {
      const free = columns.findIndex((column) => !column.some(overlaps(next)));
      return free < 0 ? [...columns, [next]] : columns.map((column, i) => (i === free ? [...column, next] : column));
    }, []);

/**
 * The series with the places of their points, along x and up y. No point is moved past one of the `lines` across the chart. `barOf` says
 * from where to where the error bar of a point runs, if it has one.
 */
export const sideBySide = (
  series: readonly Series[],
  lines: readonly number[],
  [x, y]: readonly [Ruler, Ruler],
  barOf: (point: Point) => readonly Interval[],
): readonly PlacedSeries[] => {
  const reaching = series.map(({ points }, order): Reaching => ({
    order,
    reaches: points.map((point) => {
      const ends = [point.y, ...barOf(point).flatMap(({ low, high }) => [low, high])].map(y.placeOf);
      return { x: point.x, low: Math.min(...ends) - halfMarker, high: Math.max(...ends) + halfMarker };
    }),
  }));
  const places = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))]
    .map(x.placeOf)
    .toSorted((one, other) => one - other);
  const gap = Math.min(...places.slice(1).map((place, i) => place - (places[i] ?? NaN)));
  const distances = lines.flatMap((line) => places.map((place) => Math.abs(x.placeOf(line) - place)));
  const width = Math.min(2 * most, room * gap, ...distances.filter((distance) => distance > 0));
  const shifts = new Map(
    crowdsOf(reaching).flatMap((crowd) => {
      const columns = columnsOf(crowd);
      const apart = Number.isFinite(gap) ? Math.min(step, width / (columns.length - 1)) : 0;
      return columns.flatMap((column, i) =>
        column.map(({ order }) => [order, apart * (i - (columns.length - 1) / 2)] as const),
      );
    }),
  );
  return series.map((one, order) => {
    const shift = shifts.get(order) ?? 0;
    return {
      ...one,
      points: one.points.map((point) => ({
        ...point,
        at: shift === 0 ? point.x : x.valueAt(x.placeOf(point.x) + shift),
      })),
    };
  });
};
