/** Curves against a number: points with error bars, joined by lines, and the values that they are compared with. */
import { titleOf, type LineChart, type Point, type Reference, type Series } from './chart.ts';
import { rulerOf, sideBySide } from './dodge.ts';
import {
  along,
  arrowhead,
  byName,
  clippedTo,
  cutInWords,
  drawingOf,
  errorBarOn,
  halo,
  heldBy,
  isShown,
  layerOf,
  legendHeight,
  namesOf,
  type ClippedBar,
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

/** How wide a letter of a label is, about, and how far the middle of the label is from its line, as parts of the width and the height. */
const [letterWidth, labelReach] = [0.0142, 0.04];

/** How far from the middle of a label a point is that it hides, as a part of the height. */
const hidden = 0.045;

const sides = ['above', 'below'] as const;

/** Where the label of a line across may stand: at either end of it or, as far along the chart as a number says, between. */
interface Stand {
  readonly from: 'left' | 'right' | number;
  readonly side: (typeof sides)[number];
}

/** All places for a label of some length, those at the ends first. */
const standsFor = (length: number): readonly Stand[] =>
  [
    ...(['left', 'right'] as const),
    ...Array.from({ length: Math.max(0, Math.floor((1 - length) / 0.05)) }, (_, i) => (i + 1) * 0.05),
  ].flatMap((from) => sides.map((side) => ({ from, side })));

/** A point with its error bar, or without: where it is along the chart, and from where to where it reaches up it. */
interface Obstacle extends Interval {
  readonly x: number;
}

/** The place of a label at the height `at`: the first at which it hides the fewest points and error bars. */
const standFor = (obstacles: readonly Obstacle[], label: string, at: number): Stand => {
  const length = letterWidth * label.length;
  const hiddenAt = ({ from, side }: Stand): number => {
    const middle = side === 'above' ? at + labelReach : at - labelReach;
    const start = from === 'left' ? 0 : from === 'right' ? 1 - length : from;
    return obstacles.filter(
      ({ x, low, high }) => x >= start && x <= start + length && Math.max(low - middle, middle - high) < hidden,
    ).length;
  };
  const stands = standsFor(length);
  const fewest = Math.min(...stands.map(hiddenAt));
  return stands.find((stand) => hiddenAt(stand) === fewest) ?? { from: 'left', side: 'above' };
};

/** What lies under a label stays apart from its letters. */
const onData = { type: 'text' as const, fillOpacity: 0.75, stroke: halo, strokeWidth: 3 };

const labelAt = ({ from, side }: Stand) => ({
  ...onData,
  ...(from === 'right'
    ? { align: 'right' as const, x: { expr: 'width' } }
    : { align: 'left' as const, x: from === 'left' ? 2 : { expr: `${from.toFixed(2)} * width` } }),
  ...(side === 'above' ? { baseline: 'bottom' as const, dy: -2 } : { baseline: 'top' as const, dy: 3 }),
});

type Encode = (field: 'x' | 'y') => PositionEncoding;

const ruleOf =
  (encode: Encode) =>
  ({ axis, at }: Reference): readonly Layer[] =>
    layerOf([{ [axis]: at }], { type: 'rule', strokeDash: [3, 3], opacity: 0.55 }, { [axis]: encode(axis) });

const labelOf =
  (encode: Encode, standOf: (line: Reference) => Stand) =>
  (line: Reference): readonly Layer[] => {
    const { axis, at, label } = line;
    return layerOf(
      [{ [axis]: at, label }],
      axis === 'y' ? labelAt(standOf(line)) : { ...onData, align: 'left', baseline: 'top', y: 2, dx: 4 },
      { [axis]: encode(axis), text: { field: 'label', type: 'nominal' } },
    );
  };

/** What the axis says where points were moved. */
const moved = '(points that would hide each other stand side by side)';

/** The drawing of a line chart. Series without a point that the axes can show are left out. */
export const drawLines = (chart: LineChart): Drawing => {
  const shown = chart.series
    .map((series) => ({ ...series, points: shownPoints(chart)(series) }))
    .filter(({ points }) => points.length > 0);
  const wholeBarOf = ({ y, interval }: Point): readonly Interval[] => errorBarOn(chart.y)(y, interval);
  const across = chart.references.filter(({ axis, at }) => isShown(chart[axis])(at));
  const references = (wanted: 'x' | 'y'): readonly number[] =>
    across.filter(({ axis }) => axis === wanted).map(({ at }) => at);
  const all = shown.flatMap((series) => series.points);
  const held = {
    x: [...all.map(({ x }) => x), ...references('x')],
    y: heldBy(chart.y, [...all.map(({ y }) => y), ...references('y')], all.flatMap(wholeBarOf)),
  };
  const clip = clippedTo(chart.y, held.y);
  const barOf = (point: Point): readonly ClippedBar[] => wholeBarOf(point).map(clip);
  const rulers = [rulerOf(chart.x, held.x), rulerOf(chart.y, held.y)] as const;
  const placed = sideBySide(shown, references('x'), rulers, barOf);
  const points = placed.flatMap((series) => series.points.map(({ at, y }) => ({ ...namesOf(series), x: at, y })));
  const bars = placed.flatMap((series) =>
    series.points.flatMap((point) =>
      barOf(point).map(({ low, high, cut }) => ({ ...namesOf(series), x: point.at, y: low, y2: high, cut })),
    ),
  );
  const cutAt = (end: 'low' | 'high') =>
    bars.filter(({ cut }) => cut.includes(end)).map((bar) => ({ ...bar, y: end === 'low' ? bar.y : bar.y2 }));
  const [cutBelow, cutAbove] = [cutAt('low'), cutAt('high')];
  const notes = [
    ...(placed.some((series) => series.points.some(({ x, at }) => at !== x)) ? [moved] : []),
    ...(cutBelow.length + cutAbove.length > 0 ? [cutInWords] : []),
  ];
  const place = {
    x: along('x', chart.x, held.x, notes.length > 0 ? [titleOf(chart.x), ...notes] : titleOf(chart.x), 'room'),
    y: along('y', chart.y, held.y),
  };
  const encode = (field: 'x' | 'y') => place[field];
  const { stroke, strokeDash, ...marker } = byName(shown);
  const [ruler, upright] = rulers;
  const obstacles = placed.flatMap((series) =>
    series.points.map((point) => {
      const ends = [point.y, ...barOf(point).flatMap(({ low, high }) => [low, high])].map(upright.placeOf);
      return { x: ruler.placeOf(point.at), low: Math.min(...ends), high: Math.max(...ends) };
    }),
  );
  return drawingOf(height + legendHeight(shown), [
    ...across.flatMap(ruleOf(encode)),
    ...layerOf(bars, { type: 'rule' }, { ...place, y2: { field: 'y2' }, stroke }),
    ...layerOf(cutBelow, arrowhead('down'), { ...place, stroke }),
    ...layerOf(cutAbove, arrowhead('up'), { ...place, stroke }),
    ...layerOf(
      points,
      { type: 'line', strokeWidth: 1.8 },
      { ...place, stroke, strokeDash, detail: { field: 'variant' } },
    ),
    ...layerOf(points, { type: 'point', opacity: 1, size: 50 }, { ...place, stroke, ...marker }),
    ...across.flatMap(labelOf(encode, ({ label, at }) => standFor(obstacles, label, upright.placeOf(at)))),
  ]);
};
