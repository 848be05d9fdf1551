/**
 * The pole expansion of the Monte Carlo energy. E_MC is a sum of f(E_n) = -T log(1 + exp(-E_n / T)) over the levels of
 * H - mu n, and with a few points z_k of the upper half plane
 *
 *   f(x) = Re sum_k w_k log(z_k - x) + c_0 + c_1 x   on the whole spectrum, up to a known error, so that
 *   E_MC = Re sum_k w_k log det(z_k - H) + c_0 tr 1 + c_1 tr H   without any level.
 *
 * The z_k are the poles of a rational approximation of the Fermi function f', the weights a least-squares fit of f.
 * The spectrum lies in [-mu - r, -mu + r], r = 4 |t| + |J| |s| / 2: Gershgorin's circles for the hopping, with or
 * without a twist, plus the norm of the exchange. There are two levels a site, so E_MC / N^2 errs by at most twice the
 * error of f.
 *
 * @eq E_MC (below Eq. 2)
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { DoubleExchange } from '../hamiltonian/double-exchange.ts';
import { fermi } from './fermi.ts';
import { errorBound, fitted, largestErrorOn, type LogarithmicPole, type LogarithmicSum } from './fermi-fit.kernel.ts';
import {
  padePoles,
  refined,
  upperPoles,
  type RationalApproximation,
  type Samples,
  type UpperPoint,
} from './rational-approximation.kernel.ts';
import { asinh, sinh } from '../number/elementary/hyperbolic.kernel.ts';
import { hypot } from '../number/elementary/hypotenuse.ts';
import { log } from '../number/elementary/logarithm.kernel.ts';

/** f(x) = Re sum_k w_k log(z_k - x) + c_0 + c_1 x, for x in the units of t. */
export interface PoleExpansion extends LogarithmicSum {
  /** The interval on which the expansion holds. */
  readonly lowest: number;
  readonly highest: number;
  /** A bound of the error of E_MC / N^2: twice the largest error of f, and an allowance for rounding. */
  readonly error: number;
  /** A bound of the error of the occupations, the derivative of the expansion: forces err by |J| times that at most. */
  readonly occupationError: number;
}

/** Why no expansion is given: parameters that are not finite, or a tolerance that none reaches. */
export interface PoleExpansionError {
  readonly tag: 'PoleExpansionError';
  readonly message: string;
}

/** Absolute, on E_MC / N^2, in the units of t. */
export const defaultTolerance = 1e-9;

/** How many poles are tried. */
const mostPoles = 24;

/**
 * The expansion with the fewest poles whose error bound is at most the tolerance, for spins no longer than `longest`.
 * Fails when no expansion reaches it: the temperature is too low, or the tolerance is below the rounding of float64.
 */
export const poleExpansion = (
  { t, J, mu, T }: DoubleExchange,
  tolerance: number = defaultTolerance,
  longest = 1,
): Either<PoleExpansionError, PoleExpansion> => {
  const radius = 4 * Math.abs(t) + (Math.abs(J) / 2) * longest;
  // Rounded outwards, and never a single point.
  const margin = 1e-9 * (radius + Math.abs(mu) + T);
  const [lowest, highest] = [-mu - radius - margin, -mu + radius + margin];
  if (!(tolerance > 0)) {
    return failure(`expected a tolerance above 0, got ${tolerance}: the default is ${defaultTolerance}`);
  }
  // Both in units of t and in units of T, in which the expansion is sought.
  if (!(Number.isFinite(highest / T - lowest / T) && highest - lowest > 0)) {
    return failure(
      `expected finite levels, got t = ${t}, J = ${J}, mu = ${mu}, T = ${T}: take smaller ones, or a larger T`,
    );
  }
  const wanted = { T, lowest: lowest / T, highest: highest / T, tolerance: tolerance / T };
  const found = densities.reduce(
    (best, density) =>
      best.error <= wanted.tolerance ? best : searchAmong(fermiSamples(wanted, density), best)(wanted),
    nothingYet,
  );
  return found.error * T <= tolerance
    ? E.right(inUnitsOfHopping(T, lowest, highest, found))
    : failure(
        `expected a tolerance that poles can reach, got ${tolerance}: for levels from ${lowest.toPrecision(4)} to ` +
          `${highest.toPrecision(4)} at T = ${T} the best expansion errs by ${(found.error * T).toPrecision(2)} a ` +
          'site; ask for a larger tolerance or temperature, or diagonalize',
      );
};

const failure = (message: string): Either<PoleExpansionError, never> => E.left({ tag: 'PoleExpansionError', message });

/** What is asked for, in units of T. */
interface Wanted {
  readonly T: number;
  readonly lowest: number;
  readonly highest: number;
  readonly tolerance: number;
}

/** An expansion in units of T, with its error bounds. */
interface Candidate {
  readonly sum: LogarithmicSum;
  readonly error: number;
  readonly occupationError: number;
}

