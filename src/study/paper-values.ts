/** The numbers that the paper states of what its figures show: claims test them, and charts have them beside what was obtained. */
import type { Category, Reference } from '../report/chart.ts';

/** A number of the paper. */
export interface PaperValue {
  /** What has this value in the paper. */
  readonly of: string;
  readonly value: number;
}

/** What is stated, by what it is stated of. */
export const paperValues = {
  binary: { of: 'EFNN, n = 2 and 3, W >= 105', value: 5e-3 },
  continuous: { of: 'EFNN, n = 3, W = 150', value: 4e-2 },
  /** From the authors' plotting scripts: a mean square error of 0.98473, the mean energy of their samples being -51.64. */
  effectiveModel: { of: 'effective model', value: 1.92e-2 },
  trainingSize: { of: 'networks', value: 1e-3 },
  largestLattice: { of: 'EFNN, n = 3, N = 40', value: 4e-4 },
} as const satisfies Readonly<Record<string, PaperValue>>;

/** Lines across a chart whose values run upwards. */
export const paperLines = (values: readonly PaperValue[]): readonly Reference[] =>
  values.map(({ of, value }) => ({ label: `paper: ${of}`, axis: 'y', at: value }));

/** Rows of a bar chart. */
export const paperBars = (values: readonly PaperValue[]): readonly Category[] =>
  values.map(({ of, value }) => ({ label: of, bars: [{ family: 'paper', value }] }));
