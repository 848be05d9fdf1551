/** Laws of the weight of forces that labels decide: of its rules, and of what was measured with them. */
import fc from 'fast-check';

import measured from '../../results/force-weight.json' with { type: 'json' };
import { reference } from '../../src/backend/reference/reference.ts';
import type { LabelledSamples, SampleSets } from '../../src/training/batch.ts';
import type { Loss } from '../../src/training/loss.ts';
import { prepareTraining, type TrainingPlan } from '../../src/training/preparation.ts';
import { interval } from '../arbitraries/interval.ts';
import { configurationsOf } from '../arbitraries/spins.ts';
import { shortPlan, smallNetwork } from '../arbitraries/trainings.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

export type BalancedWeight = (sets: SampleSets) => number;

/** Labels of pair energies J s_i . s_j, one bond a pair of sites, whose forces are known: J s_j at i and J s_i at j. */
const pairSamples = (size: number, count: number): fc.Arbitrary<LabelledSamples> =>
  fc
    .tuple(
      fc.array(configurationsOf(size), { minLength: count, maxLength: count }),
      interval(0.5, 2),
      interval(-1, 1),
      fc.boolean(),
    )
    .map(([configurations, J, along]) => {
      const sites = size * size;
      const bonds = Array.from({ length: Math.floor(sites / 2) }, (_, b) => [2 * b, 2 * b + 1] as const);
      const labels = configurations.map(({ components }) => {
        const at = (k: number, site: number): number => components[k * sites + site] ?? NaN;
        const forces = new Float64Array(3 * sites);
        const energy = bonds.reduce(
          (sum, [i, j]) => sum + J * [0, 1, 2].reduce((dot, k) => dot + at(k, i) * at(k, j), 0),
          0,
        );
        for (const [i, j] of bonds) {
          for (const k of [0, 1, 2]) {
            // What lies along a spin is no force: the loss does not see it.
            forces[k * sites + i] = J * at(k, j) + along * at(k, i);
            forces[k * sites + j] = J * at(k, i) + along * at(k, j);
          }
        }
        return { energy, forces };
      });
      return {
        count,
        latticeSize: size,
        spins: Float64Array.from(configurations.flatMap(({ components }) => [...components])),
        energies: Float64Array.from(labels, ({ energy }) => energy),
        forces: Float64Array.from(labels.flatMap(({ forces }) => [...forces])),
      };
    });

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** |F|^2 - (F . s)^2 of every site, by the cross product with the spin. */
const tangentialSquares = ({ count, latticeSize, spins, forces }: LabelledSamples): readonly number[] => {
  const sites = latticeSize ** 2;
  return Array.from({ length: count * sites }, (_, i) => {
    const start = Math.floor(i / sites) * 3 * sites + (i % sites);
    const vector = (values: Iterable<number>): readonly number[] => {
      const all = [...values];
      return [0, 1, 2].map((k) => all[start + k * sites] ?? NaN);
    };
    const [a = NaN, b = NaN, c = NaN] = vector(spins);
    const [u = NaN, v = NaN, w = NaN] = vector(forces ?? []);
    return (b * w - c * v) ** 2 + (c * u - a * w) ** 2 + (a * v - b * u) ** 2;
  });
};

export const labelsCountAlike: Law<BalancedWeight, { readonly samples: LabelledSamples; readonly unit: number }> = {
  statement:
    'balanced, the mean square of a tangential force component times the weight is the variance of the energies; ' +
    'the unit of energy does not matter, nor does a constant energy',
  cases: fc.record({ samples: pairSamples(3, 4), unit: interval(0.1, 10) }),
  runs: 30,
  holds:
    (weight) =>
    ({ samples, unit }) => {
      const found = weight([samples]);
      const centre = mean([...samples.energies]);
      const variance = mean([...samples.energies].map((energy) => (energy - centre) ** 2));
      const component = mean(tangentialSquares(samples)) / 2;
      const inUnits = weight([
        {
          ...samples,
          energies: samples.energies.map((energy) => 7 + unit * energy),
          forces: samples.forces?.map((force) => unit * force) ?? null,
        },
      ]);
      return Math.abs(found * component - variance) <= 1e-10 * variance && Math.abs(inUnits / found - 1) <= 1e-9;
    },
};

