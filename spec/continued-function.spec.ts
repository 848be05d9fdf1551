/** The EFNN is a continued function; DNN, ResNet and DenseNet are not (Figs. 2a and 5). */
import { identity } from 'fp-ts/lib/function.js';

import { continuedFunction, recursionLevels, type Level } from '../src/continued/continued-function.ts';
import { densenet } from '../src/network/densenet.ts';
import { dnn } from '../src/network/dnn.ts';
import { efnn, type Efnn } from '../src/network/efnn.ts';
import { sumOfEntries, type FieldMap } from '../src/network/maps.ts';
import { resnet } from '../src/network/resnet.ts';
import { add, multiply, type Field } from '../src/program/expression.ts';
import { verify } from './law.ts';
import {
  degreeIs,
  recursionIsNesting,
  reciprocalsMakeContinuedFractions,
  unitSpinsLeaveTheFeedForward,
  type Composition,
  type LinearNetwork,
} from './laws/continued-function.ts';

/** Plausible misreadings of Fig. 2a. */
const misreadings: Readonly<Record<string, Composition>> = {
  'the spins enter the first layer only':
    ({ layers, q }) =>
    (S0) =>
      q(layers.reduce((S, { f, g }, i) => (i === 0 ? multiply(g(S0), f(S)) : multiply(g(S), f(S))), S0)),
  'sums instead of products':
    ({ layers, q }) =>
    (S0) =>
      q(layers.reduce((S, { f, g }) => add(g(S0), f(S)), S0)),
  'the fields are read from S_0':
    ({ layers, q }) =>
    (S0) =>
      q(layers.reduce((_, { f, g }) => multiply(g(S0), f(S0)), S0)),
};

/** With g = 1 a network whose spins enter once is the same; it dies by the other laws. */
const withoutUnitSpins = {
  'sums instead of products': (network: Efnn) => (S0: Field) =>
    network.q(network.layers.reduce((S, { f, g }) => add(g(S0), f(S)), S0)),
  'layers in reverse order': (network: Efnn) => efnn({ ...network, layers: network.layers.toReversed() }),
};

verify(recursionIsNesting, efnn, misreadings);

verify(unitSpinsLeaveTheFeedForward, efnn, withoutUnitSpins);

verify(reciprocalsMakeContinuedFractions, efnn, misreadings);

/** The networks of layers that a way of evaluating levels makes. */
const nesting =
  (value: (innermost: Field) => (levels: readonly Level<Field>[]) => Field): Composition =>
  ({ layers, q }) =>
  (S0) =>
    q(value(S0)(recursionLevels(layers)(S0)));

const fieldsContinued = continuedFunction<Field>({ mul: multiply });

const wrongNestings = {
  'the innermost level first': nesting((S0) => (levels) => fieldsContinued(S0)(levels.toReversed())),
  'sums for products': nesting(continuedFunction<Field>({ mul: add })),
};

verify(recursionIsNesting, nesting(fieldsContinued), wrongNestings);

verify(reciprocalsMakeContinuedFractions, nesting(fieldsContinued), wrongNestings);

const indices = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

type LinearMap = (name: string, inputs: number) => FieldMap;

const layers = (n: number, map: LinearMap): Efnn => ({
  layers: indices(1, n + 1).map((i) => ({ f: map(`f.${i - 1}`, 2), g: map(`g.${i}`, 2) })),
  q: sumOfEntries,
});

const linearEfnn: LinearNetwork = (n, map) => efnn(layers(n, map));

const linearDnn: LinearNetwork = (n, map) => dnn(layers(n, map));

const linearResNet: LinearNetwork = (n, map) =>
  resnet({
    projection: map('P', 2),
    first: map('f.0', 2),
    rest: indices(1, n).map((i) => map(`f.${i}`, 2)),
    q: sumOfEntries,
  });

const linearDenseNet: LinearNetwork = (n, map) =>
  densenet({
    features: identity,
    first: map('f.0', 2),
    rest: indices(1, n).map((i) => map(`f.${i}`, 2 * (i + 1))),
    q: sumOfEntries,
  });

const successor = degreeIs((n) => n + 1, 'n + 1');
const one = degreeIs(() => 1, '1 at any depth');

verify(successor, linearEfnn, { 'a DNN': linearDnn, 'a ResNet': linearResNet, 'a DenseNet': linearDenseNet });

verify(one, linearDnn, { 'an EFNN': linearEfnn });

verify(one, linearResNet, {
  'a ResNet that multiplies': (n, map) => (S0) =>
    sumOfEntries(indices(0, n).reduce((S, i) => multiply(S, map(`f.${i}`, 2)(S)), S0)),
});

verify(one, linearDenseNet, { 'an EFNN': linearEfnn });
