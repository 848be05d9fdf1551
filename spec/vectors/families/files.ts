/** Files as bytes: data sets, weights, checkpoints, and the training that goes on from one. */
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { z } from 'zod';

import { reference } from '../../../src/backend/reference/reference.ts';
import { writeNpz } from '../../../src/dataset/data-set-file.ts';
import type { DataSet } from '../../../src/dataset/data-set.ts';
import { recipeOf } from '../../../src/dataset/recipe.ts';
import { generate } from '../../../src/dataset/source.ts';
import { writeSafetensors } from '../../../src/file/safetensors.ts';
import { modelFile } from '../../../src/network/model-file.ts';
import { network, networkProgram, type Network } from '../../../src/network/network.ts';
import { float64 } from '../../../src/number/float64.ts';
import { evaluate } from '../../../src/program/evaluate.ts';
import type { LabelledSamples } from '../../../src/training/batch.ts';
import { writeCheckpoint, type Checkpoint } from '../../../src/training/checkpoint.ts';
import type { TrainingPlan } from '../../../src/training/preparation.ts';
import { runTraining } from '../../../src/training/training-run.ts';
import { digest } from '../../arbitraries/runs.ts';
import numpyFiles from '../../outside/numpy-files.json' with { type: 'json' };
import { right } from '../../right.ts';
import { counted, exact, family, type Case, type Output } from '../family.ts';
import { shortNumbers, unitSpins } from '../numbers.ts';
import { networkSchema, shortWeights } from './networks.ts';
import { scheduleSchema } from './schedules.ts';

const numbers = z.array(z.number());

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

// Data sets.

const dataInputs = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal('npz'), base64: z.string() }),
  z.strictObject({ format: z.literal('npy'), base64: z.string() }),
]);

const dataCase = (name: string, why: string, data: DataSet): Case<z.infer<typeof dataInputs>> => {
  const count = data.energies.length;
  const shape = [count, ...data.sampleShape];
  const optional = (output: string, meaning: string, values: O.Option<ArrayLike<number>>, of: readonly number[]) =>
    O.isSome(values) ? { [output]: { meaning, shape: of, values: values.value } } : {};
  return {
    name,
    equation: 'guide: data files',
    why,
    inputs: { format: 'npz', base64: base64(right(writeNpz(data))) },
    outputs: {
      spins: { meaning: 'the array spins', shape, values: data.spins },
      energies: { meaning: 'the array energies: total energies', shape: [count], values: data.energies },
      ...optional('forces', 'the array forces: dE/ds in the shape of the spins', data.forces, shape),
      ...optional('couplings', 'the array couplings: J_ijk by lexicographic triple', data.couplings, [
        O.isSome(data.couplings) ? data.couplings.value.length : 0,
      ]),
    },
  };
};

const generated = (order: Parameters<typeof recipeOf>[0]): DataSet =>
  right(generate(right(recipeOf(order)))({ first: 0, count: 3 }));

const npyCase = (
  { why, base64: text, shape, values }: (typeof numpyFiles.arrays)[number],
  index: number,
): Case<z.infer<typeof dataInputs>> => ({
  name: `npy-${index}`,
  equation: 'guide: data files',
  why,
  inputs: { format: 'npy', base64: text },
  outputs: { values: { meaning: 'the numbers of the array, row-major', shape, values } },
  outside: [{ output: 'values', source: `numpy ${numpyFiles.numpy} wrote the file, and read it`, values, relative: 0 }],
});

/** The family. */
export const dataFiles = family({
  name: 'data-files',
  about:
    'A .npz is a zip archive of .npy arrays: spins [B, 3, N, N] or [B, L], energies [B], perhaps forces and couplings, and meta.',
  inputs: dataInputs,
  tolerance: exact,
  cases: () => [
    dataCase(
      'heisenberg',
      'total energies and the unconstrained gradient',
      generated({ system: 'heisenberg', size: 3, seed: 5, forces: true }),
    ),
    dataCase(
      'double-exchange',
      'E_MC and its gradient: a port finds them again',
      generated({ system: 'double-exchange', size: 3, seed: 6, forces: true }),
    ),
    dataCase(
      'three-spin',
      'couplings come with the spins',
      generated({ system: 'three-spin-continuous', size: 5, seed: 7, forces: true }),
    ),
    dataCase(
      'three-spin-binary',
      'spins 0 and 1 as float64, no forces',
      generated({ system: 'three-spin-binary', size: 5, seed: 8 }),
    ),
    ...numpyFiles.arrays.filter(({ values }) => values.length > 0).map(npyCase),
  ],
});

