/**
 * The pole expansion, first part: which poles z_k to try. They are those of rational approximations of the Fermi
 * function 1 / (1 + e^y), y a level in units of T: with few poles first, since each costs a determinant.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

import { asinh, sinh } from '../number/elementary/hyperbolic.kernel.ts';
import type { Reals } from '../number/reals.ts';
import { fermi } from './fermi.ts';
import {
  refined,
  unrefined,
  upperPoles,
  type RationalApproximation,
  type Samples,
} from './rational-approximation.kernel.ts';
import type { UpperPoint } from './upper-half-plane.ts';

/** What is asked of the poles: the interval of the levels, and how wrong an energy may be, all in units of T. */
export interface LevelRange {
  readonly lowest: number;
  readonly highest: number;
  readonly tolerance: number;
}

/** Poles to try, and what to try after them. */
export interface FermiPoles {
  /** The levels to which a sum over these poles is fitted, ascending, in units of T. */
  readonly levels: Reals;
  /** Sets of equally many poles, each worth a fit. */
  readonly sets: readonly (readonly UpperPoint[])[];
  /** One pole more, or other samples; null when all has been tried. */
  readonly next: () => FermiPoles | null;
}

/** The poles to try for levels in this range. */
export const fermiPoles = (range: LevelRange): FermiPoles | null => polesBySamples(range, densities);

/**
 * Samples in a unit of asinh y. Near the rounding of float64 the greedy algorithm depends on its samples by chance, so
 * that another try may reach what the first did not.
 */
const densities: readonly number[] = [24, 36, 48];

/**
 * How many poles are tried. Measured at the published couplings and the default tolerance: 8 at T = 0.1, 23 at
 * T = 1e-4, none at 1e-5, where it would take 29.
 */
const mostPoles = 24;

const polesBySamples = (range: LevelRange, [density, ...others]: readonly number[]): FermiPoles | null => {
  if (density === undefined) {
    return null;
  }
  const samples = fermiSamples(range, density);
  const withPoles = (count: number, earlier: RationalApproximation): FermiPoles => {
    const rational = withSupport(samples, 2 * count + 1, earlier);
    return {
      levels: samples.points,
      sets: worthwhile(range, samples, count, rational),
      next: () => (count === mostPoles ? polesBySamples(range, others) : withPoles(count + 1, rational)),
    };
  };
  return withPoles(0, unrefined(samples));
};

/**
 * Samples between the ends, evenly in asinh y: dense where the Fermi function changes, and in proportion elsewhere. At
 * least five units' worth of them, 120, are more than twice the 50 unknowns of a fit with 24 poles. At most 1000 bound
 * the cost of the coldest: with 4000, measured from T = 1e-4 to 1e-7, the same were answered, by as many poles.
 */
const fermiSamples = ({ lowest, highest }: LevelRange, density: number): Samples => {
  const [from, to] = [asinh(lowest), asinh(highest)];
  const count = Math.min(1000, Math.max(5 * density, Math.ceil(density * (to - from))));
  const points = Float64Array.from({ length: count }, (_, i) => sinh(from + ((to - from) * i) / (count - 1)));
  return { points, values: points.map(fermi(1)) };
};

/**
 * The approximation with so many support points, unless it has reached the rounding of float64 with fewer. 2 n + 1 real
 * support points make n poles in the upper half plane; an even number makes a real pole as well, which is of no use.
 */
const withSupport = (samples: Samples, points: number, rational: RationalApproximation): RationalApproximation =>
  rational.support.length >= points || rational.worst < 1e-14
    ? rational
    : withSupport(samples, points, refined(samples)(rational));

/**
 * An expansion is about as good as the approximation that gave its poles, and most are not worth their fit: the factor
 * 10 is for fits that are better. Pade's poles are good near 0 alone: fitted to |y| <= 8 n, n of them err by 0.16 (n = 2)
 * to 1.5e-9 (n = 16) a site, and fitted to |y| <= 10 n twice to forty times as much, where greedy ones are fewer.
 */
const worthwhile = (
  { lowest, highest, tolerance }: LevelRange,
  samples: Samples,
  count: number,
  rational: RationalApproximation,
): readonly (readonly UpperPoint[])[] => {
  if (count === 0) {
    return [[]];
  }
  const greedy = rational.worst < Math.max(10 * tolerance, 1e-12) ? [upperPoles(samples)(rational)] : [];
  return Math.max(-lowest, highest) < 8 * count ? [...greedy, padePoles(count)] : greedy;
};

/**
 * The poles in the upper half plane of the Pade approximant [2 n / 2 n] of the Fermi function 1 / (1 + e^y) about
 * y = 0: i / b for the positive eigenvalues b of the tridiagonal matrix with the entries 1 / (2 sqrt((2k - 1)(2k + 1)))
 * beside the diagonal (Ozaki 2007, from the continued fraction of tanh). For levels of at most a few n T they are
 * what the greedy algorithm cannot find, because a smooth function leaves it nothing but rounding errors to fit.
 */
export const padePoles = (n: number): readonly UpperPoint[] => {
  const beside = (k: number): number => 1 / (2 * Math.sqrt((2 * k - 1) * (2 * k + 1)));
  const matrix = Array.from({ length: 2 * n }, (_, row) =>
    Array.from({ length: 2 * n }, (_, column) => (Math.abs(row - column) === 1 ? beside(Math.max(row, column)) : 0)),
  );
  const { realEigenvalues } = new EigenvalueDecomposition(new Matrix(matrix), { assumeSymmetric: true });
  // They are +-b in pairs; the smallest b of 24 is 7e-4, far above rounding.
  return realEigenvalues
    .filter((b) => b > 1e-9)
    .map((b) => ({ re: 0, im: 1 / b }))
    .sort((a, b) => a.im - b.im);
};
