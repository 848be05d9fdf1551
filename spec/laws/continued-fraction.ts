/** Laws of continued fractions, of the quotient-difference algorithm, and of Pade approximants. */
import fc from 'fast-check';
import { isRight, type Either } from 'fp-ts/lib/Either.js';
import type { Option } from 'fp-ts/lib/Option.js';

import type { ContinuedFraction, Convergent } from '../../src/continued/continued-fraction.ts';
import type { LinearEquation } from '../../src/continued/linear-system.ts';
import type { InfiniteFraction, LentzError } from '../../src/continued/modified-lentz.kernel.ts';
import type { PadeOrder, RationalFunction } from '../../src/continued/pade.ts';
import type { UpperPoint } from '../../src/exact/upper-half-plane.ts';
import { exponentialOf, powerSeries, type PowerSeries } from '../../src/number/power-series.ts';
import { ratio, rational, type Rational } from '../../src/number/rational.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import { alternatingFactorials, eulerFraction } from './continued-levels.ts';
import { rationals } from './exact-reduction.ts';
import { sameSeries } from './power-series.ts';

type Fraction = ContinuedFraction<Rational>;

type Result<A> = Either<{ readonly message: string }, A>;

export type Convergents = (fraction: Fraction) => readonly Convergent<Rational>[];

const { zero, one, add, sub, mul, div } = rational;

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const integer = (n: number | bigint): Rational => ratio(BigInt(n), 1n);

const wholes = fc.bigInt({ min: 1n, max: 50n });

/** Positive integers a_k, b_k: no denominator vanishes. */
const integerFractions = fc.record({
  whole: wholes,
  levels: fc.array(fc.record({ a: wholes, b: wholes }), { maxLength: 12 }),
});

type IntegerFraction = ContinuedFraction<bigint>;

const asRational = ({ whole, levels }: IntegerFraction): Fraction => ({
  whole: integer(whole),
  levels: levels.map(({ a, b }) => ({ a: integer(a), b: integer(b) })),
});

/** p/q -> a / (b + p/q) = a q / (b q + p), in integers. */
const fractionOfIntegers = ({ whole, levels }: IntegerFraction): Rational => {
  const [p, q] = levels.reduceRight<readonly [bigint, bigint]>(([p, q], { a, b }) => [a * q, b * q + p], [0n, 1n]);
  return ratio(whole * q + p, q);
};

export const valueIsTheFraction: Law<(fraction: Fraction) => Rational, IntegerFraction> = {
  statement: 'the value from inside is the fraction, worked out in integers',
  cases: integerFractions,
  holds: (value) => (fraction) => value(asRational(fraction)).equals(fractionOfIntegers(fraction)),
};

export const convergentsAreTruncations: Law<Convergents, IntegerFraction> = {
  statement: 'A_k / B_k is the fraction cut after k levels, for every k, exactly',
  cases: integerFractions,
  holds: (convergents) => (fraction) => {
    const found = convergents(asRational(fraction));
    return (
      found.length === fraction.levels.length + 1 &&
      found.every(({ numerator, denominator }, k) =>
        div(numerator, denominator).equals(
          fractionOfIntegers({ whole: fraction.whole, levels: fraction.levels.slice(0, k) }),
        ),
      )
    );
  },
};

const anyFraction: fc.Arbitrary<Fraction> = fc.record({
  whole: rationals,
  levels: fc.array(fc.record({ a: rationals, b: rationals }), { minLength: 1, maxLength: 8 }),
});

export const determinantFormula: Law<Convergents, Fraction> = {
  statement: 'A_k B_{k-1} - A_{k-1} B_k = (-1)^(k-1) a_1 .. a_k, for all rationals, zeros included, exactly',
  cases: anyFraction,
  holds: (convergents) => (fraction) => {
    const found = convergents(fraction);
    return fraction.levels.every((_, index) => {
      const [before, now] = [found[index], found[index + 1]];
      const product = fraction.levels.slice(0, index + 1).reduce((all, { a }) => mul(all, a.neg()), one.neg());
      return (
        before !== undefined &&
        now !== undefined &&
        sub(mul(now.numerator, before.denominator), mul(before.numerator, now.denominator)).equals(product)
      );
    });
  },
};

