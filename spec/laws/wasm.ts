/** What the wasm backend promises beyond the laws of all backends. */
import fc from 'fast-check';

import type { Arrays, Backend } from '../../src/backend/backend.ts';
import { reference } from '../../src/backend/reference/reference.ts';
import type { cutsOf } from '../../src/backend/wasm/chunks.ts';
import type { Correlations } from '../../src/backend/wasm/setting.ts';
import { groupsOf, type asOneGroup } from '../../src/backend/wasm/groups.ts';
import {
  add,
  correlate,
  correlateTransposed,
  inputField,
  kernelGradient,
  parameterKernel,
  record,
  tanh,
} from '../../src/program/expression.ts';
import { operandsOf } from '../../src/program/operation.ts';
import { outputsOf, type Equation } from '../../src/program/program.ts';
import { promisedField, promisedKernel } from '../../src/program/promised-type.ts';
import { declarations, type TypedProgram } from '../../src/program/typecheck.ts';
import { drawn, standardNormals } from '../../src/random/draw.ts';
import { streamOf } from '../../src/random/stream.ts';
import { lengthOf, scalarType } from '../../src/program/value-type.ts';
import { networkRuns, programOf, valuesOf, type NetworkRun } from '../arbitraries/network-runs.ts';
import { typed } from '../arbitraries/program.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** Half the distance between neighbouring float32 numbers around 1. */
const unitRoundoff = 2 ** -24;

/** tanh is good to 4e-7: so many units. */
const unitsOfTanh = 7;

/** On the way to a spectrum a number is in sums along two lines, of N terms at most, and on the way back again. */
const roundingsOfTransforms = (N: number): number => 4 * N;

/** How many roundings one operation adds to each result: as many as it has terms. */
const roundings = ({ types }: TypedProgram, N: number, equation: Equation, correlations: Correlations): number => {
  const typeOf = (id: number) => types[id] ?? scalarType;
  const ofTaps = (channels: number, size: number): number =>
    correlations === 'direct' ? channels * size ** 2 : channels + roundingsOfTransforms(N);
  switch (equation.tag) {
    case 'correlate': {
      const { inputs, size } = promisedKernel(typeOf(equation.kernel));
      return ofTaps(inputs, size);
    }
    case 'correlateTransposed': {
      const { outputs, size } = promisedKernel(typeOf(equation.kernel));
      return ofTaps(outputs, size);
    }
    case 'kernelGradient':
      return (
        promisedField(typeOf(equation.field)).components * N * N +
        (correlations === 'direct' ? 0 : roundingsOfTransforms(N))
      );
    case 'contract':
      return promisedField(typeOf(equation.left)).components;
    case 'total':
      return lengthOf(N)(typeOf(equation.value));
    case 'sumSites':
      return promisedField(typeOf(equation.field)).components * N * N;
    case 'tanh':
      return unitsOfTanh;
    case 'add':
    case 'multiply':
    case 'scale':
    case 'reciprocal':
    case 'sqrt':
    case 'modulate':
      return 1;
    case 'input':
    case 'parameter':
    case 'constant':
    case 'fill':
    case 'broadcast':
    case 'concat':
    case 'slice':
      return 0;
  }
};

/** The most roundings on the way from the arguments to each output of a sample. */
const depths = (program: TypedProgram, N: number, correlations: Correlations): Readonly<Record<string, number>> => {
  const known = new Array<number>();
  program.equations.forEach((equation) => {
    const before = Math.max(0, ...operandsOf(equation).map((id) => known[id] ?? 0));
    known.push(before + roundings(program, N, equation, correlations));
  });
  return outputsOf(program)(known);
};

const runOn = async (backend: Backend, program: TypedProgram, run: NetworkRun, batch: number): Promise<Arrays> => {
  const executable = right(await backend.compile(program)());
  const parameters = valuesOf('parameter', program, run, 1);
  const inputs = valuesOf('input', program, run, batch);
  return right(await executable.run({ parameters, inputs, latticeSize: run.latticeSize, batch })());
};

const largest = (numbers: Arrays[string]): number => numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** Enough samples for the size of an output to be no accident: an energy may happen to vanish. */
const samplesForSize = 12;

