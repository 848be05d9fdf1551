/**
 * Self-similar factor approximants (Yukalov, Gluzman and Sornette 2003),
 *
 *   F(x) = c_0 (1 + A_1 x)^n_1 (1 + A_2 x)^n_2 .. (1 + A_N x)^n_N,
 *
 * from the Taylor coefficients c_0, .., c_2N: with log(f/c_0) = sum over m of l_m x^m they solve the moment equations
 * sum over i of n_i A_i^m = (-1)^(m-1) m l_m for m = 1, .., 2 N. The generating function of these moments,
 * sum over i of n_i A_i / (1 - A_i z), is a Pade approximant [N-1/N], with the poles 1/A_i and the residues -n_i.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { none, some, type Option } from 'fp-ts/lib/Option.js';

import { complex, type Complex } from '../number/complex.ts';
import { atan2 } from '../number/elementary/arctangent.kernel.ts';
import { exp } from '../number/elementary/exponential.kernel.ts';
import { hypot } from '../number/elementary/hypotenuse.ts';
import { log } from '../number/elementary/logarithm.kernel.ts';
import { cos, sin } from '../number/elementary/trigonometric.kernel.ts';
import { float64 } from '../number/float64.ts';
import type { NumberField } from '../number/number-field.ts';
import { logarithmOf, partialSum, type PowerSeries } from '../number/power-series.ts';
import { approximantError, type ApproximantError } from './approximant-error.ts';
import { pade, type RationalFunction } from './pade.ts';

/** (1 + A x)^n; real, or one of a complex-conjugate pair. */
export interface Factor {
  readonly A: Complex<number>;
  readonly n: Complex<number>;
}

/** c_0 and the factors. */
export interface FactorApproximant {
  readonly prefactor: number;
  readonly factors: readonly Factor[];
}

const numbers = complex(float64);

/** The roots of z^N + q_1 z^(N-1) + .. + q_N, the A_i of 1 + q_1 z + .. + q_N z^N = product of 1 - A_i z. */
const reciprocalRoots = ([, ...q]: readonly number[]): readonly Complex<number>[] => {
  const companion = q.map((_, row) =>
    q.map((coefficient, column) => (row === 0 ? -coefficient : column === row - 1 ? 1 : 0)),
  );
  if (companion.length === 0) {
    return [];
  }
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(
    new Matrix(companion.map((row) => [...row])),
  );
  return realEigenvalues.map((re, i) => ({ re, im: imaginaryEigenvalues[i] ?? 0 }));
};

/** n = -P(1/A) / Q'(1/A). */
const factorOf =
  ({ numerator, denominator }: RationalFunction<number>) =>
  (A: Complex<number>): Factor => {
    const pole = numbers.div(numbers.one, A);
    const at = (polynomial: readonly number[]): Complex<number> =>
      partialSum(numbers)(polynomial.map(numbers.fromNumber))(pole);
    const slope = denominator.map((q, k) => k * q).slice(1);
    return { A, n: numbers.sub(numbers.zero, numbers.div(at(numerator), at(slope))) };
  };

/**
 * The approximant of N factors from the first 2 N + 1 coefficients; the last of an even number is not used.
 *
 * Errors: c_0 = 0, or moments that no N different factors have.
 *
 * @example
 * pipe(
 *   factorApproximant(float64)([2, 3, 0.75]),
 *   E.map(({ factors }) => factors.map(({ A, n }) => [A.re, n.re])),
 * ) // right([[1, 1.5]])
 */
export const factorApproximant =
  <A>(field: NumberField<A>) =>
  (series: PowerSeries<A>): Either<ApproximantError, FactorApproximant> => {
    const { zero, mul, div, equals, fromNumber, toNumber } = field;
    const [prefactor = zero] = series;
    if (equals(prefactor, zero)) {
      return E.left(
        approximantError(
          'expected a series that begins with a number other than 0, got 0: take out a power of x first',
        ),
      );
    }
    const N = Math.floor((series.length - 1) / 2);
    const logarithm = logarithmOf(field)(series.slice(0, 2 * N + 1).map((c) => div(c, prefactor)));
    const moments = logarithm.slice(1).map((l, index) => mul(fromNumber(index % 2 === 0 ? index + 1 : -index - 1), l));
    if (N === 0 || moments.every((moment) => equals(moment, zero))) {
      return E.right({ prefactor: toNumber(prefactor), factors: [] });
    }
    return pipe(
      moments,
      pade(field)({ m: N - 1, n: N }),
      E.mapLeft(({ message }) => approximantError(`moments: ${message}`)),
      E.map(({ numerator, denominator }) => ({
        numerator: numerator.map(toNumber),
        denominator: denominator.map(toNumber),
      })),
      E.map((generating) => ({
        prefactor: toNumber(prefactor),
        factors: reciprocalRoots(generating.denominator).map(factorOf(generating)),
      })),
    );
  };

/** How far from the real axis a value may lie that rounding alone took there: roots are good to about 1e-9. */
const phaseTolerance = 1e-6;

/**
 * The value at x; none where it is not real, beyond a real zero of a factor.
 *
 * @example
 * factorValue({ prefactor: 2, factors: [{ A: { re: 1, im: 0 }, n: { re: 1.5, im: 0 } }] })(0) // some(2)
 */
export const factorValue =
  ({ prefactor, factors }: FactorApproximant) =>
  (x: number): Option<number> => {
    const logarithm = factors.reduce<Complex<number>>((sum, { A, n }) => {
      const base = { re: 1 + A.re * x, im: A.im * x };
      return numbers.add(sum, numbers.mul(n, { re: log(hypot(base.re, base.im)), im: atan2(base.im, base.re) }));
    }, numbers.zero);
    const value = prefactor * exp(logarithm.re) * cos(logarithm.im);
    return Math.abs(sin(logarithm.im)) <= phaseTolerance && Number.isFinite(value) ? some(value) : none;
  };
