/** Ten steps of training: what a backend makes of a network, beside what the reference makes of it. */
import fc from 'fast-check';

import type { Arrays, Backend } from '../../src/backend/backend.ts';
import { reference } from '../../src/backend/reference/reference.ts';
import { initialWeights } from '../../src/network/initial-weights.ts';
import { architectures, network, networkProgram, type Network } from '../../src/network/network.ts';
import { declarations } from '../../src/program/typecheck.ts';
import { lengthOf, scalarType, type ValueType } from '../../src/program/value-type.ts';
import { adam } from '../../src/training/adam.ts';
import type { LabelledSamples } from '../../src/training/batch.ts';
import {
  initialTraining,
  residentTraining,
  type TrainingSettings,
  type TrainingState,
} from '../../src/training/train.ts';
import { smallIntegers } from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** A network, the size of its lattice, 1 for chains, and the seed of its weights and samples. */
interface TenSteps {
  readonly network: Network;
  readonly latticeSize: number;
  readonly withForces: boolean;
  readonly seed: number;
}

const cases: fc.Arbitrary<TenSteps> = fc
  .record({
    architecture: fc.constantFrom(...architectures),
    layers: fc.integer({ min: 1, max: 2 }),
    pairHead: fc.boolean(),
    latticeSize: fc.constantFrom(1, 4, 5),
    withForces: fc.boolean(),
    seed: fc.nat(1_000_000),
  })
  .map(({ architecture, layers, pairHead, ...rest }) => ({
    ...rest,
    network: network(
      architecture,
      rest.latticeSize === 1
        ? { tag: 'dense', sites: 5, neurons: 7, layers }
        : { tag: 'lattice', channels: 3, layers, kernel: 3, pairHead },
    ),
  }));

const count = 30;

const settings: TrainingSettings = {
  epochs: 1,
  batch: count / 10,
  schedule: { tag: 'decay', rate: 1e-3, factor: 1, every: 1 },
  adam,
  loss: { weight: 1, forceWeight: null },
  seed: 1,
  frozen: [],
};

const samplesOf = ({ latticeSize, withForces, seed }: TenSteps, spins: ValueType): LabelledSamples => {
  const numbers = (type: ValueType, offset: number): Float64Array =>
    Float64Array.from(smallIntegers(seed + offset, count * lengthOf(latticeSize)(type)), (n) => n / 4);
  return {
    count,
    latticeSize,
    spins: numbers(spins, 0),
    energies: numbers(scalarType, 1),
    forces: withForces ? numbers(spins, 2) : null,
  };
};

const trainedOn = async (backend: Backend, example: TenSteps): Promise<readonly [TrainingState, TrainingState]> => {
  const program = right(networkProgram(example.network));
  const samples = samplesOf(example, declarations('input')(program)['spins'] ?? scalarType);
  const start = initialTraining(initialWeights(example.seed)(program));
  const loss = { weight: 1, forceWeight: example.withForces ? 0.5 : null };
  const training = right(await residentTraining(backend, { ...settings, loss })(program, [samples], start)());
  const end = right(await training.epoch(start)());
  training.release();
  return [start, end];
};

/** The root of the sum of squares of the differences of all weights. */
const distance = (a: Arrays, b: Arrays): number =>
  Math.sqrt(
    Object.entries(a)
      .flatMap(([name, values]) => Array.from(values, (x, i) => (x - (b[name]?.[i] ?? NaN)) ** 2))
      .reduce((sum, x) => sum + x, 0),
  );

/**
 * Adam divides a gradient by its own size, so where an entry vanishes up to the error e of float32, the step errs as a whole. If
 * the entries are spread evenly beside their largest, a share of about 2 e of them does, and the distance between the weights is
 * sqrt(2 e) of the way that they went: with 1e-5, some thirty roundings through all layers and their adjoints, 5e-3. Losses,
 * which nothing divides, err by some e.
 */
const tolerance = { weights: 2e-2, loss: 1e-4 };

/** Agreement with the reference after ten steps of Adam. */
export const tenStepsAgree: Law<Backend, TenSteps> = {
  statement:
    'ten steps of Adam lead every network, dense and on lattices, with forces and without, to where the reference leads it',
  cases,
  runs: 16,
  holds: (backend) => async (example) => {
    const [[start, ours], [, theirs]] = await Promise.all([trainedOn(backend, example), trainedOn(reference, example)]);
    const way = distance(start.adam.weights, theirs.adam.weights);
    return (
      ours.adam.step === 10 &&
      way > 0 &&
      distance(ours.adam.weights, theirs.adam.weights) <= tolerance.weights * way &&
      Math.abs(ours.loss - theirs.loss) <= tolerance.loss * theirs.loss
    );
  },
};
