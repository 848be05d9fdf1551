/** Laws of number fields, of the exact conversion from float64, and of dual numbers. */
import fc from 'fast-check';
import { isNone, toNullable } from 'fp-ts/lib/Option.js';

import type { Dual } from '../../src/number/dual.ts';
import type { areFinite } from '../../src/number/finite.kernel.ts';
import type { NumberField } from '../../src/number/number-field.ts';
import { ratio, type Rational } from '../../src/number/rational.ts';
import type { sumOf } from '../../src/number/sum.kernel.ts';
import { finiteNumber, quotient, smallDyadic } from '../arbitraries/numbers.ts';
import { ofAllMagnitudes } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';

export type FieldLaw<A> = Law<NumberField<A>, readonly [A, A, A]>;

/** Addition and multiplication, for elements which the field adds and multiplies without rounding. */
export const ring = <A>(elements: fc.Arbitrary<A>): FieldLaw<A> => ({
  statement: 'add and mul are commutative, associative and distributive, with zero and one',
  cases: fc.tuple(elements, elements, elements),
  holds:
    ({ add, mul, zero, one, equals }) =>
    ([a, b, c]) =>
      equals(add(a, b), add(b, a)) &&
      equals(mul(a, b), mul(b, a)) &&
      equals(add(add(a, b), c), add(a, add(b, c))) &&
      equals(mul(mul(a, b), c), mul(a, mul(b, c))) &&
      equals(mul(a, add(b, c)), add(mul(a, b), mul(a, c))) &&
      equals(add(a, zero), a) &&
      equals(mul(a, one), a),
});

/** Subtraction and division undo addition and multiplication; `invertible` draws what can be divided by. */
export const inverses = <A>(elements: fc.Arbitrary<A>, invertible: fc.Arbitrary<A>): FieldLaw<A> => ({
  statement: '(a + b) - b = a, (a b) / b = a, and no remainder is left',
  cases: fc.tuple(elements, elements, invertible),
  holds:
    ({ add, sub, mul, div, mod, zero, equals }) =>
    ([a, b, c]) =>
      equals(sub(add(a, b), b), a) &&
      equals(add(sub(a, b), b), a) &&
      equals(div(mul(a, c), c), a) &&
      equals(mod(a, c), zero),
});

export const conversion = <A>(): Law<NumberField<A>, number> => ({
  statement: 'toNumber(fromNumber(x)) = x for every finite float64 x',
  cases: finiteNumber,
  holds: (field) => (x) => field.toNumber(field.fromNumber(x)) === x,
  runs: 500,
});

/** Doubling and dropping the integer part are exact in float64, so they read the binary digits off one by one. */
export const dyadicConversion: Law<NumberField<Rational>, number> = {
  statement: 'fromNumber(x) is the sum of the binary digits of x, each times its power of two',
  cases: ofAllMagnitudes(-1e9, 1e9),
  holds: (field) => (x) => {
    const exact = ratio(BigInt(Math.trunc(x)), 1n);
    const binaryDigits = (rest: number, places: readonly number[]): readonly number[] =>
      rest === 0 ? places : binaryDigits((rest * 2) % 1, [...places, Math.trunc(rest * 2)]);
    const digits = binaryDigits(x % 1, []);
    const numerator = digits.reduce((n, digit) => 2n * n + BigInt(digit), 0n);
    return field.equals(field.fromNumber(x), exact.add(ratio(numerator, 1n << BigInt(digits.length))));
  },
  runs: 200,
};

const nextUp = (x: number): number => {
  const bits = new BigInt64Array(new Float64Array([Math.abs(x)]).buffer)[0] ?? 0n;
  return new Float64Array(new BigInt64Array([bits + 1n]).buffer)[0] ?? 0;
};

const nextDown = (x: number): number => {
  const bits = new BigInt64Array(new Float64Array([Math.abs(x)]).buffer)[0] ?? 0n;
  return bits === 0n ? -Number.MIN_VALUE : (new Float64Array(new BigInt64Array([bits - 1n]).buffer)[0] ?? 0);
};

/** Neighbours below and above |x|; the distance to them, in exact arithmetic, tells whether x is the nearest. */
export const nearest: Law<NumberField<Rational>, readonly [bigint, bigint]> = {
  statement: 'toNumber(p/q) is the float64 nearest to p/q',
  cases: quotient,
  holds:
    ({ toNumber, fromNumber }) =>
    ([p, q]) => {
      const exact = ratio(p < 0n ? -p : p, q);
      const rounded = toNumber(ratio(p, q));
      const distance = (x: number): Rational =>
        (Number.isFinite(x) ? fromNumber(x) : ratio(1n << 1024n, 1n)).sub(exact).abs();
      const best = distance(Math.abs(rounded));
      return (
        (rounded < 0 === p < 0n || rounded === 0) &&
        best.compare(distance(nextUp(rounded))) <= 0 &&
        best.compare(distance(nextDown(rounded))) <= 0
      );
    },
  runs: 500,
};

type DualField<A> = NumberField<Dual<A>>;

