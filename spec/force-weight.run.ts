/**
 * `npm run force-weight`: trains small networks on three systems with forces of several weights, and writes their errors on unseen
 * energies, seed by seed, to `results/force-weight.json`. With `-- FILE` each training is a line of FILE, and those of FILE are not done again.
 *
 * Weights are multiples k of Var(E*) / Var(F*), with which every label counts alike. These rules were written down before this
 * measurement, after a coarser one with three seeds whose best were 3 to 9; the numbers of seeds were set after its first runs. n is the
 * number of force components of a sample, 2 N^2 on a lattice and L on a chain:
 *
 * - `labels alike`, k = 1: each label has the weight that its own variance gives. It is right where each tells as much.
 * - `minimax`, k = sqrt n: nobody knows beforehand how much an energy tells beside a force. A step's gradient is a sum over labels.
 *   Let x be the part of the forces in it beside the energy's, 1 / n the noise over signal of n forces together, squared, and 1 / r
 *   that of the energy; then (signal / noise)^2 = (1 + x)^2 / (1 / r + x^2 / n), x = k n. It is r + n at best, where k = 1 / r. The
 *   noise of the energy's gradient is that of (E - E*) dE/dw. Where the parts that N^2 sites add to dE/dw have mean 0 over
 *   configurations, they add up incoherently, as the energies of the sites do: r = 1, an energy is a label like others. Where they have
 *   means as large as their fluctuation, the means add up coherently and are no signal: r = 1 / N^2, about 1 / n. So k lies between 1
 *   and n. (Gradients of single samples, measured once, do not bear this out: r is above 1 on the lattices.) The k that loses the
 *   smallest share of the best (signal / noise)^2, whatever r, makes both ends lose alike:
 *   (1 + n k^2)(1 + n) = (1 + k^2)(1 + n^2), hence k^2 = n. The share lost is then at most about 1 / n.
 * - `constant`, k = n: forces say all but the constant of the energy, and the energy says that alone; r = 1 / n is taken for sure.
 * - `learned`: labels have normal noise of unknown size, and likelihood is greatest where f is the ratio of the mean squares of what is
 *   left of energies and of force components. No training needs to learn it: it ends where f is that ratio, which is written down here.
 *
 * The best of the grid is picked by some seeds, and compared with the rules by others: a best that is picked and measured by the same
 * seeds is better than it is.
 */

import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as TE from 'fp-ts/lib/TaskEither.js';
import { z } from 'zod';

import { wasmBackend } from '../src/backend/wasm/wasm.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { generate } from '../src/dataset/source.ts';
import { network, type Shape } from '../src/network/network.ts';
import type { Weights } from '../src/network/weights.ts';
import { meanOf } from '../src/number/mean.ts';
import type { TypedProgram } from '../src/program/typecheck.ts';
import { seedInterval } from '../src/study/seed-interval.ts';
import { labelledSamples, type LabelledSamples } from '../src/training/batch.ts';
import { errorMeasures } from '../src/training/error-measures.ts';
import { balancedForceWeight } from '../src/training/force-weight.ts';
import { compilePrediction } from '../src/training/prediction.ts';
import type { TrainingPlan } from '../src/training/preparation.ts';
import { runTraining } from '../src/training/training-run.ts';
import { right } from './right.ts';

/** Those that pick the best of the grid, and others that compare it with the rules: more where they differ more. */
interface Seeds {
  readonly grid: readonly number[];
  readonly comparison: readonly number[];
}

const seedsFrom = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => first + i);

interface Measured {
  readonly system: string;
  readonly size: number;
  readonly samples: number;
  readonly tests: readonly { readonly size: number; readonly samples: number }[];
  readonly seeds: Seeds;
  readonly shape: Shape;
  readonly plan: Pick<TrainingPlan, 'start' | 'epochs' | 'batch' | 'schedule'>;
}

/** Multiples of the weight with which labels count alike; k = 1 is one of them. */
const grid = [-2, -1, 0, 1, 2, 3, 4].map((power) => 3 ** power);

const lattice = { tag: 'lattice', channels: 2, layers: 2, kernel: 3, pairHead: false } as const;

const onLattice: Measured['plan'] = {
  start: 'unit-variance',
  epochs: 30,
  batch: 20,
  schedule: { tag: 'oneCycle', peak: 5e-3 },
};

