/** Laws of the choice of a width, and of the sums that have the same bits at every width. */
import fc from 'fast-check';

import { compiledModule, hasFused } from '../../src/assembler/engine.ts';
import { advance, f32x4 } from '../../src/assembler/expression.ts';
import { kernelsOf } from '../../src/assembler/instance.ts';
import { assembleModule, defineFunction } from '../../src/assembler/module.ts';
import { f32xN, type VectorBits } from '../../src/assembler/wide-vector.ts';
import type { Arithmetic } from '../../src/assembler/arithmetic.ts';
import type { along } from '../../src/backend/wasm/kernels/paired-sums.ts';
import { begun, folded, partialSumsOf } from '../../src/backend/wasm/kernels/paired-sums.ts';
import type { fasterBits, knownKernel, timesOf } from '../../src/backend/wasm/vector-bits.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';

interface Runs {
  readonly narrow: number;
  readonly wide: number;
  readonly numbers: readonly number[];
  readonly differs: boolean;
}

export const widerOnlyWhereItGains: Law<typeof fasterBits, Runs> = {
  statement: 'vectors of 256 bits are chosen where they give the same bits, and take less than nine tenths of the time',
  cases: fc
    .record({
      narrow: fc.integer({ min: 1, max: 10 }),
      // In hundredths of the narrow time; as often between four fifths and more than all of it.
      wide: fc.oneof(fc.integer({ min: 30, max: 300 }), fc.integer({ min: 80, max: 110 })),
      numbers: fc.array(fc.integer(), { minLength: 1, maxLength: 8 }),
      differs: fc.boolean(),
    })
    .map(({ narrow, wide, ...runs }) => ({ ...runs, narrow: 100 * narrow, wide: narrow * wide })),
  holds:
    (bitsOf) =>
    ({ narrow, wide, numbers, differs }) => {
      const [first = 0, ...others] = numbers;
      const same = Int32Array.from(numbers);
      const bits = differs ? Int32Array.of(first ^ 1, ...others) : same;
      const chosen = bitsOf({ milliseconds: narrow, bits: same }, { milliseconds: wide, bits });
      return (chosen === 256) === (!differs && 10 * wide < 9 * narrow);
    },
};

/** The numbers of the known kernel, each product and each sum rounded. */
const knownNumbers = (): Float32Array => {
  const x = Array.from({ length: 101 }, (_, i) => Math.fround(1 / (1 + i)));
  const weightedBy = (output: number, tap: number, number: number): number =>
    Math.fround(Math.fround(1 / (3 + output + tap)) * number);
  const sumAt = (output: number, r: number): number =>
    Array.from({ length: 32 }, (_, tap) => weightedBy(output, tap, x[r + (tap % 5)] ?? NaN)).reduce((sum, term) =>
      Math.fround(sum + term),
    );
  return Float32Array.from({ length: 30 * 96 }, (_, i) => sumAt(Math.floor(i / 96), i % 96));
};

export const knownKernelsAreAlike: Law<typeof knownKernel, VectorBits> = {
  statement:
    'at both widths the known kernel leaves the sums over its taps, to the bit where products are rounded; where they are not, the same ' +
    'bits at both, and close to these',
  cases: fc.constantFrom<VectorBits>(128, 256),
  holds: (kernelOf) => {
    const bitsOf = (arithmetic: Arithmetic, width: VectorBits): Int32Array => {
      const { run, y } = kernelOf(arithmetic, width);
      run();
      return y.slice();
    };
    const known = knownNumbers();
    const rounded = new Int32Array(known.buffer);
    return (width) => {
      const separate = bitsOf('separate', width);
      const isRounded = separate.length === rounded.length && separate.every((bits, i) => bits === rounded[i]);
      if (!isRounded || !hasFused()) {
        return isRounded;
      }
      const [fused, other] = [bitsOf('fused', width), bitsOf('fused', width === 128 ? 256 : 128)];
      const numbers = new Float32Array(fused.buffer);
      return (
        fused.every((bits, i) => bits === other[i]) &&
        known.every((y, i) => Math.abs((numbers[i] ?? NaN) - y) < 1e-6 * y)
      );
    };
  },
};

interface Line {
  readonly numbers: readonly number[];
  readonly bits: VectorBits;
}

/** What the numbers of a line add up to, of each half and lane by itself, in float32. */
const eightSums = (numbers: readonly number[]): readonly number[] =>
  Array.from({ length: 8 }, (_, part) =>
    numbers.filter((_number, index) => index % 8 === part).reduce((sum, x) => Math.fround(sum + Math.fround(x)), 0),
  );