export const squareRoots: Law<Convergents, readonly [number, number]> = {
  statement: 'sqrt(N) = w + r/(2 w + r/(2 w + ..)), r = N - w^2, has convergents with A_k^2 - N B_k^2 = (-r)^(k+1)',
  cases: fc.tuple(fc.integer({ min: 2, max: 99 }), fc.integer({ min: 1, max: 12 })),
  holds:
    (convergents) =>
    ([N, levels]) => {
      const w = Math.floor(Math.sqrt(N));
      const r = N - w * w;
      const found = convergents({
        whole: integer(w),
        levels: upTo(levels).map(() => ({ a: integer(r), b: integer(2 * w) })),
      });
      return found.every(({ numerator: A, denominator: B }, k) =>
        sub(mul(A, A), mul(integer(N), mul(B, B))).equals(integer((-BigInt(r)) ** BigInt(k + 1))),
      );
    },
};

export type Lentz = (fraction: InfiniteFraction, tolerance: number, mostLevels: number) => Either<LentzError, number>;

/** tanh x = x/(1 + x^2/(3 + x^2/(5 + ..))). Each level rounds a few times, and at most 40 matter. */
export const lentzIsTanh: Law<Lentz, number> = {
  statement:
    "Lambert's fraction x/(1 + x^2/(3 + x^2/(5 + ..))) is tanh x, also behind levels whose denominators vanish",
  cases: interval(-8, 8).filter((x) => Math.abs(x) > 1e-3),
  holds: (lentz) => (x) => {
    const lambert = (k: number) => ({ a: k === 1 ? x : x * x, b: 2 * k - 1 });
    const around = (k: number) => (k <= 2 ? { a: 1, b: 0 } : lambert(k - 2));
    return [lambert, around].every((level) => {
      const found = lentz({ whole: 0, level }, 1e-15, 200);
      return isRight(found) && Math.abs(found.right / Math.tanh(x) - 1) <= 1e-13;
    });
  },
};

const positive = rationals.map((a) => a.abs().add(ratio(1n, 7n)));

export interface StieltjesSeries {
  readonly fraction: (series: PowerSeries<Rational>) => Result<readonly Rational[]>;
  readonly series: (coefficients: readonly Rational[], terms: number) => PowerSeries<Rational>;
}

export const quotientDifferenceUndoes: Law<StieltjesSeries, readonly Rational[]> = {
  statement: 'the series of a Stieltjes fraction with a_k > 0 gives the fraction back, exactly',
  cases: fc.array(positive, { minLength: 1, maxLength: 8 }),
  holds:
    ({ fraction, series }) =>
    (a) => {
      const found = fraction(series(a, a.length));
      return isRight(found) && sameSeries(found.right, a);
    },
};

export const fractionsOfKnownSeries: Law<StieltjesSeries['fraction'], number> = {
  statement:
    'the fractions of 1 - x + 2! x^2 - .. (1, 1, 1, 2, 2, 3, 3, ..) and of 1/(1 + x), which ends (1, 1, 0, 0, ..)',
  cases: fc.integer({ min: 2, max: 14 }),
  holds: (fraction) => (length) => {
    const geometric = upTo(length).map((k) => integer((-1) ** k));
    const ended = upTo(length).map((k) => (k < 2 ? one : zero));
    return (
      sameSeries(right(fraction(alternatingFactorials(length))), eulerFraction(length)) &&
      sameSeries(right(fraction(geometric)), ended)
    );
  },
};

export type Solve = (equations: readonly LinearEquation<Rational>[]) => Option<readonly Rational[]>;

interface System {
  readonly matrix: readonly (readonly Rational[])[];
  readonly unknowns: readonly Rational[];
}

/** The determinant by Laplace's expansion. */
const determinant = (matrix: readonly (readonly Rational[])[]): Rational =>
  matrix.length === 0
    ? one
    : (matrix[0] ?? []).reduce((sum, a, column) => {
        const minor = matrix.slice(1).map((row) => row.filter((_, j) => j !== column));
        return add(sum, mul(mul(a, integer((-1) ** column)), determinant(minor)));
      }, zero);

