/**
 * Published numbers of what the figures of the paper show: claims test them, and charts have them beside what was obtained, each under its
 * source. The text states them, as none can be read off a figure, and the paper has no table; where the text rounds, they are from the
 * authors' scripts.
 */
import type { Category, Reference } from '../report/chart.ts';

/** A published number. */
export interface PaperValue {
  /** Who states it: the text of the paper, or the scripts behind its figures. */
  readonly source: 'paper' | "authors' scripts";
  /** What has this value. */
  readonly of: string;
  readonly value: number;
}

/** What is stated, by what it is stated of. */
export const paperValues = {
  binary: { source: 'paper', of: 'EFNN, n = 2 and 3, W >= 105', value: 5e-3 },
  continuous: { source: 'paper', of: 'EFNN, n = 3, W = 150', value: 4e-2 },
  /** A mean square error of 0.98473, the mean energy of their samples being -51.64; in the text about 2e-2. */
  effectiveModel: { source: "authors' scripts", of: 'effective model', value: 1.92e-2 },
  trainingSize: { source: 'paper', of: 'networks', value: 1e-3 },
  largestLattice: { source: 'paper', of: 'EFNN, n = 3, N = 40', value: 4e-4 },
} as const satisfies Readonly<Record<string, PaperValue>>;

/** Lines across a chart whose values run upwards. */
export const paperLines = (values: readonly PaperValue[]): readonly Reference[] =>
  values.map(({ source, of, value }) => ({ label: `${source}: ${of}`, axis: 'y', at: value }));

/** Rows of a bar chart. */
export const paperBars = (values: readonly PaperValue[]): readonly Category[] =>
  values.map(({ source, of, value }) => ({ label: of, bars: [{ family: source, value }] }));
