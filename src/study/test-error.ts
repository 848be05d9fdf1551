/** The errors of predictions on test samples, as results record them. */
import type { Reals } from '../number/reals.ts';
import type { LabelledSamples } from '../training/batch.ts';
import { errorMeasures, errorParts } from '../training/error-measures.ts';
import type { TestError } from './result.ts';

/** A network that diverged has measures that no file can hold. */
const finiteOrNull = (x: number | null): number | null => (x !== null && Number.isFinite(x) ? x : null);

/** The error of predicted energies; `reference` is the |mean energy| that relative errors refer to. */
export const testError = (
  size: number,
  samples: TestError['samples'],
  exact: Reals,
  predicted: Reals,
  reference?: number,
): TestError => {
  const { rmse, relative, rmsePerDeviation, meanPredictor, count } = errorMeasures(exact, reference)(predicted);
  const { offset, spread } = errorParts(exact)(predicted);
  return {
    size,
    samples,
    count,
    rmse: finiteOrNull(rmse),
    offset: finiteOrNull(offset),
    spread: finiteOrNull(spread),
    relative: finiteOrNull(relative),
    rmsePerDeviation: finiteOrNull(rmsePerDeviation),
    meanPredictor,
  };
};

/** Which test samples have a configuration that no training sample has. */
export const unseenSamples = (train: LabelledSamples, test: LabelledSamples): readonly number[] => {
  const name = ({ spins, count }: LabelledSamples, sample: number): string => {
    const length = spins.length / count;
    return spins.subarray(sample * length, (sample + 1) * length).join();
  };
  const seen = new Set(Array.from({ length: train.count }, (_, sample) => name(train, sample)));
  return Array.from({ length: test.count }, (_, sample) => sample).filter((sample) => !seen.has(name(test, sample)));
};
