/** Small trainings: a network with its weights, labelled samples, a plan. */
import fc from 'fast-check';

import { initialWeights } from '../../src/network/initial-weights.ts';
import { network, networkProgram, type Network } from '../../src/network/network.ts';
import type { Weights } from '../../src/network/weights.ts';
import type { Reals } from '../../src/number/reals.ts';
import type { LabelledSamples } from '../../src/training/batch.ts';
import type { TrainingPlan } from '../../src/training/preparation.ts';
import type { TrainingState } from '../../src/training/train.ts';
import { right } from '../right.ts';
import { configurationsOf } from './spins.ts';

/** A lattice network of one layer with a pair head, in units of its own. */
export const smallNetwork: Network = {
  ...network('efnn', { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: true }),
  energyShift: -0.5,
};

/** Its program. */
export const smallProgram = right(networkProgram(smallNetwork));

/** Weights of it, all of order one. */
export const smallWeights: Weights = {
  ...initialWeights(3)(smallProgram),
  'pair.weight': Float64Array.of(0.1, 0.2, 0.1, 0.2, 0, 0.2, 0.1, 0.2, 0.1),
};

/** Four epochs of three batches for twelve samples. */
export const shortPlan: TrainingPlan = {
  start: 'published',
  seed: 1,
  epochs: 4,
  batch: 5,
  schedule: { tag: 'oneCycle', peak: 1e-2 },
  weightDecay: 1e-3,
  clip: 10,
  forceWeight: 0.5,
};

/** Samples, the seed of a run, and an epoch in its middle. */
export interface RunCase {
  readonly samples: LabelledSamples;
  readonly seed: number;
  readonly pause: number;
}

/** Samples labelled with a smooth function of the spins that is no pair interaction. */
export const labelledBy = (configurations: readonly { readonly components: Reals }[]): LabelledSamples => ({
  count: configurations.length,
  latticeSize: 3,
  spins: Float64Array.from(configurations.flatMap(({ components }) => [...components])),
  energies: Float64Array.from(configurations, ({ components }) =>
    components.reduce((sum, x, i) => sum + Math.sin(x * (components[(i + 1) % 9] ?? 0)), 0),
  ),
  forces: Float64Array.from(configurations.flatMap(({ components }) => [...components.map((x) => 0.1 * x * x)])),
});

/** Twelve samples each. */
export const runCases: fc.Arbitrary<RunCase> = fc.record({
  samples: fc.array(configurationsOf(3), { minLength: 12, maxLength: 12 }).map(labelledBy),
  seed: fc.integer({ min: 0, max: 99 }),
  pause: fc.integer({ min: 1, max: 3 }),
});

/** A state to its last bit: equal texts, equal states. */
export const bits = ({ adam: { weights, firstMoment, secondMoment, step } }: TrainingState): string =>
  JSON.stringify([
    step,
    ...[weights, firstMoment, secondMoment].map((part) =>
      Object.entries(part).map(([name, values]) => [name, ...values]),
    ),
  ]);
