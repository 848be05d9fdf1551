/**
 * Textbook perturbation series with zero radius of convergence, by their exact Taylor coefficients, the power of x with
 * which the summed function grows, and that function itself, computed without the series.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

import { exp } from '../number/elementary/exponential.kernel.ts';
import type { PowerSeries } from '../number/power-series.ts';
import { ratio, rational, type Rational } from '../number/rational.ts';

/** A series, how its coefficients are found, and the exponent beta of f(x) ~ x^beta for x -> infinity. */
export interface DivergentSeries {
  readonly name: string;
  /** c_0, .., c_n. */
  readonly coefficients: (n: number) => PowerSeries<Rational>;
  readonly exponent: Rational;
  /** f(x) for x > 0, to ten digits or more where 0.1 <= x <= 10. */
  readonly sum: (x: number) => number;
}

const { zero, one, add, sub, mul, div, fromNumber } = rational;

const from = (first: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);

/** 1, r(1), r(1) r(2), .. up to n factors. */
const fromQuotients = (n: number, quotient: (k: number) => Rational): PowerSeries<Rational> =>
  from(1, n).reduce<PowerSeries<Rational>>((known, k) => [...known, mul(known.at(-1) ?? one, quotient(k))], [one]);

/** The integral of a smooth function that is negligible at both ends, by the trapezoidal rule: it converges exponentially. */
const integral = (f: (y: number) => number, start: number, end: number, steps: number): number => {
  const h = (end - start) / steps;
  return from(1, steps - 1).reduce((sum, i) => sum + h * f(start + i * h), 0);
};

/**
 * Stieltjes' sum of (-1)^k k! x^k, the expansion of the integral of exp(-t)/(1 + x t) over t > 0. The integral falls like
 * log(x)/x.
 */
export const stieltjesSeries: DivergentSeries = {
  name: 'Stieltjes: integral of exp(-t)/(1 + x t)',
  coefficients: (n) => fromQuotients(n, (k) => fromNumber(-k)),
  exponent: fromNumber(-1),
  // t = exp(u - exp(-u)) spreads the integrand, which is smooth in u and falls off at both ends doubly exponentially.
  sum: (x) =>
    integral(
      (u) => {
        const t = exp(u - exp(-u));
        return (t * (1 + exp(-u)) * exp(-t)) / (1 + x * t);
      },
      -5,
      5,
      400,
    ),
};

/**
 * phi^4 theory in zero dimensions: the integral of exp(-y^2 - x y^4)/sqrt(pi) over all y, with the coefficients
 * (-1)^k (4 k - 1)!! / (4^k k!), whose quotients are -(4 k - 1)(4 k - 3) / (4 k).
 */
export const zeroDimensionalSeries: DivergentSeries = {
  name: 'zero-dimensional phi^4: integral of exp(-y^2 - x y^4)/sqrt(pi)',
  coefficients: (n) => fromQuotients(n, (k) => div(fromNumber(-(4 * k - 1) * (4 * k - 3)), fromNumber(4 * k))),
  exponent: ratio(-1n, 4n),
  sum: (x) => integral((y) => exp(-y * y * (1 + x * y * y)) / Math.sqrt(Math.PI), -7, 7, 1400),
};

/** The wave functions B_k as polynomials in y^2, and the energies E_0, .., E_k. */
interface Perturbed {
  readonly waves: readonly (readonly Rational[])[];
  readonly energies: readonly Rational[];
}

/**
 * One order of Bender and Wu's recursion (1969). With psi = exp(-y^2/2) sum over k of x^k B_k(y), B_0 = 1, B_k(0) = 0 and
 * B_k = sum over j of b_kj y^(2 j), the power y^(2 j) of order k says
 *
 *   2 j b_kj = (j + 1)(2 j + 1) b_k,j+1 - b_k-1,j-2 + sum over 0 < i < k of E_i b_k-i,j,   E_k = -b_k1.
 */
const nextOrder = ({ waves, energies }: Perturbed): Perturbed => {
  const k = waves.length;
  const b = (order: number, j: number): Rational => waves[order]?.[j] ?? zero;
  // From the highest power, 2 k, down to 1; the coefficient above is known when the one below is sought.
  const [wave] = from(1, 2 * k)
    .toReversed()
    .reduce<readonly [readonly Rational[], Rational]>(
      ([known, above], j) => {
        const terms = from(1, k - 1).reduce(
          (sum, i) => add(sum, mul(energies[i] ?? zero, b(k - i, j))),
          sub(mul(fromNumber((j + 1) * (2 * j + 1)), above), b(k - 1, j - 2)),
        );
        const found = div(terms, fromNumber(2 * j));
        return [[found, ...known], found];
      },
      [[], zero],
    );
  const [first = zero] = wave;
  return { waves: [...waves, [zero, ...wave]], energies: [...energies, sub(zero, first)] };
};

/** Oscillator states that the ground state is expanded in: at x = 10 the next 20 change the twelfth digit. */
const states = 120;

/** The lowest eigenvalue of p^2/2 + y^2/2 + x y^4 in the states of the oscillator, where y is tridiagonal. */
const groundState = (x: number): number => {
  // Four states more, so that y^4 is exact on the first ones.
  const y = Matrix.zeros(states + 4, states + 4);
  from(1, states + 3).forEach((i) => y.set(i - 1, i, Math.sqrt(i / 2)).set(i, i - 1, Math.sqrt(i / 2)));
  const quartic = y
    .mmul(y)
    .mmul(y)
    .mmul(y)
    .subMatrix(0, states - 1, 0, states - 1);
  const levels = Matrix.diag(from(0, states - 1).map((i) => i + 0.5)).add(quartic.mul(x));
  return Math.min(...new EigenvalueDecomposition(levels, { assumeSymmetric: true }).realEigenvalues);
};

/**
 * The ground state of the quartic oscillator H = p^2/2 + y^2/2 + x y^4, [p, y] = -i: E(x) = 1/2 + 3/4 x - 21/8 x^2 + ..,
 * which grows like 0.668 x^(1/3). E(1) = 0.8037706512.
 */
export const quarticOscillatorSeries: DivergentSeries = {
  name: 'quartic oscillator: ground state of p^2/2 + y^2/2 + x y^4',
  coefficients: (n) => from(1, n).reduce(nextOrder, { waves: [[one]], energies: [ratio(1n, 2n)] }).energies,
  exponent: ratio(1n, 3n),
  sum: groundState,
};

/** All of them. */
export const divergentSeries: readonly DivergentSeries[] = [
  stieltjesSeries,
  zeroDimensionalSeries,
  quarticOscillatorSeries,
];