const isPerSample = (program: TypedProgram, name: string): boolean => {
  const type = outputsOf(program)(program.types)[name];
  return type?.tag === 'scalar' || type?.tag === 'field';
};

/**
 * Each rounding errs by u at most, relative to what is rounded, so an output that is reached through D of them errs
 * by about D u relative to its size, unless large terms cancel. Signs of errors are random, so that D of them add up
 * to about sqrt(D) u: what is left, sqrt(D), is for cancellation, and a factor of four besides, because outputs of
 * one entry may be small by accident. Sums over the batch are of float64.
 */
const cancellation = 4;

/** Agreement with the reference, on runs of so much work, of a backend that computes correlations in one way. */
export const networksAgree = (
  mostWork: number,
  runs: number,
  correlations: Correlations,
): Law<Backend, NetworkRun> => ({
  statement:
    'networks, their forces, and the gradients of losses on both agree with the reference to 4 D roundings of float32',
  cases: networkRuns(mostWork),
  holds: (backend) => async (run) => {
    const program = programOf(run);
    const [ours, theirs, more] = await Promise.all([
      runOn(backend, program, run, run.batch),
      runOn(reference, program, run, run.batch),
      runOn(reference, program, run, samplesForSize),
    ]);
    return Object.entries(depths(program, run.latticeSize, correlations)).every(([name, depth]) => {
      const [a, b] = [ours[name] ?? new Float64Array(0), theirs[name] ?? new Float64Array(1)];
      const size = Math.max(largest(b), isPerSample(program, name) ? largest(more[name] ?? b) : 0);
      const tolerance = cancellation * depth * unitRoundoff * size;
      return a.length === b.length && a.every((x, i) => Math.abs(x - (b[i] ?? NaN)) <= tolerance);
    });
  },
  runs,
});

/** The family of correlations, with kernels as wide as the paper's. */
const correlationsOf = ({ outputs, inputs }: { readonly outputs: number; readonly inputs: number }): TypedProgram => {
  const K = parameterKernel('K', outputs, inputs, 5);
  const [x, y] = [inputField('x', 1, inputs), inputField('y', 1, outputs)];
  return typed(record({ forth: correlate(K)(x), back: correlateTransposed(K)(y), gradient: kernelGradient(5, x, y) }));
};

/** The root of the sum of squares of the differences. */
const distance = (a: Arrays[string], b: Arrays[string]): number =>
  Math.sqrt(a.reduce((sum, x, i) => sum + (x - (b[i] ?? NaN)) ** 2, 0));

/** Twelve samples of a program's fields. */
const correlationRuns: fc.Arbitrary<NetworkRun & { readonly outputs: number; readonly inputs: number }> = fc
  .record({
    latticeSize: fc.constantFrom(6, 8, 10, 12),
    outputs: fc.constantFrom(1, 3, 9),
    inputs: fc.constantFrom(1, 3, 9),
    seed: fc.nat(2 ** 30),
  })
  .map((shape) => ({
    architecture: 'efnn',
    purpose: 'energy',
    batch: 12,
    channels: shape.outputs,
    kernel: 5,
    layers: 1,
    ...shape,
  }));

/** Errors of correlations, of a backend and of one whose errors are the measure. */
export const errorsAreNoMoreThanTwiceThoseOf = (
  measure: Backend,
): Law<Backend, NetworkRun & { readonly outputs: number; readonly inputs: number }> => ({
  statement:
    'correlations, adjoints and kernel gradients, with kernels of 5 x 5, err from float64 by no more than twice as much as tap by tap',
  cases: correlationRuns,
  holds: (backend) => async (run) => {
    const program = correlationsOf(run);
    const [ours, theirs, exact] = await Promise.all(
      [backend, measure, reference].map(async (each) => runOn(each, program, run, run.batch)),
    );
    return Object.entries(exact ?? {}).every(([name, numbers]) => {
      const none = new Float64Array(0);
      return distance(numbers, ours?.[name] ?? none) <= 2 * distance(numbers, theirs?.[name] ?? none);
    });
  },
  runs: 30,
});

