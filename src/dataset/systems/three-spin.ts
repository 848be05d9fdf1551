/**
 * The three-spin infinite-range model as two systems, with binary and with continuous spins.
 *
 * @eq 1
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { z } from 'zod';

import { dataError, type DataError } from '../../file/data-error.ts';
import { threeSpinEnergies, threeSpinGradients } from '../../hamiltonian/three-spin.kernel.ts';
import { memoize } from '../../number/memoize.ts';
import type { Reals } from '../../number/reals.ts';
import { drawn } from '../../random/draw.ts';
import { streamOf } from '../../random/stream.ts';
import { legacySeed, publishedDraws, publishedSamples, publishedSeed } from '../published.ts';
import { system, type Ensemble, type Labelling, type System } from '../system.ts';
import {
  couplingDeviation,
  couplingMean,
  freshCouplings,
  publishedSites,
  spinDraw,
  tripleCount,
  type ThreeSpinSystem,
} from '../three-spin.ts';

const atLeastThree = (sites: number): Either<DataError, number> =>
  Number.isSafeInteger(sites) && sites >= 3
    ? E.right(sites)
    : E.left(dataError(`expected a whole number of at least 3 sites, got ${sites}: a triple needs three`));

/** Those of the last seed are kept, because every job of a data set has them. */
const lastCouplings = memoize(1, (sites: number, seed: number) => `${sites} ${seed}`, freshCouplings);

const fresh =
  (name: ThreeSpinSystem) =>
  (size: number, seed: number): Either<DataError, Ensemble> =>
    pipe(
      atLeastThree(size),
      E.map((sites) => ({
        available: Number.MAX_SAFE_INTEGER,
        couplings: () => O.some(lastCouplings(sites, seed)),
        spins: (index) => drawn(streamOf(seed, index))(spinDraw[name](sites)),
      })),
    );

const published =
  (name: ThreeSpinSystem) =>
  (size: number, seed: number): Either<DataError, Ensemble> =>
    size === publishedSites
      ? pipe(
          legacySeed(publishedSeed)(seed),
          E.map((valid) => publishedDraws(name, valid)),
          E.map(({ couplings, spins }) => ({
            available: publishedSamples,
            couplings: () => O.some(couplings),
            spins: (index) => spins.slice(index * publishedSites, (index + 1) * publishedSites),
          })),
        )
      : E.left(
          dataError(`expected ${publishedSites} sites, as the authors have, got ${size}: take the sampler uniform`),
        );

const labels = (sites: number, couplings: Reals, withForces: boolean) => (spins: Reals) =>
  E.right({
    energy: threeSpinEnergies(sites, couplings)(spins)[0] ?? NaN,
    forces: withForces ? O.some(threeSpinGradients(sites, couplings)(spins)) : O.none,
  });

const couplingsIn = ({ couplings, size }: Labelling): Either<DataError, Reals> =>
  pipe(
    couplings,
    E.fromOption(() => dataError('expected couplings, got none: they are drawn with the seed of a data set')),
    E.filterOrElse(
      ({ length }) => length === tripleCount(size),
      ({ length }) =>
        dataError(`expected ${tripleCount(size)} couplings, one a triple, got ${length}: give all of them`),
    ),
  );

/** The model with spins as their name says; its couplings are drawn with the seed, and H is a formula in them. */
export const threeSpinSystem = (name: ThreeSpinSystem): System =>
  system({
    title: `the three-spin infinite-range model, ${name === 'three-spin-binary' ? 'spins 0 or 1' : 'spins in [-1, 1]'}`,
    spins: 'scalars',
    size: { least: 3, usual: publishedSites },
    parameters: z.object({}),
    couplings: tripleCount,
    constants: (sites) => ({ sites, couplingMean, couplingDeviation }),
    units: 'those of the couplings J_ijk',
    samplers: {
      uniform: { meaning: 'uniform, and fresh couplings', seed: 0, ensemble: fresh(name) },
      published: {
        meaning: "the authors' 20,000 draws on 15 sites",
        seed: publishedSeed,
        size: publishedSites,
        samples: publishedSamples,
        ensemble: published(name),
      },
    },
    methods: ['formula'],
    version: 'efnn-data/1',
    // The published draws are made at once, in each thread again, which this leaves out.
    seconds: ({ size }) => Math.max(1e-5, 3e-9 * tripleCount(size)),
    preparation: (size) => 2e-6 * tripleCount(size),
    labels: (_, labelling) =>
      pipe(
        atLeastThree(labelling.size),
        E.chain(() => couplingsIn(labelling)),
        E.map((couplings) => labels(labelling.size, couplings, labelling.forces)),
      ),
  });
