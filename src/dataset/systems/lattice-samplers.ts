/** The samplers of unit vectors on the square lattice, as every system of such spins offers them. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import type { DataError } from '../../file/data-error.ts';
import { sample, type Sampler as Distribution } from '../../lattice/sampler.ts';
import { largestLegacySeed } from '../../random/numpy-legacy.ts';
import { legacySeed } from '../published.ts';
import type { Ensemble, Sampler } from '../system.ts';

/** The base of the authors' seeds: sample b has numpy's legacy seed 100 + b. */
export const publishedBaseSeed = 100;

const ensemble =
  (distribution: Distribution, available: (seed: number) => Either<DataError, number>): Sampler['ensemble'] =>
  (size, seed) =>
    E.map((count: number): Ensemble => ({
      available: count,
      couplings: () => O.none,
      spins: (index) => sample(distribution)(size, seed, index).components,
    }))(available(seed));

const withoutEnd = (): Either<DataError, number> => E.right(Number.MAX_SAFE_INTEGER);

/** Numpy's legacy seeds, here seed + index, end at 2^32 - 1. */
const legacySeeds = (seed: number): Either<DataError, number> =>
  pipe(
    legacySeed(publishedBaseSeed)(seed),
    E.map((valid) => largestLegacySeed - valid + 1),
  );

/** Spins [3, N, N]; see `lattice/sampler.ts`. */
export const latticeSamplers: Readonly<Record<Distribution, Sampler>> = {
  sphere: { meaning: 'uniform on the sphere', seed: 0, ensemble: ensemble('sphere', withoutEnd) },
  angles: { meaning: 'theta and phi uniform', seed: 0, ensemble: ensemble('angles', withoutEnd) },
  published: {
    meaning: "the authors' draws, phi = 2 theta",
    seed: publishedBaseSeed,
    ensemble: ensemble('published', legacySeeds),
  },
};
