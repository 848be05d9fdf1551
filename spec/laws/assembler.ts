/**
 * Laws of the assembler. The engine is the oracle: what it validates is valid, and what it computes is what was
 * written.
 */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';

import type { ProductSums } from '../../src/assembler/arithmetic.ts';
import { compiledModule, hasFused } from '../../src/assembler/engine.ts';
import {
  assign,
  call,
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  type Body,
  type Expression,
} from '../../src/assembler/expression.ts';
import { kernelsOf } from '../../src/assembler/instance.ts';
import type { nest, nestOfVectors, Pointer } from '../../src/assembler/loops.ts';
import { f32xN, widths, type VectorBits } from '../../src/assembler/wide-vector.ts';
import {
  assembleModule,
  defineFunction,
  type reachedFrom,
  type FunctionDefinition,
  type Scope,
} from '../../src/assembler/module.ts';
import { lower } from '../../src/backend/wasm/lowering.ts';
import type { Schedule } from '../../src/backend/wasm/steps.ts';
import { smooth, programCases, type ProgramCase } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';

/** What runs a function and shows the memory that it leaves. */
const memoryAfter = (assemble: typeof assembleModule, run: FunctionDefinition, shared: boolean): DataView => {
  const memory = new WebAssembly.Memory(shared ? { initial: 1, maximum: 65536, shared } : { initial: 1 });
  const module = compiledModule(assemble({ functions: [run], exports: [run.name], shared }));
  kernelsOf(module, memory)(run.name)();
  return new DataView(memory.buffer);
};

export interface Constants {
  readonly i32: typeof i32.constant;
  readonly f32x4: typeof f32x4.constant;
}

interface Numbers {
  readonly whole: number;
  readonly real: number;
  readonly offset: number;
}

const powersOfTwo = fc.integer({ min: 0, max: 31 }).map((exponent) => 2 ** exponent);

/** Integers on both sides of where their encoding gets longer. */
const wholeNumbers: fc.Arbitrary<number> = fc
  .oneof(
    fc.integer(),
    fc.tuple(powersOfTwo, fc.integer({ min: -2, max: 2 })).map(([power, step]) => power + step),
  )
  .chain((n) => fc.constantFrom(n | 0, -n | 0));

export const constantsArrive: Law<Constants, Numbers> = {
  statement: 'constants and offsets arrive as they were written: the engine stores what the assembler encodes',
  cases: fc.record({
    whole: wholeNumbers,
    real: fc.float({ noNaN: true }),
    offset: fc.constantFrom(0, 1, 63, 64, 127, 128, 16383, 16384, 65000),
  }),
  holds:
    (constants) =>
    ({ whole, real, offset }) => {
      const write = defineFunction('write', () => [
        i32.store(i32.constant(16), constants.i32(whole), offset),
        f32x4.store(i32.constant(32), constants.f32x4(real), offset),
      ]);
      const view = memoryAfter(assembleModule, write, false);
      return (
        view.getInt32(16 + offset, true) === whole &&
        [0, 1, 2, 3].every((lane) => Object.is(view.getFloat32(32 + offset + 4 * lane, true), real))
      );
    },
};

/** An arithmetic expression, and the number that it is. */
interface Arithmetic {
  readonly vector: Expression<'v128'>;
  readonly value: number;
}

const arithmetic: fc.Arbitrary<Arithmetic> = fc.letrec<Readonly<Record<'tree' | 'leaf' | 'pair', Arithmetic>>>(
  (tie) => {
    const binary = (
      vector: (a: Expression<'v128'>, b: Expression<'v128'>) => Expression<'v128'>,
      value: (a: number, b: number) => number,
    ) =>
      fc
        .tuple(tie('tree'), tie('tree'))
        .map(([a, b]) => ({ vector: vector(a.vector, b.vector), value: Math.fround(value(a.value, b.value)) }));
    return {
      leaf: fc.float({ noNaN: true }).map((value) => ({ vector: f32x4.constant(value), value })),
      pair: fc.oneof(
        tie('tree').map(({ vector, value }) => ({
          vector: f32x4.sqrt(vector),
          value: Math.fround(Math.sqrt(value)),
        })),
        binary(f32x4.add, (a, b) => a + b),
        binary(f32x4.subtract, (a, b) => a - b),
        binary(f32x4.multiply, (a, b) => a * b),
        binary(f32x4.divide, (a, b) => a / b),
        binary(f32x4.lesser, (a, b) => (b < a ? b : a)),
        binary(f32x4.greater, (a, b) => (a < b ? b : a)),
      ),
      tree: fc.oneof({ maxDepth: 5, withCrossShrink: true }, tie('leaf'), tie('pair')),
    };
  },
).tree;

