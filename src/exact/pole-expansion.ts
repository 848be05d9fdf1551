/**
 * The pole expansion of the Monte Carlo energy, fourth part: the sum with the fewest poles that is good enough.
 *
 * E_MC is a sum of f(E_n) = -T log(1 + exp(-E_n / T)) over the levels of H - mu n, and with a few points z_k of the upper
 * half plane
 *
 *   f(x) = Re sum_k w_k log(z_k - x) + c_0 + c_1 x   on the whole spectrum, up to a known error, so that
 *   E_MC = Re sum_k w_k log det(z_k - H) + c_0 tr 1 + c_1 tr H   without any level.
 *
 * `fermi-poles.ts` says which z_k to try, the poles of rational approximations of the Fermi function f';
 * `level-fit.kernel.ts` finds the weights, and `fit-error.kernel.ts` a bound of the error. The energy from an expansion
 * is in `sum-over-poles.kernel.ts`, and `energy-by-poles.ts` is the door to all of it.
 *
 * The spectrum lies in [-mu - r, -mu + r], r = 4 |t| + |J| |s| / 2: Gershgorin's circles for the hopping, with or
 * without a twist, plus the norm of the exchange. There are two levels a site, so E_MC / N^2 errs by at most twice the
 * error of f.
 *
 * @eq E_MC (below Eq. 2)
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { publishedDoubleExchange, type DoubleExchange } from '../hamiltonian/double-exchange.ts';
import { hypot } from '../number/elementary/hypotenuse.ts';
import { log } from '../number/elementary/logarithm.kernel.ts';
import type { Reals } from '../number/reals.ts';
import { fermiPoles, type FermiPoles, type LevelRange } from './fermi-poles.ts';
import { errorBound, largestErrorOn } from './fit-error.kernel.ts';
import { levelFit, type LogarithmicPole, type LogarithmicSum } from './level-fit.kernel.ts';
import type { UpperPoint } from './upper-half-plane.ts';

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

/** Why no expansion is given: parameters that are not finite, a temperature too low, or a tolerance that none reaches. */
export interface PoleExpansionError {
  readonly tag: 'PoleExpansionError';
  readonly message: string;
}

/** Absolute, on E_MC / N^2, in the units of t. */
export const defaultTolerance = 1e-9;

/**
 * The largest level, in units of T, for which poles are sought. Measured at the published couplings: from 2e18 on, T =
 * 1e-17, 24 poles err as much as a straight line. Far beyond, from 1e156 on, squares of singular values leave float64, and the
 * decompositions that poles come from do not end: they have no limit of their own.
 */
const largestLevel = 1e18;

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
  if (!(T > 0)) {
    return failure(`expected a temperature T > 0, got ${T}: for the ground state take T far below every level spacing`);
  }
  if (!(longest >= 0)) {
    return failure(`expected a length of spins of at least 0, got ${longest}: take 1 for unit spins`);
  }
  if (!(tolerance > 0)) {
    return failure(`expected a tolerance above 0, got ${tolerance}: the default is ${defaultTolerance}`);
  }
  if (!(T > 0)) {
    return failure(`expected a temperature above 0, got T = ${T}: the published one is ${publishedDoubleExchange.T}`);
  }
  // Both in units of t and in units of T, in which the expansion is sought.
  if (!(Number.isFinite(highest / T - lowest / T) && highest - lowest > 0)) {
    return failure(
      `expected finite levels, got t = ${t}, J = ${J}, mu = ${mu}, T = ${T}: take smaller ones, or a larger T`,
    );
  }
  const largest = Math.max(-lowest, highest);
  if (largest / T > largestLevel) {
    return failure(
      `expected T >= ${(largest / largestLevel).toPrecision(2)} for poles, which are no better than none below, got T = ${T}: ` +
        'take a larger T, or diagonalize',
    );
  }
  // Finite for any T: what errs by a finite number is then good enough for an infinite tolerance.
  const range = { lowest: lowest / T, highest: highest / T, tolerance: Math.min(tolerance / T, Number.MAX_VALUE) };
  const found = fewestPoles(T, range, () => fermiPoles(range), nothingYet);
  return found.error * T <= tolerance
    ? E.right(inUnitsOfHopping(T, lowest, highest, found))
    : failure(
        `expected a tolerance that poles can reach, got ${tolerance}: for levels from ${lowest.toPrecision(4)} to ` +
          `${highest.toPrecision(4)} at T = ${T} the best expansion errs by ${(found.error * T).toPrecision(2)} a ` +
          `site; ask for a larger tolerance${largest > T ? ' or temperature' : ''}, or diagonalize`,
      );
};

const failure = (message: string): Either<PoleExpansionError, never> => E.left({ tag: 'PoleExpansionError', message });

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

/** Tries poles until an expansion is good enough, and otherwise gives the best. */
const fewestPoles = (T: number, range: LevelRange, toTry: () => FermiPoles | null, best: Candidate): Candidate => {
  const poles = best.error <= range.tolerance ? null : toTry();
  return poles === null
    ? best
    : fewestPoles(
        T,
        range,
        poles.next,
        poles.sets.map(candidateWith(T, range, poles.levels)).reduce((a, b) => (b.error < a.error ? b : a), best),
      );
};

/** The bound is sought only where the levels of the fit leave hope, since it costs more than they do. */
const candidateWith =
  (T: number, { lowest, highest, tolerance }: LevelRange, levels: Reals) =>
  (poles: readonly UpperPoint[]): Candidate => {
    const sum = levelFit(levels)(poles);
    if (sum === null) {
      return nothingYet;
    }
    const rounding = roundingOf(T, Math.max(-lowest, highest), sum.poles);
    const onLevels = 2 * largestErrorOn(levels)(sum) + rounding;
    if (!(onLevels <= tolerance)) {
      return { sum, error: onLevels, occupationError: Infinity };
    }
    const bound = errorBound(lowest, highest)(sum);
    return { sum, error: 2 * bound.level + rounding, occupationError: bound.occupation };
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
