/**
 * What all drawings share, in the words of Vega-Lite, which does the layout, the ticks, the labels and the legends.
 * Colours of words and axes are those of the page, so that a figure suits light and dark paper.
 */
import type { TopLevelSpec } from 'vega-lite';

import type { Axis } from './chart.ts';
import { asWords, titleOf } from './chart.ts';
import { hasWidth, type Interval } from './interval.ts';
import { codeOf, stylesOf, traitsOf, type Telling } from './palette.ts';

/** A drawing in the words of Vega-Lite. */
export type Drawing = TopLevelSpec;

/** One layer of a drawing. */
export type Layer = Extract<TopLevelSpec, { readonly layer: unknown }>['layer'][number];

/** A layer that is one mark. */
type UnitLayer = Extract<Layer, { readonly mark: unknown }>;

/** How a number is placed along an axis. */
export type PositionEncoding = ReturnType<typeof along>;

/** The whole width of a figure in pixels, axes and legend included: two stand side by side on a wide page. */
export const figureWidth = 520;

const fontSize = 12;

/** The colour around the letters of labels that lie on data: that of the page, white where there is none. */
export const halo = 'var(--paper, white)';

/** Whether an axis can show a value: finite, and positive where the axis is logarithmic. */
export const isShown =
  ({ scale }: Axis) =>
  (value: number): boolean =>
    Number.isFinite(value) && (scale === 'linear' || value > 0);

/**
 * The ends of the error bar of a value along an axis; none where its interval has no width, as that of one seed. A lower end that the
 * axis cannot show is the value itself.
 */
export const errorBarOn =
  (axis: Axis) =>
  (value: number, interval: Interval | undefined): readonly Interval[] =>
    interval !== undefined && hasWidth(interval) && isShown(axis)(interval.high)
      ? [{ low: isShown(axis)(interval.low) ? interval.low : value, high: interval.high }]
      : [];

/**
 * The decades around positive values, so that a logarithmic axis begins and ends at powers of ten and no value lies on
 * its edge unless it is one.
 */
export const decadesAround = (values: readonly number[]): readonly [number, number] => {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const high = Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  return [Number(`1e${low}`), Number(`1e${Math.max(high, low + 1)}`)];
};

/** How far from its ends, in pixels, an axis begins on which all values have ticks, or beside whose ends markers need room. */
const roomBeside = 12;

const scaleOf = ({ scale, ticks }: Axis, values: readonly number[], beside: 'room' | 'no room') => {
  const padding = ticks !== undefined || beside === 'room' ? { padding: roomBeside } : {};
  if (scale === 'linear') {
    return { type: 'linear' as const, zero: false, nice: ticks === undefined, ...padding };
  }
  return ticks === undefined && values.length > 0
    ? { type: 'log' as const, domain: [...decadesAround(values)], nice: false, ...padding }
    : { type: 'log' as const, nice: false, padding: roomBeside };
};

/** By how much the end of an error bar may be beyond all that an axis has to hold: a decade, or the largest value once more. */
const reachOf = ({ scale }: Axis, values: readonly number[]): Interval => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const length = Math.max(high - low, Math.abs(low), Math.abs(high));
  return scale === 'log' ? { low: low / 10, high: high * 10 } : { low: low - length, high: high + length };
};

/** What an axis shows: all values, and the error bars that do not reach much further. */
export const heldBy = (axis: Axis, values: readonly number[], bars: readonly Interval[]): readonly number[] => {
  const reach = reachOf(axis, values);
  const ends = bars.flatMap(({ low, high }) => [low, high]);
  return [...values, ...ends.filter((end) => end >= reach.low && end <= reach.high)];
};

/** An error bar as far as the frame goes. */
export interface ClippedBar extends Interval {
  /** The ends at which it is cut. */
  readonly cut: readonly ('low' | 'high')[];
}

