/** The laws that every backend keeps, each with the mutants that it kills. */
import type { Backend } from '../src/backend/backend.ts';
import { verify } from './law.ts';
import { residentAdamIsRunsAndTheTextbook } from './laws/adam.ts';
import {
  adjointness,
  agreement,
  agreementToRounding,
  batching,
  float64Precision,
  linearity,
  orderOfSamples,
  refusals,
  rootsAreRounded,
  runsAreIndependent,
  sumsKeepAllTerms,
  sumsOverOneSite,
  translationEquivariance,
  type Precision,
} from './laws/backend.ts';
import { readBackIsUpload, residentRefusals, residentsAreIndependent, residentStepsAreRuns } from './laws/resident.ts';
import {
  averages,
  biased,
  convolution,
  firstIsOff,
  firstSampleOnly,
  forgetsToReflect,
  halfPrecisionRoot,
  lenient,
  stale,
  zeroPadding,
} from './mutants/backends.ts';
import { firstPlace, forgetful, frozen, lenientResident, shared } from './mutants/residents.ts';

/**
 * Verifies a backend of some precision; `coarse` are backends that round more than it may. Laws of integers see it as
 * `onIntegers`, and the state of its residents has the precision `state`.
 */
export const verifyBackend = (
  backend: Backend,
  precision: Precision,
  coarse: Readonly<Record<string, Backend>>,
  onIntegers: Backend = backend,
  state: Precision = float64Precision,
): void => {
  verify(agreement(precision), onIntegers, {
    'convolution, not cross-correlation': convolution,
    'zero padding, not periodic': zeroPadding,
    'kernels and biases are averaged': averages,
  });
  verify(agreementToRounding(precision), backend, coarse);
  verify(rootsAreRounded(precision), backend, { 'eleven bits': halfPrecisionRoot });
  verify(adjointness, onIntegers, {
    'convolution, not cross-correlation': convolution,
    'correlateTransposed does not reflect the kernel': forgetsToReflect,
  });
  verify(linearity, onIntegers, { 'a one is added': biased });
  verify(sumsKeepAllTerms, onIntegers, { 'a one is added': biased });
  verify(sumsOverOneSite, onIntegers, {
    'kernels and biases are averaged': averages,
    'every sample is the first': firstSampleOnly,
  });
  verify(translationEquivariance, onIntegers, { 'zero padding, not periodic': zeroPadding });
  verify(batching(precision), onIntegers, {
    'kernels and biases are averaged': averages,
    'every sample is the first': firstSampleOnly,
  });
  verify(orderOfSamples(precision), onIntegers, {
    'every sample is the first': firstSampleOnly,
    'the first sample of a batch is off': firstIsOff,
  });
  verify(runsAreIndependent(precision), onIntegers, { 'the first answer is given ever after': stale });
  verify(refusals, backend, { 'an error is no output': lenient });
  verify(residentStepsAreRuns(state), backend, {
    'steps change nothing': frozen,
    'a step sees its first place alone': firstPlace,
  });
  verify(residentAdamIsRunsAndTheTextbook(state), backend, {
    'steps change nothing': frozen,
    'a step sees its first place alone': firstPlace,
  });
  verify(readBackIsUpload(state), backend, { 'what is written is forgotten': forgetful });
  verify(residentsAreIndependent, backend, { 'residents are one': shared });
  verify(residentRefusals, backend, { 'an error is no output': lenientResident });
};