export const systemsAreSolved: Law<Solve, System> = {
  statement: 'the unknowns that made the right-hand sides are found exactly, and none where the determinant is 0',
  cases: fc.integer({ min: 0, max: 4 }).chain((n) =>
    fc.record({
      matrix: fc.array(fc.array(rationals, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
      unknowns: fc.array(rationals, { minLength: n, maxLength: n }),
    }),
  ),
  holds:
    (solve) =>
    ({ matrix, unknowns }) => {
      const found = solve(
        matrix.map((coefficients) => ({
          coefficients,
          value: coefficients.reduce((sum, a, j) => add(sum, mul(a, unknowns[j] ?? zero)), zero),
        })),
      );
      return determinant(matrix).equals(0)
        ? found._tag === 'None'
        : found._tag === 'Some' && sameSeries(found.value, unknowns);
    },
};

export type Pade = (order: PadeOrder) => (series: PowerSeries<Rational>) => Result<RationalFunction<Rational>>;

interface PadeCase {
  readonly order: PadeOrder;
  readonly series: PowerSeries<Rational>;
}

const orders = fc.record({ m: fc.integer({ min: 0, max: 3 }), n: fc.integer({ min: 0, max: 3 }) });

/** The coefficient of x^k of the product of two polynomials. */
const ofProduct = (a: readonly Rational[], b: readonly Rational[], k: number): Rational =>
  a.reduce((sum, x, j) => add(sum, mul(x, b[k - j] ?? zero)), zero);

export const padeMatchesTheSeries: Law<Pade, PadeCase> = {
  statement: 'Q_n f - P_m begins with x^(m+n+1) or later, Q_n(0) = 1, and the degrees are m and n, exactly',
  cases: orders.chain((order) =>
    fc.record({
      order: fc.constant(order),
      series: fc.array(rationals, { minLength: order.m + order.n + 1, maxLength: order.m + order.n + 3 }),
    }),
  ),
  holds:
    (pade) =>
    ({ order, series }) => {
      const found = pade(order)(series);
      // A singular system is the series' fault; a generic series has none.
      return (
        !isRight(found) ||
        (found.right.numerator.length === order.m + 1 &&
          found.right.denominator.length === order.n + 1 &&
          found.right.denominator[0]?.equals(1) === true &&
          upTo(order.m + order.n + 1).every((k) =>
            ofProduct(found.right.denominator, series, k).equals(found.right.numerator[k] ?? zero),
          ))
      );
    },
};

const factorial = (n: number): bigint => upTo(n).reduce((product, i) => product * BigInt(i + 1), 1n);

/** Pade (1892): p_k = (m + n - k)! m! / ((m + n)! k! (m - k)!), and q_k likewise with (-1)^k, m and n exchanged. */
export const padeOfExponential: Law<Pade, PadeOrder> = {
  statement: "the approximants of exp x are Pade's own formula, exactly",
  cases: orders,
  holds: (pade) => (order) => {
    const { m, n } = order;
    const series = upTo(m + n + 1).map((k) => ratio(1n, factorial(k)));
    const formula = (top: number, sign: bigint): readonly Rational[] =>
      upTo(top + 1).map((k) =>
        ratio(
          sign ** BigInt(k) * factorial(m + n - k) * factorial(top),
          factorial(m + n) * factorial(k) * factorial(top - k),
        ),
      );
    const { numerator, denominator } = right(pade(order)(series));
    return sameSeries(numerator, formula(m, 1n)) && sameSeries(denominator, formula(n, -1n));
  },
};

/** The value of an approximant at x. */
export type Staircase = (order: PadeOrder, series: PowerSeries<Rational>, x: Rational) => Option<Rational>;

interface StairCase {
  readonly a: readonly Rational[];
  readonly x: Rational;
}

/** Coefficients a_k > 0 and x > 0: no denominator vanishes. */
export const staircaseIsConvergents = (
  series: StieltjesSeries['series'],
  fractionAt: (coefficients: readonly Rational[], x: Rational) => Fraction,
  convergents: Convergents,
): Law<Staircase, StairCase> => ({
  statement: 'the approximants [0/0], [0/1], [1/1], [1/2], .. are the convergents of the Stieltjes fraction, exactly',
  cases: fc.record({ a: fc.array(positive, { minLength: 1, maxLength: 7 }), x: positive }),
  holds:
    (pade) =>
    ({ a, x }) => {
      const taylor = series(a, a.length);
      const [, ...values] = convergents(fractionAt(a, x));
      return values.every(({ numerator, denominator }, k) => {
        const found = pade({ m: Math.floor(k / 2), n: Math.ceil(k / 2) }, taylor, x);
        return found._tag === 'Some' && found.value.equals(div(numerator, denominator));
      });
    },
});

/**
 * The integral of exp(-t)/(1 + x t) over t > 0, by the trapezoidal rule in u, t = exp(u - exp(-u)), whose error falls
 * like exp(-c/h); 1e-13 is left to rounding.
 */
export const stieltjesIntegral = (x: number): number => {
  const h = 1 / 32;
  return upTo(10 / h).reduce((sum, i) => {
    const u = i * h - 5;
    const t = Math.exp(u - Math.exp(-u));
    return sum + (h * t * (1 + Math.exp(-u)) * Math.exp(-t)) / (1 + x * t);
  }, 0);
};

/** Gompertz' constant, OEIS A073003. */
export const gompertz = 0.596347362323194;

export const convergentsBracket: Law<(levels: number, x: Rational) => readonly Rational[], readonly [number, number]> =
  {
    statement:
      'the sum of (-1)^k k! x^k diverges, but its convergents close in on the integral of exp(-t)/(1 + x t) from above ' +
      'and below in turns',
    cases: fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 8 })),
    runs: 40,
    holds:
      (values) =>
      ([numerator, denominator]) => {
        const integral = stieltjesIntegral(numerator / denominator);
        const found = values(40, ratio(BigInt(numerator), BigInt(denominator)));
        const isAbove = (k: number): boolean => k % 2 === 0;
        return (
          found.length === 40 &&
          found.every((value, k) => {
            const distance = rational.toNumber(value) - integral;
            const earlier = found[k - 2];
            const closesIn =
              earlier === undefined || (isAbove(k) ? value.compare(earlier) < 0 : value.compare(earlier) > 0);
            return closesIn && (isAbove(k) ? distance >= -1e-13 : distance <= 1e-13);
          })
        );
      },
  };

