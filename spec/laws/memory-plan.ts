/** Laws of memory plans. The oracle walks through the steps one by one, with the bytes that each buffer owns. */
import fc from 'fast-check';

import type { Buffer, Space } from '../../src/backend/schedule/buffer.ts';
import type { memoryPlan } from '../../src/backend/schedule/memory-plan.ts';
import { lower } from '../../src/backend/wasm/lowering.ts';
import { buffersOf } from '../../src/backend/wasm/steps.ts';
import { programCases, smooth, type ProgramCase } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';

type PlanMemory = typeof memoryPlan;

interface Touches {
  readonly buffers: readonly Buffer[];
  /** The buffers that each step touches. */
  readonly touched: readonly (readonly Buffer[])[];
}

const spaces: readonly Space[] = ['shared', 'arena', 'arena', 'arena', 'sums'];

/** Up to ten buffers, touched by up to twelve steps in any manner. */
const touches: fc.Arbitrary<Touches> = fc
  .array(fc.record({ space: fc.constantFrom(...spaces), bytes: fc.integer({ min: 1, max: 300 }) }), {
    minLength: 1,
    maxLength: 10,
  })
  .map((sizes) => sizes.map((size, id) => ({ id, ...size })))
  .chain((buffers) =>
    fc
      .array(fc.array(fc.constantFrom(...buffers), { maxLength: 4 }), { maxLength: 12 })
      .map((touched) => ({ buffers, touched })),
  );

/** Whether a buffer's bytes are its own at a step: always, or in the arena from its first touch to its last. */
const isLive =
  (touched: Touches['touched'], step: number) =>
  ({ id, space }: Buffer): boolean => {
    const touches = (buffers: readonly Buffer[]) => buffers.some((buffer) => buffer.id === id);
    return space !== 'arena' || (touched.slice(0, step + 1).some(touches) && touched.slice(step).some(touches));
  };

const areKeptApart = (planOf: PlanMemory, { buffers, touched }: Touches): boolean => {
  const { offsets, bytes } = planOf(buffers, touched);
  const isWithin = ({ id, space, bytes: length }: Buffer): boolean => {
    const from = offsets.get(id) ?? -1;
    return from >= 0 && from + length <= bytes[space];
  };
  const areApart = (a: Buffer, b: Buffer): boolean => {
    const [fromA = NaN, fromB = NaN] = [offsets.get(a.id), offsets.get(b.id)];
    return a.space !== b.space || fromA + a.bytes <= fromB || fromB + b.bytes <= fromA;
  };
  return touched.every((_, step) => {
    const live = buffers.filter(isLive(touched, step));
    return live.every((a, index) => isWithin(a) && live.slice(index + 1).every((b) => areApart(a, b)));
  });
};

export const buffersAreKeptApart: Law<PlanMemory, Touches> = {
  statement: 'buffers whose lifetimes overlap share no byte, and every buffer lies within its space',
  cases: touches,
  holds: (planOf) => (example) => areKeptApart(planOf, example),
};

export const valuesOfProgramsAreKeptApart: Law<PlanMemory, ProgramCase> = {
  statement: 'the values of every program that are needed at the same time lie apart in memory',
  cases: programCases({ ...smooth, operations: 14 }),
  holds:
    (planOf) =>
    ({ program, latticeSize }) => {
      const { buffers, steps } = lower(program, { size: latticeSize, samples: 5 }, 'separate').schedule;
      return areKeptApart(planOf, { buffers, touched: steps.sample.map(buffersOf) });
    },
  runs: 60,
};

export const buffersBeginAtCacheLines: Law<PlanMemory, Touches> = {
  statement: 'each buffer begins at a multiple of 64 bytes, where a cache line does',
  cases: touches,
  holds:
    (planOf) =>
    ({ buffers, touched }) =>
      [...planOf(buffers, touched).offsets.values()].every((offset) => offset % 64 === 0),
};

interface Chain {
  readonly length: number;
  readonly bytes: number;
}

export const chainsTakeTwoBuffers: Law<PlanMemory, Chain> = {
  statement: 'a chain of values of one size, each computed from the one before it, takes the memory of two',
  cases: fc.record({
    length: fc.integer({ min: 3, max: 20 }),
    bytes: fc.integer({ min: 1, max: 8 }).map((n) => 64 * n),
  }),
  holds:
    (planOf) =>
    ({ length, bytes }) => {
      const buffers = Array.from({ length }, (_, id): Buffer => ({ id, space: 'arena', bytes }));
      const touched = buffers.slice(1).map((to, index) => [...buffers.slice(index, index + 1), to]);
      return planOf(buffers, touched).bytes.arena === 2 * bytes;
    },
};
