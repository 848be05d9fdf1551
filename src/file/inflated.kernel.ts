/** The start of deflated bytes, without what follows. */
import { Inflate } from 'fflate';

/** So many stored bytes are looked at: they inflate 1032-fold at most, to 2 MB. */
const portion = 2048;

/** At least the first `count` bytes that these inflate to, or all where they are fewer. Throws for damaged ones. */
export const inflatedStart = (stored: Uint8Array, count: number): Uint8Array => {
  const start = new Uint8Array(count);
  let length = 0;
  const inflate = new Inflate((part) => {
    start.set(part.subarray(0, count - length), length);
    length += Math.min(part.length, count - length);
  });
  for (let at = 0; at < stored.length && length < count; at += portion) {
    inflate.push(stored.subarray(at, at + portion), at + portion >= stored.length);
  }
  return start.subarray(0, length);
};
