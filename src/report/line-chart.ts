/** Curves: each named at its right end, in its own colour. */
import type { LineChart, Point, Reference, Series } from './chart.ts';
import { nameOf, titleOf } from './chart.ts';
import { placeLabels } from './label-placement.ts';
import { dashes, stylesOf, type Style } from './palette.ts';
import {
  along,
  axisTitles,
  draw,
  figureWidth,
  stroke,
  widthOf,
  write,
  type Drawing,
  type Frame,
  type Layer,
} from './plot.ts';
import { fraction, isShown, scaleOf, type Scale } from './scale.ts';

/** A series as it is drawn. */
interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
  readonly style: Style;
  readonly dash: readonly number[];
}

interface Scales {
  readonly x: Scale;
  readonly y: Scale;
}

const ends = ({ y, error = 0 }: Point): readonly [number, number] => [y - error, y + error];

/** The points that both axes can show, from left to right. */
export const shownPoints =
  (chart: LineChart) =>
  ({ points }: Series): readonly Point[] =>
    points.filter(({ x, y }) => isShown(chart.x)(x) && isShown(chart.y)(y)).sort((a, b) => a.x - b.x);

const curvesOf = (chart: LineChart): readonly Curve[] => {
  const styles = stylesOf(chart.series.map(({ family }) => family));
  const variants = [...new Set(chart.series.flatMap(({ variant }) => variant ?? []))].reverse();
  return chart.series.flatMap((series) => {
    const style = styles.get(series.family);
    const dash = dashes[series.variant === undefined ? 0 : variants.indexOf(series.variant) % dashes.length] ?? [];
    const points = shownPoints(chart)(series);
    return style === undefined || points.length === 0 ? [] : [{ name: nameOf(series), points, style, dash }];
  });
};

const scalesOf = (chart: LineChart, curves: readonly Curve[]): Scales => {
  const points = curves.flatMap((curve) => curve.points);
  const references = (axis: 'x' | 'y'): readonly number[] =>
    chart.references.filter((reference) => reference.axis === axis).map(({ at }) => at);
  return {
    x: scaleOf(chart.x)([...points.map(({ x }) => x), ...references('x')]),
    y: scaleOf(chart.y)([...points.flatMap((point) => [point.y, ...ends(point)]), ...references('y')]),
  };
};

const curveLayers =
  ({ x, y }: Scales) =>
  ({ points, style: { colour, marker, emphasis }, dash }: Curve): readonly Layer[] => {
    const encoding = { x: along('x', x, false), y: along('y', y, true) };
    const bars = points
      .filter(({ error = 0 }) => error > 0)
      .map((point) => ({ x: point.x, y: Math.max(ends(point)[0], y.domain[0]), y2: ends(point)[1] }));
    return [
      {
        data: { values: bars },
        mark: { type: 'rule', color: colour, strokeWidth: emphasis ? 1.6 : 1 },
        encoding: { ...encoding, y2: { field: 'y2' } },
      },
      {
        data: { values: points.map((point) => ({ x: point.x, y: point.y })) },
        mark: {
          type: 'line',
          color: colour,
          strokeWidth: emphasis ? 2.4 : 1.4,
          strokeDash: [...dash],
        },
        encoding,
      },
      {
        data: { values: points.map((point) => ({ x: point.x, y: point.y })) },
        mark: { type: 'point', shape: marker, color: colour, filled: true, size: emphasis ? 64 : 38, opacity: 1 },
        encoding,
      },
    ];
  };

/** A name in the right margin, and the place of the curve's end that it belongs to. */
interface Name {
  readonly text: string;
  readonly end: readonly [number, number];
  readonly colour: string;
  readonly bold: boolean;
  readonly faint: boolean;
}

const placeOf = ({ x, y }: Scales, { width, height }: Frame) => {
  return (point: Pick<Point, 'x' | 'y'>): readonly [number, number] => [
    width * fraction(x)(point.x),
    height * (1 - fraction(y)(point.y)),
  ];
};

const namesOf = (chart: LineChart, curves: readonly Curve[], scales: Scales, frame: Frame): readonly Name[] => {
  const place = placeOf(scales, frame);
  const ofCurves = curves.flatMap(({ name, points, style }) => {
    const last = points.at(-1);
    return last === undefined
      ? []
      : [{ text: name, end: place(last), colour: style.colour, bold: style.emphasis, faint: false }];
  });
  const ofReferences = chart.references
    .filter(({ axis }) => axis === 'y')
    .map(({ label, at }) => ({
      text: label,
      end: place({ x: scales.x.domain[1], y: at }),
      colour: 'currentColor',
      bold: false,
      faint: true,
    }));
  return [...ofCurves, ...ofReferences];
};

const gap = 15;

const nameLayers = (names: readonly Name[], { width, height }: Frame): readonly Layer[] => {
  const heights = placeLabels(gap, 4, height - 2)(names.map(({ end }) => end[1]));
  return names.flatMap(({ text, end, colour, bold, faint }, i) => {
    const y = heights[i] ?? end[1];
    const knee = width + 16;
    return [
      stroke({ from: [end[0] + 5, end[1]], to: [knee, y], colour, width: 0.8, opacity: 0.5 }),
      write({ text, x: knee + 4, y, colour, bold, faint }),
    ];
  });
};

const referenceLayers =
  (scales: Scales, frame: Frame) =>
  ({ axis, at, label }: Reference): readonly Layer[] => {
    const { width, height } = frame;
    const dash = [3, 3];
    if (axis === 'y') {
      const y = height * (1 - fraction(scales.y)(at));
      return [stroke({ from: [0, y], to: [width, y], dash, opacity: 0.55 })];
    }
    const x = width * fraction(scales.x)(at);
    const align = x > width / 2 ? 'right' : 'left';
    return [
      stroke({ from: [x, 0], to: [x, height], dash, opacity: 0.55 }),
      write({ text: label, x: x + (align === 'right' ? -5 : 5), y: 8, align, faint: true }),
    ];
  };

const frameOf = (names: readonly string[], rows: number): Frame => {
  const margin = { left: 62, right: 26 + Math.max(20, ...names.map(widthOf)), top: 32, bottom: 46 };
  return { width: figureWidth - margin.left - margin.right, height: Math.max(260, gap * rows), margin };
};

/** The drawing of a line chart: the emphasized curves lie in front, the names stand in the right margin. */
export const drawLines = (chart: LineChart): Drawing => {
  const curves = curvesOf(chart);
  const scales = scalesOf(chart, curves);
  const labels = [
    ...curves.map(({ name }) => name),
    ...chart.references.filter(({ axis }) => axis === 'y').map(({ label }) => label),
  ];
  const frame = frameOf(labels, labels.length);
  const backToFront = [...curves].sort((a, b) => Number(a.style.emphasis) - Number(b.style.emphasis));
  return draw(frame, [
    ...chart.references.flatMap(referenceLayers(scales, frame)),
    ...backToFront.flatMap(curveLayers(scales)),
    ...nameLayers(namesOf(chart, curves, scales, frame), frame),
    ...axisTitles(frame, titleOf(chart.x), titleOf(chart.y)),
  ]);
};
