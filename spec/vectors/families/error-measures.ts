/** How wrong predictions are. */
import { z } from 'zod';

import { meanOf } from '../../../src/number/mean.ts';
import { errorMeasures } from '../../../src/training/error-measures.ts';
import { family, type Outside, type Output } from '../family.ts';
import { shortNumbers } from '../numbers.ts';

const numbers = z.array(z.number());

const meanings = {
  rmse: 'sqrt(mean (exact - predicted)^2)',
  relative: 'rmse / reference',
  rmsePerDeviation: 'rmse / std(exact), 1/n under the root',
  meanPredictor: 'std(exact) / reference',
} as const;

const errorCase = (
  name: string,
  why: string,
  exact: readonly number[],
  predicted: readonly number[],
  reference: number | null = null,
  outside: readonly Outside[] = [],
) => {
  const energies = Float64Array.from(exact);
  const measures = errorMeasures(energies, reference ?? undefined)(Float64Array.from(predicted));
  const outputs = Object.entries(meanings).flatMap(([output, meaning]): readonly (readonly [string, Output])[] => {
    const value = { ...measures }[output];
    return typeof value === 'number' ? [[output, { meaning, shape: [], values: [value] }]] : [];
  });
  return {
    name,
    equation: 'Fig. 2b',
    why,
    inputs: { exact: [...exact], predicted: [...predicted], reference },
    outputs: Object.fromEntries(outputs),
    outside,
  };
};

const energies = shortNumbers(81, 6).map((x) => x - 50);

/** The family. */
export const errorMeasuresFamily = family({
  name: 'error-measures',
  about: 'Errors of predicted energies; a ratio to 0 has no value and is not asked for.',
  inputs: z.strictObject({
    exact: numbers,
    predicted: numbers,
    /** What errors are relative to; null for |mean of the exact energies|. */
    reference: z.number().nullable(),
  }),
  tolerance: { relative: 1e-12, reason: 'means of a few numbers of size 50 that differ by one' },
  cases: () => [
    errorCase(
      'offset',
      'a constant offset is the RMSE',
      energies,
      energies.map((x) => x + 0.5),
      null,
      [{ output: 'rmse', source: 'closed form: the offset', values: [0.5], relative: 1e-14 }],
    ),
    errorCase(
      'mean',
      'the mean as a prediction is no better than the mean predictor',
      energies,
      energies.map(() => meanOf(Float64Array.from(energies))),
      null,
      [{ output: 'rmsePerDeviation', source: 'closed form: 1 by definition', values: [1], relative: 1e-14 }],
    ),
    errorCase(
      'equal',
      'equal energies have no deviation that errors could be measured in',
      [-3, -3, -3],
      [-3.5, -3, -2.5],
    ),
    errorCase(
      'other-reference',
      "relative to another set's mean, as for the binary spins",
      energies,
      shortNumbers(83, 6).map((x) => x - 50),
      40,
    ),
  ],
});
