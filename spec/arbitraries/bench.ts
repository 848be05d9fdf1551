/** What laws of the benchmark draw from: times, rows, reports, a step that takes no time, and a laboratory without clocks. */
import fc from 'fast-check';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { reference } from '../../src/backend/reference/reference.ts';
import type { BenchGpu, Laboratory } from '../../src/bench/laboratory.ts';
import { benchGroups, type BenchReport } from '../../src/bench/report.ts';
import { benchRow, benchUnits, type BenchRow } from '../../src/bench/row.ts';
import { latticeEfnn } from '../../src/bench/subject.ts';
import type { Spent, Times } from '../../src/bench/timing.ts';
import type { TrainingStep } from '../../src/bench/training.ts';
import { interval } from './interval.ts';

/** A step that the reference backend takes in no time, on two samples. */
export const smallStep: TrainingStep = {
  name: 'training-C1',
  network: { ...latticeEfnn(1), shape: { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: false } },
  size: 3,
  batch: 2,
  steps: 2,
  forceWeight: null,
};

/** A run whose threads take three times as long together as the run on the wall. */
export const spent = (wall: number): Spent => ({ wall, cpu: 3 * wall });

/** Of timings with this median, and an edge of the fastest quarter at three quarters of it. */
export const times = (wall: number): Times => ({ median: spent(wall), quartile: spent(0.75 * wall) });

export const laboratory = (gpu: BenchGpu | null, peers: boolean): Laboratory => ({
  options: { backend: 'reference', threads: 2, repetitions: 1, peers, quick: true, longest: 1, minutes: 1 },
  threadCounts: [1, 2],
  backend: () => TE.right(reference),
  gpu: TE.right(gpu),
  timingOf: TE.map(() => spent(1)),
  profile: () => TE.right([]),
  correlationWork: () => () => ({ spectra: 0, products: 0, inverse: 0, gradients: 0 }),
  peak: async () => Promise.resolve({ operations: 1, timing: TE.right(spent(1)) }),
  peer: () => TE.right(null),
  refuse: (_, instead) => () => instead,
});

/** The Node that rows are measured on, where they are on one. */
export const node = '20.20.2';

export const near = (tolerance: number) => (a: number, b: number) =>
  Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));

/** A few roundings of quotients. */
export const same = near(1e-12);

export const seconds = fc.double({ min: 1e-6, max: 100, noNaN: true });

export const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 .-]{0,11}$/);

export const groupNames = Object.keys(benchGroups);

export const versions = ['20.20.2', '22.1.0', '26.12.1'] as const;

export const row: fc.Arbitrary<BenchRow> = fc
  .record({
    ours: fc.record({
      name: fc
        .tuple(fc.constantFrom(...groupNames), fc.stringMatching(/^[A-Za-z0-9]{1,8}$/))
        .map(([group, subject]) => `${group}-${subject}`),
      value: seconds,
      quartile: fc.option(seconds),
      unit: fc.constantFrom(...benchUnits),
      threads: fc.integer({ min: 1, max: 64 }),
      node: fc.constantFrom(...versions),
      cpu: fc.option(seconds),
    }),
    peer: fc.option(fc.record({ name: word, value: seconds, quartile: fc.option(seconds), cpu: fc.option(seconds) })),
  })
  .map(({ ours, peer }) => benchRow(ours, peer));

export const report: fc.Arbitrary<BenchReport> = fc.record({
  facts: fc.record({
    cpu: word,
    cores: fc.integer({ min: 1, max: 256 }),
    nodes: fc.constant(versions),
    version: word,
    backend: word,
    threads: fc.integer({ min: 1, max: 256 }),
    load: interval(0, 100),
    repetitions: fc.integer({ min: 1, max: 100 }),
    peers: fc.array(word, { maxLength: 3 }),
  }),
  rows: fc.array(row, { maxLength: 12 }),
  checks: fc.array(
    fc.record({
      name: word,
      threads: fc.integer({ min: 1, max: 64 }),
      peer: word,
      setting: word,
      deviation: interval(0, 1),
    }),
    { maxLength: 3 },
  ),
  refusals: fc.array(fc.record({ name: word, threads: fc.integer({ min: 1, max: 64 }), reason: word }), {
    maxLength: 2,
  }),
});

export const cellsOf = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
