/**
 * `npm run force-weight`: trains small networks on three systems with forces of several weights, multiples of the default, and
 * writes their errors on unseen energies to `results/force-weight.json`. Every row is a mean over seeds.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as TE from 'fp-ts/lib/TaskEither.js';

import { wasmBackend } from '../src/backend/wasm/wasm.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { generate } from '../src/dataset/source.ts';
import { network, type Shape } from '../src/network/network.ts';
import { seedInterval } from '../src/study/seed-interval.ts';
import { labelledSamples } from '../src/training/batch.ts';
import { networkEvaluation } from '../src/training/evaluation.ts';
import { balancedForceWeight } from '../src/training/force-weight.ts';
import type { TrainingPlan } from '../src/training/preparation.ts';
import { runTraining } from '../src/training/training-run.ts';
import { right } from './right.ts';

/** Multiples of the default weight, which is 1 here. */
const multiples = [1 / 9, 1 / 3, 1, 3, 9];

const seeds = [1, 2, 3];

interface Measured {
  readonly system: string;
  readonly size: number;
  readonly samples: number;
  readonly shape: Shape;
  readonly plan: Pick<TrainingPlan, 'start' | 'epochs' | 'batch' | 'schedule'>;
}

const lattice = { tag: 'lattice', channels: 2, layers: 2, kernel: 3, pairHead: false } as const;

const onLattice: Measured['plan'] = {
  start: 'unit-variance',
  epochs: 30,
  batch: 20,
  schedule: { tag: 'oneCycle', peak: 5e-3 },
};

const systems: readonly Measured[] = [
  { system: 'double-exchange', size: 6, samples: 600, shape: lattice, plan: onLattice },
  { system: 'heisenberg', size: 6, samples: 600, shape: lattice, plan: onLattice },
  {
    ...{ system: 'three-spin-continuous', size: 15, samples: 1000 },
    shape: { tag: 'dense', sites: 15, neurons: 60, layers: 2 },
    plan: { start: 'published', epochs: 30, batch: 50, schedule: { tag: 'oneCycle', peak: 3e-3 } },
  },
];

const backend = right(await wasmBackend({ threads: 1, fused: 'where available' })());

const samplesOf = ({ system, size }: Measured, first: number, count: number) =>
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
      )({
        first,
        count,
      }),
    ),
  );

const errorOf = async (one: Measured, forceWeight: number, seed: number): Promise<number> => {
  const plan: TrainingPlan = { ...one.plan, seed, weightDecay: 0, clip: 20, forceWeight };
  const train = samplesOf(one, 0, one.samples);
  const trained = right(
    await runTraining(backend, {
      ...{ network: network('efnn', one.shape), plan, samples: [train] as const },
      ...{ checkpoint: null, run: 'force-weight' },
    })(() => TE.right(undefined))(),
  );
  const evaluate = right(await networkEvaluation(backend, { forces: false })(trained.network)());
  const { rmsePerDeviation } = right(await evaluate(trained.state.adam.weights)(samplesOf(one, one.samples, 400))());
  return rmsePerDeviation ?? NaN;
};

const rows = new Array<object>();
for (const one of systems) {
  const balanced = balancedForceWeight([samplesOf(one, 0, one.samples)]);
  const grid = new Array<object>();
  for (const multiple of multiples) {
    const errors = new Array<number>();
    for (const seed of seeds) {
      errors.push(await errorOf(one, multiple * balanced, seed));
    }
    const { obtained } = seedInterval(errors);
    grid.push({ multiple, rmsePerDeviation: obtained, ofSeeds: errors });
    console.log(
      one.system,
      multiple.toPrecision(3),
      obtained?.toPrecision(4),
      errors.map((x) => x.toPrecision(3)).join(' '),
    );
  }
  rows.push({
    system: one.system,
    size: one.size,
    samples: one.samples,
    shape: one.shape,
    plan: one.plan,
    defaultWeight: balanced,
    grid,
  });
}
await writeFile(
  join(import.meta.dirname, '..', 'results', 'force-weight.json'),
  `${JSON.stringify({ node: process.version, seeds, tests: 400, systems: rows }, null, 2)}\n`,
);
