/**
 * Where each buffer lies. What a chunk's steps compute is kept from the first step that touches it to the last, and its
 * place is then free for others: so the memory of a chunk is small, and known before anything runs.
 */
import type { Buffer, Space } from './buffer.ts';

/** The place of each buffer within its space, and how large each space must be, in bytes. */
export interface MemoryPlan {
  /** The distance of each buffer, by its id, from the start of its space. */
  readonly offsets: ReadonlyMap<number, number>;
  /** The size of each space; of `arena` and `sums` there are several. */
  readonly bytes: Readonly<Record<Space, number>>;
}

/** Buffers begin where cache lines do. */
const alignment = 64;

const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

interface Lifetime {
  readonly buffer: Buffer;
  /** The first and the last step that touch the buffer. */
  readonly first: number;
  readonly last: number;
}

/** The lifetimes of the arena's buffers that are touched at all. */
const lifetimesOf = (buffers: readonly Buffer[], touched: readonly (readonly Buffer[])[]): readonly Lifetime[] => {
  const lifetimes = new Map<number, Lifetime>();
  touched.forEach((step, index) => {
    for (const buffer of step) {
      lifetimes.set(buffer.id, { buffer, first: lifetimes.get(buffer.id)?.first ?? index, last: index });
    }
  });
  return buffers.flatMap(({ id, space }) => {
    const lifetime = space === 'arena' ? lifetimes.get(id) : undefined;
    return lifetime === undefined ? [] : [lifetime];
  });
};

interface Placed extends Lifetime {
  readonly offset: number;
}

const end = ({ offset, buffer }: Placed): number => offset + aligned(buffer.bytes);

/** The lowest place that is free during a lifetime. */
const lowestFree = (placed: readonly Placed[], { buffer, first, last }: Lifetime): number =>
  placed
    .filter((other) => other.first <= last && first <= other.last)
    .toSorted((a, b) => a.offset - b.offset)
    .reduce(
      ({ offset, isFound }, other) =>
        isFound || offset + aligned(buffer.bytes) <= other.offset
          ? { offset, isFound: true }
          : { offset: Math.max(offset, end(other)), isFound: false },
      { offset: 0, isFound: false },
    ).offset;

/** Puts buffers one after the other. */
const inLine = (
  buffers: readonly Buffer[],
): { readonly offsets: readonly (readonly [id: number, offset: number])[]; readonly bytes: number } => {
  const offsets = new Array<readonly [number, number]>();
  let bytes = 0;
  for (const buffer of buffers) {
    offsets.push([buffer.id, bytes]);
    bytes += aligned(buffer.bytes);
  }
  return { offsets, bytes };
};

/**
 * Places all buffers: shared values and sums one after the other, since they live for the whole run, and the values of a
 * chunk each at the lowest address that is free from its first step to its last. `touched` has the buffers that each
 * step of a chunk reads or writes, in order of the steps; a buffer of the arena that none touches has no place.
 */
export const memoryPlan = (buffers: readonly Buffer[], touched: readonly (readonly Buffer[])[]): MemoryPlan => {
  const shared = inLine(buffers.filter(({ space }) => space === 'shared'));
  const sums = inLine(buffers.filter(({ space }) => space === 'sums'));
  const arena = new Array<Placed>();
  for (const lifetime of lifetimesOf(buffers, touched).toSorted((a, b) => a.first - b.first)) {
    arena.push({ ...lifetime, offset: lowestFree(arena, lifetime) });
  }
  return {
    offsets: new Map([
      ...shared.offsets,
      ...sums.offsets,
      ...arena.map(({ buffer, offset }) => [buffer.id, offset] as const),
    ]),
    bytes: { shared: shared.bytes, sums: sums.bytes, arena: Math.max(0, ...arena.map(end)) },
  };
};