/** The Taylor coefficients of the Fermi function 1/(1 + exp y) at y = 0. */
const fermiSeries = (terms: number): PowerSeries<Rational> => {
  const field = powerSeries(rational, terms);
  const y = upTo(terms).map((k) => (k === 1 ? one : zero));
  return field.div(field.one, field.add(field.one, exponentialOf(rational)(y)));
};

/** The value of the denominator at y = i b, up to the odd part, which is 0. */
const onImaginaryAxis = (denominator: readonly Rational[], b: Rational): Rational =>
  denominator.reduceRight((sum, q, k) => (k % 2 === 0 ? add(q.mul((-1) ** (k / 2)), mul(mul(b, b), sum)) : sum), zero);

/** A relative 1e-12 on either side: the eigenvalues are good to a few units of 1e-16 times their condition. */
export const ozakiPolesAreZeros = (pade: Pade): Law<(n: number) => readonly UpperPoint[], number> => ({
  statement: "Ozaki's poles of the Fermi function are the zeros of the denominator of [2n/2n], which is even",
  cases: fc.integer({ min: 1, max: 6 }),
  runs: 6,
  holds: (poles) => (n) => {
    const { denominator } = right(pade({ m: 2 * n, n: 2 * n })(fermiSeries(4 * n + 1)));
    const found = poles(n);
    return (
      found.length === n &&
      denominator.every((q, k) => k % 2 === 0 || q.equals(0)) &&
      found.every(({ re, im }) => {
        const beside = (shift: number): Rational => onImaginaryAxis(denominator, rational.fromNumber(im * (1 + shift)));
        return re === 0 && beside(-1e-12).s !== beside(1e-12).s;
      })
    );
  },
});
