/**
 * Laws of the kernels that compute number by number: which sums they are, in which order, to the bit. The same sums, rounded to
 * float32 one after the other, are the oracle. Memory is full of NaN before: what lies beyond rows must reach no result.
 */
import fc from 'fast-check';

import { compiledModule } from '../../src/assembler/engine.ts';
import { kernelsOf } from '../../src/assembler/instance.ts';
import { assembleModule, type FunctionDefinition } from '../../src/assembler/module.ts';
import type { VectorBits } from '../../src/assembler/wide-vector.ts';
import type { fieldLayout } from '../../src/backend/wasm/grid.ts';
import type { evenBlocksOf } from '../../src/backend/wasm/kernels/arithmetic.ts';
import { outputBlocks, recordBytes, type correlate } from '../../src/backend/wasm/kernels/correlate.ts';
import type { lineSums } from '../../src/backend/wasm/kernels/fold.ts';
import type { kernelGradient } from '../../src/backend/wasm/kernels/kernel-gradient.ts';
import type { outerProducts, outerProductsRoom } from '../../src/backend/wasm/kernels/outer-products.ts';
import { drawn, standardNormals } from '../../src/random/draw.ts';
import { streamOf } from '../../src/random/stream.ts';
import { fieldType } from '../../src/program/value-type.ts';
import type { Law } from '../law.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const bitsOfVectors = fc.constantFrom<VectorBits>(128, 256);

/** Memory full of NaN, its numbers in both precisions, and pieces of it, handed out one after the other. */
const memoryOf = () => {
  const memory = new WebAssembly.Memory({ initial: 8 });
  const ends = [64];
  return {
    memory,
    floats: new Float32Array(memory.buffer).fill(NaN),
    whole: new Int32Array(memory.buffer),
    reals: new Float64Array(memory.buffer),
    room: (bytes: number): number => {
      const at = ends.at(-1) ?? 0;
      ends.push(at + 64 * Math.ceil(bytes / 64) + 64);
      return at;
    },
  };
};

const run = (memory: WebAssembly.Memory, kernel: FunctionDefinition, operands: readonly number[]): void => {
  const bytes = assembleModule({ functions: [kernel], exports: [kernel.name], shared: false });
  kernelsOf(compiledModule(bytes), memory)(kernel.name)(...operands);
};

const numbersOf = (seed: number, count: number): readonly number[] => [
  ...Float32Array.from(drawn(streamOf(seed, 0))(standardNormals(count))),
];

const areSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((x, i) => Object.is(x, b[i]));

export const blocksAreEven: Law<typeof evenBlocksOf, { readonly total: number; readonly most: number }> = {
  statement: 'blocks are a whole, as few as can be, the larger ones first, and no two differ by more than one',
  cases: fc.record({ total: fc.integer({ min: 1, max: 200 }), most: fc.integer({ min: 1, max: 9 }) }),
  holds:
    (blocksOf) =>
    ({ total, most }) => {
      const sizes = blocksOf(total, most).flatMap(({ size, count }) => Array<number>(count).fill(size));
      const [first = 0, last = 0] = [sizes[0], sizes.at(-1)];
      return (
        sizes.reduce((sum, size) => sum + size, 0) === total &&
        sizes.length === Math.ceil(total / most) &&
        sizes.every((size, index) => size <= (sizes[index - 1] ?? most)) &&
        first - last <= 1
      );
    },
};

interface CorrelationCase {
  readonly components: number;
  readonly outputs: number;
  readonly taps: number;
  readonly rows: number;
  readonly vectors: number;
  readonly starts: boolean;
  readonly bits: VectorBits;
  readonly seed: number;
}

