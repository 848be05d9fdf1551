/**
 * How large the values of a program can be, and how wrong by rounding: forward error analysis as an interpreter.
 *
 * `bound` is the largest modulus an entry can have; `error` bounds its rounding error in units of the unit roundoff u
 * (2^-53 in float64, 2^-24 in float32), to first order in u. A sum of n terms, in any order, adds n u times the sum of
 * their moduli (Higham, Accuracy and Stability of Numerical Algorithms, 3.1). Where every number is an integer
 * below 1/u, nothing is rounded at all.
 */
import type { Algebra } from '../../src/program/operation.ts';
import { promisedBias, promisedField, promisedKernel } from '../../src/program/promised-type.ts';
import { biasType, fieldType, kernelType, lengthOf, scalarType, type ValueType } from '../../src/program/value-type.ts';

export interface Magnitude {
  readonly type: ValueType;
  readonly bound: number;
  readonly error: number;
}

/** A sum of n products of entries of x and y. */
const sumOfProducts = (type: ValueType, n: number, x: Magnitude, y: Magnitude): Magnitude => ({
  type,
  bound: n * x.bound * y.bound,
  error: n * (x.bound * y.error + x.error * y.bound) + n * n * x.bound * y.bound,
});

/** A sum of n entries of x. */
const sumOf = (type: ValueType, n: number, x: Magnitude): Magnitude => ({
  type,
  bound: n * x.bound,
  error: n * x.error + n * n * x.bound,
});

/** Magnitudes on an N x N lattice, where no entry of an input or parameter exceeds `given`. */
export const magnitudes = (N: number, given: number): Algebra<Magnitude, Magnitude> => ({
  input: ({ type }) => ({ type, bound: given, error: 0 }),
  parameter: ({ type }) => ({ type, bound: given, error: 0 }),
  constant: ({ value }) => ({ type: scalarType, bound: Math.abs(value), error: 0 }),
  correlate: ({ kernel, field }) => {
    const { outputs, inputs, size } = promisedKernel(kernel.type);
    return sumOfProducts(fieldType(promisedField(field.type).components, outputs), inputs * size ** 2, kernel, field);
  },
  correlateTransposed: ({ kernel, field }) => {
    const { outputs, inputs, size } = promisedKernel(kernel.type);
    return sumOfProducts(fieldType(promisedField(field.type).components, inputs), outputs * size ** 2, kernel, field);
  },
  kernelGradient: ({ size, field, cotangent }) => {
    const { components, channels } = promisedField(field.type);
    const type = kernelType(promisedField(cotangent.type).channels, channels, size);
    return sumOfProducts(type, components * N * N, field, cotangent);
  },
  add: ({ left, right }) => ({
    type: left.type,
    bound: left.bound + right.bound,
    error: left.error + right.error + left.bound + right.bound,
  }),
  multiply: ({ left, right }) => sumOfProducts(left.type, 1, left, right),
  scale: ({ factor, value }) => sumOfProducts(value.type, 1, factor, value),
  // tanh is 1-Lipschitz, and implementations are good to a few units in the last place; four are allowed.
  tanh: ({ value }) => ({ type: value.type, bound: 1, error: value.error + 4 }),
  // Generated programs take reciprocals of numbers of modulus 1 and more alone, where 1/x is 1-Lipschitz.
  reciprocal: ({ value }) => ({ type: value.type, bound: 1, error: value.error + 1 }),
  // Of numbers from 1 on, where the slope is 1/2 at most; IEEE rounds the root once.
  sqrt: ({ value }) => ({
    type: value.type,
    bound: Math.sqrt(value.bound),
    error: value.error / 2 + Math.sqrt(value.bound),
  }),
  contract: ({ left, right }) => {
    const { components, channels } = promisedField(left.type);
    return sumOfProducts(fieldType(1, channels), components, left, right);
  },
  modulate: ({ amplitude, vector }) => sumOfProducts(vector.type, 1, amplitude, vector),
  total: ({ value }) => sumOf(scalarType, lengthOf(N)(value.type), value),
  fill: ({ type, scalar }) => ({ ...scalar, type }),
  sumSites: ({ field }) => {
    const { components, channels } = promisedField(field.type);
    return sumOf(biasType(channels), components * N * N, field);
  },
  broadcast: ({ components, bias }) => ({ ...bias, type: fieldType(components, promisedBias(bias.type).channels) }),
  concat: ({ parts }) => ({
    type: fieldType(
      Math.max(...parts.map(({ type }) => promisedField(type).components)),
      parts.reduce((channels, { type }) => channels + promisedField(type).channels, 0),
    ),
    bound: Math.max(...parts.map(({ bound }) => bound)),
    error: Math.max(...parts.map(({ error }) => error)),
  }),
  slice: ({ from, to, field }) => ({ ...field, type: fieldType(promisedField(field.type).components, to - from) }),
});
