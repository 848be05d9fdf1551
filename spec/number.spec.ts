/** Number fields: their laws, exactness of conversions, and derivatives by dual numbers. */
import fc from 'fast-check';
import { pipe } from 'fp-ts/lib/function.js';
import { map, none, some } from 'fp-ts/lib/Option.js';
import { expect, it } from 'vitest';

import { dual, type Dual } from '../src/number/dual.ts';
import { areFinite } from '../src/number/finite.kernel.ts';
import { float64 } from '../src/number/float64.ts';
import type { NumberField } from '../src/number/number-field.ts';
import { ratio, rational, type Rational } from '../src/number/rational.ts';
import type { Reals } from '../src/number/reals.ts';
import { sumOf } from '../src/number/sum.kernel.ts';
import { smallDyadic } from './arbitraries/numbers.ts';
import { verify } from './law.ts';
import {
  conversion,
  derivativeOfQuotient,
  derivativeOfRoot,
  derivativeOfTanh,
  dyadicConversion,
  inverses,
  nearest,
  onlyInfinitiesAndNaNAreNotFinite,
  ring,
  rootsAreRoots,
  secondDerivative,
  sumsGoOneAfterTheOther,
} from './laws/number.ts';

const nonZero = smallDyadic.filter((x) => x !== 0);
const rationals = fc
  .tuple(smallDyadic, nonZero)
  .map(([p, q]) => rational.div(rational.fromNumber(p), rational.fromNumber(q)));
const nonZeroRationals = rationals.filter((x) => !rational.equals(x, rational.zero));
const duals = fc.record({ value: rationals, derivative: rationals });
const invertibleDuals = fc.record({ value: nonZeroRationals, derivative: rationals });

const dualRational = dual(rational);

type DualField<A> = NumberField<Dual<A>>;

const reversed = <A>(field: NumberField<A>): NumberField<A> => ({ ...field, sub: (a, b) => field.sub(b, a) });

const withoutLeibniz = <A>(field: NumberField<A>): DualField<A> => ({
  ...dual(field),
  mul: (a, b) => ({ value: field.mul(a.value, b.value), derivative: field.mul(a.derivative, b.value) }),
});

const wrongQuotientRule = <A>(field: NumberField<A>): DualField<A> => ({
  ...dual(field),
  div: (a, b) => ({
    value: field.div(a.value, b.value),
    derivative: field.div(field.add(a.derivative, field.mul(a.value, b.derivative)), b.value),
  }),
});

/** As `new Fraction(x)` reads numbers: by their decimal neighbours. */
const decimal: NumberField<Rational> = {
  ...rational,
  fromNumber: (x) => ratio(BigInt(Math.round(x * 1e6)), 1_000_000n),
};

const dividesFloats: NumberField<Rational> = { ...rational, toNumber: ({ s, n, d }) => Number(s * n) / Number(d) };

verify(ring(smallDyadic), float64, { 'zero is one': { ...float64, zero: 1 } });
verify(ring(rationals), rational, { 'mul adds': { ...rational, mul: rational.add } });
verify(ring(duals), dualRational, { 'mul forgets half of Leibniz': withoutLeibniz(rational) });

verify(inverses(smallDyadic, nonZero), float64, { 'sub is reversed': reversed(float64) });
verify(inverses(rationals, nonZeroRationals), rational, {
  'sub is reversed': reversed(rational),
  'there is a remainder': { ...rational, mod: (a, b) => a.mod(b) },
});
verify(inverses(duals, invertibleDuals), dualRational, {
  'the quotient rule has a wrong sign': wrongQuotientRule(rational),
});

verify(conversion<Rational>(), rational, {
  'numbers are read as decimals': decimal,
  'numerator and denominator overflow': dividesFloats,
});
verify(conversion<Dual<Rational>>(), dualRational, {
  'a number varies': {
    ...dualRational,
    fromNumber: (x) => ({ value: rational.zero, derivative: rational.fromNumber(x) }),
  },
});
verify(dyadicConversion, rational, { 'numbers are read as decimals': decimal });
verify(nearest, rational, {
  'numerator and denominator overflow': dividesFloats,
  'towards zero': { ...rational, toNumber: ({ s, n, d }) => (Number(s) * Number((n << 60n) / d)) / 2 ** 60 },
});

