/** Eq. (3): pairs of spins and pairs of pairs, on the whole lattice and in tiles. */
import { z } from 'zod';

import {
  effectiveEnergy,
  effectiveFeatures,
  parameterCount,
  tiles,
  wholeLattice,
} from '../../../src/hamiltonian/effective-model.ts';
import { spinConfiguration } from '../../../src/lattice/spins.ts';
import { squareLattice } from '../../../src/lattice/square-lattice.ts';
import { right } from '../../right.ts';
import { counted, family } from '../family.ts';
import { alongZ, shortNumbers, unitSpins } from '../numbers.ts';

const effectiveCase = (
  name: string,
  why: string,
  latticeSize: number,
  width: number | null,
  spins: readonly number[],
) => {
  const lattice = right(squareLattice(latticeSize));
  const clusters = width === null ? wholeLattice(lattice) : right(tiles(width)(lattice));
  const coefficients = shortNumbers(73, parameterCount(clusters));
  const configuration = right(spinConfiguration(latticeSize, spins));
  return {
    name,
    equation: 'Eq. (3)',
    why,
    inputs: {
      latticeSize,
      clusters: clusters.map((cluster) => [...cluster]),
      coefficients: [...coefficients],
      spins: [...spins],
    },
    outputs: {
      features: {
        meaning: '1, then cluster by cluster x_p = s_i . s_j for p = (i <= j), then x_p x_q for p <= q',
        shape: [coefficients.length],
        values: effectiveFeatures(clusters)(configuration),
      },
      energy: {
        meaning: 'the coefficients times the features',
        shape: [],
        values: [right(effectiveEnergy(clusters, Float64Array.from(coefficients))(configuration))],
      },
    },
  };
};

const ferromagnet = () => {
  const example = effectiveCase('ferromagnet', 'equal spins: every feature is 1', 3, null, alongZ(3));
  const sum = example.inputs.coefficients.reduce((total, x) => total + x, 0);
  return {
    ...example,
    outside: [
      {
        output: 'energy',
        source: 'closed form: the sum of all coefficients, exact in sixteenths',
        values: [sum],
        relative: 1e-13,
      },
    ],
  };
};

/** The family. */
export const effectiveModel = family({
  name: 'effective-model',
  about:
    'E = J_0 + sum g_p x_p + sum over p <= q of g_pq x_p x_q with x_p = s_i . s_j for p = (i <= j) in one cluster.',
  inputs: z.strictObject({
    latticeSize: counted,
    /** Sites of each cluster. */
    clusters: z.array(z.array(z.number().int())),
    coefficients: z.array(z.number()),
    spins: z.array(z.number()),
  }),
  tolerance: { relative: 1e-11, reason: 'a sum of a thousand terms below 1 that cancel to a result of some units' },
  cases: () => [
    effectiveCase('whole', 'all pairs of nine spins, self pairs included', 3, null, unitSpins(3, 8)),
    effectiveCase('tiles', '2 x 2 tiles: spins of different tiles do not interact', 4, 2, unitSpins(4, 8)),
    ferromagnet(),
  ],
});
