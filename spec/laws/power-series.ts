/** Laws of power series: closed forms, functional equations, and dual numbers as the series of two terms. */
import fc from 'fast-check';
import { isNone, toNullable } from 'fp-ts/lib/Option.js';

import { dual } from '../../src/number/dual.ts';
import type { NumberField } from '../../src/number/number-field.ts';
import type { PowerSeries } from '../../src/number/power-series.ts';
import { rational, type Rational } from '../../src/number/rational.ts';
import { smallDyadic } from '../arbitraries/numbers.ts';
import type { Law } from '../law.ts';
import { rationals } from './exact-reduction.ts';

type Series = PowerSeries<Rational>;

type SeriesOf = (terms: number) => NumberField<Series>;

export const terms = 6;

const { zero, one, add, sub, mul, div, fromNumber } = rational;

/** The series a + .. of so many terms, a given. */
const beginningWith = (a: Rational): fc.Arbitrary<Series> =>
  fc.array(rationals, { minLength: terms - 1, maxLength: terms - 1 }).map((rest) => [a, ...rest]);

export const anySeries: fc.Arbitrary<Series> = fc.array(rationals, { minLength: terms, maxLength: terms });

export const invertibleSeries: fc.Arbitrary<Series> = anySeries.filter(([first]) => !(first?.equals(0) ?? true));

export const sameSeries = (a: Series, b: Series): boolean =>
  a.length === b.length && a.every((x, k) => b[k]?.equals(x) ?? false);

/** 1, f(1), f(1) f(2), .. */
const runningProducts = (f: (k: number) => Rational): Series =>
  Array.from({ length: terms - 1 }, (_, i) => f(i + 1)).reduce<Series>(
    (known, factor) => [...known, mul(known.at(-1) ?? one, factor)],
    [one],
  );

const linear = (first: Rational, a: Rational): Series => [first, a, ...Array.from({ length: terms - 2 }, () => zero)];

export const exponentialSeries: Law<(u: Series) => Series, Rational> = {
  statement: 'exp(a x) has the coefficients a^k / k!, exactly',
  cases: rationals,
  holds: (exp) => (a) =>
    sameSeries(
      exp(linear(zero, a)),
      runningProducts((k) => div(a, fromNumber(k))),
    ),
};

export const exponentialOfSum: Law<(u: Series) => Series, readonly [Series, Series]> = {
  statement: 'exp(u + v) = exp u exp v, exactly',
  cases: fc.tuple(beginningWith(zero), beginningWith(zero)),
  holds: (exp) => {
    // The product of two series, by the coefficients of their product as polynomials.
    const product = (a: Series, b: Series): Series =>
      a.map((_, k) => a.slice(0, k + 1).reduce((sum, x, j) => add(sum, mul(x, b[k - j] ?? zero)), zero));
    return ([u, v]) => sameSeries(exp(u.map((x, k) => add(x, v[k] ?? zero))), product(exp(u), exp(v)));
  },
};

export const logarithmUndoes: Law<
  { readonly exp: (u: Series) => Series; readonly log: (v: Series) => Series },
  Series
> = {
  statement: 'log exp u = u, exactly',
  cases: beginningWith(zero),
  holds:
    ({ exp, log }) =>
    (u) =>
      sameSeries(log(exp(u)), u),
};

export type PowerOf = (p: Rational) => (v: Series) => Series;

export const binomialSeries: Law<PowerOf, readonly [Rational, Rational]> = {
  statement: '(1 + a x)^p has the coefficients a^k p (p - 1) .. (p - k + 1) / k!, exactly',
  cases: fc.tuple(rationals, rationals),
  holds:
    (power) =>
    ([p, a]) =>
      sameSeries(
        power(p)(linear(one, a)),
        runningProducts((k) => mul(a, div(sub(p, fromNumber(k - 1)), fromNumber(k)))),
      ),
};

export const powersOfPowers: Law<PowerOf, readonly [Rational, Rational, Series]> = {
  statement: '(v^p)^q = v^(p q) and v^1 = v, exactly',
  cases: fc.tuple(rationals, rationals, beginningWith(one)),
  holds:
    (power) =>
    ([p, q, v]) =>
      sameSeries(power(q)(power(p)(v)), power(mul(p, q))(v)) && sameSeries(power(one)(v), v),
};

export const rootOfSquare: Law<SeriesOf, Series> = {
  statement: 'sqrt(v^2) = v or -v, whichever begins with a positive number; multiples of x have no root',
  cases: invertibleSeries,
  holds: (series) => (v) => {
    const field = series(terms);
    const root = toNullable(field.sqrt(field.mul(v, v)));
    const expected = field.mul(field.fromNumber(Number(v[0]?.s ?? 1)), v);
    return root !== null && sameSeries(root, expected) && isNone(field.sqrt(linear(zero, one)));
  },
};

export const dualNumbersAreTwoTerms: Law<SeriesOf, readonly [Series, Series]> = {
  statement: 'with two terms, products and quotients are those of dual numbers, exactly',
  cases: fc.tuple(anySeries, invertibleSeries),
  holds:
    (series) =>
    ([a, b]) => {
      const duals = dual(rational);
      const asDual = ([value = zero, derivative = zero]: Series) => ({ value, derivative });
      const two = series(2);
      return (
        duals.equals(asDual(two.mul(a, b)), duals.mul(asDual(a), asDual(b))) &&
        duals.equals(asDual(two.div(a, b)), duals.div(asDual(a), asDual(b)))
      );
    },
};

/** The powers of x up to the seventh of tanh x, from the Bernoulli numbers. */
const tanhCoefficients = [0, 1, 0, -1 / 3, 0, 2 / 15, 0, -17 / 315];

/** A few roundings a coefficient, each of a sum of at most eight terms below 1. */
export const tanhSeries: Law<(length: number) => NumberField<PowerSeries<number>>, number> = {
  statement: 'tanh(a x) has the coefficients of x - x^3/3 + 2 x^5/15 - 17 x^7/315 times a^k',
  cases: smallDyadic.map((a) => a / 8),
  holds: (series) => (a) => {
    const found = toNullable(series(8).tanh)?.([0, a]) ?? [];
    return tanhCoefficients.every((c, k) => Math.abs((found[k] ?? NaN) - c * a ** k) <= 1e-14);
  },
};

export const tanhOfSum: Law<(length: number) => NumberField<PowerSeries<number>>, readonly [number, number]> = {
  statement: 'tanh(c + a x) = (tanh c + tanh a x) / (1 + tanh c tanh a x)',
  cases: fc.tuple(smallDyadic, smallDyadic).map(([c, a]) => [c / 8, a / 8] as const),
  holds:
    (series) =>
    ([c, a]) => {
      const field = series(8);
      const tanh = toNullable(field.tanh) ?? (() => []);
      const shift = field.fromNumber(Math.tanh(c));
      const inner = tanh([0, a]);
      const expected = field.div(field.add(shift, inner), field.add(field.one, field.mul(shift, inner)));
      return tanh([c, a]).every((x, k) => Math.abs(x - (expected[k] ?? NaN)) <= 1e-13);
    },
};