const six = { size: 6, samples: 600, tests: [{ size: 6, samples: 1000 }], shape: lattice, plan: onLattice };

const systems: readonly Measured[] = [
  { system: 'double-exchange', ...six, seeds: { grid: seedsFrom(1, 12), comparison: seedsFrom(13, 24) } },
  { system: 'heisenberg', ...six, seeds: { grid: seedsFrom(1, 12), comparison: seedsFrom(13, 48) } },
  {
    ...{ system: 'three-spin-continuous', size: 15, samples: 1000, tests: [{ size: 15, samples: 1000 }] },
    seeds: { grid: seedsFrom(1, 6), comparison: seedsFrom(7, 12) },
    shape: { tag: 'dense', sites: 15, neurons: 60, layers: 2 },
    plan: { start: 'published', epochs: 30, batch: 50, schedule: { tag: 'oneCycle', peak: 3e-3 } },
  },
];

/** A lattice of the size of the paper, whose networks have to answer for a larger one too: a check of the rules, without the grid. */
const larger: Measured = {
  ...{ system: 'double-exchange', size: 10, samples: 3000 },
  seeds: { grid: seedsFrom(1, 4), comparison: [] },
  tests: [
    { size: 10, samples: 500 },
    { size: 20, samples: 100 },
  ],
  shape: { ...lattice, channels: 3 },
  plan: { ...onLattice, epochs: 16, batch: 50 },
};

const componentsOf = ({ size, shape }: Measured): number => (shape.tag === 'lattice' ? 2 * size * size : size);

const minimaxOf = (one: Measured): number => Math.sqrt(componentsOf(one));

const backend = right(await wasmBackend({ threads: 1, fused: 'where available' })());

const samplesOf = (system: string, size: number, first: number, count: number): LabelledSamples =>
  labelledSamples(
    right(
      generate(
        right(
          recipeOf({
            system,
            size,
            seed: 5,
            forces: true,
            ...(system === 'double-exchange' ? { method: 'poles' } : {}),
          }),
        ),
      )({ first, count }),
    ),
  );

const residualOf = async (
  program: TypedProgram,
  weights: Weights,
  samples: LabelledSamples,
): Promise<LabelledSamples> => {
  const predict = right(await compilePrediction(backend, { forces: true })(program)());
  const { energies, forces } = right(await predict(weights)(samples)());
  return {
    ...samples,
    energies: samples.energies.map((energy, i) => energy - (energies[i] ?? NaN)),
    forces: samples.forces?.map((force, i) => force - (forces?.[i] ?? NaN)) ?? null,
  };
};

/** The weight of greatest likelihood: mean square energy over mean square force component, of what is left. */
const likeliestWeight = (residual: LabelledSamples): number => {
  const { energies } = residual;
  const mean = meanOf(energies);
  return (
    (balancedForceWeight([residual]) * meanOf(energies.map((x) => x * x))) /
    meanOf(energies.map((x) => (x - mean) * (x - mean)))
  );
};

const runSchema = z.strictObject({
  system: z.string(),
  size: z.number(),
  seed: z.number(),
  multiple: z.number(),
  /** Root mean square errors of unseen energies over the standard deviation of these, one a test. */
  errors: z.array(z.number()),
  /** The weight of greatest likelihood after the training, over that with which labels count alike. */
  likeliest: z.number(),
});

type Run = Readonly<z.infer<typeof runSchema>>;

const [journal] = process.argv.slice(2);

const known: readonly Run[] =
  journal === undefined
    ? []
    : (await readFile(journal, 'utf8').catch(() => ''))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => runSchema.parse(JSON.parse(line)));