/** To the last bit. */
const identical = (a: Arrays, b: Arrays): boolean =>
  Object.entries(a).every(([name, numbers]) => numbers.every((x, i) => Object.is(x, b[name]?.[i])));

/** Backends whose results have the same bits. */
const resultsAgree = (statement: string, mostWork: number, runs: number): Law<readonly Backend[], NetworkRun> => ({
  statement,
  cases: networkRuns(mostWork),
  holds: (backends) => async (run) => {
    const program = programOf(run);
    const [first, ...others] = await Promise.all(backends.map((backend) => runOn(backend, program, run, run.batch)));
    return first !== undefined && others.length > 0 && others.every((other) => identical(first, other));
  },
  runs,
});

/** Backends that differ in their number of threads. */
export const threadsAgree = (mostWork: number, runs: number): Law<readonly Backend[], NetworkRun> =>
  resultsAgree('every number of threads gives the same results, to the last bit', mostWork, runs);

/** Backends that differ in the width of their vectors. */
export const widthsAgree = (mostWork: number, runs: number): Law<readonly Backend[], NetworkRun> =>
  resultsAgree('vectors of 128 bits and of 256 give the same results, to the last bit', mostWork, runs);

const tanhProgram = typed(record({ y: tanh(inputField('x', 1, 1)) }));

const edges = [0, -0, 1e-45, 1e-38, 1e-7, 4.97, 7.9, 8.66, 9.01, 9.02, 88, 89, 1e4, 3.5e38, 1e300, Infinity, NaN];

/** Every magnitude: what a double can be, what a spin model has, and both sides of where tanh becomes 1. */
const argumentsOfTanh: fc.Arbitrary<readonly number[]> = fc.array(
  fc.oneof(fc.double(), interval(-10, 10), fc.constantFrom(...edges, ...edges.map((x) => -x))),
  { minLength: 1, maxLength: 300 },
);

export const tanhIsGood: Law<Backend, readonly number[]> = {
  statement: '|tanh - Math.tanh| <= 1e-6 everywhere, never beyond 1, 1 at infinity, NaN at NaN',
  cases: argumentsOfTanh,
  holds: (backend) => async (xs) => {
    const executable = right(await backend.compile(tanhProgram)());
    const run = { parameters: {}, inputs: { x: Float64Array.from(xs) }, latticeSize: 1, batch: xs.length };
    const { y = new Float64Array(0) } = right(await executable.run(run)());
    return (
      y.length === xs.length &&
      xs.every((x, i) => {
        const value = y[i] ?? 2;
        return Number.isNaN(x) ? Number.isNaN(value) : Math.abs(value - Math.tanh(x)) <= 1e-6 && Math.abs(value) <= 1;
      })
    );
  },
  runs: 60,
};

/** Small, and as they are used. */
const counts = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3000 }));

interface Batch {
  readonly latticeSize: number;
  readonly batch: number;
  readonly correlations: Correlations;
}

export const cutsCoverBatches: Law<typeof cutsOf, Batch> = {
  statement: 'the chunks of a batch hold all its samples, once, and are of two sizes at most',
  cases: fc.record({
    latticeSize: fc.integer({ min: 1, max: 100 }),
    batch: counts,
    correlations: fc.constantFrom('direct', 'spectral'),
  }),
  holds:
    (cut) =>
    ({ latticeSize, batch, correlations }) => {
      const cuts = cut(latticeSize, batch, correlations);
      return (
        cuts.length <= 2 &&
        cuts.every(({ samples, chunks }) => samples >= 1 && chunks >= 1 && Number.isInteger(samples)) &&
        cuts.reduce((sum, { samples, chunks }) => sum + samples * chunks, 0) === batch
      );
    },
};

export const groupsCoverChunks: Law<typeof groupsOf, { readonly chunks: number; readonly mostGroups: number }> = {
  statement: 'groups follow each other through all chunks, none is empty, and their sizes differ by one at most',
  cases: fc.record({ chunks: counts, mostGroups: fc.integer({ min: 1, max: 32 }) }),
  holds:
    (group) =>
    ({ chunks, mostGroups }) => {
      const groups = group(chunks, mostGroups);
      const sizes = groups.map((each) => each.chunks);
      const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0));
      return (
        groups.length <= mostGroups &&
        groups.every(({ index, first }, place) => index === place && first === starts[place]) &&
        sizes.reduce((sum, size) => sum + size, 0) === chunks &&
        Math.min(...sizes) >= 1 &&
        Math.max(...sizes) - Math.min(...sizes) <= 1
      );
    },
};

