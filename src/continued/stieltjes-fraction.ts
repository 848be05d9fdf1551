/**
 * Stieltjes fractions f(x) = a_0/(1 + a_1 x/(1 + a_2 x/(1 + ..))) of power series, by the quotient-difference algorithm of
 * Rutishauser (1954). From c_0, c_1, .. come columns of quotients and differences,
 *
 *   e_0^(n) = 0,   q_1^(n) = c_{n+1} / c_n,
 *   e_k^(n) = q_k^(n+1) - q_k^(n) + e_{k-1}^(n+1),   q_{k+1}^(n) = q_k^(n+1) e_k^(n+1) / e_k^(n),
 *
 * and a_0 = c_0, a_{2k-1} = -q_k^(0), a_{2k} = -e_k^(0). In floating point the differences cancel: use exact rationals.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { NumberField } from '../number/number-field.ts';
import type { PowerSeries } from '../number/power-series.ts';
import type { ContinuedFraction } from './continued-fraction.ts';

/** A series without quotients and differences of all orders: the message says which number vanishes. */
export interface QuotientDifferenceError {
  readonly tag: 'QuotientDifferenceError';
  readonly message: string;
}

const vanishing = (what: string, then: string): Either<QuotientDifferenceError, never> =>
  E.left({
    tag: 'QuotientDifferenceError',
    message: `expected ${what} other than 0, since the next column divides by them, got a 0: ${then}`,
  });

/**
 * a_0, .., a_n from c_0, .., c_n. A fraction that ends earlier, of a rational function, ends in zeros.
 *
 * Errors: a coefficient of the series, or a difference that later columns need, is 0. The fraction may exist even so:
 * `matchedCoefficients` with phi = 1/(1 + u) finds it order by order.
 *
 * @example
 * quotientDifference(float64)([1, -1, 2, -6, 24]) // right([1, 1, 1, 2, 2])
 */
export const quotientDifference =
  <A>(field: NumberField<A>) =>
  (series: PowerSeries<A>): Either<QuotientDifferenceError, readonly A[]> => {
    const { zero, add, sub, mul, div, equals } = field;
    const at = (column: readonly A[], n: number): A => column[n] ?? zero;
    const isZero = (a: A): boolean => equals(a, zero);
    const negative = (a: A): A => sub(zero, a);
    const fromQuotients = (q: readonly A[], earlier: readonly A[]): Either<QuotientDifferenceError, readonly A[]> => {
      const differences = q.slice(1).map((next, n) => add(sub(next, at(q, n)), at(earlier, n + 1)));
      return differences.every(isZero)
        ? E.right([...q.slice(0, 1).map(negative), ...differences, ...differences.slice(1).map(() => zero)])
        : differences.length > 1 && differences.slice(0, -1).some(isZero)
          ? vanishing('differences', 'match the fraction order by order instead')
          : pipe(
              fromQuotients(
                differences.slice(1).map((next, n) => div(mul(at(q, n + 1), next), at(differences, n))),
                differences,
              ),
              E.map((rest) => [negative(at(q, 0)), negative(at(differences, 0)), ...rest]),
            );
    };
    return series.slice(0, -1).some(isZero)
      ? vanishing('coefficients', 'match the fraction order by order instead')
      : pipe(
          fromQuotients(
            series.slice(1).map((next, n) => div(next, at(series, n))),
            series.map(() => zero),
          ),
          E.map((rest) => [...series.slice(0, 1), ...rest.slice(0, Math.max(0, series.length - 1))]),
        );
  };

/**
 * The continued fraction with the value a_0/(1 + a_1 x/(1 + ..)) at x.
 *
 * @example
 * stieltjesFraction(float64)([1, 2], 3) // { whole: 0, levels: [{ a: 1, b: 1 }, { a: 6, b: 1 }] }
 */
export const stieltjesFraction =
  <A>({ zero, one, mul }: NumberField<A>) =>
  (coefficients: readonly A[], x: A): ContinuedFraction<A> => ({
    whole: zero,
    levels: coefficients.map((a, k) => ({ a: k === 0 ? a : mul(a, x), b: one })),
  });
