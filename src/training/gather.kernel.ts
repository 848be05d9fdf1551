/** Rows of a row-major array, copied in a given order. */
import type { Reals } from '../number/reals.ts';

export const gathered = (values: Reals, rows: number, indices: readonly number[]): Reals => {
  const length = values.length / rows;
  const out = new Float64Array(indices.length * length);
  indices.forEach((row, place) => {
    for (let i = 0; i < length; i++) {
      out[place * length + i] = values[row * length + i]!;
    }
  });
  return out;
};
