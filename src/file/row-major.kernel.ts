/** Arrays in Fortran order, where the first index runs fastest, to row-major ones, where the last does. */
import type { Reals } from '../number/reals.ts';

/** The entries of an array of this shape in row-major order, from those in Fortran order. */
export const rowMajor = (shape: readonly number[], columnMajor: Reals): Reals => {
  const values = new Float64Array(columnMajor.length);
  const index = shape.map(() => 0);
  for (let place = 0; place < values.length; place++) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) from = from * shape[axis]! + index[axis]!;
    values[place] = columnMajor[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis]! + 1) % shape[axis]!;
      if (index[axis] !== 0) break;
    }
  }
  return values;
};
