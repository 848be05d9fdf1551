/** Samples picked from a data set by their places. */
import type { Reals } from '../../number/reals.ts';

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

/** The samples at these places, in this order, one after the other; each has `length` numbers. */
export const gathered = (samples: Reals, length: number, places: readonly number[]): Float64Array => {
  const numbers = new Float64Array(places.length * length);
  places.forEach((place, index) => {
    copyNumbers(numbers, index * length, samples, place * length, length);
  });
  return numbers;
};