export const tilesAreSums: Law<typeof correlate, CorrelationCase> = {
  statement:
    'y(r) = start(r) + sum over taps of K(tap) x(r + tap), tap after tap, for any number of outputs and vectors',
  cases: fc.record({
    components: fc.constantFrom(1, 2),
    outputs: fc.integer({ min: 1, max: 16 }),
    taps: fc.integer({ min: 1, max: 6 }),
    rows: fc.integer({ min: 1, max: 3 }),
    vectors: fc.integer({ min: 1, max: 9 }),
    starts: fc.boolean(),
    bits: bitsOfVectors,
    seed: fc.nat(),
  }),
  holds: (define) => (example) => {
    const { components, outputs, taps, rows, vectors, starts, bits, seed } = example;
    const { memory, floats, whole, room } = memoryOf();
    const length = 4 * vectors;
    const row = 16 * vectors + 64;
    const strides = (channels: number) => ({ row, channel: rows * row, component: channels * rows * row });
    const place = (channels: number): number => room(components * channels * rows * row);
    const [x, start, y] = [place(1), place(outputs), place(outputs)];
    const records = room(outputs * taps * recordBytes(1));
    // A tap may reach over the end of its row, up to the next.
    floats.set(numbersOf(seed, (components * rows * row) / 4), x / 4);
    floats.set(numbersOf(seed + 1, (components * outputs * rows * row) / 4), start / 4);
    const weights = numbersOf(seed + 2, outputs * taps);
    const weight = (output: number, tap: number): number => weights[output * taps + tap] ?? NaN;
    const offset = (tap: number): number => 4 * ((seed + 5 * tap) % 16);
    const record = { at: records, output: 0 };
    outputBlocks(outputs, 'separate', bits).forEach(({ size, count }) => {
      upTo(count).forEach(() => {
        upTo(taps).forEach((tap) => {
          upTo(size).forEach((o) => {
            floats[record.at / 4 + o] = weight(record.output + o, tap);
          });
          whole[record.at / 4 + size] = offset(tap);
          record.at += recordBytes(size);
        });
        record.output += size;
      });
    });
    const shape = {
      ...{ components, outputs, taps, rows, vectors, bits },
      x: strides(1),
      y: strides(outputs),
      start: starts ? strides(outputs) : null,
      arithmetic: 'separate',
    } as const;
    run(memory, define('correlate', shape), [x, records, start, y]);
    const at = (place: number, channels: number) => (k: number, c: number, r: number, i: number) =>
      floats[(place + (k * channels + c) * rows * row + r * row) / 4 + i] ?? NaN;
    const [xAt, startAt, yAt] = [at(x, 1), at(start, outputs), at(y, outputs)];
    return upTo(components).every((k) =>
      upTo(outputs).every((o) =>
        upTo(rows).every((r) =>
          upTo(length).every((i) => {
            const sum = upTo(taps).reduce(
              (partial, tap) => Math.fround(partial + Math.fround(weight(o, tap) * xAt(k, 0, r, i + offset(tap) / 4))),
              starts ? startAt(k, o, r, i) : 0,
            );
            return Object.is(yAt(k, o, r, i), sum);
          }),
        ),
      ),
    );
  },
  runs: 200,
};

interface GradientCase {
  readonly components: number;
  readonly outputs: number;
  readonly taps: number;
  readonly rows: number;
  readonly rowNumbers: number;
  readonly bits: VectorBits;
  readonly seed: number;
}

