/**
 * Laws of the elementary functions: how far each may be from the truth, in units in the last place of the truth, which
 * integers of 320 bits behind the point tell. Numbers below are fixed: a value x stands as the integer x 2^320.
 */
import fc from 'fast-check';

import { powerOfTwo } from '../../src/number/elementary/words.kernel.ts';
import type { Law } from '../law.ts';

const bits = 320n;
const one = 1n << bits;

/** Exact wherever the last digit of x is worth 2^-320 or more. */
const fixed = (x: number): bigint => {
  const exponent = x === 0 ? 0 : Math.max(-1022, Math.floor(Math.log2(Math.abs(x))));
  const shift = bits + BigInt(exponent) - 60n;
  const digits = BigInt((x / 2 ** exponent) * 2 ** 60);
  return shift >= 0n ? digits << shift : digits >> -shift;
};

const times = (a: bigint, b: bigint): bigint => (a * b) >> bits;
const over = (a: bigint, b: bigint): bigint => (a << bits) / b;
const size = (a: bigint): bigint => (a < 0n ? -a : a);

/** sum of x^k / k! over k = from, from + step, .. with signs that alternate or not; from is 0 or 1. */
const series = (x: bigint, from: 0 | 1, step: 1 | 2, sign: 1n | -1n): bigint => {
  const sum = (term: bigint, k: bigint): bigint => {
    if (term === 0n || term === -1n) {
      return 0n;
    }
    const next = step === 1 ? times(term, x) / (k + 1n) : (sign * times(times(term, x), x)) / ((k + 1n) * (k + 2n));
    return term + sum(next, k + BigInt(step));
  };
  return from === 0 ? sum(one, 0n) : sum(x, 1n);
};

const exact = {
  exp: (x: bigint): bigint => {
    const halved = series(x >> 8n, 0, 1, 1n);
    return Array.from({ length: 8 }).reduce<bigint>((e) => times(e, e), halved);
  },
  sin: (x: bigint): bigint => series(x, 1, 2, -1n),
  cos: (x: bigint): bigint => series(x, 0, 2, -1n),
  sinh: (x: bigint): bigint => series(x, 1, 2, 1n),
  cosh: (x: bigint): bigint => series(x, 0, 2, 1n),
};

/** A unit in the last place of a float64 next to the exact value. */
const unit = (value: bigint): bigint => {
  const length = size(value).toString(2).length;
  return 1n << BigInt(Math.max(0, length - 53));
};

/** How many units an error is, of a value. */
const units = (error: bigint, value: bigint): number => Number((1000n * size(error)) / unit(value)) / 1000;

type Real = (x: number) => number;

const within =
  (bound: number, truth: (x: bigint) => bigint) =>
  (f: Real) =>
  (x: number): boolean => {
    const value = truth(fixed(x));
    const found = f(x);
    return Number.isFinite(found) && units(fixed(found) - value, value) <= bound;
  };

const real = (most: number): fc.Arbitrary<number> =>
  fc
    .tuple(fc.double({ min: 1, max: 2, noNaN: true }), fc.integer({ min: -30, max: 10 }), fc.boolean())
    .map(([m, e, negative]) => (negative ? -1 : 1) * m * 2 ** e)
    .filter((x) => Math.abs(x) <= most);

const law = (statement: string, most: number, holds: (f: Real) => (x: number) => boolean): Law<Real, number> => ({
  statement,
  cases: real(most),
  holds,
  runs: 1000,
});

export const expIsTheSeries = law('e^x is within one unit of sum x^k / k!', 40, within(1, exact.exp));

export const expm1IsTheSeries = law(
  'e^x - 1 is within one unit of sum x^k / k! without its first term',
  40,
  within(1, (x) => exact.exp(x) - one),
);

export const sinhIsTheSeries = law('sinh x is within two units of its series', 40, within(2, exact.sinh));

export const tanhIsTheQuotient = law(
  'tanh x is within two units of sinh x / cosh x',
  30,
  within(2, (x) => over(exact.sinh(x), exact.cosh(x))),
);

export const sinIsTheSeries = law('sin x is within one unit of its series', 60, within(1, exact.sin));

export const cosIsTheSeries = law('cos x is within one unit of its series', 60, within(1, exact.cos));

/** x e^-y - 1 is log x - y, up to its square. */
export const logUndoesExp: Law<Real, number> = {
  statement: 'log x is within one unit of the y with e^y = x',
  cases: real(1000).map(Math.abs),
  runs: 1000,
  holds: (log) => (x) => {
    const y = fixed(log(x));
    return x === 1 ? y === 0n : units(times(fixed(x), exact.exp(-y)) - one, y) <= 1;
  },
};

