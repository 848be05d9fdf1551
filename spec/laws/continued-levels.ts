/** Laws of continued functions of numbers: levels, fixed points of equal levels, and series matched order by order. */
import fc from 'fast-check';
import { isLeft, type Either } from 'fp-ts/lib/Either.js';

import type { Level } from '../../src/continued/continued-function.ts';
import type { Phi } from '../../src/continued/phi.ts';
import { float64 } from '../../src/number/float64.ts';
import type { NumberField } from '../../src/number/number-field.ts';
import type { PowerSeries } from '../../src/number/power-series.ts';
import { ratio, rational, type Rational } from '../../src/number/rational.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import { rationals } from './exact-reduction.ts';
import { sameSeries } from './power-series.ts';

export type ContinuedFunction = <A>(field: NumberField<A>) => (innermost: A) => (levels: readonly Level<A>[]) => A;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** Affine functions u -> b + c u, given by b and c, which no two orders confuse. */
const affineLevels = fc.array(fc.tuple(rationals, rationals, rationals), { maxLength: 5 });

export const levelsPeelOff: Law<
  ContinuedFunction,
  readonly [Rational, readonly (readonly [Rational, Rational, Rational])[]]
> = {
  statement: 'no levels leave u, and the outermost level is a_1 phi_1 of the others, exactly',
  cases: fc.tuple(rationals, affineLevels),
  holds: (continued) => {
    const value = continued(rational);
    return ([u, numbers]) => {
      const levels = numbers.map(([a, b, c]) => ({ a, phi: (x: Rational) => c.mul(x).add(b) }));
      const [outermost, ...others] = levels;
      return outermost === undefined
        ? value(u)([]).equals(u)
        : value(u)(levels).equals(outermost.a.mul(outermost.phi(value(u)(others))));
    };
  },
};

const fibonacci = (n: number): readonly [bigint, bigint] =>
  upTo(n).reduce<readonly [bigint, bigint]>(([before, now]) => [now, before + now], [0n, 1n]);

export const onesMakeFibonacci: Law<ContinuedFunction, number> = {
  statement: '1/(1 + 1/(1 + ..)) of n levels is the quotient of the Fibonacci numbers F_{n+1}/F_{n+2}, exactly',
  cases: fc.integer({ min: 0, max: 200 }),
  runs: 30,
  holds: (continued) => (n) => {
    const levels = upTo(n).map(() => ({ a: rational.one, phi: (u: Rational) => rational.div(rational.one, u.add(1)) }));
    const [before, now] = fibonacci(n + 1);
    return continued(rational)(rational.one)(levels).equals(ratio(before, now));
  },
};

interface EqualLevels {
  readonly phi: Phi;
  readonly u: number;
}

/**
 * Any u > 0 is the fixed point of a phi with a = u / phi(u). It attracts at the rate |u phi'(u) / phi(u)|, here 3/4 at most, so
 * that 200 levels leave nothing but rounding.
 */
export const equalLevelsSettle = (phis: readonly Phi[]): Law<ContinuedFunction, EqualLevels> => ({
  statement: 'with equal levels a continued function tends to the u with u = a phi(u)',
  cases: fc.record({ phi: fc.constantFrom(...phis), u: fc.double({ min: 0.05, max: 0.75, noNaN: true }) }),
  holds:
    (continued) =>
    ({ phi: { at }, u }) => {
      const value = continued(float64)(0)(upTo(200).map(() => ({ a: u / at(u), phi: at })));
      return Math.abs(value - u) <= 1e-14;
    },
});

/** A continued function by its coefficients, from a series and back. */
export interface Matching {
  readonly matched: (phi: Phi) => (series: PowerSeries<Rational>) => Either<unknown, readonly Rational[]>;
  readonly expanded: (phi: Phi) => (coefficients: readonly Rational[], terms: number) => PowerSeries<Rational>;
}

const nonZero = rationals.filter((a) => !a.equals(0));

export const matchingUndoes = (
  phis: readonly Phi[],
): Law<Matching, { readonly phi: Phi; readonly a: readonly Rational[] }> => ({
  statement: 'the series of a_0 phi(a_1 x phi(..)), matched order by order, gives a_0, a_1, .. again, exactly',
  cases: fc.record({ phi: fc.constantFrom(...phis), a: fc.array(nonZero, { minLength: 1, maxLength: 6 }) }),
  holds:
    ({ matched, expanded }) =>
    ({ phi, a }) => {
      const found = matched(phi)(expanded(phi)(a, a.length));
      return !isLeft(found) && sameSeries(found.right, a);
    },
});

/** Bender and Vinson (1996): the continued exponential of 1/(1 - x). */
const geometricExponentials = [ratio(1n, 1n), ratio(1n, 1n), ratio(1n, 2n), ratio(5n, 12n), ratio(47n, 120n)];

/** 1, 1, 1, 2, 2, 3, 3, ..: Euler's fraction of the sum of (-1)^k k! x^k. */
export const eulerFraction = (length: number): readonly Rational[] =>
  upTo(length).map((k) => ratio(BigInt(Math.max(1, Math.ceil(k / 2))), 1n));

/** (-1)^k k!. */
export const alternatingFactorials = (length: number): PowerSeries<Rational> =>
  upTo(length - 1).reduce<PowerSeries<Rational>>(
    (known, k) => [...known, rational.mul(known[k] ?? rational.one, rational.fromNumber(-k - 1))],
    [rational.one],
  );

export const publishedCoefficients = (fraction: Phi, exponential: Phi): Law<Matching['matched'], number> => ({
  statement:
    '1 - x + 2! x^2 - 3! x^3 + .. is 1/(1 + x/(1 + x/(1 + 2 x/(1 + 2 x/..)))), and 1 + x + x^2 + .. is ' +
    'exp(x exp(1/2 x exp(5/12 x exp(47/120 x ..))))',
  cases: fc.integer({ min: 1, max: 9 }),
  runs: 9,
  holds: (matched) => (length) =>
    sameSeries(right(either(matched(fraction)(alternatingFactorials(length)))), eulerFraction(length)) &&
    sameSeries(right(either(matched(exponential)(upTo(5).map(() => rational.one)))), geometricExponentials),
});

const either = <A>(result: Either<unknown, A>): Either<{ readonly message: string }, A> =>
  isLeft(result) ? { _tag: 'Left', left: { message: String(result.left) } } : result;
