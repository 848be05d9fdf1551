/** Laws of polynomials: their values, and their degrees. */
import fc from 'fast-check';

import type { NumberField } from '../../src/number/number-field.ts';
import type { Polynomial } from '../../src/number/polynomial.ts';
import { ratio, rational, type Rational } from '../../src/number/rational.ts';
import type { Law } from '../law.ts';
import { rationals } from './exact-reduction.ts';

type InRationals = Polynomial<Rational>;

export const variables = 3;

/** Up to four terms; equal powers may come twice, as after an addition. */
export const polynomialsIn = (field: NumberField<InRationals>): fc.Arbitrary<InRationals> =>
  fc
    .array(fc.tuple(fc.array(fc.nat(2), { minLength: variables, maxLength: variables }), rationals), { maxLength: 4 })
    .map((terms) =>
      terms.reduce<InRationals>((sum, [powers, coefficient]) => field.add(sum, [{ powers, coefficient }]), field.zero),
    );

export const constants = rationals
  .filter((a) => !a.equals(0))
  .map((coefficient): InRationals => [{ powers: Array.from({ length: variables }, () => 0), coefficient }]);

const valueAt = (polynomial: InRationals, point: readonly Rational[]): Rational =>
  polynomial.reduce(
    (sum, { powers, coefficient }) =>
      sum.add(powers.reduce((product, power, i) => product.mul((point[i] ?? rational.one).pow(power)), coefficient)),
    rational.zero,
  );

export type Ring = NumberField<InRationals>;

export const valuesFollow = (
  elements: fc.Arbitrary<InRationals>,
): Law<Ring, readonly [InRationals, InRationals, readonly Rational[]]> => ({
  statement: 'the value of a sum, difference or product is that of the values, exactly',
  cases: fc.tuple(elements, elements, fc.array(rationals, { minLength: variables, maxLength: variables })),
  holds:
    ({ add, sub, mul }) =>
    ([p, q, x]) =>
      valueAt(add(p, q), x).equals(valueAt(p, x).add(valueAt(q, x))) &&
      valueAt(sub(p, q), x).equals(valueAt(p, x).sub(valueAt(q, x))) &&
      valueAt(mul(p, q), x).equals(valueAt(p, x).mul(valueAt(q, x))),
});

export const degreesAdd = (
  ring: Ring,
  elements: fc.Arbitrary<InRationals>,
): Law<(count: number) => (p: InRationals) => number, readonly [InRationals, InRationals, number]> => ({
  statement: 'the degree of a product is the sum of the degrees, in all variables or in the first few',
  cases: fc.tuple(
    elements.filter((p) => p.length > 0),
    elements.filter((p) => p.length > 0),
    fc.integer({ min: 1, max: variables }),
  ),
  holds:
    (degree) =>
    ([p, q, count]) =>
      degree(count)(ring.mul(p, q)) === degree(count)(p) + degree(count)(q) &&
      degree(count)([{ powers: [1, 2, 4], coefficient: ratio(1n, 1n) }]) === 2 ** count - 1,
});
