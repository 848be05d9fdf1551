/** The reference backend keeps the laws of backends, and the laws kill backends that do not. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it } from 'vitest';

import type { Arrays, Backend, Run } from '../src/backend/backend.ts';
import { block } from '../src/backend/reference/block.ts';
import { operations, type OperationTable } from '../src/backend/reference/operations.ts';
import { backendBy, reference } from '../src/backend/reference/reference.ts';
import { inputField, kernelGradient, record } from '../src/program/expression.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import { promisedField, promisedKernel } from '../src/program/promised-type.ts';
import { outputTypes, typed } from './arbitraries/program.ts';
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

const wrong = (entries: Partial<OperationTable>): Backend => backendBy({ ...operations, ...entries });

/** Reads kernels from their last tap on: the offsets, and with them channels, are reversed. */
const convolution = wrong({
  correlate:
    ({ tag, kernel, field }) =>
    (out, N) => {
      const reversed = block(kernel.type, kernel.holds, N, kernel.numbers.length / kernel.length);
      const step = operations.correlate({ tag, kernel: reversed, field })(out, N);
      return (samples) => {
        reversed.numbers.set(Float64Array.from(kernel.numbers).reverse());
        step(samples);
      };
    },
});

/** The lattice ends at its border. */
const zeroPadding = wrong({
  correlate:
    ({ kernel, field }) =>
    (out, N) =>
    (samples) => {
      const { outputs, inputs, size } = promisedKernel(kernel.type);
      const { components } = promisedField(field.type);
      const centre = (size - 1) / 2;
      out.numbers.subarray(0, samples * out.length).forEach((_, index) => {
        const [image, o] = [Math.floor(index / (outputs * N * N)), Math.floor(index / (N * N)) % outputs];
        const [row, column] = [Math.floor(index / N) % N, index % N];
        const s = Math.floor(image / components);
        const taps = Array.from({ length: inputs * size * size }, (_, tap) => {
          const r = row + (Math.floor(tap / size) % size) - centre;
          const c = column + (tap % size) - centre;
          const i = Math.floor(tap / (size * size));
          const from = s * field.stride + (((image % components) * inputs + i) * N + r) * N + c;
          const inside = 0 <= r && r < N && 0 <= c && c < N;
          const K = kernel.numbers[s * kernel.stride + o * inputs * size * size + tap] ?? NaN;
          return inside ? K * (field.numbers[from] ?? NaN) : 0;
        });
        out.numbers[index] = taps.reduce((sum, term) => sum + term, 0);
      });
    },
});

const forgetsToReflect = wrong({
  correlateTransposed:
    ({ tag, kernel, field }) =>
    (out, N) => {
      const once = block(kernel.type, kernel.holds, N, kernel.numbers.length / kernel.length);
      const step = operations.correlateTransposed({ tag, kernel: once, field })(out, N);
      const { size } = promisedKernel(kernel.type);
      return (samples) => {
        const taps = size * size;
        once.numbers.forEach((_, index) => {
          once.numbers[index] = kernel.numbers[index - (index % taps) + taps - 1 - (index % taps)] ?? NaN;
        });
        once.views.forEach(({ refresh }) => refresh(samples));
        step(samples);
      };
    },
});

const singlePrecisionTanh = wrong({
  tanh:
    ({ value }) =>
    (out) =>
    () => {
      out.numbers.set(value.numbers.map((x) => Math.fround(Math.tanh(x))));
    },
});

/** The reference backend with its arguments, or results, tampered with. */
const tampered = (
  argumentsFor: (run: Run) => Run,
  resultsFor: (program: TypedProgram, run: Run, results: Arrays) => Arrays,
): Backend => ({
  name: 'tampered',
  compile: (program) =>
    pipe(
      reference.compile(program),
      TE.map(({ run: execute }) => ({
        run: (run: Run) =>
          pipe(
            execute(argumentsFor(run)),
            TE.map((results) => resultsFor(typed(program), run, results)),
          ),
      })),
    ),
});

const asGiven = (run: Run): Run => run;
const asComputed = (_: TypedProgram, __: Run, results: Arrays): Arrays => results;

const averages = tampered(asGiven, (program, { batch }, results) =>
  Object.fromEntries(
    Object.entries(results).map(([name, numbers]) => {
      const tag = outputTypes(program)[name]?.tag;
      return [name, tag === 'kernel' || tag === 'bias' ? numbers.map((x) => x / batch) : numbers];
    }),
  ),
);

/** Each sample is computed on the numbers of the first. */
const firstSampleOnly = tampered(
  (run) => ({
    ...run,
    inputs: Object.fromEntries(
      Object.entries(run.inputs).map(([name, numbers]) => {
        const length = numbers.length / run.batch;
        return [name, numbers.map((_, index) => numbers[index % length] ?? NaN)];
      }),
    ),
  }),
  asComputed,
);

/** The place in the batch tells: the first sample is computed otherwise than the others. */
const firstIsOff = tampered(asGiven, (_, { batch }, results) =>
  Object.fromEntries(
    Object.entries(results).map(([name, numbers]) => [
      name,
      numbers.map((x, index) => (batch > 1 && index === 0 ? x + 1 : x)),
    ]),
  ),
);

/** Affine, not linear. */
const biased = tampered(asGiven, (_, __, results) =>
  Object.fromEntries(Object.entries(results).map(([name, numbers]) => [name, numbers.map((x) => x + 1)])),
);

/** The answer to the first run on a lattice size is given ever after. */
const stale: Backend = {
  name: 'stale',
  compile: (program) =>
    pipe(
      reference.compile(program),
      TE.map(({ run: execute }) => {
        const known = new Map<number, ReturnType<typeof execute>>();
        return {
          run: (run: Run) => {
            const answer = known.get(run.latticeSize) ?? execute(run);
            known.set(run.latticeSize, answer);
            return answer;
          },
        };
      }),
    ),
};

/** Whatever is missing is 0. */
const lenient: Backend = {
  name: 'lenient',
  compile: (program) =>
    pipe(
      reference.compile(program),
      TE.map(({ run: execute }) => ({
        run: (run: Run) =>
          pipe(
            execute(run),
            TE.orElse(() => TE.right<never, Arrays>({})),
          ),
      })),
    ),
};

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
