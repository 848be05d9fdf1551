/** Laws of where the time of a training step goes: the parts of a profile, and their arithmetic. */
import fc from 'fast-check';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { correlationWork } from '../../src/backend/wasm/correlation-work.ts';
import { lower } from '../../src/backend/wasm/lowering.ts';
import { stepParts, type partOf, type Sampled, type StepPart } from '../../src/bench/step-parts.ts';
import { latticeEfnn } from '../../src/bench/subject.ts';
import type { BenchError, Timing } from '../../src/bench/timing.ts';
import { stepLoss, type TrainingStep } from '../../src/bench/training.ts';
import { meaningOf } from '../../src/program/program.ts';
import { promisedField, promisedKernel } from '../../src/program/promised-type.ts';
import type { TypedProgram } from '../../src/program/typecheck.ts';
import { near, same, seconds, smallStep } from '../arbitraries/bench.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** Functions as a profiler names them, and the part of each. */
const functions: readonly (Pick<Sampled, 'name' | 'url'> & { readonly part: StepPart })[] = [
  { name: 'forward.3', url: 'wasm://wasm/1', part: 'spectra' },
  { name: 'product.14', url: 'wasm://wasm/1', part: 'products' },
  { name: 'correlateEach.0', url: 'wasm://wasm/1', part: 'products' },
  { name: 'inverse.5', url: 'wasm://wasm/1', part: 'inverse' },
  { name: 'spectralGradient.2', url: 'wasm://wasm/1', part: 'gradients' },
  { name: 'kernelGradient.2', url: 'wasm://wasm/1', part: 'gradients' },
  { name: 'outerProducts.20', url: 'wasm://wasm/1', part: 'gradients' },
  { name: 'gatherTaps.9', url: 'wasm://wasm/1', part: 'gradients' },
  { name: 'pointwise.1', url: 'wasm://wasm/1', part: 'pointwise' },
  { name: 'a kernel of tomorrow.1', url: 'wasm://wasm/1', part: 'pointwise' },
  { name: 'loadReals.4', url: 'wasm://wasm/1', part: 'gather' },
  { name: 'realSweep.2', url: 'wasm://wasm/2', part: 'adam' },
  { name: 'step1', url: 'wasm://wasm/2', part: 'adam' },
  { name: 'copySamples', url: 'file:///house/src/backend/schedule/gather.ts', part: 'gather' },
  { name: 'execute', url: 'file:///house/dist/src/backend/wasm/execute.js', part: 'gather' },
  { name: 'update', url: 'file:///house/src/backend/schedule/update.ts', part: 'adam' },
  { name: 'step', url: 'file:///house/src/training/adam.ts?loader=1', part: 'adam' },
  { name: 'forward', url: 'file:///house/src/bench/forward.ts', part: 'rest' },
  { name: '(garbage collector)', url: '', part: 'rest' },
];

export type Parts = (samples: readonly Sampled[]) => Readonly<Record<StepPart, number>>;

export const timeHasItsPart: Law<Parts, readonly { readonly place: number; readonly time: number }[]> = {
  statement:
    'all time that a profiler finds is in one part: that of the kernel by its family, or of the file of the function',
  cases: fc.array(fc.record({ place: fc.nat(functions.length - 1), time: seconds }), { maxLength: 20 }),
  holds: (parts) => (found) => {
    const samples = found.flatMap(({ place, time }) => {
      const one = functions[place];
      return one === undefined ? [] : [{ ...one, seconds: time }];
    });
    const times = parts(samples);
    const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
    return stepParts.every((part) =>
      near(1e-9)(times[part], total(samples.filter((sample) => sample.part === part).map(({ seconds: time }) => time))),
    );
  },
};

const forcesStep: TrainingStep = { ...smallStep, size: 4, batch: 8, forceWeight: 1 };

export const kernelsHaveTheirParts: Law<typeof partOf, TrainingStep> = {
  statement:
    'the kernels of a step have all parts that correlations become: with spectra all four, tap by tap products and gradients alone',
  cases: fc.constantFrom(smallStep, forcesStep),
  holds: (part) => async (step) => {
    const program = right(await stepLoss(step)());
    const partsOf = (correlations: 'direct' | 'spectral'): ReadonlySet<StepPart> =>
      new Set(
        lower(program, { size: step.size, samples: 4 }, 'separate', 128, correlations).schedule.kernels.map(
          ({ name }) => part({ name, url: 'wasm://wasm/1' }),
        ),
      );
    const [direct, spectral] = [partsOf('direct'), partsOf('spectral')];
    return (
      (['spectra', 'products', 'inverse', 'gradients', 'pointwise', 'gather'] as const).every((each) =>
        spectral.has(each),
      ) &&
      (['products', 'gradients', 'pointwise', 'gather'] as const).every((each) => direct.has(each)) &&
      !direct.has('spectra') &&
      !direct.has('inverse')
    );
  },
  runs: 2,
};

