/** The width of vectors: how it is chosen, and why no sum depends on it. */
import { describe, expect, it } from 'vitest';

import { along } from '../src/backend/wasm/kernels/paired-sums.ts';
import { fasterBits, knownKernel, timesOf, vectorBits, type Clock } from '../src/backend/wasm/vector-bits.ts';
import { verify } from './law.ts';
import {
  knownKernelsAreAlike,
  momentsDecideNothing,
  sumsAreOfPairs,
  timesAreResolved,
  widerOnlyWhereItGains,
} from './laws/vector-bits.ts';

verify(widerOnlyWhereItGains, fasterBits, {
  'whatever the bits are': (narrow, wide) => fasterBits(narrow, { ...wide, bits: narrow.bits }),
  'whatever the time is': (narrow, wide) => fasterBits(narrow, { ...wide, milliseconds: 0 }),
  'the faster one, however little': (narrow, wide) =>
    fasterBits(narrow, { ...wide, milliseconds: 0.9 * wide.milliseconds }),
});

verify(knownKernelsAreAlike, knownKernel, {
  'it is not run': (arithmetic, bits) => ({ ...knownKernel(arithmetic, bits), run: () => undefined }),
  'outputs are missing at one width': (arithmetic, bits) => {
    const { run, y } = knownKernel(arithmetic, bits);
    return { run, y: bits === 128 ? y : y.subarray(0, -96) };
  },
  'outputs have the weights of others': (arithmetic, bits) => {
    const { run, y } = knownKernel(arithmetic, bits);
    return { run, y: bits === 128 ? y : y.subarray(96) };
  },
});

/** What so many runs take, once. */
const timed = (clock: Clock, run: () => void, runs: number): number => {
  const start = clock();
  Array.from({ length: runs }, run);
  return clock() - start;
};

verify(timesAreResolved, timesOf, {
  'forty runs, whatever the clock is': (clock, narrow, wide) => ({
    narrow: timed(clock, narrow, 40),
    wide: timed(clock, wide, 40),
  }),
  'a second, whatever the clock is': (clock, narrow, wide) => ({
    narrow: timed(clock, narrow, 20_000),
    wide: timed(clock, wide, 20_000),
  }),
  'each kernel by its own number of runs': (clock, narrow, wide) => {
    const times = timesOf(clock, narrow, wide);
    return times === null ? null : { ...times, wide: timed(clock, wide, 100) };
  },
});

verify(momentsDecideNothing, timesOf, {
  'the least time of each': (clock, narrow, wide) => {
    const turns = Array.from({ length: 20 }, () => [timed(clock, narrow, 20), timed(clock, wide, 20)] as const);
    return {
      narrow: Math.min(...turns.map(([time]) => time)),
      wide: Math.min(...turns.map(([, time]) => time)),
    };
  },
  'one turn': (clock, narrow, wide) => ({ narrow: timed(clock, narrow, 20), wide: timed(clock, wide, 20) }),
});

verify(sumsAreOfPairs, along, {
  'what lies beyond the line is added': (scope, numbers, bits, take) =>
    along(scope, numbers, bits, (step) => take({ ...step, clean: (v) => v })),
  'the rest of a line is lost': (scope, numbers, bits, take) => along(scope, Math.max(1, numbers - 1), bits, take),
  'one half is summed alone': (scope, numbers, bits, take) => along(scope, numbers, bits, take).slice(0, 1),
});

describe('the width of this engine', () => {
  it('is measured once', () => {
    const bits = vectorBits();
    expect([128, 256]).toContain(bits);
    expect(Array.from({ length: 5 }, vectorBits)).toEqual(Array(5).fill(bits));
  });
});
