/** Vectors of the error measures. */
import { errorMeasures, meanOf } from '../../src/training/error-measures.ts';
import { shortNumbers } from './network-vectors.ts';
import type { VectorFile } from './schema.ts';

const errorCase = (why: string, exact: readonly number[], predicted: readonly number[], reference?: number) => {
  const energies = Float64Array.from(exact);
  const { rmse, relative, rmsePerDeviation, meanPredictor } = errorMeasures(
    energies,
    reference,
  )(Float64Array.from(predicted));
  return {
    why,
    exact: [...exact],
    predicted: [...predicted],
    reference: reference ?? Math.abs(meanOf(energies)),
    rmse,
    relative,
    rmsePerDeviation,
    meanPredictor,
  };
};

const energies = shortNumbers(81, 6).map((x) => x - 50);

export const errorVectors = (): VectorFile<'error-measures.json'> => ({
  about:
    'rmse = sqrt(mean (exact - predicted)^2), relative = rmse / reference, rmsePerDeviation = rmse / std(exact) ' +
    'with 1/n under the root, ' +
    'meanPredictor = std(exact) / reference; a ratio to 0 is null.',
  tolerance: 1e-13,
  cases: [
    errorCase(
      'a constant offset is the RMSE',
      energies,
      energies.map((x) => x + 0.5),
    ),
    errorCase(
      'the mean as a prediction is no better than the mean predictor',
      energies,
      energies.map(() => meanOf(Float64Array.from(energies))),
    ),
    errorCase('equal energies have no deviation that errors could be measured in', [-3, -3, -3], [-3.5, -3, -2.5]),
    errorCase(
      "relative to another set's mean, as for the binary spins",
      energies,
      shortNumbers(83, 6).map((x) => x - 50),
      40,
    ),
  ],
});
