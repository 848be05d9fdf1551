/** Where a step finds its samples: side by side in arrays of its own, or at places of a data set, from which they are copied. */
import type { Reals } from '../../number/reals.ts';
import type { Samples } from '../backend.ts';

/** Samples of fewer numbers are copied faster one by one: a typed array's own copy costs about as much as 32 numbers. */
const fewNumbers = 32;

/** Copies `length` numbers of `from` to `to`. */
export const copyNumbers = (to: Float64Array, toAt: number, from: Reals, fromAt: number, length: number): void => {
  if (length >= fewNumbers) {
    to.set(from.subarray(fromAt, fromAt + length), toAt);
    return;
  }
  for (let i = 0; i < length; i += 1) {
    to[toAt + i] = from[fromAt + i]!;
  }
};

/** Samples of a data set by their places, from 0. */
export interface PlacedSamples {
  readonly data: Samples;
  readonly places: readonly number[];
}

/** How many samples there are. */
export const batchOf = (samples: Samples | PlacedSamples): number =>
  'places' in samples ? samples.places.length : samples.batch;

/** Copies `count` samples from the `first` on, each of `length` numbers of an input, to `to` from `at` on. */
export const copySamples = (
  samples: Samples | PlacedSamples,
  input: { readonly name: string; readonly length: number },
  { first, count }: { readonly first: number; readonly count: number },
  to: Float64Array,
  at: number,
): void => {
  const { name, length } = input;
  const from = ('places' in samples ? samples.data : samples).inputs[name];
  if (from === undefined) {
    return;
  }
  if (!('places' in samples)) {
    copyNumbers(to, at, from, first * length, count * length);
    return;
  }
  for (let index = 0; index < count; index += 1) {
    copyNumbers(to, at + index * length, from, samples.places[first + index]! * length, length);
  }
};

/** The samples as arrays of their own. */
export const inArrays = (samples: Samples | PlacedSamples): Samples => {
  if (!('places' in samples)) {
    return samples;
  }
  const { data, places } = samples;
  return {
    inputs: Object.fromEntries(
      Object.entries(data.inputs).map(([name, numbers]) => {
        const length = numbers.length / data.batch;
        const copied = new Float64Array(places.length * length);
        copySamples(samples, { name, length }, { first: 0, count: places.length }, copied, 0);
        return [name, copied];
      }),
    ),
    batch: places.length,
  };
};
