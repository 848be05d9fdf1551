/**
 * The pole expansion, its tool: rational approximation of a real function on sampled points by the AAA algorithm
 * (Nakatsukasa, Sete and Trefethen 2018), a barycentric quotient
 *
 *   r(x) = sum_j w_j f_j / (x - x_j)  /  sum_j w_j / (x - x_j)
 *
 * that interpolates f at the support points x_j. The weights minimize the linearized error on the other samples; the
 * next support point is the sample where r is worst.
 */
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';

import type { Reals } from '../number/reals.ts';
import type { UpperPoint } from './upper-half-plane.ts';

/** A real function at ascending points: `values[i]` at `points[i]`. */
export interface Samples {
  readonly points: Reals;
  readonly values: Reals;
}

/** A barycentric quotient, and how well it fits its samples. */
export interface RationalApproximation {
  /** Indices of the samples that are interpolated. */
  readonly support: readonly number[];
  /** w_j for each support point, of unit norm. */
  readonly weights: readonly number[];
  /** The largest error on the samples, and where it is. */
  readonly worst: number;
  readonly worstAt: number;
}

/** What is refined first: nothing is interpolated, and all is wrong, most where the function is largest. */
export const unrefined = ({ values }: Samples): RationalApproximation => {
  const largest = Math.max(...values);
  return { support: [], weights: [], worst: Infinity, worstAt: values.findIndex((value) => value === largest) };
};

/** The approximation with one more support point, placed where `previous` is worst. */
export const refined =
  ({ points, values }: Samples) =>
  ({ support: earlier, worstAt }: RationalApproximation): RationalApproximation => {
    const support = [...earlier, worstAt];
    const taken = new Set(support);
    const rest = Array.from({ length: points.length }, (_, i) => i).filter((i) => !taken.has(i));
    const loewner = new Matrix(
      rest.map((i) => support.map((j) => (values[i]! - values[j]!) / (points[i]! - points[j]!))),
    );
    const { rightSingularVectors } = new SingularValueDecomposition(loewner, { computeLeftSingularVectors: false });
    const weights = rightSingularVectors.getColumn(support.length - 1);
    let worst = 0;
    let next = rest[0] ?? worstAt;
    for (const i of rest) {
      let above = 0;
      let below = 0;
      for (let k = 0; k < support.length; k++) {
        const term = weights[k]! / (points[i]! - points[support[k]!]!);
        above += term * values[support[k]!]!;
        below += term;
      }
      const error = Math.abs(values[i]! - above / below);
      if (!(error <= worst)) {
        worst = error;
        next = i;
      }
    }
    return { support, weights, worst, worstAt: next };
  };

/**
 * The poles of r in the upper half plane: sum_j w_j / (x - x_j) = 0 says that x - c is an eigenvalue of
 * (1 - e w^T / sum w) diag(x_j - c), e = (1, .., 1), beside an eigenvalue 0. c lies outside the samples. No poles where
 * sum w is 0, or not finite: the search for eigenvalues would not end.
 */
export const upperPoles =
  ({ points }: Samples) =>
  ({ support, weights }: RationalApproximation): readonly UpperPoint[] => {
    const first = points[0]!;
    const outside = 2 * points[points.length - 1]! - first;
    const total = weights.reduce((sum, w) => sum + w, 0);
    const matrix = support.map((_, row) =>
      support.map((j, column) => ((row === column ? 1 : 0) - weights[column]! / total) * (points[j]! - outside)),
    );
    if (!matrix.flat().every(Number.isFinite)) {
      return [];
    }
    const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(new Matrix(matrix));
    // Below this an imaginary part is the rounding of a real pole: eigenvalues err by some epsilon of the largest entry.
    const smallest = 1e-12 * (outside - first);
    return realEigenvalues
      .map((re, k) => ({ re: re + outside, im: imaginaryEigenvalues[k]! }))
      .filter(({ im }) => im > smallest)
      .sort((a, b) => a.im - b.im);
  };
