/**
 * Exact rational numbers as a number field: p/q with integers of any size. There is no tanh: it has no rational values.
 *
 * Conversions take float64 numbers for what they are, p * 2^e, so that `toNumber(fromNumber(x)) === x` for every finite x.
 * The constructor of fraction.js would take 0.1 for 1/10; the float64 0.1 is 3602879701896397/36028797018963968.
 */
import { none, some } from 'fp-ts/lib/Option.js';
import Fraction from 'fraction.js';

import type { NumberField } from './number-field.ts';
import { powerOfTwo } from './elementary/words.kernel.ts';

/** An exact rational number of arbitrary size. */
export type Rational = Fraction;

/** p/q in lowest terms; q is not 0. */
export const ratio = (p: bigint, q: bigint): Rational => new Fraction(p, q);

const zero = ratio(0n, 1n);

const bitsOf = (x: number): bigint => new BigUint64Array(new Float64Array([x]).buffer)[0] ?? 0n;

/** The bits of a float64 are: sign, 11 of the exponent, 52 of the significand, whose leading 1 is implied unless the exponent is 0. */
const fromNumber = (x: number): Rational => {
  if (!Number.isFinite(x)) {
    throw new RangeError(`expected a finite number, got ${x}: check numbers before they meet exact arithmetic`);
  }
  const bits = bitsOf(x);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const significand = exponent === 0n ? fraction : fraction | (1n << 52n);
  const power = (exponent === 0n ? 1n : exponent) - 1075n;
  const signed = x < 0 ? -significand : significand;
  return power >= 0n ? ratio(signed << power, 1n) : ratio(signed, 1n << -power);
};

const bitLength = (n: bigint): number => n.toString(2).length;

const shift = (n: bigint, by: number): bigint => (by >= 0 ? n << BigInt(by) : n);

/** p/q rounded to an integer; of two equally near, to the even one. */
const roundedQuotient = (p: bigint, q: bigint): bigint => {
  const floor = p / q;
  const twiceRest = 2n * (p - floor * q);
  return twiceRest > q || (twiceRest === q && floor % 2n === 1n) ? floor + 1n : floor;
};

/** The exponent e with 2^e <= p/q < 2^(e+1), for p, q > 0. */
const exponentOf = (p: bigint, q: bigint): number => {
  const guess = bitLength(p) - bitLength(q);
  return shift(p, -guess) >= shift(q, guess) ? guess : guess - 1;
};

/** Counts in units of the last place of the result, which is 2^-1074 for the smallest numbers, so it rounds once. */
const toNumber = ({ s, n, d }: Rational): number => {
  if (n === 0n) {
    return 0;
  }
  const places = Math.min(52 - exponentOf(n, d), 1074);
  const units = roundedQuotient(shift(n, places), shift(d, -places));
  return Number(s) * Number(units) * powerOfTwo(-places);
};

/** The largest integer whose square is at most n, by Newton's iteration, which falls to it from any larger start. */
const wholeRoot = (n: bigint): bigint => {
  const fallen = (x: bigint): bigint => {
    const next = (x + n / x) / 2n;
    return next >= x ? x : fallen(next);
  };
  return n === 0n ? 0n : fallen(1n << BigInt(Math.ceil(bitLength(n) / 2)));
};

/** The field of rational numbers, exact at any size. */
export const rational: NumberField<Rational> = {
  name: 'rational',
  zero,
  one: ratio(1n, 1n),
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  div: (a, b) => a.div(b),
  mod: () => zero,
  degree: () => 1,
  equals: (a, b) => a.equals(b),
  fromNumber,
  toNumber,
  tanh: none,
  sqrt: (a) => {
    const [p, q] = [wholeRoot(a.n), wholeRoot(a.d)];
    return a.s >= 0n && p * p === a.n && q * q === a.d ? some(ratio(p, q)) : none;
  },
};
