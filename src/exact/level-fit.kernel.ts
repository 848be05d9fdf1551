/**
 * The pole expansion, second part: the fit. For given z_k in the upper half plane, the level energy as a sum of
 * logarithms, f(y) = -log(1 + e^-y) = Re sum_k w_k log(z_k - y) + c_0 + c_1 y, by least squares. Levels y are in units
 * of T.
 */
import { Matrix, QrDecomposition } from 'ml-matrix';

import { atan2 } from '../number/elementary/arctangent.kernel.ts';
import { hypot } from '../number/elementary/hypotenuse.ts';
import { log } from '../number/elementary/logarithm.kernel.ts';
import type { Reals } from '../number/reals.ts';
import { levelEnergy } from './fermi.ts';
import type { UpperPoint } from './upper-half-plane.ts';

/** The term w log(z - y). */
export interface LogarithmicPole extends UpperPoint {
  readonly weightRe: number;
  readonly weightIm: number;
}

/** Re sum_k w_k log(z_k - y) + c_0 + c_1 y, with c_0 as `constant` and c_1 as `slope`. */
export interface LogarithmicSum {
  readonly poles: readonly LogarithmicPole[];
  readonly constant: number;
  readonly slope: number;
}

/**
 * The sum that fits f best at the points, by least squares; null where the points do not tell the poles apart, as on an
 * interval much shorter than their distance. The logarithms are scaled to log((z - y) / |z|).
 */
export const levelFit =
  (points: Reals) =>
  (poles: readonly UpperPoint[]): LogarithmicSum | null => {
    const largest = Math.max(1, Math.abs(points[0]!), Math.abs(points[points.length - 1]!));
    const rows: number[][] = [];
    for (const y of points) {
      const row = [1, y / largest];
      for (const { re, im } of poles) {
        row.push(log(hypot(re - y, im) / hypot(re, im)), atan2(im, re - y));
      }
      rows.push(row);
    }
    const factors = new QrDecomposition(new Matrix(rows));
    if (!factors.isFullRank()) {
      return null;
    }
    const solution = factors.solve(Matrix.columnVector(Array.from(points, levelEnergy(1)))).getColumn(0);
    // Re(w log) = Re w log|z - y| - Im w arg(z - y).
    const weighted = poles.map((z, k) => ({ ...z, weightRe: solution[2 * k + 2]!, weightIm: -solution[2 * k + 3]! }));
    const scaling = weighted.reduce((sum, { re, im, weightRe }) => sum + weightRe * log(hypot(re, im)), 0);
    return { poles: weighted, constant: solution[0]! - scaling, slope: solution[1]! / largest };
  };