export const groupsOfOneChunkBecomeOne: Law<
  typeof asOneGroup,
  { readonly chunks: number; readonly mostGroups: number }
> = {
  statement: 'groups of one chunk each become one group of all of them, others stay as they are',
  cases: fc.record({ chunks: fc.integer({ min: 1, max: 40 }), mostGroups: fc.integer({ min: 1, max: 32 }) }),
  holds:
    (joined) =>
    ({ chunks, mostGroups }) => {
      const groups = groupsOf(chunks, mostGroups);
      const found = joined(groups);
      return chunks <= mostGroups
        ? found.length === 1 && found.every(({ index, first, chunks: all }) => index + first === 0 && all === chunks)
        : found.length === groups.length && found.every((group, place) => group === groups[place]);
    },
};

/** A run on sites alone: so many samples, and a sum over the batch of so many terms. */
interface SumRun {
  readonly batch: number;
  readonly terms: number;
  readonly seed: number;
}

/** The sum of gradients of a matrix, each of fields of its own. */
const sumOfGradients = (terms: number): TypedProgram => {
  const gradients = Array.from({ length: terms }, (_, term) =>
    kernelGradient(1, inputField(`x${term}`, 1, 3), inputField(`y${term}`, 1, 2)),
  );
  return typed(record({ G: gradients.reduce((sum, gradient) => add(sum, gradient)) }));
};

export const sumsOfThreadsAgree: Law<readonly Backend[], SumRun> = {
  statement:
    'sums over the batch have the same bits on every number of threads, of one term or of several, in one chunk or in many',
  cases: fc.record({ batch: fc.integer({ min: 100, max: 1000 }), terms: fc.constantFrom(1, 2, 3), seed: fc.nat() }),
  holds:
    (backends) =>
    async ({ batch, terms, seed }) => {
      const program = sumOfGradients(terms);
      // Of one size, float32 numbers add up in float64 without rounding, in any order: so sizes change about from chunk to chunk.
      const size = (index: number, sample: number): number => 2 ** ((29 * Math.floor(sample / 100) + 41 * index) % 61);
      const inputs = Object.fromEntries(
        Object.entries(declarations('input')(program)).map(([name, type], index) => {
          const length = lengthOf(1)(type);
          const numbers = drawn(streamOf(seed, index))(standardNormals(batch * length));
          return [name, Float64Array.from(numbers, (x, place) => x * size(index, Math.floor(place / length)))];
        }),
      );
      const [first, ...others] = await Promise.all(
        backends.map(async (backend) => {
          const executable = right(await backend.compile(program)());
          return right(await executable.run({ parameters: {}, inputs, latticeSize: 1, batch })());
        }),
      );
      return first !== undefined && others.length > 0 && others.every((other) => identical(first, other));
    },
  runs: 40,
};

export const memoryBeyondIsInGibibytes: Law<(bytes: number) => string, number> = {
  statement:
    'a program that takes more than 4 GiB is refused with how many it takes, in GiB to a tenth and never less, in no unit of an engine',
  cases: fc.oneof(
    fc.integer({ min: 1, max: 2 ** 30 }).map((beyond) => 2 ** 32 + beyond),
    fc.integer({ min: 2 ** 33, max: 2 ** 45 }),
  ),
  holds: (refusal) => (bytes) => {
    const message = refusal(bytes);
    const [, said] =
      /^expected a program that fits in 4 GiB on this lattice, got one for (\d+\.\d) GiB: /.exec(message) ?? [];
    const excess = Number(said) - bytes / 2 ** 30;
    // A page of 64 KiB, and the data and the overhang that come on top of so many bytes.
    return excess >= 0 && excess < 0.1 + 1e-3 && !message.includes('pages');
  },
};
