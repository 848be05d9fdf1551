/** The loops behind `draw.ts`. Each advances the generator it is given, which `draw.ts` cloned for it. */
import * as O from 'fp-ts/lib/Option.js';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

import { logarithm } from './logarithm.ts';

const uniform = (generator: RandomGenerator): number => {
  const a = generator.next() >>> 5;
  const b = generator.next() >>> 6;
  return (a * 67108864 + b) / 9007199254740992;
};

/** So many numbers uniform in [0, 1), as numpy's `random_sample` draws them. */
export const uniforms = (generator: RandomGenerator, count: number): Float64Array => {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = uniform(generator);
  return values;
};

/** Normal numbers, and the one that was drawn with the last and not used yet. */
export interface Normals {
  readonly values: Float64Array;
  readonly spare: O.Option<number>;
}

/** So many standard normal numbers by the polar method, as numpy's legacy generator draws them. */
export const standardNormals = (generator: RandomGenerator, spareBefore: O.Option<number>, count: number): Normals => {
  const values = new Float64Array(count);
  let spare = spareBefore;
  for (let i = 0; i < count; i++) {
    if (O.isSome(spare)) {
      values[i] = spare.value;
      spare = O.none;
    } else {
      const { x1, x2, square } = pointInDisc(generator);
      const f = Math.sqrt((-2 * logarithm(square)) / square);
      values[i] = f * x2;
      spare = O.some(f * x1);
    }
  }
  return { values, spare };
};

/** Uniform on the open unit disc without its centre, by rejection. */
const pointInDisc = (generator: RandomGenerator) => {
  for (;;) {
    const x1 = 2 * uniform(generator) - 1;
    const x2 = 2 * uniform(generator) - 1;
    const square = x1 * x1 + x2 * x2;
    if (square < 1 && square !== 0) return { x1, x2, square };
  }
};

/** Uniform on 0 .. max, `max` at most 2^32 - 1; no word is spent on max = 0. */
const interval = (generator: RandomGenerator, max: number): number => {
  if (max === 0) return 0;
  const mask = 0xffffffff >>> Math.clz32(max);
  for (;;) {
    const value = (generator.next() & mask) >>> 0;
    if (value <= max) return value;
  }
};

/** So many integers uniform in [0, bound). */
export const integersBelow = (generator: RandomGenerator, bound: number, count: number): Float64Array => {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = interval(generator, bound - 1);
  return values;
};

/** A uniform permutation of 0, .., n - 1 by exchanges from the end, as numpy's legacy `permutation`. */
export const permutation = (generator: RandomGenerator, n: number): readonly number[] => {
  // Array.from would take longer than all exchanges.
  const order = new Array<number>(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = interval(generator, i);
    const last = order[i]!;
    order[i] = order[j]!;
    order[j] = last;
  }
  return order;
};

/** (2 x_1 sqrt(1 - q), 2 x_2 sqrt(1 - q), 1 - 2 q) with q = x_1^2 + x_2^2 < 1: Marsaglia 1972. */
export const unitVectors = (generator: RandomGenerator, count: number): Float64Array => {
  const values = new Float64Array(3 * count);
  for (let i = 0; i < count; i++) {
    const { x1, x2, square } = pointInDisc(generator);
    const f = 2 * Math.sqrt(1 - square);
    values[i] = f * x1;
    values[count + i] = f * x2;
    values[2 * count + i] = 1 - 2 * square;
  }
  return values;
};
