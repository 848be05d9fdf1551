/** Polynomials as numbers: a ring, its values, degrees and bodies. */
import { none } from 'fp-ts/lib/Option.js';
import { expect, it } from 'vitest';

import { degreeIn, mostBodies, polynomials, variable, type Polynomial } from '../src/number/polynomial.ts';
import { rational, type Rational } from '../src/number/rational.ts';
import { verify } from './law.ts';
import { conversion, inverses, ring } from './laws/number.ts';
import { constants, degreesAdd, polynomialsIn, valuesFollow, variables, type Ring } from './laws/polynomial.ts';

const field: Ring = polynomials(rational, variables);

const elements = polynomialsIn(field);

const withoutPowers: Ring = {
  ...field,
  mul: (a, b) =>
    field.mul(a, b).map(({ powers, coefficient }) => ({ powers: powers.map((p) => Math.min(p, 1)), coefficient })),
};

verify(ring(elements), field, { 'zero is one': { ...field, zero: field.one } });
verify(inverses(elements, constants), field, { 'sub is reversed': { ...field, sub: (a, b) => field.sub(b, a) } });
verify(conversion<Polynomial<Rational>>(), field, {
  'a number is a variable': {
    ...field,
    fromNumber: (x) => field.mul(field.fromNumber(x), variable(rational, variables)(0)),
  },
});
verify(valuesFollow(elements), field, {
  'x^2 = x': withoutPowers,
  'equal powers count once': {
    ...field,
    add: (a, b) => [...a, ...b.filter(({ powers }) => powers.some((p) => p > 0))],
  },
});
verify(degreesAdd(field, elements), degreeIn, {
  'all variables count': () => degreeIn(variables),
  'the number of factors': mostBodies,
});

it('a body is a variable, whatever its power', () => {
  const x = variable(rational, 3);
  const polynomial = field.add(field.mul(x(0), field.mul(x(0), x(1))), x(2));
  expect([1, 2, 3].map((count) => mostBodies(count)(polynomial))).toEqual([1, 2, 2]);
  expect([mostBodies(3)(field.zero), degreeIn(3)(field.zero)]).toEqual([0, 0]);
});

it('polynomials have no roots, no tanh, and no quotients but by constants', () => {
  expect([field.tanh, field.sqrt(field.one)]).toEqual([none, none]);
  expect(() => field.div(field.one, variable(rational, 3)(0))).toThrow('expected a constant other than 0');
  expect(() => field.div(field.one, field.zero)).toThrow('got 0 terms');
});
