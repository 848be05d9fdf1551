/**
 * Operations that go entry by entry, or sum entries. Values of one sample follow each other at their strides, which are 0
 * for values that all samples share; results follow each other without gaps.
 */
import { tanh } from '../../number/elementary/hyperbolic.kernel.ts';
import type { Reals } from '../../number/reals.ts';
import type { EntryFunction } from '../../program/operation.ts';

/** out = f(value), for so many entries. */
type EntriesKernel = (out: Float64Array, value: Reals, length: number) => void;

/** out = left + right, entry by entry. */
export const addEntries = (
  out: Float64Array,
  left: Reals,
  leftStride: number,
  right: Reals,
  rightStride: number,
  length: number,
  samples: number,
): void => {
  for (let s = 0; s < samples; s += 1) {
    const o = s * length;
    const l = s * leftStride;
    const r = s * rightStride;
    for (let i = 0; i < length; i += 1) {
      out[o + i] = left[l + i]! + right[r + i]!;
    }
  }
};

/** out = left right, entry by entry. */
export const multiplyEntries = (
  out: Float64Array,
  left: Reals,
  leftStride: number,
  right: Reals,
  rightStride: number,
  length: number,
  samples: number,
): void => {
  for (let s = 0; s < samples; s += 1) {
    const o = s * length;
    const l = s * leftStride;
    const r = s * rightStride;
    for (let i = 0; i < length; i += 1) {
      out[o + i] = left[l + i]! * right[r + i]!;
    }
  }
};

/** out = factor value, with one factor for each sample. */
export const scaleEntries = (
  out: Float64Array,
  factor: Reals,
  factorStride: number,
  value: Reals,
  valueStride: number,
  length: number,
  samples: number,
): void => {
  for (let s = 0; s < samples; s += 1) {
    const c = factor[s * factorStride]!;
    const o = s * length;
    const v = s * valueStride;
    for (let i = 0; i < length; i += 1) {
      out[o + i] = c * value[v + i]!;
    }
  }
};

const tanhEntries: EntriesKernel = (out, value, length) => {
  for (let i = 0; i < length; i += 1) {
    out[i] = tanh(value[i]!);
  }
};

const invertEntries: EntriesKernel = (out, value, length) => {
  for (let i = 0; i < length; i += 1) {
    out[i] = 1 / value[i]!;
  }
};

const rootEntries: EntriesKernel = (out, value, length) => {
  for (let i = 0; i < length; i += 1) {
    out[i] = Math.sqrt(value[i]!);
  }
};

/** Functions of one number, each with a loop of its own, so that each loop calls one function alone. */
export const applyToEntries: Readonly<Record<EntryFunction, EntriesKernel>> = {
  tanh: tanhEntries,
  reciprocal: invertEntries,
  sqrt: rootEntries,
};

/** The sum of numbers from one index up to another, in four parts, which add up side by side. */
export const sumBetween = (numbers: Reals, from: number, to: number): number => {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = from;
  for (; i + 4 <= to; i += 4) {
    a += numbers[i]!;
    b += numbers[i + 1]!;
    c += numbers[i + 2]!;
    d += numbers[i + 3]!;
  }
  for (; i < to; i += 1) {
    a += numbers[i]!;
  }
  return a + b + (c + d);
};

/** The sum of the entries of each sample. */
export const sumEntries = (out: Float64Array, value: Reals, length: number, samples: number): void => {
  for (let s = 0; s < samples; s += 1) {
    out[s] = sumBetween(value, s * length, (s + 1) * length);
  }
};

/** The scalar of each sample at each of its entries. */
export const fillEntries = (out: Float64Array, scalar: Reals, length: number, samples: number): void => {
  for (let s = 0; s < samples; s += 1) {
    out.fill(scalar[s]!, s * length, (s + 1) * length);
  }
};

/** out += the sum over samples of `numbers`. */
export const addSamples = (out: Float64Array, numbers: Reals, samples: number): void => {
  const length = out.length;
  for (let s = 0; s < samples; s += 1) {
    for (let i = 0; i < length; i += 1) {
      out[i] = out[i]! + numbers[s * length + i]!;
    }
  }
};
