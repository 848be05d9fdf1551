/**
 * The pole expansion, third part: how wrong a sum of logarithms is as the level energy f(y) = -log(1 + e^-y), and its
 * derivative as the occupation f'. Levels y, and the errors of f, are in units of T.
 */
import { atan2 } from '../number/elementary/arctangent.kernel.ts';
import { hypot } from '../number/elementary/hypotenuse.ts';
import { log } from '../number/elementary/logarithm.kernel.ts';
import { pow } from '../number/elementary/power.kernel.ts';
import { cos } from '../number/elementary/trigonometric.kernel.ts';
import type { Reals } from '../number/reals.ts';
import { fermi, levelEnergy } from './fermi.ts';
import type { LogarithmicSum } from './level-fit.kernel.ts';

/** f and f' in units of T. */
const [levelEnergyOf, occupationOf] = [levelEnergy(1), fermi(1)];

/** The error of the sum, and of its derivative, which approximates the Fermi function. */
export interface FitError {
  readonly level: number;
  readonly occupation: number;
}

/** The two errors at one point. */
const errorAt =
  ({ poles, constant, slope }: LogarithmicSum) =>
  (y: number): FitError => {
    let level = constant + slope * y - levelEnergyOf(y);
    let occupation = slope - occupationOf(y);
    for (const { re, im, weightRe, weightIm } of poles) {
      const x = re - y;
      const squared = x * x + im * im;
      level += weightRe * 0.5 * log(squared) - weightIm * atan2(im, x);
      occupation -= (weightRe * x + weightIm * im) / squared;
    }
    return { level: Math.abs(level), occupation: Math.abs(occupation) };
  };

/** The largest error of the sum at these points, in units of T. */
export const largestErrorOn =
  (points: Reals) =>
  (sum: LogarithmicSum): number => {
    const at = errorAt(sum);
    return points.reduce((worst, y) => Math.max(worst, at(y).level), 0);
  };

/** The most that (radius / distance to a singularity) may be on a panel. */
const nearness = 1 / 4;

/**
 * The degree of the polynomials that stand for the error on a panel: the lowest at which what they miss of a logarithm of
 * weight 1, nearness^(degree + 1) / ((degree + 1) (1 - nearness)) = 2.0e-16, is below float64's epsilon, 2.2e-16.
 */
const degree = 23;

/** Nodes on a panel: four for each coefficient, so that the bound overshoots by 7.5 percent at most. */
const nodes = 4 * (degree + 1);

/** Ehlich and Zeller 1964: a polynomial of degree d < m exceeds its values at the m Chebyshev nodes by this at most. */
const overshoot = 1 / cos((Math.PI * degree) / (2 * nodes));

/**
 * An upper bound of both errors on [lowest, highest], up to the rounding of the evaluation.
 *
 * The interval is cut into panels, centre c and radius r, so short that every singularity s of the error (the z_k, and
 * the i (2j + 1) pi of f) has r / |s - c| <= 1/4. There the Taylor polynomial of degree n about c, p, misses
 * w log(s - y) by at most |w| q^(n+1) / ((n + 1) (1 - q)), q = r / |s - c|, and the sum over the singularities of f by
 * twice that of the nearest, at distance d, times 1 + d / 4 (the sum against its integral). Call all of it delta. Then
 * |p| <= |error| + delta at the nodes, |p| <= overshoot max over the nodes of |p| in between, |error| <= |p| + delta.
 */
export const errorBound =
  (lowest: number, highest: number) =>
  (sum: LogarithmicSum): FitError => {
    const at = errorAt(sum);
    const bound = { level: 0, occupation: 0 };
    const panels: (readonly [number, number])[] = [[lowest, highest]];
    for (let panel = panels.pop(); panel !== undefined; panel = panels.pop()) {
      const centre = (panel[0] + panel[1]) / 2;
      const radius = (panel[1] - panel[0]) / 2;
      const matsubara = hypot(centre, Math.PI);
      const nearest = sum.poles.reduce((d, { re, im }) => Math.min(d, hypot(re - centre, im)), matsubara);
      if (radius > nearness * nearest) {
        panels.push([panel[0], centre], [centre, panel[1]]);
        continue;
      }
      const delta = { level: 0, occupation: 0 };
      const addRemainder = (weight: number, distance: number): void => {
        const q = radius / distance;
        const geometric = (weight * pow(q, degree + 1)) / (1 - q);
        delta.level += geometric / (degree + 1);
        delta.occupation += geometric / distance;
      };
      addRemainder(2 * (1 + matsubara / 4), matsubara);
      for (const { re, im, weightRe, weightIm } of sum.poles) {
        addRemainder(hypot(weightRe, weightIm), hypot(re - centre, im));
      }
      for (let j = 0; j < nodes; j++) {
        const error = at(centre + radius * cos((Math.PI * (2 * j + 1)) / (2 * nodes)));
        bound.level = Math.max(bound.level, overshoot * (error.level + delta.level) + delta.level);
        bound.occupation = Math.max(
          bound.occupation,
          overshoot * (error.occupation + delta.occupation) + delta.occupation,
        );
      }
    }
    return bound;
  };