export const arithmeticIsRounded: Law<(a: Arithmetic) => Arithmetic, Arithmetic> = {
  statement: 'arithmetic of four numbers is arithmetic of each, rounded to float32 after every operation',
  cases: arithmetic,
  holds: (read) => (example) => {
    const { vector, value } = read(example);
    const lanes = defineFunction('lanes', ({ local }) => {
      const v = local('v128');
      const extracted = [0, 1, 2, 3].map((lane): Body => f32.store(i32.constant(64 + 4 * lane), f32x4.lane(lane)(v)));
      return [assign(v, vector), extracted, f64.store(i32.constant(128), f64.promote(f32x4.lane(2)(v)))];
    });
    const view = memoryAfter(assembleModule, lanes, true);
    const numbers = [...[0, 1, 2, 3].map((lane) => view.getFloat32(64 + 4 * lane, true)), view.getFloat64(128, true)];
    // The sign of a NaN, and of a zero that lesser or greater return, is left to the engine.
    return numbers.every((number) => Object.is(number, value) || number === value);
  },
  runs: 200,
};

/** A sum, and the factors of two products. */
interface SumOfProducts {
  readonly sum: number;
  readonly factors: readonly [x: number, y: number, u: number, v: number];
}

/** Whole multiples of 2^-60 below 2^8, so that their products are whole multiples of 2^-120. */
const moderate = fc
  .tuple(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), fc.integer({ min: -60, max: -45 }))
  .map(([digits, exponent]) => digits * 2 ** exponent);

const sumsOfProducts: fc.Arbitrary<SumOfProducts> = fc
  .record({
    sum: moderate,
    factors: fc.tuple(moderate, moderate, moderate, moderate),
    // What is left of a sum that cancels shows how often it was rounded.
    cancels: fc.boolean(),
  })
  .map(({ sum, factors, cancels }) => ({ sum: cancels ? -factors[0] * factors[1] : sum, factors }));

/** sum + x y, rounded once: BigInt knows the exact value, in units of 2^-120, and the number nearest to it. */
const roundedOnce = (sum: number, x: number, y: number): number =>
  Number(BigInt(sum * 2 ** 120) + BigInt(x * 2 ** 60) * BigInt(y * 2 ** 60)) * 2 ** -120;

/** The value of each sum by an arithmetic. */
type SumsAre = (
  sum: number,
  ...factors: SumOfProducts['factors']
) => Readonly<Record<'plus' | 'minus' | 'plusBoth', number>>;

const separateSums: SumsAre = (sum, x, y, u, v) => ({
  plus: sum + x * y,
  minus: sum - x * y,
  plusBoth: sum + (x * y + u * v),
});

const fusedSums: SumsAre = (sum, x, y, u, v) => ({
  plus: roundedOnce(sum, x, y),
  minus: roundedOnce(sum, -x, y),
  plusBoth: roundedOnce(roundedOnce(sum, x, y), u, v),
});

/** What a vector of two numbers has in both places. */
const numbersOf = (vector: Expression<'v128'>): readonly number[] => {
  const store = defineFunction('store', () => f64x2.store(i32.constant(16), vector));
  const view = memoryAfter(assembleModule, store, false);
  return [view.getFloat64(16, true), view.getFloat64(24, true)];
};

const productSumsAre = (statement: string, sumsAre: SumsAre): Law<ProductSums, SumOfProducts> => ({
  statement,
  cases: sumsOfProducts,
  holds:
    ({ plus, minus, plusBoth }) =>
    ({ sum, factors }) => {
      const [s, [x, y, u, v]] = [f64x2.constant(sum), factors.map((factor) => f64x2.constant(factor))];
      if (x === undefined || y === undefined || u === undefined || v === undefined) {
        return false;
      }
      const expected = sumsAre(sum, ...factors);
      const is = (value: number, vector: Expression<'v128'>): boolean =>
        numbersOf(vector).every((number) => number === value);
      return (
        is(expected.plus, plus(s, x, y)) &&
        is(expected.minus, minus(s, x, y)) &&
        is(expected.plusBoth, plusBoth(s, x, y, u, v))
      );
    },
});

export const separateSumsRoundTwice = productSumsAre(
  'separate products are rounded, and then their sums: two products first with each other',
  separateSums,
);

export const fusedSumsRoundOnce = productSumsAre(
  'where the processor can, fused products and sums are rounded once: one product after the other',
  fusedSums,
);

