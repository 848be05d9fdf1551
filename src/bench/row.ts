/**
 * What a benchmark measures, one row a quantity, and how it compares with a peer: other software that does the same work,
 * in the same run, with as many threads.
 */
import { z } from 'zod';

import type { Times } from './timing.ts';

/** Times in ms are better when small, rates in GFLOP/s when large; the others compare our own numbers. */
export const benchUnits = ['ms', 'GFLOP/s', 'times', 'exponent', 'fraction'] as const;

/** The unit of a row. */
export type BenchUnit = (typeof benchUnits)[number];

const fieldsSchema = z.object({
  /** Words joined by hyphens, the group first: `training-C3`. */
  name: z.string(),
  /** The median of all rounds, or what follows from medians. */
  value: z.number(),
  /** The same at the edge of the fastest quarter of the rounds; null where it was not kept. */
  quartile: z.number().nullable().default(null),
  unit: z.enum(benchUnits),
  threads: z.number().int().positive(),
  /** The version of Node that we ran on. */
  node: z.string(),
  /** CPU time of a run in ms, all threads together; null where none was taken. */
  cpu: z.number().nullable(),
  /** Who did the same work, or null where nobody is installed here. */
  peer: z.string().nullable(),
  peerValue: z.number().nullable(),
  peerQuartile: z.number().nullable().default(null),
  peerCpu: z.number().nullable(),
  /** The peer's time over ours. */
  ratio: z.number().nullable(),
  /** The same, both at the edge of the fastest quarter. */
  quartileRatio: z.number().nullable().default(null),
});

/** One quantity as it was measured here, and by a peer where one is installed. */
export type BenchRow = Readonly<z.infer<typeof fieldsSchema>>;

/** What of a row is measured here. */
export type OwnMeasurement = Pick<BenchRow, 'name' | 'value' | 'quartile' | 'unit' | 'threads' | 'node' | 'cpu'>;

/** What a peer, by its name, needed or reached, in the unit of our row. */
export interface PeerMeasurement {
  readonly name: string;
  readonly value: number;
  readonly quartile: number | null;
  readonly cpu: number | null;
}

/** The peer's time over ours: above 1 where we are faster; null where one is not known, or neither is a time. */
const ratioOf = (unit: BenchUnit, ours: number | null, peers: number | null): number | null => {
  if (ours === null || peers === null) {
    return null;
  }
  switch (unit) {
    case 'ms':
      return peers / ours;
    case 'GFLOP/s':
      return ours / peers;
    case 'times':
    case 'exponent':
    case 'fraction':
      return null;
  }
};

/** A row from our measurement and the peer's; without a peer its columns are null. */
export const benchRow = (ours: OwnMeasurement, peer: PeerMeasurement | null): BenchRow => ({
  ...ours,
  peer: peer?.name ?? null,
  peerValue: peer?.value ?? null,
  peerQuartile: peer?.quartile ?? null,
  peerCpu: peer?.cpu ?? null,
  ratio: ratioOf(ours.unit, ours.value, peer?.value ?? null),
  quartileRatio: ratioOf(ours.unit, ours.quartile, peer?.quartile ?? null),
});

/**
 * What is measured in one run: a time; a part of one, of which the CPU time is not known; or the floating-point operations that it
 * stands for, over that time.
 */
export type Quantity =
  { readonly tag: 'time' } | { readonly tag: 'part' } | { readonly tag: 'rate'; readonly operations: number };

/** The unit of a quantity, its values for runs that took so long, and the CPU time where whole times are shown. */
export const inUnit = (
  quantity: Quantity,
  { median, quartile }: Times,
): Pick<BenchRow, 'unit' | 'value' | 'quartile' | 'cpu'> => {
  const both = (shown: (wall: number) => number) => ({ value: shown(median.wall), quartile: shown(quartile.wall) });
  switch (quantity.tag) {
    case 'time':
      return { unit: 'ms', ...both((wall) => 1e3 * wall), cpu: 1e3 * median.cpu };
    case 'part':
      return { unit: 'ms', ...both((wall) => 1e3 * wall), cpu: null };
    case 'rate':
      return { unit: 'GFLOP/s', ...both((wall) => (1e-9 * quantity.operations) / wall), cpu: null };
  }
};

/** A row as it stands in a file, for a decoder; one whose ratios do not follow from its times is refused. */
export const benchRowSchema = fieldsSchema.refine(
  ({ unit, value, quartile, peer, peerValue, peerQuartile, ratio, quartileRatio }) =>
    ratio === ratioOf(unit, value, peer === null ? null : peerValue) &&
    quartileRatio === ratioOf(unit, quartile, peer === null ? null : peerQuartile),
  { message: 'expected the ratios of the times in the row, got others' },
);

/** The name of the row of the least time that a run can take, that of its arithmetic at the peak, by the row of the run. */
export const arithmeticRow = (name: string): string => `${name}-arithmetic`;
