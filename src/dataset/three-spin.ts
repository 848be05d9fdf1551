/**
 * Fresh data of the three-spin infinite-range model: couplings from the seed, spins from seed and index. As in the
 * paper, couplings are normal of mean 1 and standard deviation 2, and spins uniform on {0, 1} (binary) or [-1, 1]
 * (continuous).
 *
 * @eq 1
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';

import { dataError, type DataError } from '../file/data-error.ts';
import { threeSpinEnergies, threeSpinGradients } from '../hamiltonian/three-spin.kernel.ts';
import type { Reals } from '../number/reals.ts';
import { drawn, integersBelow, normals, uniformsBetween, type Draw } from '../random/draw.ts';
import { streamOf } from '../random/stream.ts';
import type { Recipe, Sample } from './generate.ts';
import { dataVersion, type Meta } from './meta.ts';

export type ThreeSpinSystem = 'three-spin-binary' | 'three-spin-continuous';

/** L in the paper. */
export const publishedSites = 15;

const couplingMean = 1;
const couplingDeviation = 2;

/** How many triples i < j < k there are among L sites. */
export const tripleCount = (sites: number): number => (sites * (sites - 1) * (sites - 2)) / 6;

/** `count` couplings J_ijk. */
export const couplingDraw: (count: number) => Draw<Reals> = normals(couplingMean, couplingDeviation);

/** `count` scalar spins. */
export const spinDraw: Readonly<Record<ThreeSpinSystem, (count: number) => Draw<Reals>>> = {
  'three-spin-binary': integersBelow(2),
  'three-spin-continuous': uniformsBetween(-1, 1),
};

/** The couplings of fresh data, in lexicographic order of their triples: a function of the seed alone. */
export const freshCouplings = (sites: number, seed: number): Reals =>
  drawn(streamOf(seed, 0, 'couplings'))(couplingDraw(tripleCount(sites)));

/** Fresh samples on L sites, with dH/ds as forces where they are wanted. Fails for L < 3. */
export const threeSpinRecipe = (
  system: ThreeSpinSystem,
  sites: number,
  seed: number,
  withForces: boolean,
): E.Either<DataError, Recipe> => {
  if (!Number.isSafeInteger(sites) || sites < 3) {
    return E.left(dataError(`expected a whole number of at least 3 sites, came ${sites}: a triple needs three`));
  }
  const label = labelled(sites, freshCouplings(sites, seed), withForces);
  return E.right({
    meta: threeSpinMeta(system, sites, 'uniform', seed),
    sampleShape: [sites],
    available: Number.MAX_SAFE_INTEGER,
    sample: (index) => E.right(label(drawn(streamOf(seed, index))(spinDraw[system](sites)))),
  });
};

/** What three-spin data say about themselves. */
export const threeSpinMeta = (
  system: ThreeSpinSystem,
  sites: number,
  sampler: Meta['sampler'],
  seed: number,
): Omit<Meta, 'firstIndex'> => ({
  system,
  parameters: { sites, couplingMean, couplingDeviation },
  sampler,
  seed,
  method: 'formula',
  version: dataVersion,
});

/** Spins with their energy, and their forces where wanted. */
export const labelled =
  (sites: number, couplings: Reals, withForces: boolean) =>
  (spins: Reals): Sample => ({
    spins,
    energy: threeSpinEnergies(sites, couplings)(spins)[0] ?? NaN,
    forces: withForces ? O.some(threeSpinGradients(sites, couplings)(spins)) : O.none,
  });
