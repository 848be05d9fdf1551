/**
 * How wide the vectors of kernels are: 256 bits where the engine makes one instruction of two, which no question to it tells. So
 * a known kernel, the correlation, is written both ways and measured: its numbers have to be the same to the bit, and its time
 * has to gain clearly. It is measured once a process; what is chosen decides over speed alone, since all kernels have the same
 * bits in both widths.
 */
import type { Arithmetic } from '../../assembler/arithmetic.ts';
import { compiledModule, hasFused } from '../../assembler/engine.ts';
import { kernelsOf } from '../../assembler/instance.ts';
import { assembleModule } from '../../assembler/module.ts';
import type { VectorBits } from '../../assembler/wide-vector.ts';
import { once } from '../../number/memoize.ts';
import { bytesPerNumber, bytesPerVector, noStrides } from './grid.ts';
import { range } from './kernels/arithmetic.ts';
import { correlate, outputBlocks, recordBytes, type Correlation } from './kernels/correlate.ts';

/** A run of the known kernel: how long it took, and the bits of its numbers. */
export interface KnownRun {
  readonly milliseconds: number;
  readonly bits: Int32Array;
}

/**
 * Where pairs are packed, the wide kernel need not take half the time, since the engine packs what it can of the narrow one too; where
 * not, it spills registers, and takes longer. A gain of less than a tenth may be a disturbance.
 */
const clearGain = 0.9;

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

/**
 * Thirty outputs of a row of 24 vectors, whole tiles of the most outputs in both widths, which gain most where pairs are packed, and
 * lose most where not; and taps enough to take microseconds.
 */
const [outputs, vectors, taps] = [30, 24, 32];

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

/** Where x, y and the records lie: x is read beyond its row by the taps. */
const [xAt, yAt, recordsAt] = [0, 2 * rowBytes, (2 + outputs) * rowBytes];

/** A tap of a block of outputs: the weight of each of them, and the byte offset of the tap in x. */
interface TapRecord {
  readonly weights: readonly number[];
  readonly offset: number;
}

/** The records of all blocks of outputs, each block tap by tap. */
const recordsOf = (arithmetic: Arithmetic, bits: VectorBits): readonly TapRecord[] => {
  const sizes = outputBlocks(outputs, arithmetic, bits).flatMap(({ size, count }) => range(count).map(() => size));
  return sizes.flatMap((size, block) => {
    const first = sizes.slice(0, block).reduce((sum, before) => sum + before, 0);
    return offsets.map((offset, tap) => ({
      weights: range(size).map((output) => 1 / (3 + first + output + tap)),
      offset,
    }));
  });
};

/** A kernel that is ready to run, and the bits of the numbers that it leaves. */
export interface KnownKernel {
  readonly run: () => void;
  readonly y: Int32Array;
}

/** The known kernel: y_o(r) = sum over taps t of x(r + t mod 5) / (3 + o + t), where x(i) = 1 / (1 + i). */
export const knownKernel = (arithmetic: Arithmetic, bits: VectorBits): KnownKernel => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const [reals, whole] = [new Float32Array(memory.buffer), new Int32Array(memory.buffer)];
  range((2 * rowBytes) / bytesPerNumber).forEach((i) => {
    reals[i] = 1 / (1 + i);
  });
  let record = recordsAt;
  for (const { weights, offset } of recordsOf(arithmetic, bits)) {
    reals.set(weights, record / bytesPerNumber);
    whole[record / bytesPerNumber + weights.length] = offset;
    record += recordBytes(weights.length);
  }
  const kernel = correlate('kernel', shapeFor(arithmetic, bits));
  const module = compiledModule(assembleModule({ functions: [kernel], exports: [kernel.name], shared: false }));
  const call = kernelsOf(module, memory)(kernel.name);
  return {
    run: () => {
      call(xAt, recordsAt, yAt, yAt);
    },
    y: whole.subarray(yAt / bytesPerNumber, (yAt + outputs * rowBytes) / bytesPerNumber),
  };
};

/** A clock in milliseconds. Browsers round theirs to some microseconds, or to a millisecond, so that pages learn less by it. */
export type Clock = () => number;

/** Looks at a clock that wait for its next step: some milliseconds of a processor. */
const mostLooks = 100_000;

/** The step of a clock in milliseconds; null where it is too coarse to be waited for, or stands still. */
const stepOf = (clock: Clock): number | null => {
  const start = clock();
  for (let look = 0; look < mostLooks; look += 1) {
    const now = clock();
    if (now > start) {
      return now - start;
    }
  }
  return null;
};

/** Steps of the clock in a timing: it errs by one of them at each end, which a quotient of two timings bears. */
const stepsOfTiming = 25;

/** The least timing in milliseconds, whatever the clock resolves: what interrupts a process may take some microseconds. */
const leastTiming = 0.1;

/**
 * Timings of each width, in turns. The turn in the middle counts, by its quotient: a core that others share is fast and slow by
 * turns, and the fastest timings of both widths need not be of the same moment.
 */
const attempts = 21;

/** So many milliseconds may all timings take together; on a coarse clock they are fewer. */
const mostMilliseconds = 150;

const timed = (clock: Clock, run: () => void, runs: number): number => {
  const start = clock();
  for (let i = 0; i < runs; i += 1) {
    run();
  }
  return clock() - start;
};

/** Runs of a kernel that take so many milliseconds at least: twice as many, until they do. */
const runsFor = (clock: Clock, run: () => void, milliseconds: number): number => {
  let runs = 1;
  while (timed(clock, run, runs) < milliseconds) runs *= 2;
  return runs;
};

/**
 * The milliseconds of two kernels, run as often as each other, by a clock of any resolution; null where it resolves too little for
 * an answer in time.
 */
export const timesOf = (
  clock: Clock,
  narrow: () => void,
  wide: () => void,
): { readonly narrow: number; readonly wide: number } | null => {
  const step = stepOf(clock);
  const least = Math.max(leastTiming, stepsOfTiming * (step ?? Infinity));
  if (4 * least > mostMilliseconds) {
    return null;
  }
  const runs = Math.max(runsFor(clock, narrow, least), runsFor(clock, wide, least));
  const turns = Math.max(2, Math.min(attempts, Math.floor(mostMilliseconds / (4 * least))));
  const times = range(turns).map(() => ({ narrow: timed(clock, narrow, runs), wide: timed(clock, wide, runs) }));
  const ordered = times.toSorted((a, b) => a.wide * b.narrow - b.wide * a.narrow);
  return ordered[Math.floor(turns / 2)] ?? null;
};

const measured = (arithmetic: Arithmetic): VectorBits => {
  const [narrow, wide] = [knownKernel(arithmetic, 128), knownKernel(arithmetic, 256)];
  const times = timesOf(() => performance.now(), narrow.run, wide.run);
  return times === null
    ? 128
    : fasterBits({ milliseconds: times.narrow, bits: narrow.y }, { milliseconds: times.wide, bits: wide.y });
};

/** The bits of this engine's vectors, measured when first asked for; 128 where the clock is too coarse to tell. */
export const vectorBits: () => VectorBits = once(() => measured(hasFused() ? 'fused' : 'separate'));