/** Error bars on an axis that holds these values: those that go on beyond its ends are cut there. */
export const clippedTo = (axis: Axis, held: readonly number[]) => {
  const isWhole = axis.scale === 'log' && axis.ticks === undefined && held.length > 0;
  const [first, last] = isWhole ? decadesAround(held) : [Math.min(...held), Math.max(...held)];
  return ({ low, high }: Interval): ClippedBar => ({
    low: Math.max(low, first),
    high: Math.min(high, last),
    cut: [...(low < first ? (['low'] as const) : []), ...(high > last ? (['high'] as const) : [])],
  });
};

/** What an axis says where an error bar is cut. */
export const cutInWords = '(an arrow: the error bar goes on beyond the frame)';

/** The head of an arrow whose tip is at its place, in units of half its size. */
const heads = {
  up: 'M-0.7,0.9L0,0L0.7,0.9',
  down: 'M-0.7,-0.9L0,0L0.7,-0.9',
  left: 'M0.9,-0.7L0,0L0.9,0.7',
  right: 'M-0.9,-0.7L0,0L-0.9,0.7',
};

/** The mark of the end of an error bar that is cut. */
export const arrowhead = (to: keyof typeof heads) =>
  ({ type: 'point', shape: heads[to], size: 80, strokeWidth: 1.5, opacity: 1, filled: false }) as const;

/** Every 1-2-...-9 tick has its line; those at powers of ten have their label, on a single decade 2 and 5 as well. */
const decadeLabels = (values: readonly number[]) => {
  const [low, high] = values.length === 0 ? [1, 10] : decadesAround(values);
  const isSingle = high / low < 11;
  return {
    format: '~e',
    // Asked for more than two of each line, Vega puts lines between them.
    tickCount: isSingle ? 10 : 30,
    labelExpr: `indexof('${isSingle ? '125' : '1'}', datum.label[0]) < 0 ? '' : replace(datum.label, '+', '')`,
  };
};

/**
 * The encoding of a field along an axis that has to hold these values. Layers share their axes: a layer that gave its own no title
 * would take it from all.
 */
export const along = (
  field: string,
  axis: Axis,
  values: readonly number[],
  title: string | readonly string[] = titleOf(axis),
  beside: 'room' | 'no room' = 'no room',
) => ({
  field,
  type: 'quantitative' as const,
  title: typeof title === 'string' ? title : [...title],
  scale: scaleOf(axis, values.filter(isShown(axis)), beside),
  axis:
    axis.ticks === undefined
      ? axis.scale === 'log'
        ? decadeLabels(values.filter(isShown(axis)))
        : {}
      : { values: [...axis.ticks] },
});

/** How many names stand side by side in a legend; Vega takes letters for wider than they are. */
const columns = { families: 2, variants: 3 };

/** The height of a line of a legend in pixels. */
const lineHeight = 15;

const distinct = <A>(values: readonly A[]): readonly A[] => [...new Set(values)];

/** What is encoded of a series. */
export interface Named {
  readonly family: string;
  readonly variant?: string;
}

/** The fields that encodings of a series read from its values: without a variant there is nothing to tell. */
export const namesOf = ({ family, variant = '' }: Named) => {
  const [first, second] = traitsOf(variant);
  return { family: asWords(family), variant: asWords(variant), first: asWords(first), second: asWords(second) };
};

/**
 * The variants that have to be told apart. Series without one are drawn as the last, unless their family has others: then they are one
 * of their own, the last.
 */
const variantsOf = (series: readonly Named[]): readonly string[] => {
  const named = distinct(series.flatMap(({ variant = '' }) => (variant === '' ? [] : [variant])));
  const isOne = ({ family, variant = '' }: Named): boolean =>
    variant === '' && series.some((other) => other.family === family && (other.variant ?? '') !== '');
  return series.some(isOne) ? [...named, ''] : named;
};

/** What makes the symbols of a legend as opaque inside as the markers that it tells of. */
const asFilled = {
  symbolType: 'circle' as const,
  symbolStrokeColor: 'currentColor',
  symbolFillColor: 'currentColor',
  encoding: { symbols: { fillOpacity: { value: { signal: "scale('fillOpacity', datum.value)" } } } },
};