export const gradientsAreOfEightParts: Law<typeof kernelGradient, GradientCase> = {
  statement:
    'G(tap) += sum of y(r) x(r + tap) in eight parts, every eighth number of a row in one: fours of them lane by lane, then (0 + 1) + (2 + 3)',
  cases: fc.record({
    components: fc.constantFrom(1, 2),
    outputs: fc.integer({ min: 1, max: 7 }),
    taps: fc.integer({ min: 1, max: 11 }),
    rows: fc.integer({ min: 1, max: 3 }),
    rowNumbers: fc.integer({ min: 1, max: 25 }),
    bits: bitsOfVectors,
    seed: fc.nat(),
  }),
  holds: (define) => (example) => {
    const { components, outputs, taps, rows, rowNumbers, bits, seed } = example;
    const { memory, floats, whole, reals, room } = memoryOf();
    const row = 16 * Math.ceil(rowNumbers / 4) + 32;
    const strides = (channels: number) => ({ row, channel: rows * row, component: channels * rows * row });
    const place = (channels: number): number => room(components * channels * rows * row);
    const [x, y, table, sums, scratch] = [
      place(taps),
      place(outputs),
      room(4 * taps),
      room(8 * outputs * taps),
      room(1024),
    ];
    const put = (at: number, channels: number, numbers: readonly number[]): void => {
      upTo(components * channels * rows).forEach((line) => {
        floats.set(numbers.slice(line * rowNumbers, (line + 1) * rowNumbers), (at + line * row) / 4);
      });
    };
    const [xs, ys] = [
      numbersOf(seed, components * taps * rows * rowNumbers),
      numbersOf(seed + 1, components * outputs * rows * rowNumbers),
    ];
    put(x, taps, xs);
    put(y, outputs, ys);
    const before = numbersOf(seed + 2, outputs * taps);
    reals.set(before, sums / 8);
    // Each tap reads a plane of its own: no tap reaches beyond a row.
    whole.set(
      upTo(taps).map((tap) => tap * rows * row),
      table / 4,
    );
    const shape = {
      ...{ components, outputs, taps, rows, rowNumbers, bits },
      x: strides(taps),
      y: strides(outputs),
      arithmetic: 'separate',
    } as const;
    run(memory, define('gradient', shape), [x, y, table, sums, scratch]);
    const expected = (o: number, t: number): number => {
      const parts = Array<number>(8).fill(0);
      upTo(components * rows).forEach((line) => {
        const [k, r] = [Math.floor(line / rows), line % rows];
        upTo(rowNumbers).forEach((i) => {
          const product =
            (ys[((k * outputs + o) * rows + r) * rowNumbers + i] ?? NaN) *
            (xs[((k * taps + t) * rows + r) * rowNumbers + i] ?? NaN);
          parts[i % 8] = Math.fround((parts[i % 8] ?? NaN) + Math.fround(product));
        });
      });
      const [a = 0, b = 0, c = 0, d = 0] = upTo(4).map((lane) =>
        Math.fround((parts[lane] ?? 0) + (parts[lane + 4] ?? 0)),
      );
      return (before[o * taps + t] ?? NaN) + Math.fround(Math.fround(a + b) + Math.fround(c + d));
    };
    return areSame(
      [...reals.subarray(sums / 8, sums / 8 + outputs * taps)],
      upTo(outputs).flatMap((o) => upTo(taps).map((t) => expected(o, t))),
    );
  },
  runs: 200,
};

interface MatrixCase {
  readonly outputs: number;
  readonly inputs: number;
  readonly samples: number;
  readonly bits: VectorBits;
  readonly seed: number;
}

/** The gradient of a matrix, and the bytes of room that it asks for. */
interface MatrixGradient {
  readonly define: typeof outerProducts;
  readonly roomFor: typeof outerProductsRoom;
}

