/**
 * The laws of backends, written once, to be run for each.
 *
 * A backend states its precision; all laws but one run on integers that it computes exactly, and compare without
 * tolerance.
 */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';

import type { Arrays, Backend, Arguments } from '../../src/backend/backend.ts';
import { float64 } from '../../src/number/float64.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import {
  add,
  broadcast,
  constant,
  correlate,
  correlateTransposed,
  type Expression,
  type Field,
  inputField,
  kernelGradient,
  multiply,
  parameterKernel,
  record,
  scale,
  sqrt,
  sumSites,
  total,
} from '../../src/program/expression.ts';
import type { Program } from '../../src/program/program.ts';
import { declarations } from '../../src/program/typecheck.ts';
import { fieldType, kernelType, lengthOf, type ValueType } from '../../src/program/value-type.ts';
import {
  exact,
  outputTypes,
  programCases,
  sampleOf,
  smallIntegers,
  smooth,
  type ProgramCase,
} from '../arbitraries/program.ts';
import type { Law } from '../law.ts';

/** What a backend's numbers can do. */
export interface Precision {
  /** Integers up to here are added and multiplied exactly, with room for sums over a few samples. */
  readonly exactUpTo: number;
  /** The relative error of one operation: 2^-53 in float64, 2^-24 in float32. */
  readonly unitRoundoff: number;
}

export const float64Precision: Precision = { exactUpTo: 2 ** 48, unitRoundoff: 2 ** -53 };

/**
 * Twice the unit roundoff, so that the four units which are granted to tanh are the 4e-7 that a rational function
 * reaches.
 */
export const float32Precision: Precision = { exactUpTo: 2 ** 24, unitRoundoff: 2 ** -23 };

export type BackendLaw<Case> = Law<Backend, Case>;

/** Numbers by name, before they become typed arrays. */
type Numbers = Readonly<Record<string, readonly number[]>>;

const arrays = (numbers: Numbers): Arrays =>
  Object.fromEntries(Object.entries(numbers).map(([name, entries]) => [name, Float64Array.from(entries)]));

const numbersOf = (results: Arrays): Numbers =>
  Object.fromEntries(Object.entries(results).map(([name, entries]) => [name, [...entries]]));

/** Compiles and runs; an error where none is expected fails the law that asked. */
const outputsOn = async (
  backend: Backend,
  program: Program,
  ...runs: readonly Arguments[]
): Promise<readonly Numbers[]> => {
  const compiled = await backend.compile(program)();
  if (E.isLeft(compiled)) {
    throw new RangeError(compiled.left.message);
  }
  const results: Numbers[] = [];
  for (const run of runs) {
    const result = await compiled.right.run(run)();
    if (E.isLeft(result)) {
      throw new RangeError(result.left.message);
    }
    results.push(numbersOf(result.right));
  }
  return results;
};

const outputs = async (backend: Backend, program: Program, run: Arguments): Promise<Numbers> =>
  (await outputsOn(backend, program, run))[0] ?? {};

const runOf = ({ parameters, inputs, latticeSize, batch }: Omit<ProgramCase, 'program' | 'magnitudes'>): Arguments => ({
  parameters: arrays(parameters),
  inputs: arrays(inputs),
  latticeSize,
  batch,
});

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const plus = (a: readonly number[], b: readonly number[]): readonly number[] => a.map((x, i) => x + (b[i] ?? NaN));

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);

const isSummed = ({ tag }: ValueType): boolean => tag === 'kernel' || tag === 'bias';

/**
 * What a batch should return, given what its samples return: kernels and biases are summed, all else stands in line.
 */
const batched = (types: Readonly<Record<string, ValueType>>, samples: readonly Numbers[]): Numbers =>
  Object.fromEntries(
    Object.entries(types).map(([name, type]) => {
      const values = samples.map((sample) => sample[name] ?? []);
      return [name, isSummed(type) ? values.reduce(plus) : values.flat()];
    }),
  );

/** Whether two results agree, output by output, to the tolerance of each. */
const agree = (a: Numbers, b: Numbers, tolerance: (name: string) => number): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, entries]) => {
    const others = b[name] ?? [];
    return (
      entries.length === others.length && entries.every((x, i) => Math.abs(x - (others[i] ?? NaN)) <= tolerance(name))
    );
  });

