/** The pair head and the energy units: from labels to the first state of a training. */
import { energyUnits } from '../src/training/energy-units.ts';
import { pairCorrelation } from '../src/training/pair-correlations.kernel.ts';
import { fitPairs } from '../src/training/pair-fit.ts';
import { verify } from './law.ts';
import {
  firstWeights,
  headIsItsInteraction,
  severalSizesHaveOneUnit,
  shiftIsAllEnergyOverAllSites,
  shortestOfManyFits,
  trainingStartsAtTheFit,
  twoSpinsAreCorrelatedAtTheirDistance,
  unitsMakeLabelsOfOrderOne,
  type Units,
} from './laws/pair-head.ts';

const withKernel =
  (factor: number): Units =>
  (network, sets) => {
    const units = energyUnits(network, sets);
    const { pairKernel } = units.fitted;
    return pairKernel === undefined ? units : { ...units, fitted: { pairKernel: pairKernel.map((K) => factor * K) } };
  };

verify(headIsItsInteraction, energyUnits, {
  'every bond counts twice': withKernel(2),
  'the kernel is in the scaled units': (network, sets) =>
    withKernel(energyUnits(network, sets).network.energyScale)(network, sets),
  'the constant is the mean energy per site': (network, sets) => {
    const [samples] = sets;
    const units = energyUnits(network, sets);
    const mean = samples.energies.reduce((sum, E) => sum + E, 0) / samples.count / samples.latticeSize ** 2;
    return { ...units, network: { ...units.network, energyShift: mean } };
  },
});

verify(trainingStartsAtTheFit, firstWeights, {
  'the head starts at 0': async (plan, samples) => {
    const weights = await firstWeights(plan, samples);
    return { ...weights, 'pair.weight': new Float64Array(9) };
  },
  'the head starts at twice its fit': async (plan, samples) => {
    const weights = await firstWeights(plan, samples);
    return { ...weights, 'pair.weight': (weights['pair.weight'] ?? new Float64Array(9)).map((K) => 2 * K) };
  },
});

verify(shortestOfManyFits, fitPairs, {
  'the constant alone': (kernel) => (sets) => {
    const fit = fitPairs(kernel)(sets);
    return { ...fit, energyPerSite: (sets[0].energies[0] ?? 0) / 16, couplings: fit.couplings.map(() => 0) };
  },
});

verify(unitsMakeLabelsOfOrderOne, energyUnits, {
  'constant labels are divided by 0': (network, sets) => {
    const units = energyUnits(network, sets);
    const isConstant = sets[0].energies.every((E) => E === sets[0].energies[0]);
    return isConstant ? { ...units, network: { ...units.network, energyScale: 0 } } : units;
  },
  'the sum is taken for an entry': (network, sets) => {
    const units = energyUnits(network, sets);
    return { ...units, network: { ...units.network, energyScale: units.deviation } };
  },
  'the shift is the mean energy, not that of a site': (network, sets) => {
    const units = energyUnits(network, sets);
    return { ...units, network: { ...units.network, energyShift: 4 * units.network.energyShift } };
  },
});

const atOffsets =
  (change: (offset: readonly [number, number]) => readonly [number, number]): typeof pairCorrelation =>
  (spins, size, offsets) =>
    pairCorrelation(spins, size, offsets.map(change));

verify(twoSpinsAreCorrelatedAtTheirDistance, pairCorrelation, {
  'columns count backwards': atOffsets(([row, column]) => [row, -column]),
  'rows and columns are exchanged': atOffsets(([row, column]) => [column, row]),
  'each pair once': (spins, size, offsets) => pairCorrelation(spins, size, offsets) / 2,
});

verify(shiftIsAllEnergyOverAllSites, energyUnits, {
  'the mean of the energies of a site, set by set': (network, sets) => {
    const units = energyUnits(network, sets);
    const shifts = sets.map((samples) => energyUnits(network, [samples]).network.energyShift);
    const energyShift = shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length;
    return { ...units, network: { ...units.network, energyShift } };
  },
  'the first set alone is looked at': (network, [first]) => energyUnits(network, [first]),
});

verify(severalSizesHaveOneUnit, energyUnits, {
  'the first set alone is looked at': (network, [first]) => energyUnits(network, [first]),
  'energies per site have one deviation': (network, [first, ...others]) =>
    energyUnits(network, [first, ...others.map((samples) => ({ ...samples, latticeSize: first.latticeSize }))]),
});
