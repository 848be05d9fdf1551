/** Curves against a number: points with error bars, joined by lines, and the values that they are compared with. */
import { titleOf, type LineChart, type Point, type Reference, type Series } from './chart.ts';
import { rulerOf, sideBySide } from './dodge.ts';
import {
  along,
  byName,
  drawingOf,
  errorBarOn,
  isShown,
  layerOf,
  legendHeight,
  namesOf,
  type Drawing,
  type Layer,
  type PositionEncoding,
} from './drawing.ts';
import type { Interval } from './interval.ts';

const height = 320;

/** The points of a series that both axes can show, from left to right. */
export const shownPoints =
  (chart: LineChart) =>
  ({ points }: Series): readonly Point[] =>
    points.filter(({ x, y }) => isShown(chart.x)(x) && isShown(chart.y)(y)).sort((a, b) => a.x - b.x);

/** How long a label is, about, and how far its middle is from its line, as parts of the width and the height of the chart. */
const [labelLength, labelReach] = [0.3, 0.04];

/** Where the label of a line across may stand: at either end of it, above it or below. */
const corners = (['left', 'right'] as const).flatMap((end) =>
  (['above', 'below'] as const).map((side) => ({ end, side })),
);

type Corner = (typeof corners)[number];

/** The place of a label: that from which the points at its end of the chart are farthest. */
const cornerFor = (places: readonly { readonly x: number; readonly y: number }[], at: number) => {
  const roomAt = ({ end, side }: Corner): number => {
    const label = side === 'above' ? at + labelReach : at - labelReach;
    const own = places.filter(({ x }) => (end === 'left' ? x < labelLength : x > 1 - labelLength));
    return Math.min(...own.map(({ y }) => Math.abs(y - label)));
  };
  return corners.reduce((best, corner) => (roomAt(corner) > roomAt(best) ? corner : best));
};

const labelAt = ({ end, side }: Corner) => ({
  type: 'text' as const,
  opacity: 0.7,
  ...(end === 'left' ? { align: 'left' as const, x: 2 } : { align: 'right' as const, x: { expr: 'width' } }),
  ...(side === 'above' ? { baseline: 'bottom' as const, dy: -2 } : { baseline: 'top' as const, dy: 3 }),
});

type Encode = (field: 'x' | 'y') => PositionEncoding;

const ruleOf =
  (encode: Encode) =>
  ({ axis, at }: Reference): readonly Layer[] =>
    layerOf([{ [axis]: at }], { type: 'rule', strokeDash: [3, 3], opacity: 0.55 }, { [axis]: encode(axis) });

const labelOf =
  (encode: Encode, cornerOf: (at: number) => Corner) =>
  ({ axis, at, label }: Reference): readonly Layer[] =>
    layerOf(
      [{ [axis]: at, label }],
      axis === 'y'
        ? labelAt(cornerOf(at))
        : { type: 'text', align: 'left', baseline: 'top', y: 2, dx: 4, opacity: 0.7 },
      { [axis]: encode(axis), text: { field: 'label', type: 'nominal' } },
    );

/** What the axis says where points were moved. */
const moved = '(points that would hide each other stand side by side)';

/** The drawing of a line chart. Series without a point that the axes can show are left out. */
export const drawLines = (chart: LineChart): Drawing => {
  const shown = chart.series
    .map((series) => ({ ...series, points: shownPoints(chart)(series) }))
    .filter(({ points }) => points.length > 0);
  const barOf = ({ y, interval }: Point): readonly Interval[] => errorBarOn(chart.y)(y, interval);
  const across = chart.references.filter(({ axis, at }) => isShown(chart[axis])(at));
  const references = (wanted: 'x' | 'y'): readonly number[] =>
    across.filter(({ axis }) => axis === wanted).map(({ at }) => at);
  const all = shown.flatMap((series) => series.points);
  const held = {
    x: [...all.map(({ x }) => x), ...references('x')],
    y: [
      ...all.flatMap((point) => [point.y, ...barOf(point).flatMap(({ low, high }) => [low, high])]),
      ...references('y'),
    ],
  };
  const rulers = [rulerOf(chart.x, held.x), rulerOf(chart.y, held.y)] as const;
  const placed = sideBySide(shown, references('x'), rulers, barOf);
  const points = placed.flatMap((series) => series.points.map(({ at, y }) => ({ ...namesOf(series), x: at, y })));
  const bars = placed.flatMap((series) =>
    series.points.flatMap((point) =>
      barOf(point).map(({ low, high }) => ({ ...namesOf(series), x: point.at, y: low, y2: high })),
    ),
  );
  const isMoved = placed.some((series) => series.points.some(({ x, at }) => at !== x));
  const titles = { x: isMoved ? [titleOf(chart.x), moved] : titleOf(chart.x), y: titleOf(chart.y) };
  const encode = (field: 'x' | 'y') => along(field, chart[field], held[field], titles[field]);
  const { stroke, strokeDash, ...marker } = byName(shown);
  const place = { x: encode('x'), y: encode('y') };
  const [ruler, upright] = rulers;
  const places = points.map(({ x, y }) => ({ x: ruler.placeOf(x), y: upright.placeOf(y) }));
  return drawingOf(height + legendHeight(shown), [
    ...across.flatMap(ruleOf(encode)),
    ...layerOf(bars, { type: 'rule' }, { ...place, y2: { field: 'y2' }, stroke }),
    ...layerOf(points, { type: 'line', strokeWidth: 1.8 }, { ...place, stroke, strokeDash }),
    ...layerOf(points, { type: 'point', opacity: 1, size: 50 }, { ...place, stroke, ...marker }),
    ...across.flatMap(labelOf(encode, (at) => cornerFor(places, upright.placeOf(at)))),
  ]);
};