// Weights.

const weightInputs = z.strictObject({ base64: z.string(), latticeSize: counted, spins: numbers });

const weightCase = (
  name: string,
  why: string,
  description: Network,
  dtype: 'float64' | 'float32' | 'mixed',
  latticeSize: number,
  forget: readonly string[] = [],
): Case<z.infer<typeof weightInputs>> => {
  const { weights, shapes } = shortWeights(description, 8000);
  const { metadata, tensors } = right(
    modelFile(dtype === 'float32' ? dtype : 'float64')({
      network: description,
      weights: Object.fromEntries(Object.entries(weights).map(([key, values]) => [key, Float64Array.from(values)])),
    }),
  );
  const mixed: typeof tensors = Object.fromEntries(
    Object.entries(tensors).map(([key, tensor]) => [
      key,
      dtype === 'mixed' && key.endsWith('bias') ? { ...tensor, dtype: 'float32' } : tensor,
    ]),
  );
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !forget.includes(key)));
  const spins =
    description.shape.tag === 'dense' ? [...shortNumbers(8100, description.shape.sites)] : unitSpins(latticeSize, 81);
  const program = right(networkProgram(description));
  return {
    name,
    equation: 'guide: weights files',
    why,
    inputs: { base64: base64(right(writeSafetensors({ metadata: kept, tensors: mixed }))), latticeSize, spins },
    outputs: {
      energyScale: {
        meaning: 'energyScale of the metadata, 1 where there is none',
        shape: [],
        values: [description.energyScale],
      },
      energyShift: {
        meaning: 'energyShift of the metadata, 0 where there is none',
        shape: [],
        values: [description.energyShift],
      },
      ...Object.fromEntries(
        Object.entries(weights).map(([key, values]): [string, Output] => [
          key,
          { meaning: `the tensor ${key}`, shape: shapes[key] ?? [], values },
        ]),
      ),
      energy: {
        meaning: 'E of the spins by this model',
        shape: [],
        values: right(evaluate(float64)(latticeSize)(weights, { spins })(program))['energy'] ?? [],
      },
    },
    outside: [
      {
        output: Object.keys(weights)[0] ?? '',
        source: 'exact: the sixteenths that were written',
        values: Object.values(weights)[0] ?? [],
        relative: 0,
      },
    ],
  };
};

const scaled = (description: Network): Network => ({ ...description, energyScale: 2.5, energyShift: -0.5 });

/** The family. */
export const weightsFiles = family({
  name: 'weights-files',
  about: 'safetensors: the length of the header in 8 bytes, the header as JSON, the tensors at their offsets after it.',
  inputs: weightInputs,
  tolerance: { relative: 1e-10, reason: 'weights are exact; the energy is that of a network' },
  cases: () => [
    weightCase(
      'lattice',
      'tensors by name, at the offsets of the header; scale, shift and head',
      scaled(network('efnn', { tag: 'lattice', channels: 2, layers: 1, kernel: 3, pairHead: true })),
      'float64',
      4,
    ),
    weightCase(
      'lattice-float32',
      'F32 are four bytes each',
      scaled(network('densenet', { tag: 'lattice', channels: 1, layers: 2, kernel: 3, pairHead: false })),
      'float32',
      3,
    ),
    weightCase(
      'chain',
      'dense weights [out, in]',
      scaled(network('resnet', { tag: 'dense', sites: 3, neurons: 4, layers: 2 })),
      'float64',
      1,
    ),
    weightCase(
      'mixed',
      'tensors lie by the size of their numbers, not by their names: the offsets say where',
      scaled(network('efnn', { tag: 'lattice', channels: 2, layers: 1, kernel: 3, pairHead: false })),
      'mixed',
      3,
    ),
    weightCase(
      'chain-mixed',
      'biases as F32 after weights as F64, on a chain',
      scaled(network('efnn', { tag: 'dense', sites: 3, neurons: 4, layers: 1 })),
      'mixed',
      1,
    ),
    weightCase(
      'plain',
      'without scale and shift in the metadata they are 1 and 0',
      network('dnn', { tag: 'dense', sites: 3, neurons: 4, layers: 1 }),
      'float64',
      1,
      ['energyScale', 'energyShift'],
    ),
    weightCase(
      'scale-open',
      'a shift alone in the metadata: the scale is 1',
      { ...network('dnn', { tag: 'dense', sites: 3, neurons: 4, layers: 1 }), energyShift: -0.5 },
      'float64',
      1,
      ['energyScale'],
    ),
    weightCase(
      'shift-open',
      'a scale alone in the metadata: the shift is 0',
      { ...network('dnn', { tag: 'dense', sites: 3, neurons: 4, layers: 1 }), energyScale: 2.5 },
      'float64',
      1,
      ['energyShift'],
    ),
  ],
});

