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
import { pipe } from 'fp-ts/lib/function.js';
import * as State from 'fp-ts/lib/State.js';

import { dataError, type DataError } from '../file/data-error.ts';
import type { Reals } from '../number/reals.ts';
import { drawn, permutation, type Draw } from '../random/draw.ts';
import { largestLegacySeed, numpyLegacy } from '../random/numpy-legacy.ts';
import type { Recipe } from './generate.ts';
import {
  couplingDraw,
  labelled,
  publishedSites,
  spinDraw,
  threeSpinMeta,
  tripleCount,
  type ThreeSpinSystem,
} from './three-spin.ts';

/** The seed of the authors' data. */
export const publishedSeed = 17;

export const publishedSamples = 20000;

export const publishedTrainingSamples = 16000;

export interface ThreeSpinDraws {
  /** In lexicographic order of their triples, [455]. */
  readonly couplings: Reals;
  /** Shape [20000, 15]. */
  readonly spins: Reals;
}

/** All numbers that the authors drew, or would have drawn from another of numpy's legacy seeds. */
export const publishedDraws = (system: ThreeSpinSystem, seed: number = publishedSeed): ThreeSpinDraws =>
  drawn(numpyLegacy(seed))(draws[system]);

/** The authors' samples one by one, with dH/ds as forces where they are wanted. Fails for seeds that numpy refuses. */
export const publishedRecipe = (
  system: ThreeSpinSystem,
  seed: number,
  withForces: boolean,
): E.Either<DataError, Recipe> => {
  if (!Number.isInteger(seed) || seed < 0 || seed > largestLegacySeed) {
    return E.left(dataError(`expected a seed of numpy's legacy generator, 0 to 2^32 - 1, came ${seed}: theirs is 17`));
  }
  const { couplings, spins } = publishedDraws(system, seed);
  const label = labelled(publishedSites, couplings, withForces);
  return E.right({
    meta: threeSpinMeta(system, publishedSites, 'published', seed),
    sampleShape: [publishedSites],
    available: publishedSamples,
    sample: (index) => E.right(label(spins.subarray(index * publishedSites, (index + 1) * publishedSites))),
  });
};

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