/** Trains and measures one system, by seeds and multiples; what is known is not done again. */
const trainer = (one: Measured) => {
  const train = samplesOf(one.system, one.size, 0, one.samples);
  const tests = one.tests.map(({ size, samples }) => samplesOf(one.system, size, one.samples, samples));
  const balanced = balancedForceWeight([train]);
  const trained = async (seed: number, multiple: number): Promise<Run> => {
    const plan: TrainingPlan = { ...one.plan, seed, weightDecay: 0, clip: 20, forceWeight: multiple * balanced };
    const { program, state } = right(
      await runTraining(backend, {
        ...{ network: network('efnn', one.shape), plan, samples: [train] as const },
        ...{ checkpoint: null, run: 'force-weight' },
      })(() => TE.right(undefined))(),
    );
    const { weights } = state.adam;
    const errors = new Array<number>();
    for (const test of tests) {
      const { energies } = await residualOf(program, weights, test);
      const predicted = test.energies.map((energy, i) => energy - (energies[i] ?? NaN));
      errors.push(errorMeasures(test.energies)(predicted).rmsePerDeviation ?? NaN);
    }
    const likeliest = likeliestWeight(await residualOf(program, weights, train)) / balanced;
    const run = { system: one.system, size: one.size, seed, multiple, errors, likeliest };
    await (journal === undefined ? Promise.resolve() : appendFile(journal, `${JSON.stringify(run)}\n`));
    console.log(JSON.stringify(run));
    return run;
  };
  const runsOf = async (ofSeeds: readonly number[], multiples: readonly number[]): Promise<readonly Run[]> => {
    const runs = new Array<Run>();
    for (const seed of ofSeeds) {
      for (const multiple of multiples) {
        const found = known.find(
          (run) => run.system === one.system && run.size === one.size && run.seed === seed && run.multiple === multiple,
        );
        runs.push(found ?? (await trained(seed, multiple)));
      }
    }
    return runs;
  };
  return { balanced, runsOf };
};

const meanOfSeeds = (values: readonly number[]): number => seedInterval(values).obtained ?? NaN;

/** For each multiple the errors of each test, by seed. */
const tableOf = ({ tests }: Measured, runs: readonly Run[], multiples: readonly number[]) =>
  multiples.map((multiple) => {
    const same = runs.filter((run) => run.multiple === multiple);
    return {
      multiple,
      likeliest: meanOfSeeds(same.map(({ likeliest }) => likeliest)),
      tests: tests.map(({ size }, test) => {
        const errors = same.map((run) => run.errors[test] ?? NaN);
        return { size, mean: meanOfSeeds(errors), errors };
      }),
    };
  });

/** The rules beside a multiple that other seeds have picked. */
const comparisonOf = async (one: Measured, runsOf: ReturnType<typeof trainer>['runsOf'], picked: number) => {
  const rules = [
    { rule: 'balanced', multiple: 1 },
    { rule: 'minimax', multiple: minimaxOf(one) },
  ];
  const runs = await runsOf(one.seeds.comparison, [...new Set([picked, ...rules.map(({ multiple }) => multiple)])]);
  const errorsAt = (multiple: number): readonly number[] =>
    runs.filter((run) => run.multiple === multiple).map(({ errors }) => errors[0] ?? NaN);
  const best = errorsAt(picked);
  return {
    picked,
    best,
    rules: rules.map(({ rule, multiple }) => {
      const errors = errorsAt(multiple);
      const { obtained, spread } = seedInterval(errors.map((error, i) => error / (best[i] ?? NaN)));
      return { rule, multiple, errors, ratio: obtained, low: spread?.low, high: spread?.high };
    }),
  };
};

const described = (one: Measured, { balanced }: ReturnType<typeof trainer>) => ({
  ...{ ...one, components: componentsOf(one), balanced },
});

const sorted = (multiples: readonly number[]): readonly number[] => [...new Set(multiples)].sort((a, b) => a - b);

const rows = new Array<object>();
for (const one of systems) {
  const training = trainer(one);
  const multiples = sorted([...grid, minimaxOf(one), componentsOf(one)]);
  const weights = tableOf(one, await training.runsOf(one.seeds.grid, multiples), multiples);
  const errorAt = (multiple: number): number => weights.find((row) => row.multiple === multiple)?.tests[0]?.mean ?? NaN;
  const picked = grid.reduce((best, multiple) => (errorAt(multiple) < errorAt(best) ? multiple : best));
  rows.push({ ...described(one, training), weights, ...(await comparisonOf(one, training.runsOf, picked)) });
}
const training = trainer(larger);
const multiples = sorted([1 / 9, 1, minimaxOf(larger), componentsOf(larger)]);
const weights = tableOf(larger, await training.runsOf(larger.seeds.grid, multiples), multiples);
const check = { ...described(larger, training), weights };
await writeFile(
  join(import.meta.dirname, '..', 'results', 'force-weight.json'),
  `${JSON.stringify({ node: process.version, grid, systems: rows, larger: check }, null, 2)}\n`,
);
