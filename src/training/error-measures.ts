/**
 * How wrong predictions are, always beside what knowing nothing achieves: the mean is a strong predictor here, because
 * the total energy of random configurations varies by only two percent of its mean.
 *
 * @eq relative error (Fig. 2b)
 */
import { asManyAs } from '../number/callers-mistake.ts';
import { meanOf } from '../number/mean.ts';
import type { Reals } from '../number/reals.ts';

const square = (x: number): number => x * x;

/** Errors of predicted energies over a set of configurations, as measured against exact ones. */
export interface ErrorMeasures {
  /** The root mean square error, in the units of the energy. */
  readonly rmse: number;
  /** RMSE / |mean energy|: the paper's relative error. Null where that mean is 0. */
  readonly relative: number | null;
  /** RMSE / standard deviation of the exact energies: 1 is no better than the mean. Null where all energies are equal. */
  readonly rmsePerDeviation: number | null;
  /** The relative error of always answering the mean of these very energies. Null where that mean is 0. */
  readonly meanPredictor: number | null;
  /** How many energies were compared. */
  readonly count: number;
}

/** The standard deviation, 1/n under the root. */
export const deviationOf = (values: Reals): number => {
  const centre = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => square(value - centre))));
};

/** The two parts of a root mean square error: RMSE^2 = offset^2 + spread^2. */
export interface ErrorParts {
  /** The mean of predicted - exact: what all predictions are off by. */
  readonly offset: number;
  /** The standard deviation of predicted - exact. */
  readonly spread: number;
}

const predictions = (exact: Reals, predicted: Reals): void => {
  asManyAs(exact.length, 'predictions, one an exact energy', 'predict each configuration')(predicted);
};

/**
 * What of an error all configurations share, and what differs from one to the next; in the units of the energy.
 *
 * @throws RangeError for more or fewer predictions than energies.
 */
export const errorParts =
  (exact: Reals) =>
  (predicted: Reals): ErrorParts => {
    predictions(exact, predicted);
    const errors = exact.map((energy, index) => (predicted[index] ?? NaN) - energy);
    return { offset: meanOf(errors), spread: deviationOf(errors) };
  };

const ratio = (value: number, unit: number): number | null => (unit === 0 ? null : value / unit);

/**
 * The error measures of predictions against exact energies.
 *
 * @throws RangeError for more or fewer predictions than energies.
 * @param reference the |mean energy| that errors are relative to; the paper takes the training set's for binary spins
 */
export const errorMeasures =
  (exact: Reals, reference: number = Math.abs(meanOf(exact))) =>
  (predicted: Reals): ErrorMeasures => {
    predictions(exact, predicted);
    const rmse = Math.sqrt(meanOf(exact.map((energy, index) => square(energy - (predicted[index] ?? NaN)))));
    const deviation = deviationOf(exact);
    return {
      rmse,
      relative: ratio(rmse, reference),
      rmsePerDeviation: ratio(rmse, deviation),
      meanPredictor: ratio(deviation, reference),
      count: exact.length,
    };
  };
