import type { Buffer } from '../src/backend/schedule/buffer.ts';
import { memoryPlan, type MemoryPlan } from '../src/backend/schedule/memory-plan.ts';
import { verify } from './law.ts';
import {
  buffersAreKeptApart,
  buffersBeginAtCacheLines,
  chainsTakeTwoBuffers,
  valuesOfProgramsAreKeptApart,
} from './laws/memory-plan.ts';

type PlanMemory = typeof memoryPlan;

/** A plan whose offsets are changed. */
const moved =
  (move: (offset: number, id: number) => number): PlanMemory =>
  (buffers, touched) => {
    const { offsets, bytes } = memoryPlan(buffers, touched);
    return { offsets: new Map([...offsets].map(([id, offset]) => [id, move(offset, id)])), bytes };
  };

/** A plan for other lifetimes than the right ones. */
const touchedOtherwise =
  (change: (touched: readonly (readonly Buffer[])[]) => readonly (readonly Buffer[])[]): PlanMemory =>
  (buffers, touched) =>
    memoryPlan(buffers, change(touched));

const atOnePlace = moved(() => 0);
const keptWhileWritten = touchedOtherwise((touched) => touched.map((buffers) => buffers.slice(-1)));

const emptyPlan: MemoryPlan = { offsets: new Map(), bytes: { shared: 0, arena: 0, sums: 0 } };

verify(buffersAreKeptApart, memoryPlan, {
  'all begin at the same place': atOnePlace,
  'a value is kept while it is written, not while it is read': keptWhileWritten,
  'the last step is forgotten': touchedOtherwise((touched) => touched.slice(0, -1)),
  'nothing has a place': () => emptyPlan,
  'a space is as large as its largest buffer': (buffers, touched) => {
    const { offsets } = memoryPlan(buffers, touched);
    const largest = Math.max(...buffers.map(({ bytes }) => bytes));
    return { offsets, bytes: { shared: largest, arena: largest, sums: largest } };
  },
  'sums share their places as if they were values of a chunk': (buffers, touched) => {
    const asArena = buffers.map((buffer): Buffer => (buffer.space === 'sums' ? { ...buffer, space: 'arena' } : buffer));
    const { offsets, bytes } = memoryPlan(
      asArena,
      touched.map((step) => step.flatMap(({ id }) => asArena.slice(id, id + 1))),
    );
    return { offsets, bytes: { ...bytes, sums: bytes.arena } };
  },
});

verify(valuesOfProgramsAreKeptApart, memoryPlan, {
  'all begin at the same place': atOnePlace,
  'a value is kept while it is written, not while it is read': keptWhileWritten,
});

verify(buffersBeginAtCacheLines, memoryPlan, {
  'each begins eight bytes later': moved((offset) => offset + 8),
});

verify(chainsTakeTwoBuffers, memoryPlan, {
  'no memory is used again': touchedOtherwise((touched) => touched.map(() => touched.flat())),
  'a value is free while it is written': keptWhileWritten,
});
