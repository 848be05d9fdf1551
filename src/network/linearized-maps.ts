/**
 * The maps of `maps.ts` together with their transposed derivatives, written out by hand.
 *
 * For y = f(x) the cotangents are xbar = dE/dx and ybar = dE/dy; a linearized map returns y and the linear function
 * ybar -> (xbar, the cotangents of its weights).
 */
import {
  add,
  broadcast,
  constant,
  contract,
  correlate,
  correlateTransposed,
  fillField,
  kernelGradient,
  modulate,
  multiply,
  scale,
  sumSites,
  tanh,
  total,
  type Expression,
  type Field,
  type Scalar,
} from '../program/expression.ts';
import { mapName, partOf, weightName, type MapName } from '../program/weight.ts';
import { affineWeights, symmetrizationWeights, type Width } from './maps.ts';

/** Derivatives of the energy with respect to weights, by the weights' names. */
export type WeightCotangents = Readonly<Record<string, Expression>>;

/** What a map hands back when it is given the cotangent of its result. */
export interface Cotangents {
  /** The cotangent of the map's argument. */
  readonly argument: Field;
  readonly weights: WeightCotangents;
}

/** A map's value at one argument, together with its transposed derivative there. */
export interface Linearized {
  readonly value: Field;
  readonly transposed: (cotangent: Field) => Cotangents;
}

/** A map together with its transposed derivative, field to field. */
export type LinearizedMap = (x: Field) => Linearized;

/** y = W x + b: xbar = W^T ybar, Wbar = ybar x^T, bbar = the sum of ybar over sites. */
export const affineLinearized =
  (map: MapName, width: Width): LinearizedMap =>
  (x) => {
    const { weight: W, bias: b } = affineWeights(map, width);
    return {
      value: add(correlate(W)(x), broadcast(1)(b)),
      transposed: (ybar) => ({
        argument: correlateTransposed(W)(ybar),
        weights: {
          [weightName({ map, role: 'weight' })]: kernelGradient(width.kernel, x, ybar),
          [weightName({ map, role: 'bias' })]: sumSites(ybar),
        },
      }),
    };
  };

/** y = tanh x: xbar = (1 - y^2) ybar. */
export const tanhLinearized: LinearizedMap = (x) => {
  const y = tanh(x);
  return {
    value: y,
    transposed: (ybar) => ({
      argument: add(ybar, scale(constant(-1))(multiply(multiply(y, y), ybar))),
      weights: {},
    }),
  };
};

/** T = sum over k of (a * s_k)(b * s_k): the product rule, once through each kernel. */
export const symmetrizeLinearized =
  (map: MapName, channels: number, kernel: number): LinearizedMap =>
  (s) => {
    const { a, b } = symmetrizationWeights(map, channels, kernel);
    const [as, bs] = [correlate(a)(s), correlate(b)(s)];
    return {
      value: contract(as, bs),
      transposed: (Tbar) => {
        const [asbar, bsbar] = [modulate(Tbar)(bs), modulate(Tbar)(as)];
        return {
          argument: add(correlateTransposed(a)(asbar), correlateTransposed(b)(bsbar)),
          weights: {
            [weightName({ map, role: 'leftKernel' })]: kernelGradient(kernel, s, asbar),
            [weightName({ map, role: 'rightKernel' })]: kernelGradient(kernel, s, bsbar),
          },
        };
      },
    };
  };

/** First `first`, then `next`; the cotangent goes the other way. */
export const thenLinearized =
  (first: LinearizedMap) =>
  (next: LinearizedMap): LinearizedMap =>
  (x) => {
    const inner = first(x);
    const outer = next(inner.value);
    return {
      value: outer.value,
      transposed: (ybar) => {
        const outerBar = outer.transposed(ybar);
        const innerBar = inner.transposed(outerBar.argument);
        return { argument: innerBar.argument, weights: { ...outerBar.weights, ...innerBar.weights } };
      },
    };
  };

/** y = W_1 tanh(W_0 x + b_0) + b_1: the cotangent goes back through the three in turn. */
export const perceptronLinearized = (map: MapName, width: Width): LinearizedMap =>
  thenLinearized(thenLinearized(affineLinearized(partOf(map, 0), width))(tanhLinearized))(
    affineLinearized(partOf(map, 1), { ...width, inputs: width.outputs }),
  );

/** E = q(S_n) and Sbar_n, with the cotangents of q's own weights. */
export interface LinearizedReadout {
  readonly energy: Scalar;
  readonly cotangents: Cotangents;
}

/** The dense q, a plain sum: Sbar_n is 1 everywhere. */
export const sumLinearized =
  (channels: number) =>
  (S: Field): LinearizedReadout => ({
    energy: total(S),
    cotangents: { argument: fillField(1, channels)(constant(1)), weights: {} },
  });

/** The lattice q: a convolution to one channel, summed. */
export const convolvedSumLinearized =
  (channels: number, kernel: number) =>
  (S: Field): LinearizedReadout => {
    const convolved = affineLinearized(mapName('readout'), { inputs: channels, outputs: 1, kernel })(S);
    return { energy: total(convolved.value), cotangents: convolved.transposed(fillField(1, 1)(constant(1))) };
  };
