/** The reference backend keeps the laws of backends, and the laws kill backends that do not. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it } from 'vitest';

import { reference } from '../src/backend/reference/reference.ts';
import { inputField, kernelGradient, record } from '../src/program/expression.ts';
import { verifyBackend } from './every-backend.ts';
import { float64Precision } from './laws/backend.ts';
import { singlePrecisionTanh } from './mutants/backends.ts';

verifyBackend(reference, float64Precision, { 'tanh is rounded to float32': singlePrecisionTanh });

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
