/**
 * Pade approximants [m/n] of power series: the rational function P_m/Q_n, Q_n(0) = 1, with the same m + n + 1 Taylor
 * coefficients. The denominator solves sum over j = 0, .., n of q_j c_{k-j} = 0 for k = m + 1, .., m + n; the numerator
 * is p_k = sum over j of q_j c_{k-j}, k <= m.
 *
 * Along the staircase [0/0], [0/1], [1/1], [1/2], .. they are the convergents of the Stieltjes fraction.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { none, some, type Option } from 'fp-ts/lib/Option.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { NumberField } from '../number/number-field.ts';
import { partialSum, type PowerSeries } from '../number/power-series.ts';
import { approximantError, type ApproximantError } from './approximant-error.ts';
import { solved } from './linear-system.ts';

/** A quotient of polynomials, the coefficients from the constant up. */
export interface RationalFunction<A> {
  readonly numerator: readonly A[];
  readonly denominator: readonly A[];
}

/** The degrees m of the numerator and n of the denominator. */
export interface PadeOrder {
  readonly m: number;
  readonly n: number;
}

const failure = (message: string): Either<ApproximantError, never> => E.left(approximantError(message));

const from = (first: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);

/**
 * The approximant [m/n].
 *
 * Errors: fewer than m + n + 1 coefficients, degrees that are no integers of 0 or more, a system without a unique solution.
 *
 * @example
 * pade(float64)({ m: 1, n: 1 })([1, -1, 2]) // right({ numerator: [1, 1], denominator: [1, 2] })
 */
export const pade =
  <A>(field: NumberField<A>) =>
  ({ m, n }: PadeOrder) =>
  (series: PowerSeries<A>): Either<ApproximantError, RationalFunction<A>> => {
    if (![m, n].every((degree) => Number.isSafeInteger(degree) && degree >= 0)) {
      return failure(`expected degrees m, n that are integers of 0 or more, got [${m}/${n}]`);
    }
    if (series.length < m + n + 1) {
      return failure(
        `expected ${m + n + 1} coefficients for [${m}/${n}], got ${series.length}: lower the degrees, or expand further`,
      );
    }
    const { zero, one, add, sub, mul } = field;
    const c = (k: number): A => series[k] ?? zero;
    const equation = (k: number) => ({ coefficients: from(1, n).map((j) => c(k - j)), value: sub(zero, c(k)) });
    return pipe(
      from(m + 1, m + n).map(equation),
      solved(field),
      E.fromOption(() =>
        approximantError(
          `expected a series with one approximant [${m}/${n}], got a singular system: take neighbouring degrees`,
        ),
      ),
      E.map((q) => [one, ...q]),
      E.map((q) => ({
        numerator: from(0, m).map((k) => q.reduce((sum, qj, j) => add(sum, mul(qj, c(k - j))), zero)),
        denominator: q,
      })),
    );
  };

/**
 * The value at x; none at a pole.
 *
 * @example
 * rationalValue(float64)({ numerator: [1, 1], denominator: [1, 2] })(1) // some(0.6666666666666666)
 */
export const rationalValue =
  <A>(field: NumberField<A>) =>
  ({ numerator, denominator }: RationalFunction<A>) =>
  (x: A): Option<A> => {
    const below = partialSum(field)(denominator)(x);
    return field.equals(below, field.zero) ? none : some(field.div(partialSum(field)(numerator)(x), below));
  };
