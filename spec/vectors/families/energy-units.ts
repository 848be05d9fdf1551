/** The units of energies, and the pair head that is fitted before training. */
import { z } from 'zod';

import { network, type Network } from '../../../src/network/network.ts';
import type { LabelledSamples, SampleSets } from '../../../src/training/batch.ts';
import { energyUnits } from '../../../src/training/energy-units.ts';
import { fitPairs, shells } from '../../../src/training/pair-fit.ts';
import outside from '../../outside/numpy-vectors.json' with { type: 'json' };
import { counted, family, type Case } from '../family.ts';
import { shortNumbers, unitSpins } from '../numbers.ts';
import { networkSchema } from './networks.ts';

const numbers = z.array(z.number());

const setSchema = z.strictObject({ latticeSize: counted, count: counted, spins: numbers, energies: numbers });

const unitInputs = z.strictObject({ network: networkSchema, sets: z.array(setSchema).nonempty() });

const fitInputs = z.strictObject({ kernel: counted, sets: z.array(setSchema).nonempty() });

const latticeSet = (latticeSize: number, count: number, seed: number): LabelledSamples => ({
  count,
  latticeSize,
  spins: Float64Array.from(Array.from({ length: count }, (_, b) => unitSpins(latticeSize, seed + b)).flat()),
  energies: Float64Array.from(shortNumbers(seed, count), (x) => x * latticeSize - latticeSize ** 2 / 2),
  forces: null,
});

const chainSet = (count: number, seed: number, spread = 1): LabelledSamples => ({
  count,
  latticeSize: 1,
  spins: Float64Array.from(shortNumbers(seed, 3 * count)),
  energies: Float64Array.from(shortNumbers(seed + 1, count), (x) => spread * x + 2),
  forces: null,
});

const written = (sets: SampleSets) =>
  sets.map(({ latticeSize, count, spins, energies }) => ({
    latticeSize,
    count,
    spins: [...spins],
    energies: [...energies],
  }));

const unitCase = (
  name: string,
  why: string,
  description: Network,
  sets: SampleSets,
): Case<z.infer<typeof unitInputs>> => {
  const { network: scaled, deviation, fitted } = energyUnits(description, sets);
  return {
    name,
    equation: 'guide: energy units',
    why,
    inputs: { network: description, sets: written(sets) },
    outputs: {
      ...(fitted.pairKernel === undefined || !(description.shape.tag === 'lattice')
        ? {}
        : {
            kernel: {
              meaning: 'pair.weight, as it is fitted',
              shape: [description.shape.kernel, description.shape.kernel],
              values: fitted.pairKernel,
            },
          }),
      energyShift: {
        meaning: 'the energy of all samples over all their sites, or the constant of the fit',
        shape: [],
        values: [scaled.energyShift],
      },
      deviation: {
        meaning: 'the standard deviation of what is left, 1/n under the root',
        shape: [],
        values: [deviation],
      },
      energyScale: {
        meaning: 'the deviation over sqrt(N^2), or sqrt(W) on chains',
        shape: [],
        values: [scaled.energyScale],
      },
    },
    ...(name === 'chain-constant'
      ? {
          outside: [
            {
              output: 'deviation',
              source: 'closed form: labels without deviation have the unit 1',
              values: [1],
              relative: 0,
            },
          ],
        }
      : {}),
  };
};

const lattice = (pairHead: boolean): Network =>
  network('efnn', { tag: 'lattice', channels: 2, layers: 2, kernel: 3, pairHead });

const chain = network('efnn', { tag: 'dense', sites: 3, neurons: 5, layers: 1 });

/** The family. */
export const energyUnitsFamily = family({
  name: 'energy-units',
  about:
    'Before training: energyShift, energyScale and, with a pair head, its kernel, from the labels. Sets have a lattice size each.',
  inputs: unitInputs,
  tolerance: {
    relative: 1e-10,
    reason: 'deviations of energies from their mean; with a head, from a fit by least squares',
  },
  cases: () => [
    unitCase('lattice', 'the mean energy a site; the deviation over N', lattice(false), [latticeSet(3, 12, 100)]),
    unitCase(
      'lattice-head',
      'with a head: the constant of the fit, and the deviation that pairs leave',
      lattice(true),
      [latticeSet(4, 12, 200)],
    ),
    unitCase('two-sizes', 'two lattice sizes: sites count alike, deviations grow as N', lattice(false), [
      latticeSet(3, 6, 300),
      latticeSet(4, 8, 400),
    ]),
    unitCase('two-sizes-head', 'two lattice sizes with a head: residuals in units of N', lattice(true), [
      latticeSet(4, 9, 500),
      latticeSet(5, 5, 600),
    ]),
    unitCase('chain', 'chains: the shift a spin, and the scale by the number of neurons', chain, [chainSet(7, 700)]),
    unitCase('chain-constant', 'labels that do not vary have the unit 1', chain, [chainSet(7, 700, 0)]),
  ],
});

const byNumpy: Readonly<Record<string, readonly number[]>> = outside.fits;

const fitCase = (name: string, why: string, kernel: number, sets: SampleSets): Case<z.infer<typeof fitInputs>> => {
  const fit = fitPairs(kernel)(sets);
  const known = byNumpy[name];
  return {
    name,
    equation: 'Eq. (3)',
    why,
    inputs: { kernel, sets: written(sets) },
    outputs: {
      energyPerSite: { meaning: 'c', shape: [], values: [fit.energyPerSite] },
      couplings: {
        meaning: 'K of each shell, by the shorter distance along the axes, then the longer',
        shape: [shells(kernel).length],
        values: fit.couplings,
      },
      kernel: { meaning: 'pair.weight, 0 at the centre', shape: [kernel, kernel], values: fit.kernel },
    },
    ...(known === undefined
      ? {}
      : { outside: [{ output: 'couplings', source: outside.source, values: known, relative: 1e-10 }] }),
  };
};

/** The family. */
export const pairFit = family({
  name: 'pair-fit',
  about:
    'Least squares: E = c N^2 + sum over shells of K_shell sum over sites i and offsets d of the shell of s_i . s_{i+d}.',
  inputs: fitInputs,
  tolerance: { relative: 1e-9, reason: 'least squares by a singular value decomposition or by another method' },
  cases: () => [
    fitCase('three', 'a 3 x 3 window has two shells, and each offset and its opposite both count', 3, [
      latticeSet(4, 10, 800),
    ]),
    fitCase('five', 'a 5 x 5 window has five shells, sorted by (0,1), (0,2), (1,1), (1,2), (2,2)', 5, [
      latticeSet(6, 12, 900),
    ]),
    fitCase('two-sizes', 'residuals of a set are divided by its N over that of the first', 3, [
      latticeSet(4, 7, 1000),
      latticeSet(5, 7, 1100),
    ]),
    fitCase('few', 'fewer samples than unknowns: the shortest of the solutions', 5, [latticeSet(6, 3, 1200)]),
  ],
});
