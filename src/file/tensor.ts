/** Tensors as files hold them: numbers with a shape, stored as float64 or float32, row-major, little-endian. */
import type { Reals } from '../number/reals.ts';
import { shown } from './quoted.ts';

/** How a number is stored. */
export type Dtype = 'float64' | 'float32';

/** Numbers with their shape. */
export interface Tensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** The entries, row-major, as float64 whatever the dtype: each float32 is exact there. */
  readonly values: Reals;
}

/** The size of one entry. */
export const bytesOf: Readonly<Record<Dtype, number>> = { float64: 8, float32: 4 };

/** How many entries a shape has; 1 for a scalar's []. */
export const countOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** Whether two shapes are the same. */
export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

/** `[20, 3, 10, 10]`, as messages show it; of many extents the middle is left out. */
export const showShape = (shape: readonly number[]): string => shown(`[${shape.join(', ')}]`);
