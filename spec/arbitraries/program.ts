/**
 * Random well-typed programs over all operations, with parameters and inputs to run them on.
 *
 * A program grows from genes, one operation each: a gene chooses its operands among the values so far, and makes the
 * weights that it needs. Fewer genes make a shorter program, which is how counterexamples shrink.
 *
 * All numbers are integers from -2 to 2, and an operation whose values could exceed `bound` is left out. So without
 * functions of entries float64 computes these programs without rounding, and laws need no tolerance; with them,
 * `error` bounds the rounding. Reciprocals are taken of x^2 + 1 alone, square roots of (x^2 + 1)^2.
 */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';

import { record } from '../../src/program/expression.ts';
import { entryFunctions, operandsOf, tags, type EntryFunction, type Tag } from '../../src/program/operation.ts';
import { outputsOf, type Program } from '../../src/program/program.ts';
import { declarations, typecheck, type TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf, type ValueType } from '../../src/program/value-type.ts';
import { growth, largestEntry, mostGene, type Gene, type Grown } from './growth.ts';
import type { Magnitude } from './magnitude.ts';

export interface ProgramCase {
  readonly program: TypedProgram;
  readonly latticeSize: number;
  readonly batch: number;
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  /** One value for each sample, sample after sample. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** What rounding can do to each output, for one sample. */
  readonly magnitudes: Readonly<Record<string, Magnitude>>;
}

export interface ProgramOptions {
  /** The functions of entries that a program may contain. */
  readonly functions: readonly EntryFunction[];
  /** No entry of any value exceeds this. */
  readonly bound: number;
  readonly operations: number;
  readonly latticeSizes: readonly number[];
  readonly batches: readonly number[];
}

/** Without rounding in float64: values stay integers far below 2^53, summed over the batch too. */
export const exact: ProgramOptions = {
  functions: [],
  bound: 2 ** 40,
  operations: 10,
  latticeSizes: [1, 2, 3, 4, 6],
  batches: [1, 2, 3],
};

/** All operations. */
export const smooth: ProgramOptions = { ...exact, functions: entryFunctions, bound: 2 ** 16 };

/** Whether a function has rational values where generated programs apply it. */
const isRational: Readonly<Record<EntryFunction, boolean>> = { tanh: false, reciprocal: true, sqrt: true };

/** The functions of entries that are exact over the rationals. */
export const rationalFunctions: readonly EntryFunction[] = entryFunctions.filter((f) => isRational[f]);

/** Channels are at most this, so that a program's cost is bounded. */
const mostChannels = 6;

const withinLimits = ({ type, bound }: Magnitude, limit: number): boolean =>
  bound <= limit && ((type.tag !== 'field' && type.tag !== 'bias') || type.channels <= mostChannels);

const grow =
  (N: number, limit: number) =>
  (values: readonly Grown[], gene: Gene): readonly Grown[] => {
    const value = growth[gene.tag](N, values, gene);
    return withinLimits(value, limit) ? [...values, value] : values;
  };

/** The values that no other value uses: with them as outputs nothing has grown in vain. */
const sinks = (values: readonly Grown[]): readonly Grown[] => {
  const used = new Set(values.flatMap(({ expression }) => operandsOf(expression.operation)));
  return values.filter(({ expression }) => !used.has(expression));
};

/** Thirty-two bits that depend on all bits of both integers (the finalizer of MurmurHash3). */
const scramble = (seed: number, index: number): number => {
  const a = Math.imul(seed ^ (index + 1), 0x9e3779b1);
  const b = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
  const c = Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  return (c ^ (c >>> 16)) >>> 0;
};

/** `length` integers from -2 to 2. */
export const smallIntegers = (seed: number, length: number): readonly number[] =>
  Array.from({ length }, (_, index) => (scramble(seed, index) % (2 * largestEntry + 1)) - largestEntry);

const filled = (
  types: Readonly<Record<string, ValueType>>,
  N: number,
  samples: number,
  seed: number,
): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(
    Object.entries(types).map(([name, type], index) => [
      name,
      smallIntegers(scramble(seed, index), samples * lengthOf(N)(type)),
    ]),
  );

/** The program with these types, which a generator knows to be right. */
export const typed = (program: Program): TypedProgram => {
  const checked = typecheck(program);
  if (E.isLeft(checked)) {
    throw new RangeError(checked.left.message);
  }
  return checked.right;
};

interface Seeds {
  readonly genes: readonly Gene[];
  readonly latticeSize: number;
  readonly batch: number;
  readonly seed: number;
}

const caseOf =
  ({ bound }: ProgramOptions) =>
  ({ genes, latticeSize, batch, seed }: Seeds): ProgramCase => {
    const first: Gene = { tag: 'input', a: seed % 2, b: seed % 3, c: 0 };
    const values = [first, ...genes].reduce(grow(latticeSize, bound), []);
    const outputs = Object.fromEntries(sinks(values).map((value, index) => [`y.${index}`, value]));
    const program = typed(
      record(Object.fromEntries(Object.entries(outputs).map(([name, { expression }]) => [name, expression]))),
    );
    return {
      program,
      latticeSize,
      batch,
      parameters: filled(declarations('parameter')(program), latticeSize, 1, scramble(seed, 1)),
      inputs: filled(declarations('input')(program), latticeSize, batch, scramble(seed, 2)),
      magnitudes: outputs,
    };
  };

/** Drawn twice as often as others: networks are made of them. */
const frequent: readonly Tag[] = ['correlate', 'correlateTransposed', 'kernelGradient', 'add', 'multiply', 'scale'];

const drawn = ({ functions }: ProgramOptions): readonly Tag[] => {
  const left: readonly Tag[] = entryFunctions.filter((f) => !functions.includes(f));
  return [...frequent, ...tags].filter((tag) => !left.includes(tag));
};

/** Programs and what to run them on. */
export const programCases = (options: ProgramOptions): fc.Arbitrary<ProgramCase> =>
  fc
    .record({
      genes: fc.array(
        fc.record({
          tag: fc.constantFrom(...drawn(options)),
          a: fc.nat(mostGene),
          b: fc.nat(mostGene),
          c: fc.nat(mostGene),
        }),
        { minLength: 1, maxLength: options.operations, size: 'max' },
      ),
      latticeSize: fc.constantFrom(...options.latticeSizes),
      batch: fc.constantFrom(...options.batches),
      seed: fc.nat(2 ** 31 - 1),
    })
    .map(caseOf(options));

/** The inputs of one sample. */
export const sampleOf = (
  { program, inputs, latticeSize }: ProgramCase,
  sample: number,
): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(
    Object.entries(declarations('input')(program)).map(([name, type]) => {
      const length = lengthOf(latticeSize)(type);
      return [name, (inputs[name] ?? []).slice(sample * length, (sample + 1) * length)];
    }),
  );

/** The type of each output. */
export const outputTypes = (program: TypedProgram): Readonly<Record<string, ValueType>> =>
  outputsOf(program)(program.types);
