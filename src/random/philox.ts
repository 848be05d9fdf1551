/**
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011): for each key a
 * bijection of 128-bit blocks whose values look random. It spreads (seed, index) over the state of a generator, and
 * two indices of one seed can never meet.
 */

/** 128 bits as four unsigned 32-bit words. */
export type Block = readonly [number, number, number, number];

/** 64 bits as two unsigned 32-bit words. */
export type Key = readonly [number, number];

const rounds = 10;

/** The block that Philox4x32-10 makes of a counter block under a key. */
export const philox =
  (key: Key) =>
  (counter: Block): Block =>
    Array.from({ length: rounds }, (_, round) => roundKey(key, round)).reduce(mixed, counter);

/** The key grows by the golden ratio and by sqrt(3) - 1, as fractions of 2^32, from round to round. */
const roundKey = ([k0, k1]: Key, round: number): Key => [
  (k0 + Math.imul(round, 0x9e3779b9)) >>> 0,
  (k1 + Math.imul(round, 0xbb67ae85)) >>> 0,
];

const mixed = ([c0, c1, c2, c3]: Block, [k0, k1]: Key): Block => [
  (highWord(0xcd9e8d57, c2) ^ c1 ^ k0) >>> 0,
  Math.imul(0xcd9e8d57, c2) >>> 0,
  (highWord(0xd2511f53, c0) ^ c3 ^ k1) >>> 0,
  Math.imul(0xd2511f53, c0) >>> 0,
];

/** The upper 32 of the 64 bits of a product, from products of 16-bit halves, each exact. */
const highWord = (a: number, b: number): number => {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  return aHigh * bHigh + (middle >>> 16) + ((aLow * bHigh + (middle & 0xffff)) >>> 16);
};