const nothingYet: Candidate = {
  sum: { poles: [], constant: 0, slope: 0 },
  error: Infinity,
  occupationError: Infinity,
};

/**
 * Samples in a unit of asinh y. Near the rounding of float64 the greedy algorithm depends on its samples by chance, so
 * that another try may reach what the first did not.
 */
const densities: readonly number[] = [24, 36, 48];

/** Samples between the ends, evenly in asinh y: dense where the Fermi function changes, and in proportion elsewhere. */
const fermiSamples = ({ lowest, highest }: Wanted, density: number): Samples => {
  const [from, to] = [asinh(lowest), asinh(highest)];
  const count = Math.min(1000, Math.max(5 * density, Math.ceil(density * (to - from))));
  const points = Float64Array.from({ length: count }, (_, i) => sinh(from + ((to - from) * i) / (count - 1)));
  return { points, values: points.map(fermi(1)) };
};

const start = ({ values }: Samples): RationalApproximation => ({
  support: [],
  weights: [],
  worst: 1,
  worstAt: values.findIndex((value) => value === values.reduce((a, b) => Math.max(a, b), 0)),
});

/**
 * Adds poles until an expansion is good enough, and otherwise gives the best. 2 n + 1 real support points make n poles
 * in the upper half plane; an even number makes a real pole as well, which is of no use.
 */
const searchAmong =
  (samples: Samples, soFar: Candidate) =>
  (wanted: Wanted): Candidate => {
    const from = (count: number, earlier: RationalApproximation, best: Candidate): Candidate => {
      const rational = withSupport(samples, 2 * count + 1, earlier);
      const poles = polesToTry(samples, wanted, count, rational);
      const better = poles.map(candidateWith(samples, wanted)).reduce((a, b) => (b.error < a.error ? b : a), best);
      return better.error <= wanted.tolerance || count === mostPoles ? better : from(count + 1, rational, better);
    };
    return from(0, start(samples), soFar);
  };

/** The approximation with so many support points, unless it has reached the rounding of float64 with fewer. */
const withSupport = (samples: Samples, points: number, rational: RationalApproximation): RationalApproximation =>
  rational.support.length >= points || rational.worst < 1e-14
    ? rational
    : withSupport(samples, points, refined(samples)(rational));

/**
 * An expansion is about as good as the approximation that gave its poles, and most are not worth their fit. Pade's
 * poles are good near 0 alone.
 */
const polesToTry = (
  samples: Samples,
  { lowest, highest, tolerance }: Wanted,
  count: number,
  rational: RationalApproximation,
): readonly (readonly UpperPoint[])[] => {
  if (count === 0) {
    return [[]];
  }
  const greedy = rational.worst < Math.max(10 * tolerance, 1e-12) ? [upperPoles(samples)(rational)] : [];
  return Math.max(-lowest, highest) < 8 * count ? [...greedy, padePoles(count)] : greedy;
};

const candidateWith =
  (samples: Samples, { T, lowest, highest, tolerance }: Wanted) =>
  (poles: readonly UpperPoint[]): Candidate => {
    const sum = fitted(samples.points)(poles);
    if (sum === null) {
      return nothingYet;
    }
    const rounding = roundingOf(T, Math.max(-lowest, highest), sum.poles);
    const onSamples = 2 * largestErrorOn(samples.points)(sum) + rounding;
    if (!(onSamples <= tolerance)) {
      return { sum, error: onSamples, occupationError: Infinity };
    }
    const bound = errorBound(lowest, highest)(sum);
    return { sum, error: 2 * bound.level + rounding, occupationError: bound.fermi };
  };

/**
 * An allowance for rounding: elimination changes the entries of z - H, which are of the size of the largest level, by a
 * few units in the last place, and log det(z - H) by that times its derivative, at most 1 / Im z; the logarithms are
 * rounded as well.
 */
const roundingOf = (T: number, largest: number, poles: readonly LogarithmicPole[]): number =>
  4 *
  Number.EPSILON *
  poles.reduce(
    (sum, { re, im, weightRe, weightIm }) =>
      sum + hypot(weightRe, weightIm) * (largest / im + Math.abs(log(T * hypot(re, im)))),
    1 + largest,
  );

/** From y = x / T to x: log(z / T - x / T) = log(z - x) - log T. */
const inUnitsOfHopping = (
  T: number,
  lowest: number,
  highest: number,
  { sum: { poles, constant, slope }, error, occupationError }: Candidate,
): PoleExpansion => ({
  poles: poles.map(({ re, im, weightRe, weightIm }) => ({
    re: T * re,
    im: T * im,
    weightRe: T * weightRe,
    weightIm: T * weightIm,
  })),
  constant: T * (constant - log(T) * poles.reduce((total, { weightRe }) => total + weightRe, 0)),
  slope,
  lowest,
  highest,
  error: T * error,
  occupationError,
});
