/**
 * The maps that networks are composed of, each with its weights under fixed names.
 *
 * A dense layer is the case of a 1 x 1 lattice and kernels of size 1: one definition serves both.
 */
import {
  add,
  broadcast,
  contract,
  correlate,
  parameterBias,
  parameterKernel,
  tanh,
  total,
  type Field,
  type Scalar,
} from '../program/expression.ts';

/** A map between fields: f_i, g_i, T_j. */
export type FieldMap = (field: Field) => Field;

/** The width of a map: channels read, channels returned, and the size of its kernels (1 for dense layers). */
export interface Width {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
}

/** x -> W x + b with the parameters `name.weight` and `name.bias`. */
export const affine =
  (name: string, { inputs, outputs, kernel }: Width): FieldMap =>
  (x) =>
    add(
      correlate(parameterKernel(`${name}.weight`, outputs, inputs, kernel))(x),
      broadcast(1)(parameterBias(`${name}.bias`, outputs)),
    );

/**
 * x -> W_1 tanh(W_0 x + b_0) + b_1, as every f_i and g_i of the paper: `name.0` before the tanh, `name.1` after.
 *
 * @eq f (Fig. 3)
 */
export const perceptron = (name: string, width: Width): FieldMap => {
  const before = affine(`${name}.0`, width);
  const after = affine(`${name}.1`, { ...width, inputs: width.outputs });
  return (x) => after(tanh(before(x)));
};

/**
 * T_j(S_0) = sum over k = x, y, z of conv_a(S_0k) * conv_b(S_0k), shape [1, C, N, N], invariant under O(3).
 *
 * The two kernels are shared by the components and have no bias: a bias would point along (1, 1, 1).
 *
 * @eq T (Fig. 3)
 */
export const symmetrize = (name: string, channels: number, kernel: number): FieldMap => {
  const a = parameterKernel(`${name}.a`, channels, 1, kernel);
  const b = parameterKernel(`${name}.b`, channels, 1, kernel);
  return (s0) => contract(correlate(a)(s0), correlate(b)(s0));
};

/** First `first`, then `next`. */
export const andThen =
  (first: FieldMap) =>
  (next: FieldMap): FieldMap =>
  (x) =>
    next(first(x));

/** A map from the last layer to the energy: q. */
export type Readout = (field: Field) => Scalar;

/** The dense q: the plain sum of all entries. */
export const sumOfEntries: Readout = total;

/**
 * The lattice q: a convolution to one channel, `q.weight` and `q.bias`, summed over sites.
 *
 * @eq q (Fig. 4a)
 */
export const convolvedSum =
  (channels: number, kernel: number): Readout =>
  (field) =>
    total(affine('q', { inputs: channels, outputs: 1, kernel })(field));
