/** Readers with the faults that the watch of the fuzzer must see: the file of an index is given to the reader of that index. */
import * as E from 'fp-ts/lib/Either.js';

import type { Target } from '../fuzz.ts';

const wait = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

const kept = new Array<Uint8Array>();

const reads: Readonly<Record<string, () => unknown>> = {
  'is sound': () => null,
  hangs: () => {
    wait(Infinity);
  },
  'is slow': () => {
    wait(450);
  },
  // It ends at 1 GiB, so that a blind watch harms nobody.
  leaks: () => {
    for (const _ of Array(64).keys()) {
      kept.push(new Uint8Array(2 ** 24).fill(1));
      wait(5);
    }
  },
  'ends the thread': () => process.exit(3),
  throws: () => {
    throw new RangeError('out of luck');
  },
};

/** What the readers do, in the order of their indices. */
export const faulty = Object.keys(reads);

/** The readers. */
export const targets: readonly Target[] = Object.entries(reads).map(([name, read]) => ({
  name,
  file: Uint8Array.of(1, 2, 3),
  read: () => E.right(read()),
  isProtected: false,
}));
