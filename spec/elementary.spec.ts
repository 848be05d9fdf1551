/** The elementary functions against exact integers, and at the values that the language fixes. */
import { describe, expect, it } from 'vitest';

import { atan, atan2 } from '../src/number/elementary/arctangent.kernel.ts';
import { exp, expm1 } from '../src/number/elementary/exponential.kernel.ts';
import { asinh, sinh, tanh } from '../src/number/elementary/hyperbolic.kernel.ts';
import { hypot } from '../src/number/elementary/hypotenuse.ts';
import { log, log1p } from '../src/number/elementary/logarithm.kernel.ts';
import { pow } from '../src/number/elementary/power.kernel.ts';
import { cos, sin } from '../src/number/elementary/trigonometric.kernel.ts';
import { exponentOf, powerOfTwo } from '../src/number/elementary/words.kernel.ts';
import { verify } from './law.ts';
import * as laws from './laws/elementary.ts';

/** Two to four units in the last place more. */
const slightly = 1 + 4 * Number.EPSILON;

verify(laws.expIsTheSeries, exp, {
  'some units more beyond 0.3': (x) => exp(x) * (Math.abs(x) > 0.3 ? slightly : 1),
  'a power of e in float64': (x) => Math.E ** Math.trunc(x) * exp(x - Math.trunc(x)),
});
verify(laws.expm1IsTheSeries, expm1, { 'exp - 1': (x) => exp(x) - 1 });
verify(laws.sinhIsTheSeries, sinh, { 'half the difference of exponentials': (x) => (exp(x) - exp(-x)) / 2 });
verify(laws.tanhIsTheQuotient, tanh, {
  'the quotient of exponentials': (x) => (exp(x) - exp(-x)) / (exp(x) + exp(-x)),
  'the 13/6 rational of float32': (x) => Math.fround(tanh(x)),
});
verify(laws.sinIsTheSeries, sin, {
  'pi is its float64': (x) => sin(x - 2 * Math.PI * Math.round(x / (2 * Math.PI))),
  'the next quarter': (x) => cos(x),
});
verify(laws.cosIsTheSeries, cos, {
  'pi is its float64': (x) => cos(x - 2 * Math.PI * Math.round(x / (2 * Math.PI))),
  'sin of the complement': (x) => sin(Math.PI / 2 - x),
});
verify(laws.logUndoesExp, log, { 'by the logarithm to base 2': (x) => Math.log2(x) * Math.LN2 });
verify(laws.log1pUndoesExpm1, log1p, { 'log of the rounded sum': (x) => log(1 + x) });
verify(laws.asinhUndoesSinh, asinh, { 'the defining formula': (x) => log(x + Math.sqrt(x * x + 1)) });
verify(laws.argumentTurnsBack, atan2, {
  'the left half plane is forgotten': (y, x) => atan(y / x),
  'pi is its float64': (y, x) => (x < 0 ? atan(y / x) + (y < 0 ? -Math.PI : Math.PI) : atan(y / x)) * slightly,
  'the parts change places': (y, x) => atan2(x, y),
});
verify(laws.hypotenuseIsPythagoras, hypot, { 'the larger part': (x, y) => Math.max(Math.abs(x), Math.abs(y)) });
verify(laws.powersAreProducts, pow, {
  'e^(y log x)': (x, y) => exp(y * log(x)),
  'the exponent is rounded down': (x, y) => pow(x, Math.floor(y)),
});
verify(
  laws.largeAnglesAreDoubled,
  { sin, cos },
  {
    'the remainder by a float64 period': {
      sin: (x) => sin(x % (2 * Math.PI)),
      cos: (x) => cos(x % (2 * Math.PI)),
    },
  },
);

describe('special values', () => {
  const edges = [0, -0, 1, -1, Infinity, -Infinity, NaN, 5e-324, -1e308, 0.5, -2.5, 3, 2 ** 53, 710, -746];
  const functions = { exp, expm1, log, log1p, tanh, sinh, asinh, atan, sin, cos };
  const isNear = (x: number, y: number): boolean =>
    Object.is(x, y) || Math.abs(x - y) <= 4 * Number.EPSILON * Math.abs(y);

  it.each(Object.entries(functions))('%s is what the language says', (name, f) => {
    const theirs = new Map(Object.entries({ ...functions, ...mathOf })).get(name) ?? f;
    expect(edges.filter((x) => !isNear(f(x), theirs(x)))).toEqual([]);
  });

  it.each([
    ['atan2', atan2, Math.atan2],
    ['pow', pow, Math.pow],
    ['hypot', hypot, Math.hypot],
  ] as const)('%s is what the language says', (_, f, theirs) => {
    const pairs = edges.flatMap((x) => edges.map((y) => [x, y] as const));
    expect(pairs.filter(([x, y]) => !isNear(f(x, y), theirs(x, y)))).toEqual([]);
  });
});

const { exp: e, expm1: em, log: l, log1p: lp, tanh: th, sinh: sh, asinh: ash, atan: at, sin: s, cos: c } = Math;
const mathOf = { exp: e, expm1: em, log: l, log1p: lp, tanh: th, sinh: sh, asinh: ash, atan: at, sin: s, cos: c };

describe('powers of two', () => {
  it('are exact, from the smallest to the largest, and undone by exponentOf', () => {
    const exponents = Array.from({ length: 2098 }, (_, i) => i - 1074);
    const doubled = (n: number): number => (n < 1 ? powerOfTwo(n) * 2 : powerOfTwo(n - 1) * 2);
    expect(exponents.filter((n) => exponentOf(powerOfTwo(n)) !== n)).toEqual([]);
    expect(exponents.filter((n) => n < 1023 && n < 1 && doubled(n) !== powerOfTwo(n + 1))).toEqual([]);
    expect([powerOfTwo(0), powerOfTwo(-1075), powerOfTwo(1024)]).toEqual([1, 0, Infinity]);
  });
});