// Trainings and checkpoints.

const planSchema = z.strictObject({
  start: z.enum(['published', 'unit-variance']),
  seed: z.number().int(),
  epochs: counted,
  batch: counted,
  schedule: scheduleSchema,
  weightDecay: z.number(),
  clip: z.number().nullable(),
  forceWeight: z.number().nullable(),
});

const trainingInputs = z.strictObject({
  network: networkSchema,
  plan: planSchema,
  latticeSize: counted,
  count: counted,
  spins: numbers,
  energies: numbers,
  forces: numbers.nullable(),
});

/** Ports are asked for trainings whose force weight is a number. */
type Plan = TrainingPlan & { readonly forceWeight: number | null };

interface Trained {
  readonly name: string;
  readonly why: string;
  readonly network: Network;
  readonly plan: Plan;
  readonly samples: LabelledSamples;
}

const trainingInputsOf = ({ network: description, plan, samples }: Trained): z.infer<typeof trainingInputs> => ({
  network: description,
  plan: { ...plan, schedule: { ...plan.schedule } },
  latticeSize: samples.latticeSize,
  count: samples.count,
  spins: [...samples.spins],
  energies: [...samples.energies],
  forces: samples.forces === null ? null : [...samples.forces],
});

/** The checkpoints after each epoch. */
const trainingOf = async ({ network: description, plan, samples }: Trained): Promise<readonly Checkpoint[]> => {
  const seen: Checkpoint[] = [];
  right(
    await runTraining(reference, { network: description, plan, samples: [samples], checkpoint: null, run: 'vector' })(
      (checkpoint) => {
        seen.push(checkpoint);
        return TE.right(undefined);
      },
    )(),
  );
  return seen;
};

const sameLength = (seed: number, length: number): Float64Array => Float64Array.from(shortNumbers(seed, length));

const chainSamples: LabelledSamples = {
  count: 7,
  latticeSize: 1,
  spins: sameLength(9000, 21),
  energies: sameLength(9001, 7),
  forces: null,
};

const latticeSamples: LabelledSamples = {
  count: 5,
  latticeSize: 3,
  spins: Float64Array.from([1, 2, 3, 4, 5].flatMap((seed) => unitSpins(3, 90 + seed))),
  energies: Float64Array.from(shortNumbers(9002, 5), (x) => 3 * x - 4),
  forces: sameLength(9003, 135),
};

const plan: Plan = {
  start: 'published',
  seed: 3,
  epochs: 2,
  batch: 3,
  schedule: { tag: 'decay', rate: 0.0625, factor: 0.5, every: 1 },
  weightDecay: 0,
  clip: null,
  forceWeight: null,
};

const trainings: readonly Trained[] = [
  {
    name: 'chain',
    why: 'two epochs on a chain: shuffles, a smaller last batch, units, steps counted on through the epochs',
    network: network('efnn', { tag: 'dense', sites: 3, neurons: 4, layers: 1 }),
    plan,
    samples: chainSamples,
  },
  {
    name: 'chain-decay',
    why: 'weight decay in a training, and a staircase',
    network: network('densenet', { tag: 'dense', sites: 3, neurons: 2, layers: 2 }),
    plan: {
      ...plan,
      seed: 8,
      weightDecay: 0.125,
      schedule: { tag: 'staircase', first: 0.0625, last: 0.015625, every: 1 },
      epochs: 3,
    },
    samples: chainSamples,
  },
  {
    name: 'lattice-forces',
    why: 'a fitted head that stays, unit variance, forces, one cycle, clipping',
    network: network('efnn', { tag: 'lattice', channels: 1, layers: 1, kernel: 3, pairHead: true }),
    plan: { ...plan, start: 'unit-variance', forceWeight: 0.5, schedule: { tag: 'oneCycle', peak: 0.0625 }, clip: 0.5 },
    samples: latticeSamples,
  },
];