/**
 * The encodings of what a series is called: the family sets colour and marker, the variant the dashes of lines and how much markers
 * are filled. Each of the two has a legend, in the order of the names: there would be too many names of both together. Where dashes
 * tell one trait of a variant and fillings another, each trait has its own.
 */
export const byName = (series: readonly Named[]) => {
  const families = distinct(series.map(({ family }) => family));
  const { dash, filling } = codeOf(variantsOf(series));
  const styles = stylesOf(families);
  const common = { title: null, sort: null };
  const ofFamily = <A>(styled: (family: string) => A) => ({
    ...{ ...common, field: 'family', type: 'nominal' as const },
    scale: { domain: families.map(asWords), range: families.map(styled) },
  });
  const ofVariant = <A>({ field, values, looks }: Telling<A>, legend: object) => {
    const told = values.filter((value) => value !== '');
    return {
      ...{ ...common, field, type: 'ordinal' as const },
      scale: {
        type: 'ordinal' as const,
        domain: [...(values.includes('') ? [] : ['']), ...values.map(asWords)],
        range: [...(values.includes('') ? [] : looks.slice(-1)), ...looks],
      },
      legend: told.length === 0 ? null : { values: told.map(asWords), columns: columns.variants, ...legend },
    };
  };
  return {
    stroke: ofFamily((family) => styles(family).colour),
    fill: ofFamily((family) => styles(family).colour),
    shape: ofFamily((family) => styles(family).marker),
    strokeDash: ofVariant({ ...dash, looks: dash.looks.map((look) => [...look]) }, { symbolSize: 400 }),
    fillOpacity: ofVariant(filling, {}),
    // Vega has no legends of how opaque a filling is: this one is of an opacity that is always 1, with symbols that are filled as markers.
    ...(dash.field === filling.field
      ? {}
      : { opacity: ofVariant({ ...filling, looks: filling.looks.map(() => 1) }, asFilled) }),
  };
};

/** The height of the legends of these series in pixels, beside what they leave below. */
export const legendHeight = (series: readonly Named[]): number => {
  const { dash, filling } = codeOf(variantsOf(series));
  const linesOf = (names: readonly string[], across: number): number => Math.ceil(distinct(names).length / across);
  return (
    lineHeight *
    [dash, ...(dash.field === filling.field ? [] : [filling])].reduce(
      (sum, { values }) => sum + linesOf(values, columns.variants),
      linesOf(
        series.map(({ family }) => family),
        columns.families,
      ),
    )
  );
};

/** A layer that draws these values; none where there are none, for which Vega would find no place on the axes. */
export const layerOf = (
  values: readonly object[],
  mark: UnitLayer['mark'],
  encoding: NonNullable<UnitLayer['encoding']>,
): readonly Layer[] => (values.length === 0 ? [] : [{ data: { values: [...values] }, mark, encoding }]);

/** A drawing of these layers, the first at the back. */
export const drawingOf = (height: number, layers: readonly Layer[]): Drawing => ({
  width: figureWidth,
  height,
  autosize: { type: 'fit', contains: 'padding' },
  padding: 4,
  background: 'transparent',
  layer: [...layers],
  config: {
    aria: false,
    font: "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif",
    view: { stroke: null },
    text: { color: 'currentColor', fontSize },
    rule: { color: 'currentColor' },
    axis: {
      domainColor: 'currentColor',
      domainOpacity: 0.6,
      tickColor: 'currentColor',
      tickOpacity: 0.6,
      gridColor: 'currentColor',
      gridOpacity: 0.12,
      labelColor: 'currentColor',
      labelFontSize: fontSize,
      titleColor: 'currentColor',
      titleFontSize: fontSize,
      titleFontWeight: 'normal',
    },
    legend: {
      orient: 'top',
      columns: columns.families,
      labelColor: 'currentColor',
      labelFontSize: fontSize,
      labelLimit: 0,
      symbolSize: 60,
      symbolStrokeWidth: 1.5,
    },
  },
});
