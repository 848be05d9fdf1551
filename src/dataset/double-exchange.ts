/**
 * Data of the double exchange model: random spins with their exact Monte Carlo energy, and its gradient where wanted.
 *
 * @eq 2
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import type { EnergyMethod } from '../exact/energy-method.ts';
import { dataError, type DataError } from '../file/data-error.ts';
import { doubleExchange, type DoubleExchange } from '../hamiltonian/double-exchange.ts';
import { sample, type Sampler } from '../lattice/sampler.ts';
import type { SpinConfiguration } from '../lattice/spins.ts';
import { squareLattice } from '../lattice/square-lattice.ts';
import { largestLegacySeed } from '../random/numpy-legacy.ts';
import type { Recipe, Sample } from './generate.ts';
import { dataVersion } from './meta.ts';

/** The base of the authors' seeds: sample b has numpy's legacy seed 100 + b. */
export const publishedBaseSeed = 100;

export interface DoubleExchangeOrder {
  /** N. */
  readonly size: number;
  readonly sampler: Sampler;
  readonly seed: number;
  readonly model: DoubleExchange;
  readonly forces: boolean;
}

/** Samples on the N x N lattice. Fails for N < 3, infinite parameters, T <= 0, and seeds that numpy refuses. */
export const doubleExchangeRecipe =
  (method: EnergyMethod) =>
  ({ size, sampler, seed, model, forces }: DoubleExchangeOrder): E.Either<DataError, Recipe> =>
    pipe(
      squareLattice(size),
      E.chainW(() => doubleExchange(model)),
      E.chainW(() => indicesOf(sampler, seed)),
      E.mapLeft(({ message }) => dataError(message)),
      E.map((available) => ({
        meta: {
          system: 'double-exchange',
          parameters: parametersOf(method, model),
          sampler,
          seed,
          method: method.name,
          version: dataVersion,
        },
        sampleShape: [3, size, size],
        available,
        sample: (index) => label(method, model, forces)(sample(sampler)(size, seed, index)),
      })),
    );

/** The tolerance is there where the method has one. */
const parametersOf = (
  { tolerance }: EnergyMethod,
  { t, J, mu, T }: DoubleExchange,
): Readonly<Record<string, number>> => ({
  ...{ t, J, mu, T },
  ...(tolerance === undefined ? {} : { tolerance }),
});

/** How many samples a sampler has for a seed: numpy's legacy seeds, seed + index, end at 2^32 - 1. */
const indicesOf = (sampler: Sampler, seed: number): E.Either<DataError, number> => {
  if (sampler !== 'published') {
    return E.right(Number.MAX_SAFE_INTEGER);
  }
  return Number.isInteger(seed) && seed >= 0 && seed <= largestLegacySeed
    ? E.right(largestLegacySeed - seed + 1)
    : E.left(dataError(`expected a seed of numpy's legacy generator, 0 to 2^32 - 1, came ${seed}: theirs is 100`));
};

const label =
  (method: EnergyMethod, model: DoubleExchange, forces: boolean) =>
  (spins: SpinConfiguration): E.Either<DataError, Sample> =>
    pipe(
      forces
        ? pipe(
            method.energyAndForces(model)(spins),
            E.map((found) => ({ energy: found.energy, forces: O.some(found.forces) })),
          )
        : pipe(
            method.energy(model)(spins),
            E.map((energy) => ({ energy, forces: O.none })),
          ),
      E.bimap(
        ({ message }) => dataError(message),
        (found): Sample => ({ spins: spins.components, ...found }),
      ),
    );
