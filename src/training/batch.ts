/** Labelled samples, and the batches that training draws from them. */
import * as O from 'fp-ts/lib/Option.js';

import type { Arrays } from '../backend/backend.ts';
import { sampleCount, type LabelledData } from '../dataset/data-set.ts';
import type { Reals } from '../number/reals.ts';
import { energyLabel, forceLabel } from './loss.ts';

/** Samples with their labels. Arrays are row-major with the sample first. */
export interface LabelledSamples {
  readonly count: number;
  /** N of the lattice, 1 for chains. */
  readonly latticeSize: number;
  /** Shape [count, 3, N, N] or [count, L]. */
  readonly spins: Reals;
  /** Total energies, shape [count]. */
  readonly energies: Reals;
  /** dE/ds, shaped like the spins, or null where there are none. */
  readonly forces: Reals | null;
}

/** The inputs of a loss program. */
export const lossInputs = ({ spins, energies, forces }: LabelledSamples): Arrays => ({
  spins,
  [energyLabel]: energies,
  ...(forces === null ? {} : { [forceLabel]: forces }),
});

/**
 * Places in a data set, cut into batches in their order; the last may be smaller.
 *
 * @example
 * batchesOf(2)([4, 0, 3]) // [[4, 0], [3]]
 */
export const batchesOf =
  (size: number) =>
  (places: readonly number[]): readonly (readonly number[])[] =>
    Array.from({ length: Math.ceil(places.length / size) }, (_, b) => places.slice(b * size, (b + 1) * size));

/** The samples of a data set. */
export const labelledSamples = (data: LabelledData): LabelledSamples => ({
  count: sampleCount(data),
  latticeSize: data.sampleShape.length === 3 ? (data.sampleShape.at(-1) ?? 1) : 1,
  spins: data.spins,
  energies: data.energies,
  forces: O.toNullable(data.forces),
});
