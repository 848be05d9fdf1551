/**
 * Continued functions a_1 phi_1(a_2 phi_2(.. a_n phi_n(u))), evaluated from the inside out, where a product is all that
 * is needed: over any number field, over power series, over the fields of spins that a network is a program of.
 *
 * The EFNN S_i = g_i(S_0) * f_{i-1}(S_{i-1}) is one: its outermost amplitude is g_n(S_0), its innermost argument S_0.
 *
 * @eq continued function (Fig. 5a)
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { NumberField } from '../number/number-field.ts';
import { monomial, powerSeries, type PowerSeries } from '../number/power-series.ts';
import type { Phi } from './phi.ts';

/** One level of a continued function: an amplitude times a function of what is inside. */
export interface Level<A> {
  readonly a: A;
  readonly phi: (u: A) => A;
}

/** What can be multiplied. */
export type Product<A> = Pick<NumberField<A>, 'mul'>;

/**
 * a_1 phi_1(a_2 phi_2(.. a_n phi_n(u))), the outermost level first: the backward recurrence u -> a_k phi_k(u) for
 * k = n, .., 1.
 *
 * @example
 * continuedFunction(float64)(0)([1, 2, 3].map((a) => ({ a, phi: fraction.at }))) // 0.6666666666666666
 */
export const continuedFunction =
  <A>({ mul }: Product<A>) =>
  (innermost: A) =>
  (levels: readonly Level<A>[]): A =>
    levels.reduceRight((u, { a, phi }) => mul(a, phi(u)), innermost);

/** f_{i-1} and g_i of a layer, on whatever S_0 is. */
export interface Recursion<S> {
  readonly f: (S: S) => S;
  readonly g: (S0: S) => S;
}

/**
 * The levels of the recursion S_i = g_i(S_0) * f_{i-1}(S_{i-1}), i = 1, .., n: amplitudes g_i(S_0) and functions f_{i-1},
 * the last layer outermost. With S_0 innermost the continued function is S_n.
 */
export const recursionLevels =
  <S>(layers: readonly Recursion<S>[]) =>
  (S0: S): readonly Level<S>[] =>
    layers.toReversed().map(({ f, g }) => ({ a: g(S0), phi: f }));

/**
 * a_0 phi(a_1 x phi(a_2 x phi(..))) at x, with phi(0) = 1.
 *
 * @example
 * continuedFunctionAt(fraction)([1, 1, 1, 2, 2, 3, 3])(1) // 0.6
 */
export const continuedFunctionAt =
  ({ at }: Phi) =>
  ([first = 0, ...rest]: readonly number[]) =>
  (x: number): number =>
    continuedFunction<number>({ mul: (a, b) => a * b })(0)(
      [first, ...rest.map((a) => a * x)].map((a) => ({ a, phi: at })),
    );

/**
 * The first `terms` Taylor coefficients of a_0 phi(a_1 x phi(a_2 x ..)): the same recurrence over power series.
 *
 * @example
 * expansion(float64)(fraction)([1, 1, 1], 3) // [1, -1, 2]
 */
export const expansion =
  <A>(field: NumberField<A>) =>
  (phi: Phi) =>
  (coefficients: readonly A[], terms: number): PowerSeries<A> => {
    const series = powerSeries(field, terms);
    const levels = coefficients.map((a, k) => ({
      a: monomial(field, terms)(a, k === 0 ? 0 : 1),
      phi: phi.ofSeries(field),
    }));
    return continuedFunction(series)(series.zero)(levels);
  };

/** A series that no continued function of the wanted form has: the message says where it breaks off. */
export interface ContinuationError {
  readonly tag: 'ContinuationError';
  readonly message: string;
}

/**
 * The coefficients a_0, .., a_n of the continued function a_0 phi(a_1 x phi(a_2 x ..)) with the Taylor coefficients
 * c_0, .., c_n, order by order: f / a_0 = phi(x f_1) defines f_1, which begins with a_1, and so on.
 *
 * Errors: a remainder that vanishes at x = 0, but not everywhere.
 *
 * @example
 * matchedCoefficients(float64)(exponential)([1, -1, 0.5]) // right([1, -1, 0])
 */
export const matchedCoefficients =
  <A>(field: NumberField<A>) =>
  (phi: Phi) =>
  (series: PowerSeries<A>): Either<ContinuationError, readonly A[]> => {
    const [first] = series;
    if (first === undefined || series.every((c) => field.equals(c, field.zero))) {
      return E.right(series);
    }
    return field.equals(first, field.zero)
      ? E.left({
          tag: 'ContinuationError',
          message:
            `expected a series whose remainders begin with a number other than 0, got one that vanishes at 0 with ` +
            `${series.length} terms left: drop them, or take out a power of x first`,
        })
      : pipe(
          phi
            .inverse(field)(series.map((c) => field.div(c, first)))
            .slice(1),
          matchedCoefficients(field)(phi),
          E.map((inner) => [first, ...inner]),
        );
  };
