/** The EFNN is a continued function (Figs. 2a and 5a). */
import { continuedFunction, recursionLevels, type Level } from '../src/continued/continued-function.ts';
import { efnn, type Efnn } from '../src/network/efnn.ts';
import { add, multiply, type Field } from '../src/program/expression.ts';
import { verify } from './law.ts';
import {
  recursionIsNesting,
  reciprocalsMakeContinuedFractions,
  unitSpinsLeaveTheFeedForward,
  type Composition,
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
