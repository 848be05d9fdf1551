/**
 * The drawing board that all charts share: a frame of fixed size, axes, lines and words at given places. Places are computed
 * here and not by Vega, whose guesses at the width of text would differ from machine to machine.
 */
import type { TopLevelSpec } from 'vega-lite';

import { tickLabels } from './notation.ts';
import type { Scale } from './scale.ts';

/** A drawing in the words of Vega-Lite. */
export type Drawing = TopLevelSpec;

/** One layer of a drawing. */
export type Layer = Extract<TopLevelSpec, { readonly layer: unknown }>['layer'][number];

/** The rectangle in which values are drawn, and the room around it for axes and words, in pixels. */
export interface Frame {
  /** The inner rectangle, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly margin: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
}

/** The whole width of a figure, its margins included: two stand side by side on a wide page. */
export const figureWidth = 520;

/** The size of all words in a figure, in pixels. */
export const fontSize = 12;

/** An estimate of the width of words, on the safe side for sans-serif faces. */
export const widthOf = (words: string): number => 0.56 * fontSize * Array.from(words).length;

/** Words at a place of the frame, in pixels from its upper left corner. */
export interface Words {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly align?: 'left' | 'center' | 'right';
  readonly colour?: string;
  readonly bold?: boolean;
  readonly faint?: boolean;
}

const nothing = { values: [{}] };

/**
 * Words at a place of the frame, in pixels from its upper left corner. They travel as data: Vega looks constants of a mark up
 * by name, and then takes `toString` for a function.
 */
export const write = ({ text, x, y, align = 'left', colour = 'currentColor', bold, faint }: Words): Layer => ({
  data: { values: [{ text }] },
  mark: {
    type: 'text',
    x,
    y,
    align,
    baseline: 'middle',
    color: colour,
    fontSize,
    fontWeight: bold === true ? 600 : 400,
    opacity: faint === true ? 0.7 : 1,
  },
  encoding: { text: { field: 'text', type: 'nominal' } },
});

/** A straight line in the frame, in pixels from its upper left corner. */
export interface Stroke {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly colour?: string;
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly opacity?: number;
}

/** A straight line between two places of the frame, in pixels. */
export const stroke = ({ from, to, colour = 'currentColor', width = 1, dash = [], opacity = 1 }: Stroke): Layer => ({
  data: nothing,
  mark: { type: 'rule', color: colour, strokeWidth: width, strokeDash: [...dash], opacity },
  encoding: {
    x: { value: from[0] },
    y: { value: from[1] },
    x2: { value: to[0] },
    y2: { value: to[1] },
  },
});

/** Looks the label of a tick up by its value: an expression of Vega, over labels that are made here. */
const labelLookup = (ticks: readonly number[]): string => {
  const labels = tickLabels(ticks);
  return `(${JSON.stringify(Object.fromEntries(ticks.map((tick, i) => [String(tick), labels[i] ?? ''])))})[datum.value]`;
};

/** The encoding of a number along an axis. */
export const along = (field: 'x' | 'y', { type, domain, ticks }: Scale, grid: boolean) => ({
  field,
  type: 'quantitative' as const,
  scale: { type, domain: [...domain], nice: false, ...(type === 'linear' ? { zero: false } : {}) },
  axis: { title: null, grid, values: [...ticks], labelExpr: labelLookup(ticks) },
});

/** The lower axis has its title below, the upright one above its end, so that nobody has to tilt their head. */
export const axisTitles = ({ width, height, margin }: Frame, below: string, above: string): readonly Layer[] => [
  write({ text: below, x: width / 2, y: height + margin.bottom - 10, align: 'center' }),
  write({ text: above, x: -margin.left + 4, y: -margin.top + 10 }),
];

/** A drawing of these layers, the first at the back. Colours of words and axes are those of the page. */
export const draw = ({ width, height, margin }: Frame, layers: readonly Layer[]): Drawing => ({
  width,
  height,
  padding: { ...margin },
  autosize: 'none',
  background: 'transparent',
  layer: [...layers],
  config: {
    aria: false,
    font: "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif",
    view: { stroke: null },
    axis: {
      domainColor: 'currentColor',
      domainOpacity: 0.6,
      tickColor: 'currentColor',
      tickOpacity: 0.6,
      tickSize: 4,
      tickRound: false,
      gridColor: 'currentColor',
      gridOpacity: 0.12,
      labelColor: 'currentColor',
      labelFontSize: fontSize,
      labelOverlap: false,
      labelBound: false,
      labelFlush: false,
    },
  },
});
