/** Predictions against exact values; on the diagonal they agree. */
import type { Point, ScatterChart, Series } from './chart.ts';
import { nameOf, titleOf } from './chart.ts';
import { stylesOf, type Style } from './palette.ts';
import { along, axisTitles, draw, stroke, write, type Drawing, type Frame, type Layer } from './plot.ts';
import { isShown, scaleOf, type Scale } from './scale.ts';

const frame: Frame = { width: 410, height: 300, margin: { left: 84, right: 26, top: 32, bottom: 46 } };

const shownPoints =
  ({ exact, predicted }: ScatterChart) =>
  ({ points }: Series): readonly Point[] =>
    points.filter(({ x, y }) => isShown(exact)(x) && isShown(predicted)(y));

const dots = (points: readonly Point[], scale: Scale, { colour, marker, emphasis }: Style): Layer => ({
  data: { values: points.map(({ x, y }) => ({ x, y })) },
  mark: { type: 'point', shape: marker, color: colour, filled: true, size: emphasis ? 26 : 20, opacity: 0.55 },
  encoding: { x: along('x', scale, true), y: along('y', scale, true) },
});

const legendEntry = (text: string, { colour, marker, emphasis }: Style, row: number): readonly Layer[] => {
  const y = 12 + 17 * row;
  return [
    {
      data: { values: [{}] },
      mark: { type: 'point', shape: marker, color: colour, filled: true, size: 50, opacity: 1, x: 14, y },
    },
    write({ text, x: 25, y, colour, bold: emphasis }),
  ];
};

/** The drawing of a scatter chart: a square of values with its diagonal, the emphasized series in front. */
export const drawScatter = (chart: ScatterChart): Drawing => {
  const styles = stylesOf(chart.series.map(({ family }) => family));
  const drawn = chart.series.flatMap((series) => {
    const style = styles.get(series.family);
    return style === undefined ? [] : [{ name: nameOf(series), points: shownPoints(chart)(series), style }];
  });
  const scale = scaleOf(chart.exact)(drawn.flatMap(({ points }) => points.flatMap(({ x, y }) => [x, y])));
  const backToFront = [...drawn].sort((a, b) => Number(a.style.emphasis) - Number(b.style.emphasis));
  return draw(frame, [
    stroke({ from: [0, frame.height], to: [frame.width, 0], opacity: 0.5 }),
    ...backToFront.map(({ points, style }) => dots(points, scale, style)),
    ...drawn.flatMap(({ name, style }, row) => legendEntry(name, style, row)),
    ...axisTitles(frame, titleOf(chart.exact), titleOf(chart.predicted)),
  ]);
};
