/**
 * What all drawings share, in the words of Vega-Lite, which does the layout, the ticks, the labels and the legends.
 * Colours of words and axes are those of the page, so that a figure suits light and dark paper.
 */
import type { TopLevelSpec } from 'vega-lite';

import type { Axis } from './chart.ts';
import { titleOf } from './chart.ts';
import type { Interval } from './interval.ts';
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
const figureWidth = 520;

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
    interval !== undefined && interval.low < interval.high && isShown(axis)(interval.high)
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
  const labelled = high / low > 11 ? '1' : '125';
  return {
    format: '~e',
    tickCount: 30,
    labelExpr: `indexof('${labelled}', datum.label[0]) < 0 ? '' : replace(datum.label, '+', '')`,
  };
};

/**
 * The encoding of a field along an axis that has to hold these values. Layers share their axes: a layer that gave its own no title
 * would take it from all.
 */
export const along = (field: string, axis: Axis, values: readonly number[]) => ({
  field,
  type: 'quantitative' as const,
  title: titleOf(axis),
  scale: scaleOf(axis, values.filter(isShown(axis))),
  axis:
    axis.ticks === undefined
      ? axis.scale === 'log'
        ? decadeLabels(values.filter(isShown(axis)))
        : {}
      : { values: [...axis.ticks] },
});

/**
 * The encodings of a series' name: the family sets colour and marker, the variant the dashes of lines and how much
 * markers are filled. They share one legend, in the order of the names.
 */
export const byName = (
  series: readonly { readonly name: string; readonly family: string; readonly variant?: string }[],
) => {
  const styles = stylesOf(series.map(({ family }) => family));
  const variants = [...new Set(series.flatMap(({ variant }) => variant ?? []))].reverse();
  const domain = series.map(({ name }) => name);
  const styled = <A>(of: (family: string, variant: string | undefined) => A): readonly A[] =>
    series.map(({ family, variant }) => of(family, variant));
  const encoding = <A>(range: readonly A[]) => ({
    field: 'name',
    type: 'nominal' as const,
    title: null,
    scale: { domain, range: [...range] },
    sort: null,
  });
  const place = (variant: string | undefined, count: number): number =>
    variant === undefined ? 0 : variants.indexOf(variant) % count;
  return {
    stroke: encoding(styled((family) => styles(family).colour)),
    fill: encoding(
      styled((family, variant) => `${styles(family).colour}${fillings[place(variant, fillings.length)] ?? ''}`),
    ),
    shape: encoding(styled((family) => styles(family).marker)),
    strokeDash: encoding(styled((_, variant) => [...(dashes[place(variant, dashes.length)] ?? [])])),
  };
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
      columns: 2,
      labelColor: 'currentColor',
      labelFontSize: fontSize,
      labelLimit: 0,
      symbolSize: 60,
      symbolStrokeWidth: 1.5,
    },
  },
});
