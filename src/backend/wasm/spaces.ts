/** How the spaces of memory are filled. */
import { byLifetime, cacheLineBytes, inLine } from '../schedule/memory-plan.ts';
import type { Space, SpaceBuffer } from './place.ts';

/** The place of each buffer within its space, and how large each space must be, in bytes. */
export interface SpacePlan {
  /** The distance of each buffer, by its id, from the start of its space. */
  readonly offsets: ReadonlyMap<number, number>;
  /** The size of each space; of all but `shared` there are several. */
  readonly bytes: Readonly<Record<Space, number>>;
}

/**
 * Places all buffers: shared values and sums one after the other, since they live for the whole run or group, and the values of
 * a chunk by their lifetimes. `touched` has the buffers that each step of a group reads or writes, in order of the steps; a
 * buffer of the arena that none touches has no place.
 */
export const spacePlan = (buffers: readonly SpaceBuffer[], touched: readonly (readonly SpaceBuffer[])[]): SpacePlan => {
  const within = (space: Space): readonly SpaceBuffer[] => buffers.filter((buffer) => buffer.space === space);
  const shared = inLine(cacheLineBytes)(within('shared'));
  const [group, sums] = [inLine(cacheLineBytes)(within('group')), inLine(cacheLineBytes)(within('sums'))];
  const arena = byLifetime(cacheLineBytes)(within('arena'), touched);
  return {
    offsets: new Map([...shared.offsets, ...sums.offsets, ...group.offsets, ...arena.offsets]),
    bytes: { shared: shared.bytes, sums: sums.bytes, arena: arena.bytes, group: group.bytes },
  };
};
