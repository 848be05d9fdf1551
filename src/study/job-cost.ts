/**
 * What jobs cost, in seconds of one core: for the list of a preset, for shards that end together, for a progress bar that runs
 * evenly. Rough: within a factor of two on the machine of `results/bench.md` while it does nothing else.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { publishedTrainingSamples } from '../dataset/published.ts';
import { referenceRecipe, secondsPerSample } from '../dataset/recipe.ts';
import { sizeOf } from '../dataset/spin-kind.ts';
import { systems } from '../dataset/systems.ts';
import { networkProgram, type Network } from '../network/network.ts';
import { memoize } from '../number/memoize.ts';
import { multiplyAdds, onLattice } from '../program/counts.ts';
import type { TrainingPlan } from '../training/preparation.ts';
import type { ExactMethod } from '../exact/energy-method.ts';
import { isTimed, labelsFor, type EffectiveModelJob, type Job, type LabelsJob, type SpeedJob } from './job.ts';
import { checkEvery } from './labels.ts';
import { assignInTurn } from './list-scheduling.ts';

/** Multiply-adds a second on one core. Training steps in `results/bench.md`: 1.6e10 dense, 1.9e10 to 3.3e10 on lattices. */
const rates = { dense: 1.5e10, lattice: 2e10 };

/** What a training step costs beside a forward pass: the gradient, and that of the forces inside a loss. */
const stepCost = ({ forceWeight }: TrainingPlan): number => (forceWeight === null ? 3 : 9);

/** Multiply-adds of a forward pass. Programs take longer to write down than to count, and networks differ in their seeds alone. */
const countsOf = memoize(
  1000,
  ({ architecture, shape }: Network) => JSON.stringify({ architecture, shape }),
  (network: Network) => pipe(networkProgram(network), E.map(multiplyAdds)),
);

/** Seconds for the energy of one sample by a network. */
const forwardSeconds = (network: Network, latticeSize: number): number =>
  pipe(
    countsOf(network),
    E.match(
      () => 0,
      (counts) => onLattice(latticeSize)(counts) / rates[network.shape.tag],
    ),
  );

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Seconds for a row of the design: conjugate gradients multiply with it some dozens of times, symmetric features are costly once. */
const rowSeconds = { tiles: 1.9e-2, symmetric: 6.5e-3, pairs: 9e-5 };

const effectiveSeconds = ({ form, labels, tests }: EffectiveModelJob): number =>
  rowSeconds[form] * (labels + sum(tests.map(({ range }) => range.count)));

const labelsSeconds = (job: LabelsJob): number => {
  const every = checkEvery(job);
  const check = every === null ? 0 : secondsPerSample(referenceRecipe(job.recipe)) / every;
  return (secondsPerSample(job.recipe) + check) * job.range.count;
};

/** One round that warms up, and the repetitions; forward passes last no longer than the clock needs. */
const speedSeconds = ({ diagonalization, poles, forward, repetitions }: SpeedJob): number => {
  const exactSeconds = (method: ExactMethod, sizes: readonly number[]): number =>
    sum(sizes.map((size) => systems['double-exchange'].seconds({ size, method, forces: false })));
  return (
    (repetitions + 1) *
    (0.02 * forward.length + exactSeconds('diagonalize', diagonalization) + exactSeconds('poles', poles))
  );
};

/** Seconds of one core, for a job whose labels are there, or for labels; 0.1 where little is computed. */
export const secondsOf = (job: Job | LabelsJob): number => {
  switch (job.tag) {
    case 'labels':
      return labelsSeconds(job);
    case 'dense':
      return forwardSeconds(job.network, 1) * publishedTrainingSamples * job.plan.epochs * stepCost(job.plan);
    case 'lattice': {
      const onSize = ({ recipe }: LabelsJob): number => forwardSeconds(job.network, sizeOf(recipe.sampleShape));
      return (
        onSize(job.train) * job.train.range.count * job.plan.epochs * stepCost(job.plan) +
        sum(job.tests.map((test) => onSize(test) * test.range.count))
      );
    }
    case 'effective-model':
      return effectiveSeconds(job);
    case 'speed':
      return speedSeconds(job);
    case 'exact-reduction':
    case 'resummation':
    case 'pair-head':
      return 0.1;
  }
};

/** Seconds until some jobs are done by so many threads, from nothing: labels, all that is done side by side, and timings alone. */
export const expectedSeconds = (jobs: readonly Job[], threads: number): number =>
  sum(labelsFor(jobs).map(secondsOf)) / threads +
  Math.max(...assignInTurn(jobs.filter((job) => !isTimed(job)).map(secondsOf), threads).loads) +
  sum(jobs.filter(isTimed).map(secondsOf));
