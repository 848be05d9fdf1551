/**
 * How wide the vectors of kernels are: 256 bits where the engine makes one instruction of two, which no question to it tells. So
 * a known kernel, the correlation, is written both ways and measured: its numbers have to be the same to the bit, and its time
 * has to gain clearly. It is measured once a process; what is chosen decides over speed alone, since all kernels have the same
 * bits in both widths.
 */
import { assembleModule, memoryImport } from '../../assembler/module.ts';
import type { VectorBits } from '../../assembler/wide-vector.ts';
import { once } from '../../number/memoize.ts';
import { hasFused } from './engine.ts';
import { bytesPerNumber, bytesPerVector, noStrides } from './grid.ts';
import { range, type Arithmetic } from './kernels/arithmetic.ts';
import { correlate, recordBytes, type Correlation } from './kernels/correlate.ts';

/** A run of the known kernel: how long it took, and the bits of its numbers. */
export interface KnownRun {
  readonly milliseconds: number;
  readonly bits: Int32Array;
}

/** Where engines pack, the kernel takes 0.5 to 0.6 of its time at 128 bits; where they do not, 1 or more. */
const clearGain = 0.8;

/**
 * The bits of vectors, by runs of one kernel written in both widths.
 *
 * @example
 * fasterBits({ milliseconds: 2, bits: Int32Array.of(7) }, { milliseconds: 1, bits: Int32Array.of(7) }) // 256
 */
export const fasterBits = (narrow: KnownRun, wide: KnownRun): VectorBits => {
  const isSame = narrow.bits.length === wide.bits.length && narrow.bits.every((bits, i) => bits === wide.bits[i]);
  return isSame && wide.milliseconds < clearGain * narrow.milliseconds ? 256 : 128;
};

/** Three outputs of a row of 24 vectors, whole tiles in both widths, and taps enough to take microseconds. */
const [outputs, vectors, taps] = [3, 24, 128];

const rowBytes = vectors * bytesPerVector;

/** Taps start so many numbers apart, on the same row again and again. */
const offsets = range(taps).map((tap) => (tap % 5) * bytesPerNumber);

const shapeFor = (arithmetic: Arithmetic, bits: VectorBits): Correlation => ({
  components: 1,
  outputs,
  taps,
  rows: 1,
  vectors,
  x: noStrides,
  y: { ...noStrides, channel: rowBytes },
  start: null,
  arithmetic,
  bits,
});

/** Where x, the records and y lie: x is read beyond its row by the taps. */
const [xAt, recordsAt, yAt] = [0, 2 * rowBytes, 2 * rowBytes + taps * recordBytes(outputs)];

/** The known kernel, ready to run, and what it leaves. */
const knownKernel = (
  arithmetic: Arithmetic,
  bits: VectorBits,
): { readonly run: () => void; readonly y: Int32Array } => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const [reals, whole] = [new Float32Array(memory.buffer), new Int32Array(memory.buffer)];
  range((2 * rowBytes) / bytesPerNumber).forEach((i) => {
    reals[i] = 1 / (1 + i);
  });
  offsets.forEach((offset, tap) => {
    const record = (recordsAt + tap * recordBytes(outputs)) / bytesPerNumber;
    reals.set(
      range(outputs).map((output) => 1 / (3 + output + tap)),
      record,
    );
    whole[record + outputs] = offset;
  });
  const kernel = correlate('kernel', shapeFor(arithmetic, bits));
  const module = new WebAssembly.Module(assembleModule({ functions: [kernel], exports: [kernel.name], shared: false }));
  const { exports } = new WebAssembly.Instance(module, { [memoryImport.module]: { [memoryImport.name]: memory } });
  const call = exports[kernel.name];
  if (call === undefined) {
    throw new RangeError('the module lacks the function that it exports');
  }
  return {
    run: () => {
      call(xAt, recordsAt, yAt, yAt);
    },
    y: whole.subarray(yAt / bytesPerNumber, (yAt + outputs * rowBytes) / bytesPerNumber),
  };
};

/** Runs in a timing: some 100 microseconds, which every clock resolves. */
const runs = 40;

/** Timings of each width, in turns; the least of them counts, so that one of them need find the core free. */
const attempts = 12;

const timed = (run: () => void): number => {
  const start = performance.now();
  for (let i = 0; i < runs; i += 1) {
    run();
  }
  return performance.now() - start;
};

const measured = (arithmetic: Arithmetic): VectorBits => {
  const [narrow, wide] = [knownKernel(arithmetic, 128), knownKernel(arithmetic, 256)];
  const times = range(attempts).map(() => [timed(narrow.run), timed(wide.run)] as const);
  return fasterBits(
    { milliseconds: Math.min(...times.map(([time]) => time)), bits: narrow.y },
    { milliseconds: Math.min(...times.map(([, time]) => time)), bits: wide.y },
  );
};

/** The bits of this engine's vectors, measured when first asked for. */
export const vectorBits: () => VectorBits = once(() => measured(hasFused() ? 'fused' : 'separate'));
