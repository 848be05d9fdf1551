import {
  byLifetime,
  inLine,
  type Buffer,
  type Placement,
  type PlacingInTime,
} from '../src/backend/schedule/memory-plan.ts';
import type { SpaceBuffer } from '../src/backend/wasm/place.ts';
import { spacePlan, type SpacePlan } from '../src/backend/wasm/spaces.ts';
import { verify } from './law.ts';
import {
  buffersAreKeptApart,
  chainsTakeTwoBuffers,
  linesAreKeptApart,
  spacesAreKeptApart,
  valuesOfProgramsAreKeptApart,
} from './laws/memory-plan.ts';

type PlanSpaces = typeof spacePlan;

/** A placement whose offsets are changed. */
const moved = <P extends Pick<Placement, 'offsets'>>(placement: P, move: (offset: number) => number): P => ({
  ...placement,
  offsets: new Map([...placement.offsets].map(([id, offset]) => [id, move(offset)])),
});

type Touched = readonly (readonly Buffer[])[];

/** A placement for other lifetimes than the right ones. */
const touchedOtherwise =
  (change: (touched: Touched) => Touched): PlacingInTime =>
  (alignment) =>
  (buffers, touched) =>
    byLifetime(alignment)(buffers, change(touched));

const keptWhileWritten = touchedOtherwise((touched) => touched.map((buffers) => buffers.slice(-1)));

verify(buffersAreKeptApart, byLifetime, {
  'all begin at the same place': (alignment) => (buffers, touched) =>
    moved(byLifetime(alignment)(buffers, touched), () => 0),
  'each begins eight bytes later': (alignment) => (buffers, touched) =>
    moved(byLifetime(alignment)(buffers, touched), (offset) => offset + 8),
  'a value is kept while it is written, not while it is read': keptWhileWritten,
  'the last step is forgotten': touchedOtherwise((touched) => touched.slice(0, -1)),
  'nothing has a place': () => () => ({ offsets: new Map(), bytes: 0 }),
  'all memory is as large as its largest buffer': (alignment) => (buffers, touched) => ({
    ...byLifetime(alignment)(buffers, touched),
    bytes: Math.max(...buffers.map(({ bytes }) => bytes)),
  }),
});

verify(linesAreKeptApart, inLine, {
  'all begin at the same place': (alignment) => (buffers) => moved(inLine(alignment)(buffers), () => 0),
  'no byte is left between': () => inLine(1),
  'the last has no room': (alignment) => (buffers) => ({
    ...inLine(alignment)(buffers),
    bytes: inLine(alignment)(buffers.slice(0, -1)).bytes,
  }),
});

verify(chainsTakeTwoBuffers, byLifetime, {
  'no memory is used again': touchedOtherwise((touched) => touched.map(() => touched.flat())),
  'a value is free while it is written': keptWhileWritten,
});

const writtenAlone: PlanSpaces = (buffers, touched) =>
  spacePlan(
    buffers,
    touched.map((step) => step.slice(-1)),
  );

const emptyPlan: SpacePlan = { offsets: new Map(), bytes: { shared: 0, arena: 0, group: 0, sums: 0 } };

verify(spacesAreKeptApart, spacePlan, {
  'all begin at the same place': (buffers, touched) => moved(spacePlan(buffers, touched), () => 0),
  'nothing has a place': () => emptyPlan,
  'sums share their places as if they were values of a chunk': (buffers, touched) => {
    const asArena = buffers.map((buffer): SpaceBuffer =>
      buffer.space === 'sums' ? { ...buffer, space: 'arena' } : buffer,
    );
    const { offsets, bytes } = spacePlan(asArena, touched);
    return { offsets, bytes: { ...bytes, sums: bytes.arena } };
  },
});

verify(valuesOfProgramsAreKeptApart, spacePlan, {
  'all begin at the same place': (buffers, touched) => moved(spacePlan(buffers, touched), () => 0),
  'a value is kept while it is written, not while it is read': writtenAlone,
});
