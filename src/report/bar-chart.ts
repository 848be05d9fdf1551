/** Categories one below the other; in each a bar for every family, with its value at the tip. */
import type { BarChart } from './chart.ts';
import { titleOf } from './chart.ts';
import { typographic } from './notation.ts';
import { named, stylesOf, type Style } from './palette.ts';
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

const thickness = 17;
const breath = 12;

interface Bar {
  readonly value: number | null;
  readonly style: Style;
  /** The height of its middle in the frame. */
  readonly y: number;
}

interface Band {
  readonly label: string;
  readonly middle: number;
  readonly bars: readonly Bar[];
}

const bandsOf = ({ categories }: BarChart, styles: ReadonlyMap<string, Style>): readonly Band[] => {
  const heights = categories.map(({ bars }) => thickness * bars.length + breath);
  return categories.map(({ label, bars }, i) => {
    const top = heights.slice(0, i).reduce((sum, height) => sum + height, 0) + breath / 2;
    const drawn = bars.flatMap(({ family, value }, j) => {
      const style = styles.get(family);
      return style === undefined ? [] : [{ value, style, y: top + thickness * (j + 0.5) }];
    });
    return { label, middle: top + (thickness * bars.length) / 2, bars: drawn };
  });
};

const barLayers =
  (chart: BarChart, scale: Scale, { width }: Frame) =>
  ({ value, style, y }: Bar): readonly Layer[] => {
    if (value === null || !isShown(chart.value)(value)) {
      return [write({ text: value === null ? 'not measured' : typographic(3)(value), x: 6, y, faint: true })];
    }
    const from = scale.type === 'log' ? 0 : width * fraction(scale)(0);
    const to = width * fraction(scale)(value);
    const { colour, marker, emphasis } = style;
    return [
      stroke({ from: [from, y], to: [to, y], colour, width: emphasis ? 5 : 3, opacity: emphasis ? 0.6 : 0.45 }),
      {
        data: { values: [{ x: value }] },
        mark: { type: 'point', shape: marker, color: colour, filled: true, size: emphasis ? 80 : 56, opacity: 1, y },
        encoding: { x: along('x', scale, true) },
      },
      write({ text: typographic(3)(value), x: to + 9, y, bold: emphasis }),
    ];
  };

/** Where the entries of a legend begin, in a figure of some width: side by side, and on a new line where no room is left. */
export const legendPlaces =
  (width: number) =>
  (families: readonly string[]): readonly { readonly x: number; readonly line: number }[] =>
    families.reduce<readonly { readonly x: number; readonly line: number; readonly end: number }[]>(
      (places, family) => {
        const length = widthOf(family) + legendGap;
        const last = places.at(-1) ?? { end: legendIndent, line: 0 };
        const fits = last.end + length <= width || last.end === legendIndent;
        const place = fits ? { x: last.end, line: last.line } : { x: legendIndent, line: last.line + 1 };
        return [...places, { ...place, end: place.x + length }];
      },
      [],
    );

const legendIndent = 12;
const legendGap = 30;
const legendLine = 18;

const legend = (
  families: readonly string[],
  styles: ReadonlyMap<string, Style>,
  { margin }: Frame,
): readonly Layer[] => {
  const places = legendPlaces(figureWidth)(families);
  return families.flatMap((family, i): readonly Layer[] => {
    const { colour, marker, emphasis } = styles.get(family) ?? {
      colour: 'currentColor',
      marker: 'circle',
      emphasis: false,
    };
    const place = places[i] ?? { x: 0, line: 0 };
    const x = place.x - margin.left;
    const y = legendLine * place.line - margin.top + 10;
    return [
      {
        data: { values: [{}] },
        mark: { type: 'point', shape: marker, color: colour, filled: true, size: 56, opacity: 1, x, y },
      },
      write({ text: family, x: x + 9, y, colour, bold: emphasis }),
    ];
  });
};

/** The values that the axis has to hold; bars on a linear axis start at zero. */
const valuesOf = (chart: BarChart): readonly number[] => [
  ...chart.categories.flatMap(({ bars }) => bars.flatMap(({ value }) => (value === null ? [] : [value]))),
  ...(chart.value.scale === 'linear' ? [0] : []),
];

/** The drawing of a bar chart: its height follows from the number of bars, its left margin from the names. */
export const drawBars = (chart: BarChart): Drawing => {
  const families = [...new Set(chart.categories.flatMap(({ bars }) => bars.map(({ family }) => family)))];
  const styles = stylesOf(families);
  const scale = scaleOf(chart.value)(valuesOf(chart));
  const bands = bandsOf(chart, styles);
  const names = Math.max(30, ...bands.map(({ label }) => widthOf(label)));
  const legendNeeded = chart.categories.some(({ label, bars }) => bars.some(({ family }) => family !== label));
  const lines = 1 + (legendPlaces(figureWidth)(families).at(-1)?.line ?? 0);
  const margin = { left: names + 16, right: 84, top: legendNeeded ? 14 + legendLine * lines : 10, bottom: 46 };
  const height = chart.categories.reduce((sum, { bars }) => sum + thickness * bars.length + breath, 0);
  const frame: Frame = { width: figureWidth - margin.left - margin.right, height, margin };
  return draw(frame, [
    ...bands.flatMap(({ bars }) => bars.flatMap(barLayers(chart, scale, frame))),
    ...bands.map(({ label, middle }) =>
      write({ text: label, x: -10, y: middle, align: 'right', bold: named.get(label)?.emphasis ?? false }),
    ),
    stroke({ from: [0, 0], to: [0, height], opacity: 0.6 }),
    ...(legendNeeded ? legend(families, styles, frame) : []),
    ...axisTitles(frame, titleOf(chart.value), ''),
  ]);
};
