/**
 * `npm run rates -- [row..]`: the rule by which the presets' learning rates are chosen, carried out: one for each of the four networks.
 * Each is trained at every rate of one grid, on the same samples for as many steps with the same seeds, and tested on samples that no
 * report tests on. On the lattice that is the training of the quick preset, on as many labels as the file says; dense networks are
 * trained on each of the authors' systems, as the standard preset does in a quarter of its epochs. A network's rate is the one with the
 * lowest error, the mean over seeds; a rate at which a training diverges is no candidate.
 *
 * A rate that is best for a quarter of the epochs may kill wider networks late: so the widest ones of the standard preset on binary spins are
 * trained to the end, with one seed, at that rate and at a quarter of it, and take the one that leaves the smaller loss on the samples of
 * the training (`npm run rates -- whole`).
 *
 * `results/rates.json` has all errors, and these losses as `whole`. What is not named keeps what was measured.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as TE from 'fp-ts/lib/TaskEither.js';
import { z } from 'zod';

import { wasmBackend } from '../src/backend/wasm/wasm.ts';
import { publishedTrainingSamples } from '../src/dataset/published.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { publishedSites, type ThreeSpinSystem } from '../src/dataset/three-spin.ts';
import { generate } from '../src/dataset/source.ts';
import { architectures, network, type Architecture, type Shape } from '../src/network/network.ts';
import { presets } from '../src/study/preset.ts';
import { labelledSamples, splitSamples } from '../src/training/batch.ts';
import { networkEvaluation } from '../src/training/evaluation.ts';
import type { TrainingPlan } from '../src/training/preparation.ts';
import { peakOf } from '../src/training/schedule.ts';
import { runTraining } from '../src/training/training-run.ts';
import { right } from './right.ts';

const seeds = [1, 2, 3];

/** Samples that are held out. */
const tests = 500;

interface Measured {
  readonly name: string;
  readonly order: Parameters<typeof recipeOf>[0];
  readonly samples: number;
  readonly shape: Shape;
  /** The grid of peaks, the same for all four networks. */
  readonly rates: readonly number[];
  /** But for its seed and its schedule. */
  readonly plan: (architecture: Architecture) => TrainingPlan;
}

const { doubleExchange } = presets.quick;

const lattice = (channels: number, kernel: number): Measured => {
  const shape = { channels, layers: 3, kernel, pairHead: true } as const;
  return {
    name: `lattice-C${channels}-k${kernel}`,
    order: { system: 'double-exchange', size: doubleExchange.train.size, seed: 5, forces: true, method: 'poles' },
    samples: doubleExchange.train.samples,
    shape: { tag: 'lattice', ...shape },
    rates: [2.5e-3, 5e-3, 1e-2, 2e-2, 4e-2, 8e-2],
    plan: (architecture) => doubleExchange.plan({ architecture, ...shape, seed: 1 }),
  };
};

/** On the samples that the authors trained on, the last of them held out. */
const dense = (system: ThreeSpinSystem, rates: readonly number[]): Measured => ({
  name: system,
  order: { system, sampler: 'published', forces: presets.standard.threeSpin.plan(system, 'efnn').forceWeight !== null },
  samples: publishedTrainingSamples - tests,
  shape: { tag: 'dense', sites: publishedSites, neurons: 105, layers: 3 },
  rates,
  plan: (architecture) => {
    const plan = presets.standard.threeSpin.plan(system, architecture);
    return { ...plan, epochs: plan.epochs / 4 };
  },
});

const rows: readonly Measured[] = [
  lattice(3, 3),
  lattice(3, 5),
  dense('three-spin-binary', [3.75e-4, 7.5e-4, 1.5e-3, 3e-3, 6e-3]),
  dense('three-spin-continuous', [3.75e-4, 7.5e-4, 1.5e-3, 3e-3, 6e-3, 1.2e-2, 2.4e-2]),
];

const backend = right(await wasmBackend({ threads: 1, fused: 'where available' })());

const samplesOf = ({ order, samples }: Measured) =>
  splitSamples(samples)(labelledSamples(right(generate(right(recipeOf(order)))({ first: 0, count: samples + tests }))));

