/** Laws of the pair head: fit, energy units, start and program state one interaction, the one of the labels. */
import fc from 'fast-check';

import { reference } from '../../src/backend/reference/reference.ts';
import { network, networkProgram, type Architecture, type Network } from '../../src/network/network.ts';
import { weightsByRole, weightTypes, type Weights } from '../../src/network/weights.ts';
import { float64 } from '../../src/number/float64.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import type { LabelledSamples, SampleSets } from '../../src/training/batch.ts';
import type { EnergyUnits } from '../../src/training/energy-units.ts';
import { meanOf } from '../../src/number/mean.ts';
import { deviationOf } from '../../src/training/error-measures.ts';
import type { PairFit } from '../../src/training/pair-fit.ts';
import type { pairCorrelation } from '../../src/training/pair-correlations.kernel.ts';
import { prepareTraining, starts, type Start, type TrainingPlan } from '../../src/training/preparation.ts';
import { moderate, numbers } from '../arbitraries/networks.ts';
import { configurationsOf } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';
import { energyOfPairs } from '../pair-energy.ts';
import { right } from '../right.ts';
import { shortPlan } from '../arbitraries/trainings.ts';

const close = (a: number, b: number, tolerance: number): boolean =>
  Math.abs(a - b) <= tolerance * (1 + Math.abs(a) + Math.abs(b));

/** A kernel of 3 x 3 has two shells. */
const kernelOf = ([near, diagonal]: readonly [number, number]): readonly number[] => [
  diagonal,
  near,
  diagonal,
  near,
  0,
  near,
  diagonal,
  near,
  diagonal,
];

const size = 4;

interface PairCase {
  readonly samples: LabelledSamples;
  readonly couplings: readonly [number, number];
  readonly energyPerSite: number;
}

const pairCases = (count: number): fc.Arbitrary<PairCase> =>
  fc
    .record({
      configurations: fc.array(configurationsOf(size), { minLength: count, maxLength: count }),
      couplings: fc.tuple(moderate, moderate),
      energyPerSite: moderate,
    })
    .map(({ configurations, couplings, energyPerSite }) => ({
      couplings,
      energyPerSite,
      samples: {
        count,
        latticeSize: size,
        spins: Float64Array.from(configurations.flatMap(({ components }) => [...components])),
        energies: Float64Array.from(configurations, ({ components }) =>
          energyOfPairs(components, size, kernelOf(couplings), energyPerSite),
        ),
        forces: null,
      },
    }));

const described = (architecture: Architecture, pairHead: boolean): Network =>
  network(architecture, { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead });

/** What a network's energies are measured in, from labelled samples. */
export type Units = (network: Network, sets: SampleSets) => EnergyUnits;

export const headIsItsInteraction: Law<Units, PairCase> = {
  statement:
    'labels that are c N^2 and a sum over pairs are predicted by the fitted head alone: with all drawn weights 0, the ' +
    'network in its units has exactly these energies',
  cases: pairCases(12),
  runs: 10,
  holds:
    (units) =>
    ({ samples }) => {
      const found = units(described('efnn', true), [samples]);
      const program = right(networkProgram(found.network));
      const fitted = weightsByRole(program)(found.fitted);
      const weights = Object.fromEntries(
        Object.entries(weightTypes(program)).map(([name, type]) => [
          name,
          [...(fitted[name] ?? new Float64Array(lengthOf(1)(type)))],
        ]),
      );
      return Array.from({ length: samples.count }, (_, b) => b).every((b) => {
        const spins = [...samples.spins.subarray(b * 3 * size ** 2, (b + 1) * 3 * size ** 2)];
        const energy = right(evaluate(float64)(size)(weights, { spins })(program))['energy']?.[0] ?? NaN;
        return close(energy, samples.energies[b] ?? NaN, 1e-7);
      });
    },
};

/** The weights that a training starts with. */
export type FirstWeights = (plan: TrainingPlan, samples: LabelledSamples) => Promise<Weights>;

export const firstWeights: FirstWeights = async (plan, samples) =>
  right(await prepareTraining(reference, { ...plan, forceWeight: null })(described('efnn', true), [samples], null)())
    .state.adam.weights;