verify(derivativeOfQuotient, dualRational, {
  'mul forgets half of Leibniz': withoutLeibniz(rational),
  'the quotient rule has a wrong sign': wrongQuotientRule(rational),
});
verify(secondDerivative, dual(dualRational), { 'mul forgets half of Leibniz': withoutLeibniz(dualRational) });
verify(derivativeOfTanh, dual(float64), {
  'tanh has the derivative 1 - tanh': {
    ...dual(float64),
    tanh: some(({ value, derivative }: Dual<number>) => ({
      value: Math.tanh(value),
      derivative: derivative * (1 - Math.tanh(value)),
    })),
  },
  'there is no tanh': { ...dual(float64), tanh: none },
});

verify(rootsAreRoots, rational, {
  'whatever is not negative has a root': {
    ...rational,
    sqrt: (a) => (a.s >= 0n ? some(rational.fromNumber(Math.sqrt(rational.toNumber(a)))) : none),
  },
  'negative numbers have the root of their modulus': { ...rational, sqrt: (a) => rational.sqrt(a.abs()) },
  'nothing has a root': { ...rational, sqrt: () => none },
});
verify(derivativeOfRoot, dualRational, {
  'the derivative is not halved': {
    ...dualRational,
    sqrt: (a) =>
      pipe(
        dualRational.sqrt(a),
        map(({ value, derivative }) => ({ value, derivative: derivative.mul(2) })),
      ),
  },
});

verify(onlyInfinitiesAndNaNAreNotFinite, areFinite, {
  'their sum is finite': (values) => Number.isFinite(values.reduce((sum, x) => sum + x, 0)),
  'their squares are': (values) => values.every((x) => Number.isFinite(x * x)),
  'they are numbers': (values) => !values.some(Number.isNaN),
  'the last is not looked at': (values) => areFinite(values.subarray(0, -1)),
  'they are normal': (values) => values.every((x) => Number.isFinite(1 / x)),
});

const halvesOf = (values: Reals): readonly [Reals, Reals] => {
  const middle = Math.floor(values.length / 2);
  return [values.subarray(0, middle), values.subarray(middle, values.length)];
};

verify(sumsGoOneAfterTheOther, sumOf, {
  'from the last': (values) => sumOf(Float64Array.from(values).reverse()),
  'the sums of both halves': (values) => {
    const [first, second] = halvesOf(values);
    return sumOf(first) + sumOf(second);
  },
  'the first is left out': (values) => sumOf(values.subarray(1, values.length)),
  'in float32': (values) => values.reduce((sum, x) => Math.fround(sum + x), 0),
});

it('0.1 is not 1/10', () => {
  expect(rational.fromNumber(0.1).toFraction()).toBe('3602879701896397/36028797018963968');
});

it('the smallest float64 is 2^-1074', () => {
  expect(rational.equals(rational.fromNumber(Number.MIN_VALUE), ratio(1n, 1n << 1074n))).toBe(true);
});

it('half of the smallest float64 rounds to even, which is zero, and three quarters round up', () => {
  expect(rational.toNumber(ratio(1n, 1n << 1075n))).toBe(0);
  expect(rational.toNumber(ratio(3n, 1n << 1076n))).toBe(Number.MIN_VALUE);
});

it('what exceeds every float64 is infinite, and what is not finite has no rational value', () => {
  expect(rational.toNumber(ratio(-(1n << 1024n), 1n))).toBe(-Infinity);
  expect(() => rational.fromNumber(NaN)).toThrow('expected a finite number');
});

it('float64 has no root of negative numbers or NaN, and dual numbers none of 0, where the slope is infinite', () => {
  expect([-1, NaN].map(float64.sqrt)).toEqual([none, none]);
  expect([0, 2].map(float64.sqrt)).toEqual([some(0), some(Math.SQRT2)]);
  expect(dualRational.sqrt(dualRational.zero)).toEqual(none);
});

it('rationals have no tanh', () => {
  expect(rational.tanh).toEqual(none);
  expect(dualRational.tanh).toEqual(none);
});
