/** Labelled samples, and the batches that training draws from them. */
import * as O from 'fp-ts/lib/Option.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';

import type { Arrays } from '../backend/backend.ts';
import { sampleCount, type LabelledData } from '../dataset/data-set.ts';
import { wholeNumberFrom } from '../number/callers-mistake.ts';
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

/** Labelled samples of one lattice size or several: each set has one, and a batch is of one set. */
export type SampleSets = ReadonlyNonEmptyArray<LabelledSamples>;

/**
 * N of a set beside N of the first. An energy is a sum over N^2 sites, so in units of those of the first set its standard
 * deviation is this, where sites are alike.
 */
export const relativeSize = ([first]: SampleSets, { latticeSize }: LabelledSamples): number =>
  latticeSize / first.latticeSize;

/** The inputs of a loss program. */
export const lossInputs = ({ spins, energies, forces }: LabelledSamples): Arrays => ({
  spins,
  [energyLabel]: energies,
  ...(forces === null ? {} : { [forceLabel]: forces }),
});

const batchSize = wholeNumberFrom(1, 'a batch', 'give the number of samples in one step');
const someSamples = wholeNumberFrom(0, 'a number of samples', 'count them');

/**
 * Places in a data set, cut into batches in their order; the last may be smaller.
 *
 * @throws RangeError unless the size is a whole number of at least 1.
 *
 * @example
 * batchesOf(2)([4, 0, 3]) // [[4, 0], [3]]
 */
export const batchesOf = (size: number): ((places: readonly number[]) => readonly (readonly number[])[]) => {
  const length = batchSize(size);
  return (places) =>
    Array.from({ length: Math.ceil(places.length / length) }, (_, b) => places.slice(b * length, (b + 1) * length));
};

/** Places of one set. */
export interface SetBatch<A> {
  readonly set: A;
  readonly places: readonly number[];
}

/**
 * The batches of an epoch over several sets, from one order of all samples (those of the first set counted first, then those of
 * the next). Each set is cut into batches as its samples come in that order, and batches follow each other by their first
 * samples. For one set these are `batchesOf` its order.
 *
 * @throws RangeError unless the size is a whole number of at least 1.
 *
 * @example
 * batchesOfSets([{ count: 2 }, { count: 3 }], 2)([3, 0, 2, 1, 4]).map(({ places }) => places) // [[1, 0], [0, 1], [2]]
 */
export const batchesOfSets = <A extends { readonly count: number }>(
  sets: readonly A[],
  size: number,
): ((order: readonly number[]) => readonly SetBatch<A>[]) => {
  const inBatches = batchesOf(size);
  const [one, ...others] = sets;
  // To look for the sets of 8000 samples takes a quarter of a millisecond, which each epoch would wait for.
  if (one !== undefined && others.length === 0) {
    return (order) => inBatches(order).map((places) => ({ set: one, places }));
  }
  return (order) =>
    sets
      .flatMap((set, index) => {
        const start = sets.slice(0, index).reduce((sum, { count }) => sum + count, 0);
        const positions = order
          .map((sample, position) => (start <= sample && sample < start + set.count ? position : -1))
          .filter((position) => position >= 0);
        return inBatches(positions).map((batch) => ({
          set,
          first: batch[0] ?? 0,
          places: batch.map((position) => (order[position] ?? NaN) - start),
        }));
      })
      .toSorted((a, b) => a.first - b.first)
      .map(({ set, places }) => ({ set, places }));
};

/**
 * The first samples of a set, as many as there are up to a number, and the others.
 *
 * @throws RangeError unless that is a whole number of at least 0.
 */
export const splitSamples =
  (count: number) =>
  (samples: LabelledSamples): { readonly train: LabelledSamples; readonly test: LabelledSamples } => {
    const numbers = samples.spins.length / samples.count;
    const rows = (from: number, to: number): LabelledSamples => ({
      ...samples,
      count: to - from,
      spins: samples.spins.slice(from * numbers, to * numbers),
      energies: samples.energies.slice(from, to),
      forces: samples.forces?.slice(from * numbers, to * numbers) ?? null,
    });
    const first = Math.min(someSamples(count), samples.count);
    return { train: rows(0, first), test: rows(first, samples.count) };
  };

/** The samples of a data set. */
export const labelledSamples = (data: LabelledData): LabelledSamples => ({
  count: sampleCount(data),
  latticeSize: data.sampleShape.length === 3 ? (data.sampleShape.at(-1) ?? 1) : 1,
  spins: data.spins,
  energies: data.energies,
  forces: O.toNullable(data.forces),
});