/** 2 * 37: no spectra are written for so large a prime factor, and lines of even chunks fill vectors. */
const directSize = 74;

/** Multiply-adds a site and sample of the operations with these names, by their definitions. */
const multiplyAddsOf = ({ equations, types }: TypedProgram, tags: readonly string[]): number =>
  equations
    .filter(({ tag }) => tags.includes(tag))
    .map((equation): number => {
      if (equation.tag === 'correlate' || equation.tag === 'correlateTransposed') {
        const { outputs, inputs, size } = promisedKernel(meaningOf(types)(equation.kernel));
        return outputs * inputs * size ** 2 * promisedField(meaningOf(types)(equation.field)).components;
      }
      if (equation.tag === 'kernelGradient') {
        const { components, channels } = promisedField(meaningOf(types)(equation.field));
        const outputs = promisedField(meaningOf(types)(equation.cotangent)).channels;
        return components * channels * outputs * equation.size ** 2;
      }
      throw new RangeError(`expected correlations and their adjoints, got ${equation.tag}`);
    })
    .reduce((sum, count) => sum + count, 0);

export const arithmeticIsThatOfTheProgram: Law<
  typeof correlationWork,
  { readonly batch: number; readonly channels: number }
> = {
  statement:
    'tap by tap, products and gradients of a step have the multiply-adds of its correlations and kernel gradients, four in a vector; in ' +
    'spectra they have fewer, and transforms beside them',
  cases: fc.record({ batch: fc.constantFrom(4, 8, 16), channels: fc.integer({ min: 1, max: 3 }) }),
  holds:
    (workOf) =>
    async ({ batch, channels }) => {
      const program = right(await stepLoss({ ...smallStep, network: latticeEfnn(channels) })());
      const expected = (N: number, samples: number, ...tags: readonly string[]): number =>
        (N * N * samples * multiplyAddsOf(program, tags)) / 4;
      const many = 200 * batch;
      const [direct, spectral] = [workOf(program)(directSize, batch), workOf(program)(10, many)];
      return (
        direct.spectra === 0 &&
        direct.inverse === 0 &&
        near(1e-9)(direct.products, expected(directSize, batch, 'correlate', 'correlateTransposed')) &&
        near(1e-9)(direct.gradients, expected(directSize, batch, 'kernelGradient')) &&
        spectral.spectra > 0 &&
        spectral.inverse > 0 &&
        // A complex product at half of the frequencies is two multiply-adds a site.
        near(0.2)(spectral.products, (2 / 25) * expected(10, many, 'correlate', 'correlateTransposed')) &&
        near(0.2)(spectral.gradients, (2 / 25) * expected(10, many, 'kernelGradient'))
      );
    },
  runs: 6,
};

export type PartTimings = (
  profile: TaskEither<BenchError, Readonly<Record<StepPart, number>>>,
) => (part: StepPart | 'all') => Timing;

export const partsAreOfOneProfile: Law<PartTimings, readonly number[]> = {
  statement: 'in turns there is one profile a round, whichever part is asked for first; all is the sum of the parts',
  cases: fc.array(seconds, { minLength: 1, maxLength: 4 }),
  holds: (timings) => async (rounds) => {
    const left = rounds.values();
    const taken = new Array<number>();
    const timing = timings(
      TE.fromIO(() => {
        const time = left.next().value ?? NaN;
        taken.push(time);
        return {
          spectra: time,
          products: 2 * time,
          inverse: 3 * time,
          gradients: 4 * time,
          pointwise: 5 * time,
          adam: 6 * time,
          gather: 7 * time,
          rest: 8 * time,
        };
      }),
    );
    const asked = (['products', 'all', 'rest', 'spectra'] as const).map(timing);
    const found = await TE.sequenceSeqArray(rounds.map(() => TE.sequenceSeqArray(asked)))();
    return (
      taken.length === rounds.length &&
      right(found).every((times, i) =>
        times.every(({ wall, cpu }, j) => same(wall, (rounds[i] ?? NaN) * ([2, 36, 8, 1][j] ?? NaN)) && cpu === wall),
      )
    );
  },
};