/** RMSE / std on what is held out; infinite where a training diverges. */
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
    () => TE.left({ tag: 'Diverged' as const, message: 'diverged' }),
  )();
  if (trained._tag === 'Left') {
    return Infinity;
  }
  const evaluate = right(await networkEvaluation(backend, { forces: false })(trained.right.network)());
  return right(await evaluate(trained.right.weights)(test)()).rmsePerDeviation ?? Infinity;
};

/** What dense networks of binary spins come to that are trained to the end: the loss over the last epoch, at two rates. */
const measuredWhole = async () => {
  const system = 'three-spin-binary';
  const shape = { tag: 'dense', sites: publishedSites, neurons: 150, layers: 3 } as const;
  const samples = labelledSamples(
    right(generate(right(recipeOf({ system, sampler: 'published' })))({ first: 0, count: publishedTrainingSamples })),
  );
  const networks = new Array<object>();
  for (const architecture of architectures) {
    const plan = presets.standard.threeSpin.plan(system, architecture);
    const quick = peakOf(presets.quick.threeSpin.plan(system, architecture).schedule);
    const rates = [quick, quick / 4];
    const losses = new Array<number>();
    for (const peak of rates) {
      const order = {
        network: network(architecture, shape),
        samples: [samples] as const,
        checkpoint: null,
        run: 'rates',
      };
      const trained = await runTraining(backend, { ...order, plan: { ...plan, schedule: { tag: 'oneCycle', peak } } })(
        () => TE.right(undefined),
      )();
      losses.push(trained._tag === 'Left' ? Infinity : trained.right.state.loss);
      console.log('whole', architecture, peak, losses.at(-1));
    }
    networks.push({
      ...{ architecture, rates, losses: losses.map(finiteOrNull) },
      rate: rates[losses.indexOf(Math.min(...losses))],
    });
  }
  const { epochs } = presets.standard.threeSpin.plan(system, 'efnn');
  return { name: system, node: process.version, samples: samples.count, epochs, seed: 1, shape, networks };
};

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

const finiteOrNull = (x: number): number | null => (Number.isFinite(x) ? x : null);

const measured = async (one: Measured) => {
  const samples = samplesOf(one);
  const networks = new Array<object>();
  for (const architecture of architectures) {
    const errors = new Array<number>();
    for (const peak of one.rates) {
      const ofSeeds = new Array<number>();
      for (const seed of seeds) {
        const plan = { ...one.plan(architecture), seed, schedule: { tag: 'oneCycle', peak } as const };
        ofSeeds.push(await errorOf(one, samples, architecture, plan));
      }
      errors.push(mean(ofSeeds));
      console.log(one.name, architecture, peak, ofSeeds.map((x) => x.toPrecision(3)).join(' '));
    }
    networks.push({
      architecture,
      rmsePerDeviation: errors.map(finiteOrNull),
      rate: one.rates[errors.indexOf(Math.min(...errors))],
    });
  }
  const { name, samples: trainedOn, shape, rates } = one;
  return { name, node: process.version, samples: trainedOn, shape, rates, networks };
};

const file = join(import.meta.dirname, '..', 'results', 'rates.json');

const fileSchema = z.object({ rows: z.array(z.looseObject({ name: z.string() })), whole: z.looseObject({}) });

/** Replaces a part of the file, which is read as late as this, so that parts may be measured beside each other. */
const replaced = async (change: (before: z.infer<typeof fileSchema>) => object): Promise<void> => {
  const before = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, `${JSON.stringify({ seeds, tests, ...before, ...change(before) }, null, 2)}\n`);
};

const named = process.argv.slice(2);
const isNamed = (name: string): boolean => named.length === 0 || named.includes(name);
for (const row of rows.filter(({ name }) => isNamed(name))) {
  const result = await measured(row);
  await replaced((before) => ({
    rows: rows.flatMap(({ name }) => (name === row.name ? [result] : before.rows.filter((kept) => kept.name === name))),
  }));
}
if (isNamed('whole')) {
  const whole = await measuredWhole();
  await replaced(() => ({ whole }));
}