const equal = (a: Numbers, b: Numbers): boolean => agree(a, b, () => 0);

/** What a program means for a batch. */
const meaning = (example: ProgramCase): Numbers => {
  const { program, latticeSize, batch, parameters } = example;
  const samples = upTo(batch).map((sample) => {
    const result = evaluate(float64)(latticeSize)(parameters, sampleOf(example, sample))(program);
    if (E.isLeft(result)) {
      throw new RangeError(result.left.message);
    }
    return result.right;
  });
  return batched(outputTypes(program), samples);
};

/** On one site batches are longer, for backends that compute several samples of a dense network together. */
const cases = (precision: Precision, options = exact): fc.Arbitrary<ProgramCase> =>
  fc.oneof(
    { weight: 2, arbitrary: programCases({ ...options, bound: Math.min(options.bound, precision.exactUpTo / 64) }) },
    {
      weight: 1,
      arbitrary: programCases({
        ...options,
        bound: Math.min(options.bound, precision.exactUpTo / 64),
        latticeSizes: [1, 2],
        batches: [4, 17, 33],
      }),
    },
  );

export const agreement = (precision: Precision): BackendLaw<ProgramCase> => ({
  statement: 'a backend computes what programs mean: integers exactly',
  cases: cases(precision),
  holds: (backend) => async (example) =>
    equal(await outputs(backend, example.program, runOf(example)), meaning(example)),
  runs: 150,
});

const rootProgram = record({ y: sqrt(inputField('x', 1, 1)) });

/** Every magnitude that float32 has; IEEE 754 asks for the root that is nearest. */
export const rootsAreRounded = (precision: Precision): BackendLaw<readonly number[]> => ({
  statement: 'square roots are rounded once; that of 0 is 0, that of a negative number NaN',
  cases: fc.array(fc.float({ min: 0, noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 }),
  holds: (backend) => async (xs) => {
    const x = [0, -1, ...xs];
    const run = { parameters: {}, inputs: arrays({ x }), latticeSize: 1, batch: x.length };
    const { y = [] } = await outputs(backend, rootProgram, run);
    return x.every((entry, i) => {
      const [root, got] = [Math.sqrt(entry), y[i] ?? Infinity];
      return Number.isNaN(root) ? Number.isNaN(got) : Math.abs(got - root) <= precision.unitRoundoff * root;
    });
  },
});

/** Sums over one site are what is there: of a field, of products; of each sample, over the batch; by channels, of all. */
const oneSiteProgram = ((x: Field) =>
  record({
    field: sumSites(x),
    squares: sumSites(multiply(x, x)),
    cubes: total(multiply(x, multiply(x, x))),
    doubled: total(multiply(x, broadcast(1)(sumSites(add(x, x))))),
  }))(inputField('x', 1, 2));

export const sumsOverOneSite: BackendLaw<readonly (readonly [number, number])[]> = {
  statement: 'on one site, the sum over sites of an expression is the expression',
  cases: fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 })), {
    minLength: 1,
    maxLength: 40,
  }),
  holds: (backend) => async (xs) => {
    const run = { parameters: {}, inputs: arrays({ x: xs.flat() }), latticeSize: 1, batch: xs.length };
    const overBatch = (of: (x: number) => number): readonly number[] =>
      [0, 1].map((channel) => xs.reduce((sum, x) => sum + of(x[channel] ?? NaN), 0));
    const ofEach = (of: (x: number) => number): readonly number[] => xs.map(([a, b]) => of(a) + of(b));
    return equal(await outputs(backend, oneSiteProgram, run), {
      field: overBatch((x) => x),
      squares: overBatch((x) => x ** 2),
      cubes: ofEach((x) => x ** 3),
      doubled: ofEach((x) => 2 * x ** 2),
    });
  },
  runs: 30,
};

/** Both sides have the rounding errors of `magnitudes`; a sum over B samples adds those of its B - 1 additions. */
export const agreementToRounding = (precision: Precision): BackendLaw<ProgramCase> => ({
  statement:
    'with tanh and reciprocal, a backend computes what programs mean up to the rounding errors of its operations',
  cases: cases(precision, smooth),
  holds: (backend) => async (example) =>
    agree(await outputs(backend, example.program, runOf(example)), meaning(example), (name) => {
      const { error, bound } = example.magnitudes[name] ?? { error: 0, bound: 0 };
      const { batch } = example;
      return precision.unitRoundoff * batch * (2 * error + 2 * batch * bound);
    }),
  runs: 100,
});

