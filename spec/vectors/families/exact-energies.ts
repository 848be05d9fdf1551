/** E_MC of the double exchange model and its gradient, with the occupations of the levels. */
import { energyAndForcesOf } from '../../../src/exact/forces.ts';
import { fermi } from '../../../src/exact/fermi.ts';
import { electronNumber, levelsOf } from '../../../src/exact/monte-carlo-energy.ts';
import { spinConfiguration } from '../../../src/lattice/spins.ts';
import outside from '../../outside/numpy-vectors.json' with { type: 'json' };
import published from '../../outside/published-data.json' with { type: 'json' };
import { right } from '../../right.ts';
import { family, type Case } from '../family.ts';
import { doubleExchangeSchema, electrons, type Electrons } from './hamiltonians.ts';
import type { z } from 'zod';

const byLapack: Readonly<Record<string, readonly number[]>> = outside.energies;

/** Of seed 100 on N = 4. */
const publishedEnergy = published.doubleExchangeAsPublished.samples
  .filter(({ N, seed }) => N === 4 && seed === 100)
  .map(({ energy }) => energy);

const energyCase = ({
  name,
  why,
  model,
  latticeSize,
  spins,
  twist,
}: Electrons): Case<z.infer<typeof doubleExchangeSchema>> => {
  const configuration = right(spinConfiguration(latticeSize, spins));
  const { energy, forces } = right(energyAndForcesOf(model, twist)(configuration));
  const levels = right(levelsOf(model, twist)(configuration));
  const lapack = byLapack[name];
  return {
    name,
    equation: 'below Eq. (2)',
    why,
    inputs: { model, twist, latticeSize, spins: [...spins] },
    outputs: {
      occupations: {
        meaning: 'f(E_n) = 1 / (1 + exp(E_n / T)), levels ascending',
        shape: [levels.length],
        values: levels.map(fermi(model.T)),
      },
      electrons: { meaning: 'sum over n of f(E_n)', shape: [], values: [electronNumber(model.T)(levels)] },
      energy: { meaning: 'E_MC = -T sum over n of log(1 + exp(-E_n / T))', shape: [], values: [energy] },
      forces: {
        meaning: 'dE_MC/ds_i = -(J/2) sum over n of f(E_n) <n|sigma_i|n>, without the constraint |s| = 1',
        shape: [3, latticeSize, latticeSize],
        values: forces,
      },
    },
    outside: [
      ...(lapack === undefined ? [] : [{ output: 'energy', source: outside.source, values: lapack, relative: 1e-12 }]),
      ...(name === 'published-draw'
        ? [
            {
              output: 'energy',
              source: 'published: the code and data of the authors',
              values: publishedEnergy,
              relative: 1e-12,
            },
          ]
        : []),
    ],
  };
};

/** The family. */
export const exactEnergies = family({
  name: 'exact-energies',
  about:
    'E_MC = -T sum over n of log(1 + exp(-E_n / T)), E_n the levels of H - mu n, and dE_MC/ds. Spins and forces are [3, N, N].',
  inputs: doubleExchangeSchema,
  tolerance: {
    relative: 1e-10,
    reason: 'levels of size 20 are right to 1e-14, and occupations at T = 5e-4 to 2000 times that',
  },
  cases: () => electrons.map(energyCase),
});
