/** Backends with bugs that someone could write: operations gone wrong, and arguments or results tampered with. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { Arguments, Arrays, Backend, BackendError, Executable } from '../../src/backend/backend.ts';
import { block } from '../../src/backend/reference/block.ts';
import { operations, type OperationTable } from '../../src/backend/reference/operations.ts';
import { backendBy, reference } from '../../src/backend/reference/reference.ts';
import { residentByRuns, residents } from '../../src/backend/schedule/resident.ts';
import type { Program } from '../../src/program/program.ts';
import { promisedField, promisedKernel } from '../../src/program/promised-type.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { outputTypes, typed } from '../arbitraries/program.ts';

export const wrong = (entries: Partial<OperationTable>): Backend => backendBy({ ...operations, ...entries });

/** Reads kernels from their last tap on: the offsets, and with them channels, are reversed. */
export const convolution = wrong({
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
export const zeroPadding = wrong({
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

export const forgetsToReflect = wrong({
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

export const singlePrecisionTanh = wrong({
  tanh:
    ({ value }) =>
    (out) =>
    () => {
      out.numbers.set(value.numbers.map((x) => Math.fround(Math.tanh(x))));
    },
});

/** An executable that runs like this, with the resident form that follows from it. */
const running = (program: Program, run: Executable['run']): Executable => {
  const make = residentByRuns(run);
  return { run, resident: (residency) => residents(typed(program), make)(residency) };
};

/** The reference backend with its arguments, or results, tampered with. */
export const tampered = (
  argumentsFor: (run: Arguments) => Arguments,
  resultsFor: (program: TypedProgram, run: Arguments, results: Arrays) => Arrays,
): Backend => ({
  name: 'tampered',
  compile: (program) =>
    pipe(
      reference.compile(program),
      TE.map(({ run: execute }) =>
        running(program, (run) =>
          pipe(
            execute(argumentsFor(run)),
            TE.map((results) => resultsFor(typed(program), run, results)),
          ),
        ),
      ),
    ),
});

export const asGiven = (run: Arguments): Arguments => run;
export const asComputed = (_: TypedProgram, __: Arguments, results: Arrays): Arrays => results;

export const averages = tampered(asGiven, (program, { batch }, results) =>
  Object.fromEntries(
    Object.entries(results).map(([name, numbers]) => {
      const tag = outputTypes(program)[name]?.tag;
      return [name, tag === 'kernel' || tag === 'bias' ? numbers.map((x) => x / batch) : numbers];
    }),
  ),
);

/** Each sample is computed on the numbers of the first. */
export const firstSampleOnly = tampered(
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
export const firstIsOff = tampered(asGiven, (_, { batch }, results) =>
  Object.fromEntries(
    Object.entries(results).map(([name, numbers]) => [
      name,
      numbers.map((x, index) => (batch > 1 && index === 0 ? x + 1 : x)),
    ]),
  ),
);

/** Affine, not linear. */
export const biased = tampered(asGiven, (_, __, results) =>
  Object.fromEntries(Object.entries(results).map(([name, numbers]) => [name, numbers.map((x) => x + 1)])),
);

/** The answer to the first run on a lattice size is given ever after. */
export const stale: Backend = {
  name: 'stale',
  compile: (program) =>
    pipe(
      reference.compile(program),
      TE.map(({ run: execute }) => {
        const known = new Map<number, ReturnType<typeof execute>>();
        return running(program, (run) => {
          const answer = known.get(run.latticeSize) ?? execute(run);
          known.set(run.latticeSize, answer);
          return answer;
        });
      }),
    ),
};

/** Whatever is missing is 0. */
export const lenient: Backend = {
  name: 'lenient',
  compile: (program) =>
    pipe(
      reference.compile(program),
      TE.map(({ run: execute }) =>
        running(program, (run) =>
          pipe(
            execute(run),
            TE.orElse(() => TE.right<BackendError, Arrays>({})),
          ),
        ),
      ),
    ),
};

const tanhBy = (f: (x: number) => number): Backend =>
  wrong({
    tanh:
      ({ value }) =>
      (out) =>
      () => {
        out.numbers.set(value.numbers.map(f));
      },
  });

/** Eleven bits. */
export const halfPrecisionTanh = tanhBy((x) => Math.round(2048 * Math.tanh(x)) / 2048);

/** Eleven bits of the root. */
export const halfPrecisionRoot = wrong({
  sqrt:
    ({ value }) =>
    (out) =>
    () => {
      out.numbers.set(value.numbers.map((x) => Math.round(2048 * Math.sqrt(x)) / 2048));
    },
});

/** A comparison with NaN is false. */
export const clampedTanh = tanhBy((x) => Math.tanh(x < 9 ? (x > -9 ? x : -9) : 9));

/** A continued fraction, good up to 3, which grows without bound. */
export const unclampedTanh = tanhBy((x) => x / (1 + x ** 2 / (3 + x ** 2 / (5 + x ** 2 / (7 + x ** 2 / 9)))));