export const log1pUndoesExpm1: Law<Real, number> = {
  statement: 'log(1 + x) is within one unit of the y with e^y - 1 = x',
  cases: real(1000).filter((x) => x > -0.999),
  runs: 1000,
  holds: (log1p) => (x) => {
    const y = fixed(log1p(x));
    return units(times(one + fixed(x), exact.exp(-y)) - one, y) <= 1;
  },
};

export const asinhUndoesSinh: Law<Real, number> = {
  statement: 'asinh x is within two units of the y with sinh y = x',
  cases: real(2000),
  runs: 1000,
  holds: (asinh) => (x) => {
    const y = fixed(asinh(x));
    return units(over(exact.sinh(y) - fixed(x), exact.cosh(y)), y) <= 2;
  },
};

type Plane = (y: number, x: number) => number;

const plane = fc.tuple(real(1000), real(1000));

/** Turned back by its argument, x + i y lies on the positive axis: what is left is r times the error. */
export const argumentTurnsBack: Law<Plane, readonly [number, number]> = {
  statement: 'x + i y turned by -atan2(y, x) is real and positive within two units of the angle',
  cases: plane,
  runs: 1000,
  holds:
    (atan2) =>
    ([y, x]) => {
      const angle = fixed(atan2(y, x));
      const [re, im] = [fixed(x), fixed(y)];
      const [c, s] = [exact.cos(angle), exact.sin(angle)];
      const along = times(re, c) + times(im, s);
      return along > 0n && units(over(times(im, c) - times(re, s), along), angle) <= 2;
    },
};

/** v^2 - (x^2 + y^2) is 2 v times the error. */
export const hypotenuseIsPythagoras: Law<Plane, readonly [number, number]> = {
  statement: 'hypot(x, y)^2 = x^2 + y^2 within two units of the root',
  cases: plane,
  runs: 1000,
  holds:
    (hypot) =>
    ([x, y]) => {
      const v = fixed(hypot(x, y));
      const error = times(v, v) - times(fixed(x), fixed(x)) - times(fixed(y), fixed(y));
      return units(over(error, 2n * v), v) <= 2;
    },
};

/** Exact integers: x = m 2^-52, and (x^(p/q))^q = x^p. */
export const powersAreProducts: Law<Plane, readonly [number, number, number]> = {
  statement: 'pow(x, p / q)^q = x^p within one unit of the power',
  cases: fc.tuple(
    fc.double({ min: 0.3, max: 3, noNaN: true }),
    fc.integer({ min: -40, max: 40 }),
    fc.constantFrom(1, 2, 4),
  ),
  runs: 1000,
  holds: (pow) => {
    const product = (a: bigint, n: number): bigint =>
      Array.from({ length: n }).reduce<bigint>((sum) => times(sum, a), one);
    return ([x, p, q]) => {
      const v = fixed(pow(x, p / q));
      const power = product(fixed(x), Math.abs(p));
      const truth = p < 0 ? over(one, power) : power;
      // (v (1 + e))^q = v^q (1 + q e).
      const relative = over(product(v, q) - truth, truth) / BigInt(q);
      return units(times(relative, v), v) <= 1;
    };
  },
};

/** Doubled 200 times, cos t and sin t keep 120 of their 320 bits; pi is not needed. */
export const largeAnglesAreDoubled: Law<{ readonly sin: Real; readonly cos: Real }, readonly [number, number]> = {
  statement: 'sin and cos of 2^n t, n up to 200, are within one unit of what n doublings of the angle t give',
  cases: fc.tuple(fc.double({ min: 1, max: 2, noNaN: true }), fc.integer({ min: 15, max: 200 })),
  runs: 300,
  holds: ({ sin, cos }) => {
    const doubled = ([c, s]: readonly [bigint, bigint]): readonly [bigint, bigint] => [
      2n * times(c, c) - one,
      2n * times(s, c),
    ];
    return ([t, n]) => {
      const start = [exact.cos(fixed(t)), exact.sin(fixed(t))] as const;
      const [c, s] = Array.from({ length: n }).reduce<readonly [bigint, bigint]>(doubled, start);
      const x = t * powerOfTwo(n);
      return units(fixed(cos(x)) - c, c) <= 1 && units(fixed(sin(x)) - s, s) <= 1;
    };
  },
};
