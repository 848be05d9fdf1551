/**
 * The maps that networks are composed of, each with the weights that it declares.
 *
 * A dense layer is the case of a 1 x 1 lattice and kernels of size 1: one definition serves both.
 */
import {
  add,
  broadcast,
  contract,
  correlate,
  parameterWeight,
  tanh,
  total,
  type Field,
  type Scalar,
} from '../program/expression.ts';
import { biasType, kernelType } from '../program/value-type.ts';
import { mapName, partOf, type MapName } from '../program/weight.ts';

/** A map between fields, as f_i, g_i, T_j: field(components, channels) to field(1, channels). */
export type FieldMap = (field: Field) => Field;

/** The width of a map: channels read, channels returned, and the size of its kernels (1 for dense layers). */
export interface Width {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
}

/** W and b of an affine map, declared. */
export const affineWeights = (map: MapName, { inputs, outputs, kernel }: Width) => {
  const declared = { map, fanIn: inputs * kernel * kernel, degree: 1 };
  return {
    weight: parameterWeight({ ...declared, role: 'weight', type: kernelType(outputs, inputs, kernel) }),
    bias: parameterWeight({ ...declared, role: 'bias', type: biasType(outputs) }),
  };
};

/** x -> W x + b, from field(components, inputs) to field(1, outputs). */
export const affine = (map: MapName, width: Width): FieldMap => {
  const { weight, bias } = affineWeights(map, width);
  return (x) => add(correlate(weight)(x), broadcast(1)(bias));
};

/** x -> W x, without a bias. */
export const linear = (map: MapName, width: Width): FieldMap => correlate(affineWeights(map, width).weight);

/**
 * x -> W_1 tanh(W_0 x + b_0) + b_1, as every f_i and g_i of the paper: part 0 before the tanh, part 1 after.
 *
 * @eq f (Fig. 3)
 */
export const perceptron = (map: MapName, width: Width): FieldMap => {
  const before = affine(partOf(map, 0), width);
  const after = affine(partOf(map, 1), { ...width, inputs: width.outputs });
  return (x) => after(tanh(before(x)));
};

/** The two kernels of a T_j, declared: its output is their product, of degree 2 in them. */
export const symmetrizationWeights = (map: MapName, channels: number, kernel: number) => {
  const declared = { map, type: kernelType(channels, 1, kernel), fanIn: kernel * kernel, degree: 2 };
  return {
    a: parameterWeight({ ...declared, role: 'leftKernel' }),
    b: parameterWeight({ ...declared, role: 'rightKernel' }),
  };
};

/**
 * T_j(S_0) = sum over k = x, y, z of conv_a(S_0k) * conv_b(S_0k), shape [1, C, N, N], invariant under O(3).
 *
 * The two kernels are shared by the components and have no bias: a bias would point along (1, 1, 1).
 *
 * @eq T (Fig. 3)
 */
export const symmetrize = (map: MapName, channels: number, kernel: number): FieldMap => {
  const { a, b } = symmetrizationWeights(map, channels, kernel);
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
 * The lattice q: a convolution to one channel with a bias, summed over sites.
 *
 * @eq q (Fig. 4a)
 */
export const convolvedSum =
  (channels: number, kernel: number): Readout =>
  (field) =>
    total(affine(mapName('readout'), { inputs: channels, outputs: 1, kernel })(field));
