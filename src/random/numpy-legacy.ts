/**
 * numpy's legacy stream, `numpy.random.RandomState(seed)`: MT19937 seeded by init_genrand. The draws of `draw.ts`
 * applied to it give numpy's values in numpy's order (the published data sets were made with it).
 *
 * | numpy                                       | here                         |
 * |---------------------------------------------|------------------------------|
 * | uniform(low, high, n)                       | uniformsBetween(low, high)(n) |
 * | normal(mean, std, n)                        | normals(mean, std)(n)        |
 * | choice([0, 1], n), randint(0, 2, n)         | integersBelow(2)(n)          |
 * | choice(range(n), size=n, replace=False), permutation(n) | permutation(n)   |
 */
import * as O from 'fp-ts/lib/Option.js';
import { mersenne } from 'pure-rand/generator/mersenne';

import { callersMistake } from '../number/callers-mistake.ts';
import type { Stream } from './draw.ts';

/** numpy takes seeds from 0 to this one. */
export const largestLegacySeed = 0xffffffff;

/**
 * The stream of `RandomState(seed)`, `seed` an integer from 0 to 2^32 - 1.
 *
 * @example
 * drawn(numpyLegacy(17))(uniforms(1))[0] // 0.2946650026871097
 */
export const numpyLegacy = (seed: number): Stream => {
  if (!Number.isInteger(seed) || seed < 0 || seed > largestLegacySeed) {
    callersMistake("a whole number from 0 to 2^32 - 1 as numpy's legacy seed", `${seed}`, 'check it where it enters');
  }
  return { generator: mersenne(seed), spareNormal: O.none };
};
