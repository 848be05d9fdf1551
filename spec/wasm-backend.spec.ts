/** The wasm backend keeps the laws of backends, in the arithmetic that every engine has. */
import { alone } from '../src/backend/wasm/team.ts';
import { backendOn } from '../src/backend/wasm/wasm.ts';
import { verify } from './law.ts';
import {
  adjointness,
  agreement,
  agreementToRounding,
  batching,
  float32Precision,
  linearity,
  orderOfSamples,
  refusals,
  runsAreIndependent,
  translationEquivariance,
} from './laws/backend.ts';
import { tanhIsGood } from './laws/wasm.ts';
import {
  averages,
  biased,
  clampedTanh,
  convolution,
  firstIsOff,
  firstSampleOnly,
  forgetsToReflect,
  halfPrecisionTanh,
  lenient,
  stale,
  unclampedTanh,
  zeroPadding,
} from './mutants/backends.ts';

const wasm = backendOn(alone, 'separate');

verify(agreement(float32Precision), wasm, {
  'convolution, not cross-correlation': convolution,
  'zero padding, not periodic': zeroPadding,
  'kernels and biases are averaged': averages,
});
verify(agreementToRounding(float32Precision), wasm, { 'tanh is rounded to half precision': halfPrecisionTanh });
verify(adjointness, wasm, {
  'convolution, not cross-correlation': convolution,
  'correlateTransposed does not reflect the kernel': forgetsToReflect,
});
verify(linearity, wasm, { 'a one is added': biased });
verify(translationEquivariance, wasm, { 'zero padding, not periodic': zeroPadding });
verify(batching(float32Precision), wasm, {
  'kernels and biases are averaged': averages,
  'every sample is the first': firstSampleOnly,
});
verify(orderOfSamples(float32Precision), wasm, {
  'every sample is the first': firstSampleOnly,
  'the first sample of a batch is off': firstIsOff,
});
verify(runsAreIndependent(float32Precision), wasm, { 'the first answer is given ever after': stale });
verify(refusals, wasm, { 'an error is no output': lenient });
verify(tanhIsGood, wasm, {
  'half precision': halfPrecisionTanh,
  'clamped so that a NaN is lost': clampedTanh,
  'the polynomials go on beyond their range': unclampedTanh,
});
