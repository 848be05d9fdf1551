/** Arrays put one after the other. */
import type { Reals } from '../number/reals.ts';

/** All bytes of the parts, in order. */
export const joinedBytes = (parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
};

/** All numbers of the parts, in order. */
export const joinedReals = (parts: readonly Reals[]): Reals => {
  const values = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) values[offset + i] = part[i]!;
    offset += part.length;
  }
  return values;
};
