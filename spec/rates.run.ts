/**
 * `npm run rates`: the rule by which the presets' learning rates are chosen, carried out. Each of the four networks is trained at every
 * rate of one grid, multiples of the rate of the presets, on the same samples for as many steps with the same seeds, and tested on samples
 * that are held out:
 *
 * - a network's own rate is the one with the lowest error, the mean over seeds;
 * - the rate for all four is the one with the lowest geometric mean of their errors, each over that at its own rate.
 *
 * The presets train all four at one rate. `results/rates.json` has the errors, both choices, and what a network loses by the common one.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as TE from 'fp-ts/lib/TaskEither.js';

import { wasmBackend } from '../src/backend/wasm/wasm.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { generate } from '../src/dataset/source.ts';
import { architectures, network, type Architecture, type Shape } from '../src/network/network.ts';
import { labelledSamples, splitSamples } from '../src/training/batch.ts';
import { networkEvaluation } from '../src/training/evaluation.ts';
import type { TrainingPlan } from '../src/training/preparation.ts';
import { runTraining } from '../src/training/training-run.ts';
import { right } from './right.ts';

/** The grid, in units of the rate of the presets. */
const multiples = [1 / 4, 1 / 2, 1, 2, 4];

const seeds = [1, 2, 3];

/** Samples that are held out. */
const tests = 400;

interface Measured {
  readonly order: Parameters<typeof recipeOf>[0];
  readonly samples: number;
  readonly shape: Shape;
  /** Of the presets. */
  readonly peak: number;
  readonly plan: Omit<TrainingPlan, 'seed' | 'schedule'>;
}

/** As the presets train, in small. */
const systems: readonly Measured[] = [
  {
    order: { system: 'double-exchange', size: 6, seed: 5, forces: true, method: 'poles' },
    samples: 600,
    shape: { tag: 'lattice', channels: 3, layers: 2, kernel: 3, pairHead: true },
    peak: 5e-3,
    plan: { start: 'unit-variance', epochs: 24, batch: 20, weightDecay: 0, clip: 20, forceWeight: 'balanced' },
  },
  {
    order: { system: 'three-spin-continuous', sampler: 'published' },
    samples: 2000,
    shape: { tag: 'dense', sites: 15, neurons: 60, layers: 2 },
    peak: 3e-3,
    plan: { start: 'published', epochs: 40, batch: 50, weightDecay: 0, clip: null, forceWeight: null },
  },
];

const backend = right(await wasmBackend({ threads: 1, fused: 'where available' })());

const samplesOf = ({ order, samples }: Measured) =>
  splitSamples(samples)(labelledSamples(right(generate(right(recipeOf(order)))({ first: 0, count: samples + tests }))));

/** RMSE / std on what is held out; infinite where a training diverges, at half the rate too. */
const errorOf = async (
  one: Measured,
  { train, test }: ReturnType<typeof samplesOf>,
  architecture: Architecture,
  plan: TrainingPlan,
): Promise<number> => {
  const trained = await runTraining(backend, {
    ...{ network: network(architecture, one.shape), plan, samples: [train] as const, checkpoint: null, run: 'rates' },
  })(
    () => TE.right(undefined),
    // A rate that diverges is no candidate.
    () => TE.left({ tag: 'Diverged' as const, message: 'diverged' }),
  )();
  if (trained._tag === 'Left') {
    return Infinity;
  }
  const evaluate = right(await networkEvaluation(backend, { forces: false })(trained.right.network)());
  return right(await evaluate(trained.right.weights)(test)()).rmsePerDeviation ?? Infinity;
};

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Where the least of some numbers stands. */
const leastAt = (values: readonly number[]): number => values.indexOf(Math.min(...values));

const finiteOrNull = (x: number): number | null => (Number.isFinite(x) ? x : null);

const rows = new Array<object>();
for (const one of systems) {
  const samples = samplesOf(one);
  const errors = new Array<{ readonly architecture: Architecture; readonly means: readonly number[] }>();
  for (const architecture of architectures) {
    const means = new Array<number>();
    for (const multiple of multiples) {
      const ofSeeds = new Array<number>();
      for (const seed of seeds) {
        const schedule = { tag: 'oneCycle', peak: multiple * one.peak } as const;
        ofSeeds.push(await errorOf(one, samples, architecture, { ...one.plan, seed, schedule }));
      }
      means.push(mean(ofSeeds));
      console.log(one.order.system, architecture, multiple * one.peak, ofSeeds.map((x) => x.toPrecision(3)).join(' '));
    }
    errors.push({ architecture, means });
  }
  const losses = errors.map(({ means }) => means.map((error) => error / Math.min(...means)));
  const common = leastAt(multiples.map((_, at) => mean(losses.map((loss) => Math.log(loss[at] ?? NaN)))));
  const rateAt = (at: number): number => (multiples[at] ?? NaN) * one.peak;
  const atPreset = multiples.indexOf(1);
  rows.push({
    ...{ system: one.order.system, samples: one.samples, shape: one.shape, plan: one.plan },
    rates: multiples.map((_, at) => rateAt(at)),
    networks: errors.map(({ architecture, means }, i) => ({
      architecture,
      rmsePerDeviation: means.map(finiteOrNull),
      ownRate: rateAt(leastAt(means)),
      /** Error over that at its own rate. */
      atCommonRate: finiteOrNull(losses[i]?.[common] ?? NaN),
      atPresetRate: finiteOrNull(losses[i]?.[atPreset] ?? NaN),
    })),
    commonRate: rateAt(common),
    presetRate: one.peak,
  });
}
await writeFile(
  join(import.meta.dirname, '..', 'results', 'rates.json'),
  `${JSON.stringify({ node: process.version, seeds, tests, systems: rows }, null, 2)}\n`,
);
