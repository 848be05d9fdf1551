/**
 * Ridge regression without the design matrix: what is linear in its coefficients is given by its products alone,
 *
 *     minimize |X c + c_0 - y|^2 + ridge |c|^2,
 *
 * solved by conjugate gradients on the normal equations for all ridges at once. The constant c_0 is not held down: columns and
 * y are taken about their means. The ridge is chosen by samples that were held out of the fit.
 */
import { pow } from '../number/elementary/power.kernel.ts';
import { meanOf } from '../number/mean.ts';
import type { Reals } from '../number/reals.ts';
import { shiftedSolutions, type Patience } from './shifted-conjugate-gradients.kernel.ts';

/** A matrix X, [rows, columns], by its products. */
export interface Design {
  readonly rows: number;
  readonly columns: number;
  /** X v, [rows]. */
  readonly times: (v: Reals) => Reals;
  /** X^T u, [columns]. */
  readonly transposed: (u: Reals) => Reals;
}

/** A fitted linear model: X c + c_0. */
export interface RidgeFit {
  readonly ridge: number;
  /** c_0. */
  readonly constant: number;
  readonly coefficients: Reals;
}

const centred = (values: Reals): Reals => {
  const mean = meanOf(values);
  return values.map((value) => value - mean);
};

const squaresOf = (values: Reals): number => values.reduce((sum, value) => sum + value * value, 0);

/** The fit for each ridge, in their order; ridges are positive. */
export const ridgeFits =
  (ridges: readonly number[], patience: Patience) =>
  ({ times, transposed }: Design, y: Reals): readonly RidgeFit[] => {
    const normal = (v: Reals): Reals => transposed(centred(times(v)));
    return shiftedSolutions(normal, transposed(centred(y)), ridges, patience).map((coefficients, i) => ({
      ridge: ridges[i] ?? NaN,
      constant: meanOf(y) - meanOf(times(coefficients)),
      coefficients,
    }));
  };

/** What a fit predicts for the rows of a design. */
export const predictedBy =
  ({ constant, coefficients }: RidgeFit) =>
  ({ times }: Design): Reals =>
    times(coefficients).map((value) => value + constant);

/**
 * The curvature of the squared error along its gradient at c = 0: a unit for ridges, from the data alone. A ridge far above it
 * leaves nothing but the mean, one far below it is felt where the data say little.
 */
export const curvature = ({ times, transposed }: Design, y: Reals): number => {
  const gradient = transposed(centred(y));
  const squares = squaresOf(gradient);
  return squares === 0 ? 1 : squaresOf(centred(times(gradient))) / squares;
};

/** Samples of a linear model: the design and the values that it should give. */
export interface LinearSamples {
  readonly design: Design;
  readonly values: Reals;
}

/** Ridges in units of the curvature: half a decade apart, from one that interpolates to one that leaves the mean alone. */
const relativeRidges = Array.from({ length: 11 }, (_, i) => pow(10, i / 2 - 4));

/** Of the fits to some samples with a range of ridges the one that predicts others, held out, the best. */
export const heldOutFit =
  (patience: Patience) =>
  (fitted: LinearSamples, heldOut: LinearSamples): RidgeFit => {
    const unit = curvature(fitted.design, fitted.values);
    const fits = ridgeFits(
      relativeRidges.map((ridge) => ridge * unit),
      patience,
    )(fitted.design, fitted.values);
    const errorOf = (fit: RidgeFit): number => {
      const predicted = predictedBy(fit)(heldOut.design);
      return squaresOf(predicted.map((value, i) => value - (heldOut.values[i] ?? NaN)));
    };
    return fits
      .map((fit) => ({ fit, error: errorOf(fit) }))
      .reduce((best, one) => (one.error < best.error ? one : best)).fit;
  };
