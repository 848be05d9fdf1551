/** Charts as data: what is drawn, with its units, and nothing about how. */
import type { Interval } from './interval.ts';

/** An axis: what it shows, in which unit, and how values are spread along it. */
export interface Axis {
  readonly label: string;
  readonly unit?: string;
  /** Logarithmic where values span decades; such an axis shows positive values alone. */
  readonly scale: 'linear' | 'log';
  /** Where to put ticks, where the values are few: lattice sizes, widths. */
  readonly ticks?: readonly number[];
}

/** A measured value y at x. */
export interface Point {
  readonly x: number;
  readonly y: number;
  /** Between which numbers y lies, where that is known: its error bar. */
  readonly interval?: Interval;
}

/** Points that belong together. The family (an architecture) sets colour and marker, the variant (its depth) the dashes. */
export interface Series {
  readonly family: string;
  readonly variant?: string;
  readonly points: readonly Point[];
}

/** A value to compare with, drawn across the chart: a baseline, a number of the paper. */
export interface Reference {
  readonly label: string;
  readonly axis: 'x' | 'y';
  readonly at: number;
}

/** Curves through points that share two axes. */
export interface LineChart {
  readonly tag: 'lines';
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly references: readonly Reference[];
}

/** The value of a family; null where nothing was measured. */
export interface Bar {
  readonly family: string;
  readonly value: number | null;
  /** Between which numbers the value lies, where that is known. */
  readonly interval?: Interval;
}

/** The bars of one category. */
export interface Category {
  readonly label: string;
  readonly bars: readonly Bar[];
}

/** Bars lie, so that categories have room for their names: the axis of values runs along the bottom. */
export interface BarChart {
  readonly tag: 'bars';
  readonly value: Axis;
  readonly categories: readonly Category[];
}

/** What was predicted against what is exact, with the diagonal on which both agree. One unit serves both axes. */
export interface ScatterChart {
  readonly tag: 'scatter';
  readonly exact: Axis;
  readonly predicted: Axis;
  readonly series: readonly Series[];
}

/** Every kind of chart that a report may have. */
export type Chart = LineChart | BarChart | ScatterChart;

/**
 * A text as it may stand in a drawing: Vega looks texts up in an object that has the names of Object's prototype, and
 * fails on them, so these get a space of no width.
 */
export const asWords = (text: string): string => (text in {} ? `${text}\u200b` : text);

/** `relative error`, `energy / t`: an axis in words. */
export const titleOf = ({ label, unit }: Axis): string => asWords(unit === undefined ? label : `${label} (${unit})`);

/** `EFNN`, `EFNN, n = 3`: a series in words. */
export const nameOf = ({ family, variant }: Series): string =>
  asWords(variant === undefined ? family : `${family}, ${variant}`);