/** d/dx of (x^2 + 3) / (x - 20) is (x^2 - 40 x - 3) / (x - 20)^2, for |x| <= 8. */
export const derivativeOfQuotient: Law<DualField<Rational>, number> = {
  statement: 'a dual number carries the derivative of a rational function, exactly',
  cases: smallDyadic,
  holds: (field) => (x) => {
    const { add, sub, mul, div, fromNumber, toNumber } = field;
    const at = { value: fromNumber(x).value, derivative: field.one.value };
    const f = div(add(mul(at, at), fromNumber(3)), sub(at, fromNumber(20)));
    const expected = div(fromNumber(x * x - 40 * x - 3), fromNumber((x - 20) * (x - 20)));
    return (
      toNumber(f) === toNumber(div(fromNumber(x * x + 3), fromNumber(x - 20))) && f.derivative.equals(expected.value)
    );
  },
};

/** tanh' = 1 / cosh^2. Rounding: a few units of 2^-53 in tanh, cosh and their squares, so eight are allowed. */
export const derivativeOfTanh: Law<DualField<number>, number> = {
  statement: 'd tanh(2 x)/dx = 2 / cosh(2 x)^2',
  cases: smallDyadic,
  holds: (field) => (x) => {
    const tanh = toNullable(field.tanh);
    const { value, derivative } = tanh?.({ value: 2 * x, derivative: 2 }) ?? { value: NaN, derivative: NaN };
    return value === Math.tanh(2 * x) && Math.abs(derivative - 2 / Math.cosh(2 * x) ** 2) <= 2 ** -49;
  },
};

/** Two is no square among the rationals, so neither is twice a square other than 0. */
export const rootsAreRoots: Law<NumberField<Rational>, readonly [bigint, bigint]> = {
  statement: 'sqrt(a^2) = |a|, and 2 a^2 and -a^2 have no rational root unless a = 0, for numbers of any size',
  cases: fc.tuple(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), fc.bigInt({ min: 1n, max: 2n ** 80n })),
  holds:
    ({ sqrt, mul, equals, zero }) =>
    ([p, q]) => {
      const a = ratio(p, q);
      const root = toNullable(sqrt(mul(a, a)));
      const hasNone = (b: Rational): boolean => isNone(sqrt(b));
      return (
        root !== null &&
        equals(root, a.abs()) &&
        (equals(a, zero) || (hasNone(mul(a, a).mul(2)) && hasNone(mul(a, a).neg())))
      );
    },
};

/** sqrt((x^2 + 1)^2) = x^2 + 1 has the derivative 2 x. */
export const derivativeOfRoot: Law<DualField<Rational>, number> = {
  statement: 'a root carries its derivative: that of the square of a polynomial is the polynomial, exactly',
  cases: smallDyadic,
  holds: (field) => (x) => {
    const { add, mul, fromNumber, one, sqrt } = field;
    const at = { value: fromNumber(x).value, derivative: one.value };
    const polynomial = add(mul(at, at), one);
    const root = toNullable(sqrt(mul(polynomial, polynomial)));
    return root?.value.equals(fromNumber(x * x + 1).value) === true && root.derivative.equals(fromNumber(2 * x).value);
  },
};

/** Taylor: x^3 at x + eps1 + eps2 has 6 x before eps1 eps2. */
export const secondDerivative: Law<NumberField<Dual<Dual<Rational>>>, number> = {
  statement: 'dual numbers over dual numbers carry the second derivative: (x^3)" = 6 x',
  cases: smallDyadic,
  holds: (field) => (x) => {
    const { mul, fromNumber, one, zero } = field;
    const inner = { value: fromNumber(x).value.value, derivative: one.value.value };
    const at = { value: inner, derivative: { value: one.value.value, derivative: zero.value.value } };
    const cube = mul(at, mul(at, at));
    return cube.derivative.derivative.equals(fromNumber(6 * x).value.value);
  },
};

/** Finite numbers at all borders of float64: signed zeros, the smallest, and the largest, of which two have no finite sum. */
const finite = fc.oneof(
  fc.constantFrom(0, -0, Number.MIN_VALUE, -Number.MIN_VALUE, 2 ** -1022, Number.MAX_VALUE, -Number.MAX_VALUE),
  finiteNumber,
);

export const onlyInfinitiesAndNaNAreNotFinite: Law<
  typeof areFinite,
  { readonly values: readonly number[]; readonly wrong: readonly (readonly [place: number, value: number])[] }
> = {
  statement: 'numbers are finite unless one of them, anywhere, is NaN or infinite, be there others of the other sign',
  cases: fc.record({
    values: fc.array(finite, { maxLength: 40 }),
    wrong: fc.array(fc.tuple(fc.nat({ max: 40 }), fc.constantFrom(NaN, Infinity, -Infinity)), { maxLength: 2 }),
  }),
  runs: 300,
  holds:
    (isFinite) =>
    ({ values, wrong }) =>
      isFinite(Float64Array.from(values)) &&
      isFinite(Float64Array.from(wrong.reduce((all, [place, value]) => all.toSpliced(place, 0, value), values))) ===
        (wrong.length === 0),
};

/** Whole numbers of so few bits that no sum of them is rounded, and then thirds, which round at each step. */
export const sumsGoOneAfterTheOther: Law<typeof sumOf, readonly number[]> = {
  statement:
    'a sum of small whole numbers is exact, and one of thirds is rounded number after number, from the first to the last',
  cases: fc.array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { maxLength: 60 }),
  holds: (sum) => (values) => {
    const exact = values.reduce((all, x) => all + BigInt(x), 0n);
    const thirds = values.map((x) => x / 3);
    const rounded = thirds.reduce((all, x) => all + x, 0);
    return BigInt(sum(Float64Array.from(values))) === exact && Object.is(sum(Float64Array.from(thirds)), rounded);
  },
};
