/** Memory before it has addresses: buffers in their spaces, and places in them. */
import type { Buffer } from '../schedule/memory-plan.ts';

/**
 * `shared`: read by all threads, written before they start. `arena`: one for each thread, used again chunk after chunk.
 * `group`: one for each thread, kept
 * from the first chunk of a group to its last: sums of float32 that are not finished. `sums`: float64 sums over the samples of
 * a group of chunks, one for each group.
 */
export type Space = 'shared' | 'arena' | 'group' | 'sums';

/** A buffer, and the space that it is in. */
export interface SpaceBuffer extends Buffer {
  readonly space: Space;
}

/** An address before memory is planned: so many bytes from the start of a buffer. */
export interface Place {
  readonly buffer: SpaceBuffer;
  readonly offset: number;
}

/** The place at so many bytes from the start of a buffer. */
export const placeIn = (buffer: SpaceBuffer, offset: number): Place => ({ buffer, offset });

/** A place some bytes after another. */
export const beyond = ({ buffer, offset }: Place, bytes: number): Place => ({ buffer, offset: offset + bytes });
