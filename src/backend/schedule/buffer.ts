/** Memory before it has addresses: buffers of known sizes, and places in them. */

/**
 * `shared`: read by all threads, written before they start. `arena`: one for each thread, used again chunk after chunk.
 * `sums`: float64 sums over the samples of a group of chunks.
 */
export type Space = 'shared' | 'arena' | 'sums';

/** A piece of memory of a known size, whose address is not decided yet. */
export interface Buffer {
  readonly id: number;
  readonly space: Space;
  readonly bytes: number;
}

/** An address before memory is planned: so many bytes from the start of a buffer. */
export interface Place {
  readonly buffer: Buffer;
  readonly offset: number;
}

/** The place at so many bytes from the start of a buffer. */
export const placeIn = (buffer: Buffer, offset: number): Place => ({ buffer, offset });

/** A place some bytes after another. */
export const beyond = ({ buffer, offset }: Place, bytes: number): Place => ({ buffer, offset: offset + bytes });