export const trainingStartsAtTheFit: Law<FirstWeights, PairCase & { readonly start: Start }> = {
  statement: 'a training starts with the kernel of the interaction in the labels, by whatever rule the others start',
  cases: fc.tuple(pairCases(12), fc.constantFrom(...starts)).map(([example, start]) => ({ ...example, start })),
  runs: 8,
  holds:
    (first) =>
    async ({ samples, couplings, start }) => {
      const kernel = (await first({ ...shortPlan, start }, samples))['pair.weight'] ?? [];
      return kernel.length === 9 && kernelOf(couplings).every((K, tap) => close(kernel[tap] ?? NaN, K, 1e-7));
    },
};

export const shortestOfManyFits: Law<(kernel: number) => (sets: SampleSets) => PairFit, PairCase> = {
  statement:
    'fewer samples than couplings are fitted exactly, by constants that are combinations of the samples: the shortest',
  cases: pairCases(1),
  runs: 20,
  holds:
    (fit) =>
    ({ samples }) => {
      const { energyPerSite, couplings } = fit(3)([samples]);
      // One sample asks f . x = E for its features f: the shortest x is E f / |f|^2.
      const pure = (near: number, diagonal: number): number =>
        energyOfPairs(samples.spins, size, kernelOf([near, diagonal]), 0);
      const features = [size * size, pure(1, 0), pure(0, 1)];
      const squared = features.reduce((sum, f) => sum + f * f, 0);
      const [energy = NaN] = samples.energies;
      return [energyPerSite, ...couplings].every((x, i) => close(x, (energy * (features[i] ?? NaN)) / squared, 1e-9));
    },
};

interface TwoSpins {
  readonly size: number;
  /** Row and column of each. */
  readonly sites: readonly [readonly [number, number], readonly [number, number]];
  readonly offset: readonly [number, number];
}

const site = fc.tuple(fc.nat(9), fc.nat(9));

export const twoSpinsAreCorrelatedAtTheirDistance: Law<typeof pairCorrelation, TwoSpins> = {
  statement:
    'of two spins that point alike, with none elsewhere, the correlation at an offset is the number of ways in which it leads ' +
    'from one to the other on the torus; every spin is correlated with itself at the offset 0',
  cases: fc
    .record({
      size: fc.integer({ min: 3, max: 6 }),
      sites: fc.tuple(site, site),
      turns: fc.tuple(fc.nat(2), fc.nat(2)),
    })
    .chain(({ size, sites: [one, other], turns }) => {
      // Half of the offsets lead from the one spin to the other, by some way around; the others are as they come.
      const leads = fc.constant([
        other[0] - one[0] + size * (turns[0] - 1),
        other[1] - one[1] + size * (turns[1] - 1),
      ] as const);
      const any = fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 }));
      return fc.oneof(leads, any).map(([row = 0, column = 0]): TwoSpins => ({
        size,
        sites: [one, other],
        offset: [row, column],
      }));
    }),
  holds:
    (correlation) =>
    ({ size, sites, offset }) => {
      const at = ([row, column]: readonly [number, number]): number => (row % size) * size + (column % size);
      const spins = new Float64Array(3 * size * size);
      const occupied = new Set(sites.map(at));
      occupied.forEach((index) => (spins[index] = 1));
      const apart = (from: number, to: number): boolean =>
        [Math.floor(to / size) - Math.floor(from / size) - offset[0], (to % size) - (from % size) - offset[1]].every(
          (difference) => difference % size === 0,
        );
      const ways = [...occupied].flatMap((from) => [...occupied].filter((to) => apart(from, to))).length;
      return correlation(spins, size, [offset]) === ways;
    },
};

export const shiftIsAllEnergyOverAllSites: Law<
  Units,
  { readonly sizes: readonly [number, number]; readonly energies: readonly [readonly number[], readonly number[]] }
> = {
  statement: 'the shift is the energy of all samples over all their sites, however differently the sets are large',
  cases: fc.record({
    sizes: fc.tuple(fc.constantFrom(2, 3), fc.constantFrom(4, 7)),
    energies: fc.tuple(numbers(2), numbers(5)),
  }),
  holds:
    (units) =>
    ({ sizes, energies: [small, large] }) => {
      const samplesOf = (latticeSize: number, energies: readonly number[]): LabelledSamples => ({
        count: energies.length,
        latticeSize,
        spins: new Float64Array(3 * latticeSize ** 2 * energies.length),
        energies: Float64Array.from(energies),
        forces: null,
      });
      const sets: SampleSets = [samplesOf(sizes[0], small), samplesOf(sizes[1], large)];
      const sites = small.length * sizes[0] ** 2 + large.length * sizes[1] ** 2;
      const shift = [...small, ...large].reduce((sum, energy) => sum + energy, 0) / sites;
      return close(units(described('efnn', false), sets).network.energyShift, shift, 1e-9);
    },
};