/** Whether fused sums are rounded once by this engine on this processor. */
export const roundsOnce = ({ plus }: ProductSums): boolean => {
  const x = 1 + 2 ** -30;
  const [sum, factor] = [f64x2.constant(-(x * x)), f64x2.constant(x)];
  return hasFused() && numbersOf(plus(sum, factor, factor)).every((number) => number !== 0);
};

interface Loops {
  readonly counts: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

const loops: fc.Arbitrary<Loops> = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
  .chain((counts) =>
    fc.record({
      counts: fc.constant(counts),
      // Strides that let dimensions merge, and others.
      strides: fc.array(
        fc.oneof(
          fc.array(fc.integer({ min: -9, max: 9 }), { minLength: counts.length, maxLength: counts.length }),
          fc
            .integer({ min: -3, max: 3 })
            .map((unit) =>
              counts.map((_, d) => unit * counts.slice(d + 1).reduce((product, count) => product * count, 1)),
            ),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  );

const visited = ({ counts, strides }: Loops): readonly number[] =>
  counts
    .reduce<readonly (readonly number[])[]>(
      (indices, count) => indices.flatMap((index) => Array.from({ length: count }, (_, i) => [...index, i])),
      [[]],
    )
    .flatMap((index) => strides.map((stride) => index.reduce((sum, i, d) => sum + i * (stride[d] ?? 0), 0)));

/** Where pointers are at each round, the first round first. */
const visitedBy = (
  example: Loops,
  nestOf: (scope: Scope, pointers: readonly Pointer[], note: (halves: number) => Body) => Body,
): DataView => {
  const write = defineFunction('write', (scope) => {
    const to = scope.local('i32');
    const pointers = example.strides.map((strides) => ({ local: scope.local('i32'), strides }));
    const noteHalf = (half: number): Body =>
      pointers.map(({ local, strides }) => [
        i32.store(to, i32.add(local, i32.constant(half * (strides.at(-1) ?? 0)))),
        assign(to, i32.add(to, i32.constant(4))),
      ]);
    return nestOf(scope, pointers, (halves) => Array.from({ length: halves }, (_, half) => noteHalf(half)));
  });
  return memoryAfter(assembleModule, write, false);
};

const isWhatIsVisited = (example: Loops, view: DataView): boolean => {
  const expected = visited(example);
  return (
    expected.every((value, index) => view.getInt32(4 * index, true) === value) &&
    view.getInt32(4 * expected.length, true) === 0
  );
};

export const nestsOfVectorsVisitAll: Law<typeof nestOfVectors, Loops & { readonly bits: VectorBits }> = {
  statement: 'a nest of vectors runs through all of them in their order, one or two neighbours at a time',
  cases: fc.tuple(loops, fc.constantFrom<VectorBits>(128, 256)).map(([example, bits]) => ({ ...example, bits })),
  holds: (nestOf) => (example) =>
    isWhatIsVisited(
      example,
      visitedBy(example, (scope, pointers, note) =>
        nestOf(scope, example.counts, pointers, example.bits, ({ halves }) => note(halves)),
      ),
    ),
};

export const nestsVisitAll: Law<typeof nest, Loops> = {
  statement: 'a nest runs through all indices, the last one fastest, with every pointer where its strides put it',
  cases: loops,
  holds: (nestOf) => (example) =>
    isWhatIsVisited(
      example,
      visitedBy(example, (scope, pointers, note) => nestOf(scope, example.counts, pointers, note(1))),
    ),
};

/** The steps of a program on chunks of five samples, correlations in both ways and vectors of both widths. */
const schedulesOf = ({ program, latticeSize }: ProgramCase): readonly Schedule[] =>
  (['direct', 'spectral'] as const).flatMap((correlations) =>
    ([128, 256] as const).map(
      (bits) => lower(program, { size: latticeSize, samples: 5 }, 'separate', bits, correlations).schedule,
    ),
  );

/** The numbers and names that the custom section `name` of a module gives its functions. */
const functionNamesIn = (module: WebAssembly.Module): readonly (readonly [number: number, name: string])[] => {
  const [section] = WebAssembly.Module.customSections(module, 'name');
  const bytes = [...new Uint8Array(section ?? new ArrayBuffer(0))];
  const unsigned = (): number => {
    const low = bytes.shift() ?? 0;
    return low < 0x80 ? low : (low % 0x80) + 0x80 * unsigned();
  };
  const [subsection] = [unsigned(), unsigned()];
  return subsection !== 1
    ? []
    : Array.from({ length: unsigned() }, () => {
        const number = unsigned();
        return [number, new TextDecoder().decode(Uint8Array.from(bytes.splice(0, unsigned())))];
      });
};

interface StoreAtTheEnd {
  readonly bits: VectorBits;
  /** Bytes from where the vector is stored to where memory ends. */
  readonly room: number;
  readonly value: number;
}

const [bytesOfMemory, mostRoom] = [65536, 48];

export const storesAreWhole: Law<typeof f32xN.store, StoreAtTheEnd> = {
  statement: 'a vector is stored in whole where memory has room for it; where it has not, nothing is',
  cases: fc.record({
    bits: fc.constantFrom<VectorBits>(128, 256),
    room: fc.integer({ min: 0, max: mostRoom }),
    value: fc.float({ min: 1, max: 2, noNaN: true }),
  }),
  holds:
    (store) =>
    ({ bits, room, value }) => {
      const width = widths[bits];
      const storing = defineFunction('storing', (scope) => {
        const [address, vector] = [scope.parameter(), width.local(scope)];
        return [f32xN.assign(vector, width.constant(value)), store(address, vector)];
      });
      const memory = new WebAssembly.Memory({ initial: 1 });
      const bytes = assembleModule({ functions: [storing], exports: [storing.name], shared: false });
      const run = kernelsOf(compiledModule(bytes), memory)(storing.name);
      const hasRoom = room >= width.bytes;
      const trapped = E.isLeft(
        E.tryCatch(() => {
          run(bytesOfMemory - room);
        }, String),
      );
      const written = new Uint8Array(
        Float32Array.of(...Array<number>(hasRoom ? width.bytes / 4 : 0).fill(value)).buffer,
      );
      const expected = new Uint8Array(mostRoom);
      expected.set(written, mostRoom - room);
      const found = new Uint8Array(memory.buffer, bytesOfMemory - mostRoom);
      return trapped !== hasRoom && expected.every((byte, index) => byte === found[index]);
    },
};

export const functionsKeepTheirNames: Law<typeof assembleModule, readonly string[]> = {
  statement: 'each function of a module has its name in the section where engines and profilers look for it',
  cases: fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), {
    minLength: 1,
    maxLength: 200,
  }),
  holds: (assemble) => (names) => {
    const functions = names.map((name) => defineFunction(name, () => []));
    const found = functionNamesIn(compiledModule(assemble({ functions, exports: [], shared: false })));
    return found.length === names.length && found.every(([number, name], i) => number === i && name === names[i]);
  },
  runs: 50,
};

/** For each function those that it calls, and which are asked for; all by their number. */
interface Calls {
  readonly callees: readonly (readonly number[])[];
  readonly roots: readonly number[];
}

const calls: fc.Arbitrary<Calls> = fc.integer({ min: 1, max: 9 }).chain((count) => {
  const some = (maxLength: number): fc.Arbitrary<number[]> => fc.array(fc.nat(count - 1), { maxLength });
  return fc.record({ callees: fc.array(some(3), { minLength: count, maxLength: count }), roots: some(2) });
});

export const functionsAreReached: Law<typeof reachedFrom, Calls> = {
  statement: 'of functions those remain, in their order, to which a chain of calls leads from one that is asked for',
  cases: calls,
  holds:
    (reached) =>
    ({ callees, roots }) => {
      const named = (index: number): string => `f${index}`;
      const functions = callees.map((some, index) =>
        defineFunction(named(index), ({ local }) => [
          assign(local('i32'), i32.constant(index)),
          some.map((callee) => call(named(callee))),
        ]),
      );
      // As many rounds as functions reach whatever is reached.
      const expected = callees.reduce<ReadonlySet<number>>(
        (known) => new Set([...known, ...[...known].flatMap((index) => callees[index] ?? [])]),
        new Set(roots),
      );
      const found = reached(roots.map(named), functions).map(({ name }) => name);
      const wanted = functions.map(({ name }) => name).filter((_, index) => expected.has(index));
      return found.length === wanted.length && found.every((name, i) => name === wanted[i]);
    },
};

export const kernelsValidate: Law<typeof assembleModule, ProgramCase> = {
  statement:
    'the kernels of every program, forward and differentiated, make a valid module, with shared memory or without',
  cases: programCases(smooth),
  holds: (assemble) => (example) =>
    schedulesOf(example).every(({ kernels }) => {
      const exports = kernels.map(({ name }) => name);
      return [true, false].every((shared) => WebAssembly.validate(assemble({ functions: kernels, exports, shared })));
    }),
  runs: 60,
};
