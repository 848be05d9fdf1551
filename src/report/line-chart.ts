/** Curves against a number: points with error bars, joined by lines, and the values that they are compared with. */
import type { LineChart, Point, Reference, Series } from './chart.ts';
import { nameOf } from './chart.ts';
import {
  along,
  byName,
  drawingOf,
  errorBarOn,
  isShown,
  layerOf,
  type Drawing,
  type Layer,
  type PositionEncoding,
} from './drawing.ts';

const height = 320;

/** The points of a series that both axes can show, from left to right. */
export const shownPoints =
  (chart: LineChart) =>
  ({ points }: Series): readonly Point[] =>
    points.filter(({ x, y }) => isShown(chart.x)(x) && isShown(chart.y)(y)).sort((a, b) => a.x - b.x);

const referenceLayers =
  (encode: (field: 'x' | 'y') => PositionEncoding) =>
  ({ axis, at, label }: Reference): readonly Layer[] => {
    const place = { [axis]: encode(axis) };
    const datum = { [axis]: at, label };
    return [
      ...layerOf([datum], { type: 'rule', strokeDash: [3, 3], opacity: 0.55 }, place),
      ...layerOf(
        [datum],
        axis === 'y'
          ? { type: 'text', align: 'right', baseline: 'bottom', x: { expr: 'width' }, dy: -2, opacity: 0.7 }
          : { type: 'text', align: 'left', baseline: 'top', y: 2, dx: 4, opacity: 0.7 },
        { ...place, text: { field: 'label', type: 'nominal' } },
      ),
    ];
  };

/** The drawing of a line chart. Series without a point that the axes can show are left out. */
export const drawLines = (chart: LineChart): Drawing => {
  const shown = chart.series
    .map((series) => ({ ...series, name: nameOf(series), points: shownPoints(chart)(series) }))
    .filter(({ points }) => points.length > 0);
  const points = shown.flatMap(({ name, points: own }) => own.map(({ x, y }) => ({ name, x, y })));
  const bars = shown.flatMap(({ name, points: own }) =>
    own.flatMap(({ x, y, interval }) =>
      errorBarOn(chart.y)(y, interval).map(({ low, high }) => ({ name, x, y: low, y2: high })),
    ),
  );
  const references = (wanted: 'x' | 'y'): readonly number[] =>
    chart.references.filter(({ axis, at }) => axis === wanted && isShown(chart[axis])(at)).map(({ at }) => at);
  const held = {
    x: [...points.map(({ x }) => x), ...references('x')],
    y: [...points.map(({ y }) => y), ...bars.flatMap(({ y, y2 }) => [y, y2]), ...references('y')],
  };
  const encode = (field: 'x' | 'y') => along(field, chart[field], held[field]);
  const { stroke, strokeDash, ...marker } = byName(shown);
  const place = { x: encode('x'), y: encode('y') };
  return drawingOf(height, [
    ...chart.references.filter(({ axis, at }) => isShown(chart[axis])(at)).flatMap(referenceLayers(encode)),
    ...layerOf(bars, { type: 'rule' }, { ...place, y2: { field: 'y2' }, stroke }),
    ...layerOf(points, { type: 'line', strokeWidth: 1.8 }, { ...place, stroke, strokeDash }),
    ...layerOf(points, { type: 'point', opacity: 1, size: 50 }, { ...place, stroke, ...marker }),
  ]);
};
