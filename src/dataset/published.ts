/**
 * The authors' three-spin data: 20,000 samples on 15 sites from numpy's legacy seed 17, the first 16,000 for training.
 * The order of the draws is theirs:
 *
 * | binary                                              | continuous             |
 * |-----------------------------------------------------|------------------------|
 * | a permutation of the 455 triples                    | 455 couplings          |
 * | 20,000 x 15 spins, row-major                        | 20,000 x 15 spins      |
 * | 455 couplings, the m-th for triple number order[m]  |                        |
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as State from 'fp-ts/lib/State.js';

import { dataError, type DataError } from '../file/data-error.ts';
import type { Reals } from '../number/reals.ts';
import { drawn, permutation, type Draw } from '../random/draw.ts';
import { largestLegacySeed, numpyLegacy } from '../random/numpy-legacy.ts';
import { couplingDraw, publishedSites, spinDraw, tripleCount, type ThreeSpinSystem } from './three-spin.ts';

/** The seed of the authors' data. */
export const publishedSeed = 17;

/** How many samples the authors drew. */
export const publishedSamples = 20000;

/** How many of them, the first, they trained on. */
export const publishedTrainingSamples = 16000;

/** Couplings and spins of the authors' program. */
export interface ThreeSpinDraws {
  /** In lexicographic order of their triples, [455]. */
  readonly couplings: Reals;
  /** Shape [20000, 15]. */
  readonly spins: Reals;
}

/**
 * All numbers that the authors drew, or would have drawn from another of numpy's legacy seeds.
 *
 * @example
 * publishedDraws('three-spin-binary').spins.length // 300000
 */
export const publishedDraws = (system: ThreeSpinSystem, seed: number = publishedSeed): ThreeSpinDraws =>
  drawn(numpyLegacy(seed))(draws[system]);

/** A seed of numpy's legacy generator, 0 to 2^32 - 1; `theirs` is the authors', for the message. */
export const legacySeed =
  (theirs: number) =>
  (seed: number): Either<DataError, number> =>
    Number.isInteger(seed) && seed >= 0 && seed <= largestLegacySeed
      ? E.right(seed)
      : E.left(
          dataError(
            `expected a seed of numpy's legacy generator, a whole number from 0 to 2^32 - 1, got ${seed}: ` +
              `take another, that of the published data is ${theirs}`,
          ),
        );

const triples = tripleCount(publishedSites);

const spinCount = publishedSamples * publishedSites;

const draws: Readonly<Record<ThreeSpinSystem, Draw<ThreeSpinDraws>>> = {
  'three-spin-binary': pipe(
    permutation(triples),
    State.bindTo('order'),
    State.bind('spins', () => spinDraw['three-spin-binary'](spinCount)),
    State.bind('shuffled', () => couplingDraw(triples)),
    State.map(({ order, spins, shuffled }) => ({ couplings: unshuffled(order, shuffled), spins })),
  ),
  'three-spin-continuous': pipe(
    couplingDraw(triples),
    State.bindTo('couplings'),
    State.bind('spins', () => spinDraw['three-spin-continuous'](spinCount)),
  ),
};

/** The values v with v[order[m]] = shuffled[m]. */
const unshuffled = (order: readonly number[], shuffled: Reals): Reals =>
  Float64Array.from(order, (_, place) => shuffled[order.indexOf(place)] ?? NaN);
