/**
 * Where buffers lie in one piece of memory, known before anything runs. What lives for the whole run lies one after the
 * other. What steps compute is kept from the first step that touches it to the last, and its place is then free for
 * others, so that little memory is taken.
 */

/** A piece of memory of a known size, whose address is not decided yet. */
export interface Buffer {
  readonly id: number;
  readonly bytes: number;
}

/** The distance of each buffer, by its id, from the start of a piece of memory, and the size that this must have, in bytes. */
export interface Placement {
  readonly offsets: ReadonlyMap<number, number>;
  readonly bytes: number;
}

/**
 * Bytes of a cache line of x86-64 and of most ARM cores: what processors read and write memory in. Buffers that begin at
 * multiples of it share no line, so that threads which write to neighbours do not wait for each other, and vectors of up
 * to 64 bytes are aligned in them. A device has an alignment of its own.
 */
export const cacheLineBytes = 64;

/** Places buffers whose beginnings are multiples of so many bytes. */
export type Placing = (alignment: number) => (buffers: readonly Buffer[]) => Placement;

/** As `Placing`, for buffers that each of some steps, in their order, reads or writes: `touched`. */
export type PlacingInTime = (
  alignment: number,
) => (buffers: readonly Buffer[], touched: readonly (readonly Buffer[])[]) => Placement;

const roundedUp = (bytes: number, alignment: number): number => Math.ceil(bytes / alignment) * alignment;

/** Buffers one after the other, for all of a run. */
export const inLine: Placing = (alignment) => (buffers) => {
  const offsets = new Map<number, number>();
  let bytes = 0;
  for (const buffer of buffers) {
    offsets.set(buffer.id, bytes);
    bytes += roundedUp(buffer.bytes, alignment);
  }
  return { offsets, bytes };
};

interface Lifetime {
  readonly id: number;
  /** Bytes of the buffer, up to where the next may begin. */
  readonly bytes: number;
  /** The first and the last step that touch the buffer. */
  readonly first: number;
  readonly last: number;
}

/** The lifetimes of the buffers that are touched at all. */
const lifetimesOf = (
  buffers: readonly Buffer[],
  touched: readonly (readonly Buffer[])[],
  alignment: number,
): readonly Lifetime[] => {
  const steps = new Map<number, { readonly first: number; readonly last: number }>();
  touched.forEach((step, index) => {
    for (const { id } of step) {
      steps.set(id, { first: steps.get(id)?.first ?? index, last: index });
    }
  });
  return buffers.flatMap(({ id, bytes }) => {
    const lifetime = steps.get(id);
    return lifetime === undefined ? [] : [{ id, bytes: roundedUp(bytes, alignment), ...lifetime }];
  });
};

interface Placed extends Lifetime {
  readonly offset: number;
}

const end = ({ offset, bytes }: Placed): number => offset + bytes;

/** The lowest place that is free during a lifetime. */
const lowestFree = (placed: readonly Placed[], { bytes, first, last }: Lifetime): number =>
  placed
    .filter((other) => other.first <= last && first <= other.last)
    .toSorted((a, b) => a.offset - b.offset)
    .reduce(
      ({ offset, isFound }, other) =>
        isFound || offset + bytes <= other.offset
          ? { offset, isFound: true }
          : { offset: Math.max(offset, end(other)), isFound: false },
      { offset: 0, isFound: false },
    ).offset;

/** Each buffer at the lowest place that is free from its first step to its last; what no step touches has no place. */
export const byLifetime: PlacingInTime = (alignment) => (buffers, touched) => {
  const placed = new Array<Placed>();
  for (const lifetime of lifetimesOf(buffers, touched, alignment).toSorted((a, b) => a.first - b.first)) {
    placed.push({ ...lifetime, offset: lowestFree(placed, lifetime) });
  }
  return {
    offsets: new Map(placed.map(({ id, offset }) => [id, offset])),
    bytes: Math.max(0, ...placed.map(end)),
  };
};
