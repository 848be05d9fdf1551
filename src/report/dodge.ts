/**
 * Points at one x that would hide each other, or each other's error bars, stand side by side: each is drawn a little to the left or the
 * right of its x, in one of as few columns as they need, and nearer to its own x than to any other. Numbers stay as they are: the drawing
 * alone moves.
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

/** Half of a marker, as a part of the height of a chart; how far apart two columns stand where there is room, as a part of its width. */
const [halfMarker, step] = [0.02, 0.016];

/** How much of the way to the next x all columns of one x may take, half of it on either side. */
const room = 0.5;

interface Shown {
  /** Of its series, and of itself among its points. */
  readonly order: readonly [number, number];
  readonly point: Point;
  /** From where to where it reaches up the chart. */
  readonly reach: Interval;
}

/** What overlaps, directly or by others between. */
const crowdsOf = (shown: readonly Shown[]): readonly (readonly Shown[])[] =>
  shown
    .toSorted((one, other) => one.reach.low - other.reach.low)
    .reduce<readonly (readonly Shown[])[]>((crowds, next) => {
      const last = crowds.at(-1) ?? [];
      return Math.max(...last.map(({ reach }) => reach.high)) >= next.reach.low
        ? [...crowds.slice(0, -1), [...last, next]]
        : [...crowds, [next]];
    }, []);

/**
 * The columns of a crowd, each of points that do not overlap: from the lowest point to the highest, each takes the first column that is
 * free, so that there are no more than overlap at one height.
 */
const columnsOf = (crowd: readonly Shown[]): readonly (readonly Shown[])[] =>
  crowd.reduce<readonly (readonly Shown[])[]>((columns, next) => {
    const free = columns.findIndex((column) => (column.at(-1)?.reach.high ?? Infinity) < next.reach.low);
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
  const shown = series.flatMap(({ points }, order) =>
    points.map((point, turn): Shown => {
      const ends = [point.y, ...barOf(point).flatMap(({ low, high }) => [low, high])].map(y.placeOf);
      return {
        order: [order, turn],
        point,
        reach: { low: Math.min(...ends) - halfMarker, high: Math.max(...ends) + halfMarker },
      };
    }),
  );
  const xs = [...new Set(shown.map(({ point }) => point.x))];
  const at = new Map(
    xs.flatMap((value) => {
      const place = x.placeOf(value);
      const distances = (values: readonly number[]) =>
        values.flatMap((other) => (other === value ? [] : [Math.abs(x.placeOf(other) - place)]));
      const gap = Math.min(...distances(xs));
      const width = Math.min(room * gap, ...distances(lines));
      return crowdsOf(shown.filter(({ point }) => point.x === value)).flatMap((crowd) => {
        const columns = columnsOf(crowd);
        const apart = Number.isFinite(gap) ? Math.min(step, width / (columns.length - 1)) : 0;
        return columns.flatMap((column, i) => {
          const shift = apart * (i - (columns.length - 1) / 2);
          return column.map(({ order }) => [order.join(), shift === 0 ? value : x.valueAt(place + shift)] as const);
        });
      });
    }),
  );
  return series.map((one, order) => ({
    ...one,
    points: one.points.map((point, turn) => ({ ...point, at: at.get([order, turn].join()) ?? point.x })),
  }));
};
