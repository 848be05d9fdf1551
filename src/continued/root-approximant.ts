/**
 * Self-similar root approximants (Gluzman and Yukalov 1998), for functions that grow like x^beta:
 *
 *   R(x) = c_0 (..((1 + A_1 x)^2 + A_2 x^2)^(3/2) + .. + A_k x^k)^(beta/k),
 *
 * with the powers p_j = (j + 1)/j inside and p_k = beta/k outside. A_j enters at the order x^j first, there times
 * p_j .. p_k = beta/j, so that the Taylor coefficients give A_1, .., A_k one after the other.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { none, some, type Option } from 'fp-ts/lib/Option.js';

import { pow } from '../number/elementary/power.kernel.ts';
import type { NumberField } from '../number/number-field.ts';
import { monomial, powerOf, powerSeries, type PowerSeries } from '../number/power-series.ts';
import { approximantError, type ApproximantError } from './approximant-error.ts';

/** c_0, A_1, .., A_k and beta. */
export interface RootApproximant<A> {
  readonly prefactor: A;
  readonly amplitudes: readonly A[];
  readonly exponent: A;
}

/** p_j of k levels. */
const powerAt =
  <A>({ fromNumber, div }: NumberField<A>) =>
  (exponent: A, k: number, j: number): A =>
    j === k ? div(exponent, fromNumber(k)) : div(fromNumber(j + 1), fromNumber(j));

/**
 * The Taylor coefficients of an approximant.
 *
 * @example
 * rootExpansion(float64)({ prefactor: 2, amplitudes: [3], exponent: 1 }, 3) // [2, 6, 0]
 */
export const rootExpansion =
  <A>(field: NumberField<A>) =>
  ({ prefactor, amplitudes, exponent }: RootApproximant<A>, terms: number): PowerSeries<A> => {
    const { one, add } = powerSeries(field, terms);
    const power = powerAt(field);
    return amplitudes
      .reduce(
        (inner, A, index) =>
          powerOf(field)(power(exponent, amplitudes.length, index + 1))(
            add(inner, monomial(field, terms)(A, index + 1)),
          ),
        one,
      )
      .map((c) => field.mul(prefactor, c));
  };

/**
 * The approximant with the Taylor coefficients c_0, .., c_k and the power beta at large x.
 *
 * Errors: fewer than two coefficients, c_0 = 0, or beta = 0.
 *
 * @example
 * rootApproximant(float64)(0.5)([1, 1]) // right({ prefactor: 1, amplitudes: [2], exponent: 0.5 })
 */
export const rootApproximant =
  <A>(field: NumberField<A>) =>
  (exponent: A) =>
  (series: PowerSeries<A>): Either<ApproximantError, RootApproximant<A>> => {
    const { zero, sub, mul, div, equals, fromNumber } = field;
    const [prefactor = zero, ...rest] = series;
    if (rest.length === 0 || equals(prefactor, zero) || equals(exponent, zero)) {
      return E.left(
        approximantError(
          `expected two coefficients or more, the first and the exponent other than 0, got ${series.length}, ` +
            `${field.toNumber(prefactor)} and ${field.toNumber(exponent)}: take out a power of x, or pass its growth`,
        ),
      );
    }
    const amplitudes = rest.reduce<readonly A[]>((known, c, index) => {
      const j = index + 1;
      const others = rest.slice(j).map(() => zero);
      const without = rootExpansion(field)({ prefactor, amplitudes: [...known, zero, ...others], exponent }, j + 1);
      const missing = div(sub(c, without[j] ?? zero), prefactor);
      return [...known, div(mul(missing, fromNumber(j)), exponent)];
    }, []);
    return E.right({ prefactor, amplitudes, exponent });
  };

/**
 * The value at x; none where a power of a number that is not positive would be taken.
 *
 * @example
 * rootValue({ prefactor: 1, amplitudes: [2], exponent: 0.5 })(4) // some(3)
 */
export const rootValue =
  ({ prefactor, amplitudes, exponent }: RootApproximant<number>) =>
  (x: number): Option<number> => {
    const levels = amplitudes.length;
    const inner = amplitudes.reduce((below, A, index) => {
      const base = below + A * pow(x, index + 1);
      const power = index + 1 === levels ? exponent / levels : (index + 2) / (index + 1);
      return base > 0 ? pow(base, power) : NaN;
    }, 1);
    return Number.isFinite(inner) ? some(prefactor * inner) : none;
  };
