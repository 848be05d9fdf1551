/**
 * One row for each category and family: a marker at its value with its error bar, the value written beside, and on a linear axis a bar
 * from zero. On a logarithmic axis, where lengths mean nothing, there is none.
 */
import { asWords, titleOf, type BarChart } from './chart.ts';
import {
  along,
  arrowhead,
  byName,
  clippedTo,
  cutInWords,
  drawingOf,
  errorBarOn,
  figureWidth,
  heldBy,
  isShown,
  layerOf,
  namesOf,
  type Drawing,
} from './drawing.ts';
import { typographic } from './notation.ts';

const rowHeight = 22;

/** The room beside the rows: below them for the axis of values, to their right for a value that is written beside its marker. */
const room = { top: 4, bottom: 42, right: 84 };

/** The height of what the axis says of arrows. */
const noteHeight = 16;

/** How wide the names of the rows are, about: Vega takes them for wider. At least a third of the figure is for their values. */
const widthOf = (names: readonly string[]): number =>
  Math.min(figureWidth / 2, 12 + 6.2 * Math.max(0, ...names.map((name) => name.length)));

/** The drawing of a bar chart. What was not measured, or cannot be shown on the axis, is written instead of drawn. */
export const drawBars = (chart: BarChart): Drawing => {
  const rows = chart.categories.flatMap(({ label, bars }) =>
    bars.map(({ family, value, interval }) => ({
      row: asWords(label === family ? family : `${label}, ${family}`),
      ...namesOf({ family }),
      value,
      interval,
      words: value === null ? 'not measured' : typographic(3)(value),
    })),
  );
  const measured = rows.flatMap(({ value, interval, ...row }) =>
    value !== null && isShown(chart.value)(value)
      ? [{ ...row, value, whole: errorBarOn(chart.value)(value, interval) }]
      : [],
  );
  const hidden = rows.filter(({ value }) => value === null || !isShown(chart.value)(value));
  const values = heldBy(
    chart.value,
    measured.map(({ value }) => value),
    measured.flatMap(({ whole }) => whole),
  );
  const clip = clippedTo(chart.value, values);
  const shown = measured.map(({ whole, ...row }) => ({ ...row, errorBar: whole.map(clip) }));
  const errorBars = shown.flatMap(({ row, family, errorBar }) =>
    errorBar.map(({ low, high, cut }) => ({ row, family, value: low, end: high, cut })),
  );
  const labels = shown.map(({ row, words, value, errorBar: [bar] }) => ({ row, words, value: bar?.high ?? value }));
  const cutBelow = errorBars.filter(({ cut }) => cut.includes('low'));
  const cutAbove = errorBars.filter(({ cut }) => cut.includes('high')).map((bar) => ({ ...bar, value: bar.end }));
  const isCut = cutBelow.length + cutAbove.length > 0;
  const isLinear = chart.value.scale === 'linear';
  const { stroke, fill, shape } = byName(rows);
  const [line, hue, marker] = [
    { ...stroke, legend: null },
    { ...fill, legend: null },
    { ...shape, legend: null },
  ];
  const axis = along('value', chart.value, values, isCut ? [titleOf(chart.value), cutInWords] : titleOf(chart.value));
  const x = isLinear ? { ...axis, scale: { ...axis.scale, zero: true } } : axis;
  const y = {
    field: 'row',
    type: 'nominal' as const,
    sort: null,
    title: null,
    scale: { domain: rows.map(({ row }) => row) },
    axis: { labelLimit: 0, grid: false },
  };
  const words = { field: 'words', type: 'nominal' as const };
  const left = widthOf(rows.map(({ row }) => row));
  const layers = [
    ...layerOf(isLinear ? shown : [], { type: 'bar', height: 3, opacity: 0.5 }, { x, y, fill: hue }),
    ...layerOf(errorBars, { type: 'rule' }, { x, x2: { field: 'end' }, y, stroke: line }),
    ...layerOf(cutBelow, arrowhead('left'), { x, y, stroke: line }),
    ...layerOf(cutAbove, arrowhead('right'), { x, y, stroke: line }),
    ...layerOf(shown, { type: 'point', opacity: 1, size: 56, strokeOpacity: 0 }, { x, y, fill: hue, shape: marker }),
    ...layerOf(labels, { type: 'text', align: 'left', baseline: 'middle', dx: 8 }, { x, y, text: words }),
    ...layerOf(hidden, { type: 'text', align: 'left', baseline: 'middle', opacity: 0.7, x: 6 }, { y, text: words }),
  ];
  return {
    ...drawingOf(rowHeight * rows.length, layers),
    autosize: 'none',
    width: figureWidth - left - room.right,
    padding: { left, ...room, bottom: room.bottom + (isCut ? noteHeight : 0) },
  };
};