const named = (
  prefix: string,
  what: string,
  weights: Readonly<Record<string, ArrayLike<number>>>,
): Readonly<Record<string, Output>> =>
  Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [
      `${prefix}${name}`,
      { meaning: `${name}, ${what}`, shape: [values.length], values },
    ]),
  );

const trainingCase = async (asked: Trained): Promise<Case<z.infer<typeof trainingInputs>>> => {
  const epochs = await trainingOf(asked);
  const last = epochs.at(-1);
  if (last === undefined) {
    throw new RangeError('a training has at least one epoch');
  }
  return {
    name: asked.name,
    equation: 'guide: training',
    why: asked.why,
    inputs: trainingInputsOf(asked),
    outputs: {
      energyShift: { meaning: 'the shift that the labels give', shape: [], values: [last.network.energyShift] },
      energyScale: { meaning: 'the scale that the labels give', shape: [], values: [last.network.energyScale] },
      losses: {
        meaning: 'the mean loss of each epoch, every sample before the step that it is part of',
        shape: [epochs.length],
        values: epochs.map(({ state }) => state.loss),
      },
      ...named('', 'after the last epoch', last.state.adam.weights),
    },
    outside:
      asked.samples === chainSamples
        ? [
            {
              output: 'energyShift',
              source: 'exact rational: the sum of the energies, in sixteenths, over 7 samples of 3 spins',
              values: [chainSamples.energies.reduce((sum, x) => sum + 16 * x, 0) / (16 * 7 * 3)],
              relative: 1e-14,
            },
          ]
        : [],
  };
};

/** The family. */
export const training = family({
  name: 'training',
  about:
    'Whole trainings from labels to weights: units, initial weights, shuffles, losses, Adam, the schedule. Weights are listed flat.',
  inputs: trainingInputs,
  tolerance: {
    relative: 1e-7,
    reason: 'Adam divides gradients by their own size, which magnifies their roundings where they are small',
  },
  cases: async () => Promise.all(trainings.map(trainingCase)),
});

const checkpointInputs = z.strictObject({ base64: z.string(), training: trainingInputs });

const checkpointCase = async (asked: Trained): Promise<Case<z.infer<typeof checkpointInputs>>> => {
  const epochs = await trainingOf(asked);
  const [first] = epochs;
  const last = epochs.at(-1);
  if (first === undefined || last === undefined) {
    throw new RangeError('a training has at least one epoch');
  }
  const { epoch, loss, adam } = first.state;
  return {
    name: asked.name,
    equation: 'guide: checkpoints',
    why: `the checkpoint after the first epoch, and what comes of it: ${asked.why}`,
    inputs: { base64: base64(right(writeCheckpoint(digest)(first))), training: trainingInputsOf(asked) },
    outputs: {
      epoch: { meaning: 'epochs done', shape: [], values: [epoch] },
      step: { meaning: 'steps of Adam done', shape: [], values: [adam.step] },
      loss: { meaning: 'the mean loss of the last epoch', shape: [], values: [loss] },
      ...named('', 'in the checkpoint', adam.weights),
      ...named('adam.m/', 'the first moment', adam.firstMoment),
      ...named('adam.v/', 'the second moment', adam.secondMoment),
      ...named('resumed/', 'after the last epoch, gone on from the checkpoint', last.state.adam.weights),
    },
    outside: [
      {
        output: 'step',
        source: 'closed form: samples over batch, rounded up',
        values: [Math.ceil(asked.samples.count / asked.plan.batch)],
        relative: 0,
      },
    ],
  };
};

/** The family. */
export const checkpoints = family({
  name: 'checkpoints',
  about:
    'A checkpoint is a safetensors file in float64: weights under their names, moments under adam.m/NAME and adam.v/NAME, epoch, step and loss in the metadata.',
  inputs: checkpointInputs,
  tolerance: { relative: 1e-7, reason: 'what is read is exact; the training goes on as in the family training' },
  cases: async () => Promise.all(trainings.map(checkpointCase)),
});