export type MeanPredictorLoss = (loss: Loss, sets: SampleSets) => number;

export const meansHaveTheirLoss: Law<
  MeanPredictorLoss,
  { readonly small: LabelledSamples; readonly large: LabelledSamples; readonly forceWeight: number | null }
> = {
  statement:
    'the loss of the mean energy is the mean of what each sample loses by it, with all of its forces, on N times the size of the first set by 1 / N^2',
  cases: fc.record({
    small: pairSamples(3, 4),
    large: pairSamples(6, 2),
    forceWeight: fc.option(interval(0.1, 10), { nil: null }),
  }),
  runs: 20,
  holds:
    (lossOf) =>
    ({ small, large, forceWeight }) => {
      const sets = [small, large] as const;
      const losses = sets.flatMap((samples) => {
        const sites = samples.latticeSize ** 2;
        const squares = tangentialSquares(samples);
        const centre = mean([...samples.energies]);
        return [...samples.energies].map((energy, b) => {
          const force = squares.slice(b * sites, (b + 1) * sites).reduce((sum, x) => sum + x, 0);
          return (2 * ((energy - centre) ** 2 + (forceWeight ?? 0) * force)) / (samples.latticeSize / 3) ** 2;
        });
      });
      const expected = mean(losses);
      return Math.abs(lossOf({ weight: 2, forceWeight }, [small, large]) - expected) <= 1e-10 * expected;
    },
};

export const chainsHaveOneComponent: Law<BalancedWeight, { readonly values: readonly number[] }> = {
  statement: 'on a chain every force counts whole; without forces, or where nothing varies, the weight is 1',
  cases: fc.record({ values: fc.array(interval(0.5, 2), { minLength: 4, maxLength: 4 }) }),
  runs: 30,
  holds:
    (weight) =>
    ({ values: [a = 1, b = 1, c = 1, d = 1] }) => {
      const samples: LabelledSamples = {
        ...{ count: 2, latticeSize: 1, spins: Float64Array.of(3, 4, 5, 6) },
        energies: Float64Array.of(-a, a),
        forces: Float64Array.of(a, -b, c, d),
      };
      const expected = (4 * a * a) / (a * a + b * b + c * c + d * d);
      return (
        Math.abs(weight([samples]) / expected - 1) <= 1e-12 &&
        weight([{ ...samples, forces: null }]) === 1 &&
        weight([{ ...samples, energies: Float64Array.of(a, a) }]) === 1 &&
        weight([{ ...samples, forces: new Float64Array(4) }]) === 1
      );
    },
};

/** The loss of the first epoch of a training whose network and plan are those of `shortPlan`. */
const firstLoss = async (
  prepare: typeof prepareTraining,
  plan: TrainingPlan,
  samples: LabelledSamples,
): Promise<number> => {
  const { state, resident } = right(await prepare(reference, plan)(smallNetwork, [samples], null)());
  const ready = right(await resident());
  const { loss } = right(await ready.epoch(state)());
  ready.release();
  return loss;
};

export const trainingsAreBalanced: Law<typeof prepareTraining, { readonly samples: LabelledSamples }> = {
  statement:
    'a training with balanced forces is the one with the weight that the variances of its very labels give, and without forces has none',
  cases: fc.record({ samples: pairSamples(3, 6) }),
  runs: 5,
  holds:
    (prepare) =>
    async ({ samples }) => {
      const centre = mean([...samples.energies]);
      const variance = mean([...samples.energies].map((energy) => (energy - centre) ** 2));
      const weight = variance / (mean(tangentialSquares(samples)) / 2);
      const balanced = await firstLoss(prepare, { ...shortPlan, forceWeight: 'balanced' }, samples);
      const expected = await firstLoss(prepareTraining, { ...shortPlan, forceWeight: weight }, samples);
      const without = await firstLoss(prepare, { ...shortPlan, forceWeight: null }, { ...samples, forces: null });
      return (
        Math.abs(balanced / expected - 1) <= 1e-9 &&
        without === (await firstLoss(prepareTraining, { ...shortPlan, forceWeight: null }, samples))
      );
    },
};

