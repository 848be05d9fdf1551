/**
 * Fresh streams for our own data, weights and shuffles: one for each (seed, index, purpose), a function of these alone,
 * so sample b of seed s is the same in whatever order, shard or worker it is made.
 *
 * The stream is xoroshiro128+ started at Philox(key = seed, counter = (index, purpose)): distinct indices and purposes
 * of one seed start at distinct states.
 */
import * as O from 'fp-ts/lib/Option.js';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

import { callersMistake } from '../number/callers-mistake.ts';
import type { Stream } from './draw.ts';
import { philox } from './philox.ts';

/** What a stream is for; streams of one seed and different purposes are independent. */
const purposes = { samples: 0, couplings: 1, weights: 2, shuffle: 3 } as const;

/** What a stream is drawn for: streams of one seed and several purposes are independent. */
export type Purpose = keyof typeof purposes;

/**
 * The stream of an integer seed and index (both up to 2^53 - 1).
 *
 * @example
 * drawn(streamOf(1, 0))(uniforms(1))[0] // 0.605952792296635
 */
export const streamOf = (seed: number, index: number, purpose: Purpose = 'samples'): Stream => {
  const [w0, w1, w2, w3] = philox(halves(seed))([...halves(index), purposes[purpose], 0]);
  return { generator: xoroshiro128plusFromState([w0 | 0, w1 | 0, w2 | 0, w3 | 0]), spareNormal: O.none };
};

/** The lower and the upper 32 bits of a 53-bit integer, in two's complement. */
const halves = (integer: number): readonly [number, number] => {
  if (!Number.isSafeInteger(integer)) {
    callersMistake(
      'seeds and indices that are whole numbers from -(2^53 - 1) to 2^53 - 1',
      `${integer}`,
      'check them where they enter',
    );
  }
  return [integer >>> 0, Math.floor(integer / 0x100000000) >>> 0];
};
