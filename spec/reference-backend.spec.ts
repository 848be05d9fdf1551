/** The reference backend keeps the laws of backends, and the laws kill backends that do not. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it } from 'vitest';

import { reference } from '../src/backend/reference/reference.ts';
import { inputField, kernelGradient, record } from '../src/program/expression.ts';
import { verify } from './law.ts';
import {
  adjointness,
  agreement,
  agreementToRounding,
  batching,
  float64Precision,
  linearity,
  orderOfSamples,
  refusals,
  runsAreIndependent,
  translationEquivariance,
} from './laws/backend.ts';
import {
  averages,
  biased,
  convolution,
  firstIsOff,
  firstSampleOnly,
  forgetsToReflect,
  lenient,
  singlePrecisionTanh,
  stale,
  zeroPadding,
} from './mutants/backends.ts';

verify(agreement(float64Precision), reference, {
  'convolution, not cross-correlation': convolution,
  'zero padding, not periodic': zeroPadding,
  'kernels and biases are averaged': averages,
});
verify(agreementToRounding(float64Precision), reference, { 'tanh is rounded to float32': singlePrecisionTanh });
verify(adjointness, reference, {
  'convolution, not cross-correlation': convolution,
  'correlateTransposed does not reflect the kernel': forgetsToReflect,
});
verify(linearity, reference, { 'a one is added': biased });
verify(translationEquivariance, reference, { 'zero padding, not periodic': zeroPadding });
verify(batching(float64Precision), reference, {
  'kernels and biases are averaged': averages,
  'every sample is the first': firstSampleOnly,
});
verify(orderOfSamples(float64Precision), reference, {
  'every sample is the first': firstSampleOnly,
  'the first sample of a batch is off': firstIsOff,
});
verify(runsAreIndependent(float64Precision), reference, { 'the first answer is given ever after': stale });
verify(refusals, reference, { 'an error is no output': lenient });

describe('the reference backend', () => {
  it('sums kernel gradients over the batch: two samples of 1 x 1 give 1*3 + 2*4', async () => {
    const program = record({ G: kernelGradient(1, inputField('x', 1, 1), inputField('y', 1, 1)) });
    const result = await pipe(
      reference.compile(program),
      TE.chain(({ run }) =>
        run({
          parameters: {},
          inputs: { x: Float64Array.of(1, 2), y: Float64Array.of(3, 4) },
          latticeSize: 1,
          batch: 2,
        }),
      ),
    )();
    expect(result).toEqual(E.right({ G: Float64Array.of(11) }));
  });
});
