/** What makes the EFNN a continued function (Fig. 5a). */
import fc from 'fast-check';
import { identity } from 'fp-ts/lib/function.js';

import type { Efnn } from '../../src/network/efnn.ts';
import { sumOfEntries, type FieldMap } from '../../src/network/maps.ts';
import { rational, type Rational } from '../../src/number/rational.ts';
import { evaluate, type Values } from '../../src/program/evaluate.ts';
import {
  add,
  constant,
  correlate,
  fillField,
  inputField,
  multiply,
  parameterKernel,
  reciprocal,
  record,
  tanh,
  type Field,
  type Scalar,
} from '../../src/program/expression.ts';
import { declarations, typecheck } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import { rationals } from './exact-reduction.ts';

/** What all networks of layers f, g and a readout q are: a function from the layers to a function of S_0. */
export type Composition = (network: Efnn) => (S0: Field) => Scalar;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const S0 = inputField('spins', 1, 2);

const linear = (name: string): FieldMap => correlate(parameterKernel(name, 2, 2, 1));

/** The maps of n layers: linear, or linear and tanh. */
const layersOf = (n: number, activation: FieldMap): Efnn => ({
  layers: upTo(n).map((i) => ({
    f: (x) => activation(linear(`f.${i}`)(x)),
    g: (x) => activation(linear(`g.${i + 1}`)(x)),
  })),
  q: sumOfEntries,
});

const depths = fc.integer({ min: 1, max: 4 });

/** S_i written as one nested formula, from the inside out, by recursion on i. */
const nested = ({ layers, q }: Efnn): Scalar => {
  const S = (i: number): Field => {
    const layer = layers[i - 1];
    return layer === undefined ? S0 : multiply(layer.g(S0), layer.f(S(i - 1)));
  };
  return q(S(layers.length));
};

export const recursionIsNesting: Law<Composition, number> = {
  statement: 'the recursion S_i = g_i(S_0) * f_{i-1}(S_{i-1}) unrolls to the nested form, as programs',
  cases: depths,
  holds: (composition) => (n) => {
    const network = layersOf(n, tanh);
    return (
      JSON.stringify(record({ energy: composition(network)(S0) })) ===
      JSON.stringify(record({ energy: nested(network) }))
    );
  },
};

export const unitSpinsLeaveTheFeedForward: Law<Composition, number> = {
  statement: 'with g = 1 what is left is the feed-forward composition q f_{n-1} .. f_1 f_0 (Fig. 5c), exactly',
  cases: depths,
  runs: 20,
  holds: (composition) => (n) => {
    const { layers, q } = layersOf(n, identity);
    const one: FieldMap = () => fillField(1, 2)(constant(1));
    const unit = composition({ layers: layers.map(({ f }) => ({ f, g: one })), q })(S0);
    const feedForward = q(layers.reduce((S, { f }) => f(S), S0));
    // Every layer has entries of its own, so that no two layers commute.
    const outputs = rationalOutputs({ unit, feedForward }, ([name, i]) =>
      rational.fromNumber(((i + 1) * (name.charCodeAt(2) % 10)) ** 2 + i),
    );
    return sameRational(outputs['unit']?.[0], outputs['feedForward']?.[0]);
  },
};

const sameRational = (a: Rational | undefined, b: Rational | undefined): boolean =>
  a !== undefined && b !== undefined && a.equals(b);

/** The outputs of a program over two-channel chains, its entries given by name and index. */
const rationalOutputs = (
  outputs: Readonly<Record<string, Scalar>>,
  entry: (place: readonly [name: string, index: number]) => Rational,
): Values<Rational> => {
  const program = right(typecheck(record(outputs)));
  const values = (tag: 'input' | 'parameter'): Values<Rational> =>
    Object.fromEntries(
      Object.entries(declarations(tag)(program)).map(([name, type]) => [
        name,
        upTo(lengthOf(1)(type)).map((index) => entry([name, index])),
      ]),
    );
  return right(evaluate(rational)(1)(values('parameter'), values('input'))(program));
};

interface FractionCase {
  readonly n: number;
  readonly spins: readonly Rational[];
  readonly coefficients: readonly Rational[];
}

const positive = rationals.map((x) => x.abs().add(1));

export const reciprocalsMakeContinuedFractions: Law<Composition, FractionCase> = {
  statement:
    'with f(x) = 1/(1 + x) and g_i(s) = a_i s the network is the continued fraction a_n s/(1 + a_{n-1} s/(1 + ..)), exactly',
  cases: depths.chain((n) =>
    fc.record({
      n: fc.constant(n),
      spins: fc.array(positive, { minLength: 2, maxLength: 2 }),
      coefficients: fc.array(positive, { minLength: n, maxLength: n }),
    }),
  ),
  holds:
    (composition) =>
    ({ n, spins, coefficients }) => {
      const one = fillField(1, 2)(constant(1));
      const energy = composition({
        layers: upTo(n).map((i) => ({ f: (x) => reciprocal(add(one, x)), g: linear(`a.${i + 1}`) })),
        q: sumOfEntries,
      })(S0);
      const parameters = Object.fromEntries(
        coefficients.map((a, i) => [`a.${i + 1}`, [a, rational.zero, rational.zero, a]]),
      );
      const outputs = right(evaluate(rational)(1)(parameters, { spins })(right(typecheck(record({ energy })))));
      const fraction = (s: Rational): Rational => coefficients.reduce((below, a) => a.mul(s).div(below.add(1)), s);
      const expected = spins.map(fraction).reduce((sum, x) => sum.add(x), rational.zero);
      return sameRational(outputs['energy']?.[0], expected);
    },
};
