/** Power series as numbers: the laws of a field but for division by multiples of x, and functions of series. */
import { map, none, some } from 'fp-ts/lib/Option.js';
import { expect, it } from 'vitest';

import { float64 } from '../src/number/float64.ts';
import type { NumberField } from '../src/number/number-field.ts';
import {
  exponentialOf,
  logarithmOf,
  monomial,
  partialSum,
  powerOf,
  powerSeries,
  type PowerSeries,
} from '../src/number/power-series.ts';
import { rational, type Rational } from '../src/number/rational.ts';
import { verify } from './law.ts';
import { conversion, inverses, ring } from './laws/number.ts';
import {
  anySeries,
  binomialSeries,
  dualNumbersAreTwoTerms,
  exponentialOfSum,
  exponentialSeries,
  invertibleSeries,
  logarithmUndoes,
  powersOfPowers,
  rootOfSquare,
  tanhOfSum,
  tanhSeries,
  terms,
} from './laws/power-series.ts';

type Series = PowerSeries<Rational>;

const series = (length: number): NumberField<Series> => powerSeries(rational, length);

const field = series(terms);

const exp = exponentialOf(rational);
const log = logarithmOf(rational);
const power = powerOf(rational);

const termByTerm = (f: (a: Rational, b: Rational) => Rational) => (a: Series, b: Series) =>
  a.map((x, k) => f(x, b[k] ?? rational.zero));

verify(ring(anySeries), field, { 'products are taken term by term': { ...field, mul: termByTerm(rational.mul) } });
verify(inverses(anySeries, invertibleSeries), field, {
  'quotients divide by the constant alone': {
    ...field,
    div: (a, b) => a.map((x) => x.div(b[0] ?? rational.one)),
  },
});
verify(conversion<Series>(), field, {
  'a number is taken for its multiple of x': {
    ...field,
    fromNumber: (x) => monomial(rational, terms)(rational.fromNumber(x), 1),
  },
});

const truncated = (f: (u: Series) => Series) => (u: Series) => f(u).map((c, k) => (k === 2 ? rational.zero : c));

verify(exponentialSeries, exp, { 'a coefficient is missing': truncated(exp) });
verify(exponentialOfSum, exp, { 'a coefficient is missing': truncated(exp) });
verify(
  logarithmUndoes,
  { exp, log },
  {
    'a coefficient is missing': { exp, log: truncated(log) },
    'log is linear': { exp, log: (v) => field.sub(v, field.one) },
  },
);
verify(binomialSeries, power, { 'p + 1 for p': (p) => power(p.add(1)) });
verify(powersOfPowers, power, {
  'p counts as an integer': (p) => power(p.floor()),
  'p + 1 for p': (p) => power(p.add(1)),
});
verify(rootOfSquare, series, {
  'half of the argument': (length) => ({ ...series(length), sqrt: (u) => some(u.map((c) => c.div(2))) }),
});
verify(dualNumbersAreTwoTerms, series, {
  'one term': () => series(1),
  'products are taken term by term': (length) => ({ ...series(length), mul: termByTerm(rational.mul) }),
});

const floatSeries = (length: number) => powerSeries(float64, length);

const wrongTanh = (length: number): NumberField<PowerSeries<number>> => ({
  ...floatSeries(length),
  tanh: map(
    (tanh: (u: PowerSeries<number>) => PowerSeries<number>) => (u: PowerSeries<number>) =>
      tanh(u).map((c, k) => (k === 3 ? -c : c)),
  )(floatSeries(length).tanh),
});

verify(tanhSeries, floatSeries, {
  'a wrong sign': wrongTanh,
  'there is none': (n) => ({ ...floatSeries(n), tanh: none }),
});
verify(tanhOfSum, floatSeries, { 'a wrong sign': wrongTanh });

it('series over rationals have no tanh', () => {
  expect(field.tanh).toEqual(none);
});

it('a truncated series has a value, and the constant is its number', () => {
  expect(partialSum(float64)([1, 2, 3])(10)).toBe(321);
  expect(field.toNumber([rational.fromNumber(7), rational.one])).toBe(7);
});

it('exp, log and powers refuse a series that begins with something else', () => {
  expect(() => exp([rational.one])).toThrow('expected a series that begins with 0, got 1');
  expect(() => log([rational.zero])).toThrow('expected a series that begins with 1, got 0');
  expect(() => power(rational.one)([])).toThrow('expected a series that begins with 1, got 0');
});
