/**
 * What all drawings share, in the words of Vega-Lite, which does the layout, the ticks, the labels and the legends.
 * Colours of words and axes are those of the page, so that a figure suits light and dark paper.
 */
import type { TopLevelSpec } from 'vega-lite';

import type { Axis } from './chart.ts';
import { asWords, titleOf } from './chart.ts';
import { hasWidth, type Interval } from './interval.ts';
import { dashes, fillings, stylesOf } from './palette.ts';

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

const scaleOf = ({ scale, ticks }: Axis, values: readonly number[]) => {
  if (scale === 'linear') {
    return {
      type: 'linear' as const,
      zero: false,
      nice: ticks === undefined,
      ...(ticks === undefined ? {} : { padding: 12 }),
    };
  }
  return ticks === undefined && values.length > 0
    ? { type: 'log' as const, domain: [...decadesAround(values)], nice: false }
    : { type: 'log' as const, nice: false, padding: 12 };
};

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
) => ({
  field,
  type: 'quantitative' as const,
  title: typeof title === 'string' ? title : [...title],
  scale: scaleOf(axis, values.filter(isShown(axis))),
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
export const namesOf = ({ family, variant = '' }: Named) => ({ family: asWords(family), variant: asWords(variant) });

/**
 * The encodings of what a series is called: the family sets colour and marker, the variant the dashes of lines and how much markers
 * are filled. Each of the two has a legend, in the order of the names: there would be too many names of both together.
 */
export const byName = (series: readonly Named[]) => {
  const families = distinct(series.map(({ family }) => family));
  const variants = distinct(series.flatMap(({ variant = '' }) => (variant === '' ? [] : [variant])));
  const styles = stylesOf(families);
  const common = { title: null, sort: null };
  const ofFamily = <A>(styled: (family: string) => A) => ({
    ...{ ...common, field: 'family', type: 'nominal' as const },
    scale: { domain: families.map(asWords), range: families.map(styled) },
  });
  const ofVariant = <A>(styles: readonly A[]) => ({
    ...{ ...common, field: 'variant', type: 'ordinal' as const },
    scale: {
      type: 'ordinal' as const,
      domain: ['', ...variants.map(asWords)],
      range: [0, ...variants.map((_, i) => variants.length - 1 - i)].flatMap((place) =>
        styles.slice(place % styles.length, (place % styles.length) + 1),
      ),
    },
    legend:
      variants.length === 0 ? null : { values: variants.map(asWords), columns: columns.variants, symbolSize: 400 },
  });
  return {
    stroke: ofFamily((family) => styles(family).colour),
    fill: ofFamily((family) => styles(family).colour),
    shape: ofFamily((family) => styles(family).marker),
    strokeDash: ofVariant(dashes.map((dash) => [...dash])),
    fillOpacity: ofVariant(fillings),
  };
};

/** The height of the legends of these series in pixels, beside what they leave below. */
export const legendHeight = (series: readonly Named[]): number =>
  lineHeight *
  (Math.ceil(new Set(series.map(({ family }) => family)).size / columns.families) +
    Math.ceil(new Set(series.flatMap(({ variant }) => variant ?? [])).size / columns.variants));

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
