/** Plausible misreadings of Figs. 2a, 3 and 5. */
import type { densenet } from '../../src/network/densenet.ts';
import { dnn } from '../../src/network/dnn.ts';
import type { efnn } from '../../src/network/efnn.ts';
import {
  affine,
  symmetrizationWeights,
  type convolvedSum,
  type perceptron,
  type symmetrize,
} from '../../src/network/maps.ts';
import { networkProgram } from '../../src/network/network.ts';
import type { resnet } from '../../src/network/resnet.ts';
import { add, concat, contract, correlate, multiply, tanh, total } from '../../src/program/expression.ts';
import { mapName, partOf } from '../../src/program/weight.ts';
import type { NetworkProgram } from '../laws/architecture.ts';

export const efnns = {
  'the fields are read from S_0':
    ({ layers, q }) =>
    (S0) =>
      q(layers.reduce((_, { f, g }) => multiply(g(S0), f(S0)), S0)),
  'the spins enter the first layer only':
    ({ layers, q }) =>
    (S0) =>
      q(layers.reduce((S, { f, g }, i) => multiply(g(i === 0 ? S0 : S), f(S)), S0)),
  'sums instead of products':
    ({ layers, q }) =>
    (S0) =>
      q(layers.reduce((S, { f, g }) => add(g(S0), f(S)), S0)),
  'the energy is read from the last field':
    ({ layers, q }) =>
    (S0) => {
      const below = layers.slice(0, -1).reduce((S, { f, g }) => multiply(g(S0), f(S)), S0);
      return q(layers.at(-1)?.f(below) ?? S0);
    },
} satisfies Readonly<Record<string, typeof efnn>>;

export const dnns = {
  'g before f':
    ({ layers, q }) =>
    (S0) =>
      q(layers.reduce((S, { f, g }) => f(g(S)), S0)),
  'layers in reverse order': ({ layers, q }) => dnn({ layers: layers.toReversed(), q }),
} satisfies Readonly<Record<string, typeof dnn>>;

export const resnets = {
  'what is skipped is always S_1':
    ({ projection, first, rest, q }) =>
    (S0) => {
      const S1 = add(projection(S0), first(S0));
      return q(rest.reduce((S, f) => add(S1, f(S)), S1));
    },
  'one skip connection alone':
    ({ projection, first, rest, q }) =>
    (S0) =>
      q(rest.reduce((S, f) => f(S), add(projection(S0), first(S0)))),
} satisfies Readonly<Record<string, typeof resnet>>;

export const densenets = {
  'the newest layer first':
    ({ features, first, rest, q }) =>
    (S0) =>
      q(rest.reduce((known, f) => concat([f(known), known]), concat([first(S0), features(S0)]))),
  'S_0 and F_1 change places':
    ({ features, first, rest, q }) =>
    (S0) =>
      q(rest.reduce((known, f) => concat([known, f(known)]), concat([first(S0), features(S0)]))),
} satisfies Readonly<Record<string, typeof densenet>>;

export const readouts = {
  'a plain sum': () => total,
  'squares are summed': (channels, kernel) => (field) =>
    total(affine(mapName('readout'), { inputs: channels, outputs: 1, kernel })(multiply(field, field))),
} satisfies Readonly<Record<string, typeof convolvedSum>>;

export const perceptrons = {
  'no second convolution': (map, width) => (x) => tanh(affine(partOf(map, 0), width)(x)),
  'tanh last': (map, width) => (x) =>
    tanh(affine(partOf(map, 1), { ...width, inputs: width.outputs })(affine(partOf(map, 0), width)(x))),
} satisfies Readonly<Record<string, typeof perceptron>>;

export const symmetrizations = {
  'one kernel for both factors': (map, channels, kernel) => (s0) => {
    const a = correlate(symmetrizationWeights(map, channels, kernel).a)(s0);
    return contract(a, a);
  },
} satisfies Readonly<Record<string, typeof symmetrize>>;

export const networkPrograms = {
  'one layer is left out': (network) =>
    networkProgram({
      ...network,
      shape: { ...network.shape, layers: Math.max(1, network.shape.layers - 1) },
    }),
  'the shift is forgotten': (network) => networkProgram({ ...network, energyShift: 0 }),
} satisfies Readonly<Record<string, NetworkProgram>>;