/** The sums of both halves, lane by lane, of a line with NaN before and after it. */
const foldedLine = (ways: typeof along, { numbers, bits }: Line): readonly number[] => {
  const sum = defineFunction('sum', (scope) => {
    const [line, scratch, result] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const partial = partialSumsOf(scope, numbers.length);
    const taken = ways(scope, numbers.length, bits, ({ width, clean, sumsIn, bytes }) => [
      f32xN.assign(sumsIn(partial), f32xN.add(sumsIn(partial), clean(width.load(line)))),
      advance(line, bytes),
    ]);
    const { statements, sums } = folded(scope, [partial], bits, scratch);
    return [
      begun([partial]),
      taken.map(({ start, steps, bytes }) => [advance(line, start), steps, advance(line, -start - bytes)]),
      statements,
      sums.map((total) => f32x4.store(result, total)),
    ];
  });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const view = new Float32Array(memory.buffer).fill(NaN);
  view.set(numbers, 16);
  const module = compiledModule(assembleModule({ functions: [sum], exports: ['sum'], shared: false }));
  kernelsOf(module, memory)(sum.name)(64, 4096, 8192);
  return [...view.subarray(2048, 2052)];
};

export const sumsAreOfPairs: Law<typeof along, Line> = {
  statement:
    'a line is summed in eight parts at every width: the lower vectors of pairs, and the upper ones, lane by lane',
  cases: fc.record({
    numbers: fc.array(interval(-1, 1), { minLength: 1, maxLength: 40 }),
    bits: fc.constantFrom<VectorBits>(128, 256),
  }),
  holds: (ways) => (line) => {
    const parts = eightSums(line.numbers);
    const found = foldedLine(ways, line);
    return found.every((number, lane) => number === Math.fround((parts[lane] ?? NaN) + (parts[lane + 4] ?? NaN)));
  },
};

interface Kernels {
  /** The step of the clock, in milliseconds: from that of Node to one that no kernel can wait for. */
  readonly step: number;
  /** Milliseconds of a run of the narrow kernel, and how many of these one of the wide kernel takes. */
  readonly narrow: number;
  readonly ratio: number;
}

export const timesAreResolved: Law<typeof timesOf, Kernels> = {
  statement:
    'the quotient of the times of two kernels is right to a tenth on every clock that steps each millisecond or sooner, within a second; ' +
    'on one that steps ten times a second or stands still there is none',
  cases: fc.record({
    step: fc.oneof(fc.constantFrom(1e-6, 5e-3, 0.1, 1, 100, Infinity), fc.double({ min: 1e-5, max: 1, noNaN: true })),
    narrow: fc.double({ min: 1e-3, max: 5e-2, noNaN: true }),
    ratio: fc.double({ min: 0.25, max: 4, noNaN: true }),
  }),
  holds:
    (times) =>
    ({ step, narrow, ratio }) => {
      const now = { time: 0.3 };
      const spend = (milliseconds: number) => (): void => {
        now.time += milliseconds;
      };
      const clock = (): number => {
        // A look at it takes a hundred nanoseconds.
        now.time += 1e-4;
        return step === Infinity ? 0 : step * Math.floor(now.time / step);
      };
      const found = times(clock, spend(narrow), spend(ratio * narrow));
      return step >= 100
        ? found === null
        : found !== null && Math.abs(found.wide / found.narrow / ratio - 1) < 0.1 && now.time < 1000;
    },
};

interface Moment {
  /** How many runs of the kernels have ended when it begins, how many it lasts, and how much faster they are meanwhile. */
  readonly after: number;
  readonly runs: number;
  readonly factor: number;
  readonly ratio: number;
}

export const momentsDecideNothing: Law<typeof timesOf, Moment> = {
  statement: 'a moment in which a core is faster, or slower, changes no quotient of the times of two kernels',
  cases: fc.record({
    after: fc.integer({ min: 0, max: 1000 }),
    runs: fc.integer({ min: 1, max: 150 }),
    factor: fc.constantFrom(0.2, 0.5, 2, 5),
    ratio: fc.double({ min: 0.4, max: 2.5, noNaN: true }),
  }),
  holds:
    (times) =>
    ({ after, runs, factor, ratio }) => {
      const past = { time: 0, runs: 0 };
      const spend = (milliseconds: number) => (): void => {
        past.runs += 1;
        past.time += past.runs > after && past.runs <= after + runs ? milliseconds / factor : milliseconds;
      };
      const clock = (): number => {
        past.time += 1e-4;
        return past.time;
      };
      const found = times(clock, spend(0.01), spend(0.01 * ratio));
      return found !== null && Math.abs(found.wide / found.narrow / ratio - 1) < 0.1;
    },
};