export interface CorrelationBatch {
  readonly latticeSize: number;
  readonly components: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly size: number;
  readonly batch: number;
  readonly seed: number;
}

/** Lattices smaller and larger than kernels, odd and even; wide dense layers; up to 20 samples of those. */
const correlationBatches: fc.Arbitrary<CorrelationBatch> = fc.oneof(
  fc.record({
    latticeSize: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 10, 13, 17, 20),
    components: fc.constantFrom(1, 3),
    outputs: fc.integer({ min: 1, max: 4 }),
    inputs: fc.integer({ min: 1, max: 4 }),
    size: fc.constantFrom(5, 5, 3, 1, 7),
    batch: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(),
  }),
  fc.record({
    latticeSize: fc.constant(1),
    components: fc.constantFrom(1, 3),
    outputs: fc.integer({ min: 1, max: 13 }),
    inputs: fc.integer({ min: 1, max: 13 }),
    size: fc.constant(1),
    batch: fc.integer({ min: 1, max: 20 }),
    seed: fc.nat(),
  }),
);

interface Trilinear {
  readonly K: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const drawn = ({ latticeSize, components, outputs: o, inputs: i, size, batch, seed }: CorrelationBatch): Trilinear => ({
  K: smallIntegers(seed, lengthOf(latticeSize)(kernelType(o, i, size))),
  x: smallIntegers(seed + 1, batch * lengthOf(latticeSize)(fieldType(components, i))),
  y: smallIntegers(seed + 2, batch * lengthOf(latticeSize)(fieldType(components, o))),
});

/** The three operations of the family, as one program. */
const correlationProgram = ({ components, outputs: o, inputs: i, size }: CorrelationBatch): Program => {
  const K = parameterKernel('K', o, i, size);
  const [x, y] = [inputField('x', components, i), inputField('y', components, o)];
  return record({
    correlated: correlate(K)(x),
    transposed: correlateTransposed(K)(y),
    gradient: kernelGradient(size, x, y),
  });
};

const correlationOutputs = async (
  backend: Backend,
  example: CorrelationBatch,
  { K, x, y }: Trilinear,
): Promise<Readonly<Record<'correlated' | 'transposed' | 'gradient', readonly number[]>>> => {
  const { latticeSize, batch } = example;
  const run = { parameters: arrays({ K }), inputs: arrays({ x, y }), latticeSize, batch };
  const { correlated = [], transposed = [], gradient = [] } = await outputs(backend, correlationProgram(example), run);
  return { correlated, transposed, gradient };
};

export const adjointness: BackendLaw<CorrelationBatch> = {
  statement: 'summed over the batch, <y, K * x> = <correlateTransposed(K)(y), x> = <kernelGradient(x, y), K>',
  cases: correlationBatches,
  holds: (backend) => async (example) => {
    const given = drawn(example);
    const { correlated, transposed, gradient } = await correlationOutputs(backend, example, given);
    const value = dot(given.y, correlated);
    return (
      correlated.length === given.y.length &&
      transposed.length === given.x.length &&
      value === dot(transposed, given.x) &&
      value === dot(gradient, given.K)
    );
  },
};

export const linearity: BackendLaw<CorrelationBatch> = {
  statement:
    "correlations are linear in the field and in the kernel: K * (x + x') = K * x + K * x', (K + K') * x = K * x + K' * x",
  cases: correlationBatches,
  holds: (backend) => async (example) => {
    const [one, other] = [drawn(example), drawn({ ...example, seed: example.seed + 7 })];
    const result = async (K: readonly number[], x: readonly number[]) =>
      (await correlationOutputs(backend, example, { ...one, K, x })).correlated;
    const [sumOfFields, sumOfKernels, Kx, Kx2, K2x] = await Promise.all([
      result(one.K, plus(one.x, other.x)),
      result(plus(one.K, other.K), one.x),
      result(one.K, one.x),
      result(one.K, other.x),
      result(other.K, one.x),
    ]);
    return equal({ sumOfFields, sumOfKernels }, { sumOfFields: plus(Kx, Kx2), sumOfKernels: plus(Kx, K2x) });
  },
};

export const sumsKeepAllTerms: BackendLaw<CorrelationBatch> = {
  statement:
    'a field with correlations added to it, one after the other, forwards and transposed, is the sum of all of them, that ' +
    'field too: y + K * x + M^T x + L * x, begun by y or by none',
  cases: correlationBatches,
  holds: (backend) => async (example) => {
    const { components, outputs: o, inputs: i, size, latticeSize, batch, seed } = example;
    const { K, x, y } = drawn(example);
    const [L, M] = [smallIntegers(seed + 3, K.length), smallIntegers(seed + 4, K.length)];
    const parameters = { K, L, M };
    const run = { parameters: arrays(parameters), inputs: arrays({ x, y }), latticeSize, batch };
    const [fieldX, fieldY] = [inputField('x', components, i), inputField('y', components, o)];
    const forwards = correlate(parameterKernel('K', o, i, size))(fieldX);
    const transposed = correlateTransposed(parameterKernel('M', i, o, size))(fieldX);
    const again = correlate(parameterKernel('L', o, i, size))(fieldX);
    const resultOf = async (field: Field) => (await outputs(backend, record({ y: field }), run))['y'] ?? [];
    const terms = await Promise.all([forwards, transposed, again].map(resultOf));
    const unbegun = terms.reduce(plus);
    const sums = {
      begun: await resultOf(add(add(add(fieldY, forwards), transposed), again)),
      unbegun: await resultOf(add(add(forwards, transposed), again)),
    };
    return equal(sums, { begun: plus(y, unbegun), unbegun });
  },
};

/** The planes of N x N numbers, all moved by (rows, columns) around the torus. */
const translated = (numbers: readonly number[], N: number, rows: number, columns: number): readonly number[] =>
  numbers.map((_, index) => {
    const [plane, row, column] = [Math.floor(index / (N * N)), Math.floor(index / N) % N, index % N];
    return numbers[(plane * N + ((row + rows) % N)) * N + ((column + columns) % N)] ?? NaN;
  });

export const translationEquivariance: BackendLaw<CorrelationBatch> = {
  statement:
    'translating the fields around the torus translates K * x and K^T * y, and leaves the kernel gradient alone',
  cases: correlationBatches,
  holds: (backend) => async (example) => {
    const { latticeSize: N, seed } = example;
    const given = drawn(example);
    const move = (numbers: readonly number[]) => translated(numbers, N, seed % N, (seed >> 4) % N);
    const [moved, still] = await Promise.all([
      correlationOutputs(backend, example, { K: given.K, x: move(given.x), y: move(given.y) }),
      correlationOutputs(backend, example, given),
    ]);
    return equal(
      { ...moved },
      { correlated: move(still.correlated), transposed: move(still.transposed), gradient: still.gradient },
    );
  },
};

/** Batches of one: what each sample returns by itself. */
const oneByOne = async (backend: Backend, example: ProgramCase): Promise<readonly Numbers[]> =>
  outputsOn(
    backend,
    example.program,
    ...upTo(example.batch).map((sample) => runOf({ ...example, inputs: sampleOf(example, sample), batch: 1 })),
  );

export const batching = (precision: Precision): BackendLaw<ProgramCase> => ({
  statement: 'a batch returns what its samples return by themselves, kernels and biases summed',
  cases: cases(precision),
  holds: (backend) => async (example) =>
    equal(
      await outputs(backend, example.program, runOf(example)),
      batched(outputTypes(example.program), await oneByOne(backend, example)),
    ),
  runs: 60,
});

const reversedSamples = (numbers: readonly number[], batch: number): readonly number[] => {
  const length = numbers.length / batch;
  return upTo(batch).flatMap((b) => numbers.slice((batch - 1 - b) * length, (batch - b) * length));
};

export const orderOfSamples = (precision: Precision): BackendLaw<ProgramCase> => ({
  statement: 'samples in reverse order return their outputs in reverse order, and the same sums',
  cases: cases(precision),
  holds: (backend) => async (example) => {
    const { program, batch, inputs } = example;
    const reversed = Object.fromEntries(
      Object.entries(inputs).map(([name, entries]) => [name, reversedSamples(entries, batch)]),
    );
    const types = outputTypes(program);
    const forth = await outputs(backend, program, runOf(example));
    const back = await outputs(backend, program, runOf({ ...example, inputs: reversed }));
    return Object.entries(forth).every(([name, entries]) => {
      const type = types[name];
      const expected = type !== undefined && isSummed(type) ? entries : reversedSamples(entries, batch);
      return equal({ [name]: back[name] ?? [] }, { [name]: expected });
    });
  },
  runs: 60,
});

/** The same case on other numbers, and on a lattice of another size. */
const another = (example: ProgramCase, latticeSize: number): ProgramCase => {
  const { program, batch } = example;
  const redrawn = (tag: 'input' | 'parameter', samples: number): Numbers =>
    Object.fromEntries(
      Object.entries(declarations(tag)(program)).map(([name, type], index) => [
        name,
        smallIntegers(index + 5, samples * lengthOf(latticeSize)(type)),
      ]),
    );
  return { ...example, latticeSize, parameters: redrawn('parameter', 1), inputs: redrawn('input', batch) };
};

/** Programs whose numbers stay exact on the larger lattice of `another` too. */
export const runsAreIndependent = (precision: Precision): BackendLaw<ProgramCase> => ({
  statement: 'a run leaves no trace: not in its arguments, and not in later runs on other numbers and lattice sizes',
  cases: cases(precision, { ...exact, latticeSizes: [1, 3], operations: 6 }),
  holds: (backend) => async (example) => {
    const { program, latticeSize } = example;
    const runs = [example, another(example, latticeSize), another(example, latticeSize + 1), example].map(runOf);
    const before = runs.map(({ parameters, inputs }) => [numbersOf(parameters), numbersOf(inputs)] as const);
    const together = await outputsOn(backend, program, ...runs);
    const alone = await Promise.all(runs.map(async (run) => outputs(backend, program, run)));
    return (
      together.every((result, index) => equal(result, alone[index] ?? {})) &&
      runs.every(({ parameters, inputs }, index) => {
        const [parametersBefore = {}, inputsBefore = {}] = before[index] ?? [];
        return equal(numbersOf(parameters), parametersBefore) && equal(numbersOf(inputs), inputsBefore);
      })
    );
  },
  runs: 30,
});

/** A run that no backend should accept, and a word that its refusal must contain. */
export interface BadRun {
  readonly program: Program;
  readonly run: Arguments;
  readonly mentions: string;
}

const x = inputField('x', 1, 2);
const K = parameterKernel('K', 1, 2, 3);
const small = record({ y: correlate(K)(x), b: sumSites(x) });
const goodRun: Arguments = {
  parameters: { K: new Float64Array(18) },
  inputs: { x: new Float64Array(2 * 2 * 9) },
  latticeSize: 3,
  batch: 2,
};

const illTyped = (expression: Expression): Program => record({ y: expression });

const badRuns: readonly BadRun[] = [
  { program: small, run: { ...goodRun, parameters: {} }, mentions: 'parameter K expects 18 numbers' },
  { program: small, run: { ...goodRun, inputs: {} }, mentions: 'input x expects 36 numbers' },
  { program: small, run: { ...goodRun, inputs: { x: new Float64Array(18) } }, mentions: 'got 18' },
  { program: small, run: { ...goodRun, parameters: { K: new Float64Array(50) } }, mentions: 'got 50' },
  { program: small, run: { ...goodRun, batch: 3 }, mentions: 'shape [3, 1, 2, 3, 3]' },
  { program: small, run: { ...goodRun, batch: 0, inputs: { x: new Float64Array(0) } }, mentions: 'batch' },
  { program: small, run: { ...goodRun, latticeSize: 0, inputs: { x: new Float64Array(0) } }, mentions: 'lattice size' },
  { program: small, run: { ...goodRun, latticeSize: 1.5 }, mentions: 'lattice size' },
  { program: illTyped(correlate(K)(inputField('x', 1, 3))), run: goodRun, mentions: 'correlate' },
  { program: illTyped(scale(constant(NaN))(x)), run: goodRun, mentions: 'constant' },
];

export const refusals: BackendLaw<BadRun> = {
  statement: 'an ill-typed program and arguments that are missing or misshapen are refused, with what was expected',
  cases: fc.constantFrom(...badRuns),
  holds:
    (backend) =>
    async ({ program, run, mentions }) => {
      const compiled = await backend.compile(program)();
      const result = E.isLeft(compiled) ? compiled : await compiled.right.run(run)();
      return E.isLeft(result) && result.left.message.includes(mentions);
    },
  runs: 40,
};
