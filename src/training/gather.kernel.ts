/** Rows of a row-major array, copied in a given order. */
import type { Reals } from '../number/reals.ts';

/** Rows of fewer numbers are copied faster one by one. */
const shortRow = 32;

/** The rows with these indices, in their order, of an array of `rows` rows of equal length. */
export const gathered = (values: Reals, rows: number, indices: readonly number[]): Reals => {
  const length = values.length / rows;
  const out = new Float64Array(indices.length * length);
  indices.forEach((row, place) => {
    if (length >= shortRow) {
      out.set(values.subarray(row * length, (row + 1) * length), place * length);
      return;
    }
    for (let i = 0; i < length; i++) {
      out[place * length + i] = values[row * length + i]!;
    }
  });
  return out;
};
