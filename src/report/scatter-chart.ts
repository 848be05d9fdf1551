/** Predictions against exact values; on the diagonal they agree. */
import type { Point, ScatterChart, Series } from './chart.ts';
import { nameOf } from './chart.ts';
import { along, byName, drawingOf, isShown, layerOf, legendHeight, namesOf, type Drawing } from './drawing.ts';

const height = 380;

const shownPoints =
  ({ exact, predicted }: ScatterChart) =>
  ({ points }: Series): readonly Point[] =>
    points.filter(({ x, y }) => isShown(exact)(x) && isShown(predicted)(y));

/** The drawing of a scatter chart: both axes have the domain of all values, so that the diagonal is one of the frame. */
export const drawScatter = (chart: ScatterChart): Drawing => {
  const shown = chart.series.map((series) => ({ family: nameOf(series), points: shownPoints(chart)(series) }));
  const points = shown.flatMap((series) => series.points.map(({ x, y }) => ({ ...namesOf(series), x, y })));
  const values = points.flatMap(({ x, y }) => [x, y]);
  const ends = values.length === 0 ? [] : [Math.min(...values), Math.max(...values)];
  const { stroke, fill, shape } = byName(shown);
  const place = { x: along('x', chart.exact, values), y: along('y', chart.predicted, values) };
  return drawingOf(height + legendHeight(shown), [
    ...layerOf(
      ends.map((x) => ({ x, y: x })),
      { type: 'line', color: 'currentColor', opacity: 0.5 },
      place,
    ),
    ...layerOf(points, { type: 'point', opacity: 0.6, size: 24 }, { ...place, stroke, fill, shape }),
  ]);
};