interface Table {
  readonly system: string;
  readonly size: number;
  readonly components: number;
  readonly seeds: { readonly grid: readonly number[]; readonly comparison: readonly number[] };
  readonly weights: readonly {
    readonly multiple: number;
    readonly tests: readonly { readonly mean: number; readonly errors: readonly number[] }[];
  }[];
}

interface Ruled {
  readonly rule: string;
  readonly multiple: number;
  readonly errors: readonly number[];
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** `results/force-weight.json`. */
export interface MeasuredWeights {
  readonly grid: readonly number[];
  readonly systems: readonly (Table & {
    readonly picked: number;
    readonly best: readonly number[];
    readonly rules: readonly Ruled[];
  })[];
  readonly larger: Table;
}

const isNear = (a: number, b: number): boolean => Math.abs(a / b - 1) <= 1e-9;

const geometricMean = (values: readonly number[]): number => Math.exp(mean(values.map(Math.log)));

const meansFollow = ({ weights, seeds }: Table): boolean =>
  weights.every(({ tests }) =>
    tests.every((test) => test.errors.length === seeds.grid.length && isNear(test.mean, geometricMean(test.errors))),
  );

/** The 97.5 percent quantile of Student's t for ten values, which is a little wide for more. */
const quantile = 2.262157;

/** Whether ratio and interval are those of the errors over the best, seed by seed: as wide as their scatter says. */
const ratioFollows = ({ errors, ratio, low, high }: Ruled, best: readonly number[]): boolean => {
  const ratios = errors.map((error, i) => error / (best[i] ?? NaN));
  const centre = geometricMean(ratios);
  const scatter = ratios.reduce((sum, x) => sum + Math.log(x / centre) ** 2, 0) / (ratios.length - 1);
  const factor = Math.exp(quantile * Math.sqrt(scatter / ratios.length));
  return isNear(ratio, centre) && isNear(low, centre / factor) && isNear(high, centre * factor);
};

export const measurementFollows: Law<MeasuredWeights, null> = {
  statement:
    'of three systems and a larger lattice, the means, the best of the grid, and the ratios to it with their intervals are those of the ' +
    'errors in the file, seed by seed; no seed that picked the best compares it with the rules',
  cases: fc.constant(null),
  runs: 1,
  holds:
    ({ grid, systems, larger }) =>
    () =>
      new Set(systems.map(({ system }) => system)).size === 3 &&
      meansFollow(larger) &&
      systems.every((system) => {
        const meanAt = (multiple: number): number =>
          system.weights.find((row) => row.multiple === multiple)?.tests[0]?.mean ?? NaN;
        const { seeds, rules } = system;
        const [balanced, minimax] = rules;
        return (
          seeds.comparison.length >= 10 &&
          seeds.comparison.every((seed) => !seeds.grid.includes(seed)) &&
          meansFollow(system) &&
          grid.every((multiple) => meanAt(system.picked) <= meanAt(multiple)) &&
          rules.map(({ rule }) => rule).join() === 'balanced,minimax' &&
          balanced?.multiple === 1 &&
          isNear((minimax?.multiple ?? NaN) ** 2, system.components) &&
          [system.best, ...rules.map(({ errors }) => errors)].every(
            (errors) => errors.length === seeds.comparison.length,
          ) &&
          rules.every((rule) => ratioFollows(rule, system.best))
        );
      }),
};

const shown = ({ ratio, low, high }: Ruled): string => `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

export const docstringShowsTheMeasurement: Law<string, MeasuredWeights> = {
  statement:
    'the docstring of the rules has the ratios and intervals of results/force-weight.json in a table, and no others',
  cases: fc.constant(measured),
  runs: 1,
  holds:
    (text) =>
    ({ systems }) => {
      const [, , ...rows] = [...text.matchAll(/^ \* (\| .+ \|)$/gm)].map(([, row]) => row);
      const expected = systems.map(({ system, seeds, picked, rules }) =>
        ['', system, seeds.comparison.length, Number(picked.toPrecision(2)), ...rules.map(shown), '']
          .join(' | ')
          .trim(),
      );
      return rows.join('\n') === expected.join('\n');
    },
};