/** Deviations of one set, and the size of its lattice. */
interface Deviations {
  readonly latticeSize: number;
  readonly deviations: readonly number[];
}

/** Of both signs, so that their mean is 0; above one, so that no set is constant. */
const deviationsOf = (latticeSize: number, half: readonly number[]): Deviations => ({
  latticeSize,
  deviations: half.flatMap((x) => [1 + Math.abs(x), -1 - Math.abs(x)]),
});

export const severalSizesHaveOneUnit: Law<
  Units,
  { readonly sets: readonly [Deviations, Deviations]; readonly energyPerSite: number }
> = {
  statement:
    'of energies c N^2 + N x, with x of mean 0 in each set, the shift is c, the scale the standard deviation of all x',
  cases: fc
    .tuple(
      fc.subarray([2, 3, 4, 7], { minLength: 2, maxLength: 2 }),
      fc.tuple(numbers(2), numbers(3)),
      moderate,
      fc.boolean(),
    )
    .map(([sizes, halves, energyPerSite, turned]) => {
      const [one, other] = [deviationsOf(sizes[0] ?? NaN, halves[0]), deviationsOf(sizes[1] ?? NaN, halves[1])];
      return { energyPerSite, sets: turned ? [other, one] : [one, other] };
    }),
  holds:
    (units) =>
    ({ sets, energyPerSite }) => {
      const samplesOf = ({ latticeSize, deviations }: Deviations): LabelledSamples => ({
        count: deviations.length,
        latticeSize,
        spins: new Float64Array(3 * latticeSize ** 2 * deviations.length),
        energies: Float64Array.from(deviations, (x) => energyPerSite * latticeSize ** 2 + latticeSize * x),
        forces: null,
      });
      const { network: found, deviation } = units(described('efnn', false), [samplesOf(sets[0]), samplesOf(sets[1])]);
      const spread = deviationOf(Float64Array.from(sets.flatMap(({ deviations }) => deviations)));
      return (
        close(found.energyShift, energyPerSite, 1e-9) &&
        close(found.energyScale, spread, 1e-9) &&
        close(deviation, sets[0].latticeSize * spread, 1e-9)
      );
    },
};

export const unitsMakeLabelsOfOrderOne: Law<Units, { readonly energies: readonly number[]; readonly dense: boolean }> =
  {
    statement:
      'in its units a network learns labels of mean 0 whose variance is the number of entries it sums; constant labels ' +
      'have a unit, 1',
    cases: fc.record({
      energies: fc.oneof(
        numbers(6),
        moderate.map((x) => Array.from({ length: 6 }, () => x)),
      ),
      dense: fc.boolean(),
    }),
    runs: 40,
    holds:
      (units) =>
      ({ energies, dense }) => {
        const description: Network = dense
          ? network('efnn', { tag: 'dense', sites: 5, neurons: 3, layers: 1 })
          : described('efnn', false);
        const latticeSize = dense ? 1 : 2;
        const [sites, entries] = dense ? [5, 3] : [4, 4];
        const samples: LabelledSamples = {
          count: 6,
          latticeSize,
          spins: new Float64Array(6 * (dense ? 5 : 12)),
          energies: Float64Array.from(energies),
          forces: null,
        };
        const { network: found, deviation } = units(description, [samples]);
        const learned = samples.energies.map((E) => (E - found.energyShift * sites) / found.energyScale);
        const isConstant = energies.every((energy) => energy === energies[0]);
        const largest = Math.max(...energies.map(Math.abs));
        const spread = deviationOf(samples.energies);
        // Labels that differ in their last digits alone may count as constant.
        return !isConstant && spread < 1e-10 * largest
          ? true
          : !isConstant
            ? close(meanOf(learned), 0, 1e-5) &&
              close(deviationOf(learned) ** 2, entries, 1e-5) &&
              Math.abs(deviation / spread - 1) < 1e-12
            : found.energyScale === 1 / Math.sqrt(entries) && deviation === 1;
      },
  };
