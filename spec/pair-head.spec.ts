/** The pair head and the energy units: from labels to the first state of a training. */
import { energyUnits } from '../src/training/energy-units.ts';
import { fitPairs } from '../src/training/pair-fit.ts';
import { verify } from './law.ts';
import {
  firstWeights,
  headIsItsInteraction,
  shortestOfManyFits,
  trainingStartsAtTheFit,
  unitsMakeLabelsOfOrderOne,
  type Units,
} from './laws/pair-head.ts';

const withKernel =
  (factor: number): Units =>
  (network, samples) => {
    const units = energyUnits(network, samples);
    const { pairKernel } = units.fitted;
    return pairKernel === undefined ? units : { ...units, fitted: { pairKernel: pairKernel.map((K) => factor * K) } };
  };

verify(headIsItsInteraction, energyUnits, {
  'every bond counts twice': withKernel(2),
  'the kernel is in the scaled units': (network, samples) =>
    withKernel(energyUnits(network, samples).network.energyScale)(network, samples),
  'the constant is the mean energy per site': (network, samples) => {
    const units = energyUnits(network, samples);
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
  'the constant alone': (kernel) => (samples) => {
    const fit = fitPairs(kernel)(samples);
    return { ...fit, energyPerSite: (samples.energies[0] ?? 0) / 16, couplings: fit.couplings.map(() => 0) };
  },
});

verify(unitsMakeLabelsOfOrderOne, energyUnits, {
  'constant labels are divided by 0': (network, samples) => {
    const units = energyUnits(network, samples);
    const isConstant = samples.energies.every((E) => E === samples.energies[0]);
    return isConstant ? { ...units, network: { ...units.network, energyScale: 0 } } : units;
  },
  'the sum is taken for an entry': (network, samples) => {
    const units = energyUnits(network, samples);
    return { ...units, network: { ...units.network, energyScale: units.deviation } };
  },
  'the shift is the mean energy, not that of a site': (network, samples) => {
    const units = energyUnits(network, samples);
    return { ...units, network: { ...units.network, energyShift: 4 * units.network.energyShift } };
  },
});