export const outerProductsAreSummedInOrder: Law<MatrixGradient, MatrixCase> = {
  statement:
    'G += sum of y(s) x(s), sample after sample in float32, for any numbers of outputs, inputs and samples; what lies behind a row, behind ' +
    'the sums and behind the room that was asked for is neither read nor written',
  cases: fc.record({
    outputs: fc.integer({ min: 1, max: 13 }),
    inputs: fc.integer({ min: 1, max: 37 }),
    samples: fc.integer({ min: 1, max: 21 }),
    bits: bitsOfVectors,
    seed: fc.nat(),
  }),
  holds:
    ({ define, roomFor }) =>
    ({ outputs, inputs, samples, bits, seed }) => {
      const { memory, floats, reals, room } = memoryOf();
      const row = 16 * Math.ceil(samples / 4);
      const [xStride, yStride] = [row + 16, row + 48];
      const shape = { outputs, inputs, samples, xStride, yStride, arithmetic: 'separate', bits } as const;
      const roomBytes = roomFor(shape);
      const [x, y] = [room(inputs * xStride), room(outputs * yStride)];
      const [sums, columns] = [room(8 * outputs * inputs), room(roomBytes)];
      const [xs, ys] = [numbersOf(seed, inputs * samples), numbersOf(seed + 1, outputs * samples)];
      upTo(inputs).forEach((i) => {
        floats.set(xs.slice(i * samples, (i + 1) * samples), (x + i * xStride) / 4);
      });
      upTo(outputs).forEach((o) => {
        floats.set(ys.slice(o * samples, (o + 1) * samples), (y + o * yStride) / 4);
      });
      const before = numbersOf(seed + 2, outputs * inputs);
      reals.set(before, sums / 8);
      run(memory, define('gradient', shape), [x, y, sums, columns]);
      const expected = (o: number, i: number): number => {
        const sum = upTo(samples).reduce(
          (partial, s) =>
            Math.fround(partial + Math.fround((ys[o * samples + s] ?? NaN) * (xs[i * samples + s] ?? NaN))),
          0,
        );
        return (before[o * inputs + i] ?? NaN) + sum;
      };
      const behind = (at: number): readonly number[] => [...floats.subarray(at / 4, at / 4 + 12)];
      return (
        areSame(
          [...reals.subarray(sums / 8, sums / 8 + outputs * inputs)],
          upTo(outputs).flatMap((o) => upTo(inputs).map((i) => expected(o, i))),
        ) && [...behind(sums + 8 * outputs * inputs), ...behind(columns + roomBytes)].every(Number.isNaN)
      );
    },
  runs: 200,
};

interface Lines {
  readonly lines: number;
  readonly terms: number;
  readonly seed: number;
}

export const linesAreSummedInOrder: Law<typeof lineSums, Lines> = {
  statement: 'the numbers of each line are added to its sum in float64, one after the other',
  cases: fc.record({
    lines: fc.integer({ min: 1, max: 11 }),
    terms: fc.integer({ min: 1, max: 30 }),
    seed: fc.nat(),
  }),
  holds:
    (define) =>
    ({ lines, terms, seed }) => {
      const { memory, floats, reals, room } = memoryOf();
      const lineBytes = 16 * Math.ceil(terms / 4) + 16;
      const [from, to] = [room(lines * lineBytes), room(8 * lines + 8)];
      const [numbers, before] = [numbersOf(seed, lines * terms), numbersOf(seed + 1, lines)];
      const lineOf = (line: number): readonly number[] => numbers.slice(line * terms, (line + 1) * terms);
      upTo(lines).forEach((line) => {
        floats.set(lineOf(line), (from + line * lineBytes) / 4);
      });
      reals.set([...before, NaN], to / 8);
      run(memory, define('lines', { lines, lineBytes, terms }), [from, to]);
      return areSame(
        [...reals.subarray(to / 8, to / 8 + lines + 1)],
        [...before.map((sum, line) => lineOf(line).reduce((partial, x) => partial + x, sum)), NaN],
      );
    },
};

interface Planes {
  readonly size: number;
  readonly samples: number;
  readonly components: number;
  readonly channels: number;
  readonly halo: number;
}

export const planesAreSpread: Law<typeof fieldLayout, Planes> = {
  statement:
    'the planes of a field do not overlap, and lie so that a site of all of them is spread over the lines of a cache: no plane is a multiple of 512 bytes',
  cases: fc.record({
    size: fc.constantFrom(1, 1, 2, 4, 8, 10, 16),
    samples: fc.oneof(fc.integer({ min: 1, max: 130 }), fc.constantFrom(32, 64, 125, 128)),
    components: fc.constantFrom(1, 3),
    channels: fc.integer({ min: 1, max: 150 }),
    halo: fc.constantFrom(0, 2),
  }),
  holds:
    (layoutOf) =>
    ({ size, samples, components, channels, halo }) => {
      const { strides, origin, bytes } = layoutOf({ size, samples }, fieldType(components, channels), halo);
      const around = size + 2 * halo;
      return (
        strides.channel % 512 !== 0 &&
        strides.row >= 4 * around * samples &&
        strides.channel >= around * strides.row &&
        strides.component >= channels * strides.channel &&
        origin === halo * strides.row + 4 * halo * samples &&
        bytes >= components * strides.component
      );
    },
};
