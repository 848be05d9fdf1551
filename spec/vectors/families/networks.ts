/** The eight networks: activations, energies, forces and gradients, by the definitions of the operations. */
import { z } from 'zod';

import { architectures, network, networkProgram, type Network } from '../../../src/network/network.ts';
import { declaredWeights, fileShape } from '../../../src/network/weights.ts';
import { float64 } from '../../../src/number/float64.ts';
import { evaluate } from '../../../src/program/evaluate.ts';
import { expressionsOf, outputExpressions, record } from '../../../src/program/expression.ts';
import { gradient, gradientName } from '../../../src/program/gradient.ts';
import { operandsOf, uniform } from '../../../src/program/operation.ts';
import { fold, meaningOf, valueId, type Program } from '../../../src/program/program.ts';
import { declarations, type TypedProgram } from '../../../src/program/typecheck.ts';
import { lengthOf, shapeOf } from '../../../src/program/value-type.ts';
import { mapKey } from '../../../src/program/weight.ts';
import outside from '../../outside/numpy-vectors.json' with { type: 'json' };
import { typed } from '../../arbitraries/program.ts';
import { right } from '../../right.ts';
import { counted, family, namedNumbers, type Case, type Output } from '../family.ts';
import { shortNumbers, unitSpins } from '../numbers.ts';

/** A network, as vectors describe it. */
export const networkSchema = z.strictObject({
  architecture: z.enum(architectures),
  shape: z.discriminatedUnion('tag', [
    z.strictObject({ tag: z.literal('dense'), sites: counted, neurons: counted, layers: counted }),
    z.strictObject({
      tag: z.literal('lattice'),
      channels: counted,
      layers: counted,
      kernel: counted,
      pairHead: z.boolean(),
    }),
  ]),
  energyScale: z.number(),
  energyShift: z.number(),
});

const inputs = z.strictObject({
  network: networkSchema,
  /** N of the N x N lattice; 1 for dense networks. */
  latticeSize: counted,
  /** By the names of the `.safetensors` interface. */
  weights: namedNumbers,
  shapes: z.record(z.string(), z.array(counted)),
  batch: counted,
  /** [B, 3, N, N] or [B, L]. */
  spins: z.array(z.number()),
});

type Inputs = z.infer<typeof inputs>;

/** A value inside a network: which equation computes it, what it is called, and what it is. */
interface Activation {
  readonly id: number;
  readonly name: string;
  readonly meaning: string;
}

/** Of every value, the parameters that it depends on. */
const dependencies: (program: Program) => readonly ReadonlySet<string>[] = fold<ReadonlySet<string>>(
  uniform((operation) =>
    operation.tag === 'parameter'
      ? new Set([operation.name])
      : new Set(operandsOf(operation).flatMap((operand) => [...operand])),
  ),
);

/** The outputs of all maps that have weights, the first values that depend on all of these. */
const mapOutputs = (program: TypedProgram): readonly Activation[] => {
  const known = dependencies(program);
  const declared = Object.entries(declaredWeights(program));
  const keys = [...new Set(declared.map(([, { map }]) => mapKey(map)))].filter((key) => key !== 'q' && key !== 'pair');
  return keys.map((key) => {
    const names = declared.filter(([, { map }]) => mapKey(map) === key).map(([name]) => name);
    const id = program.equations.findIndex(
      ({ tag }, index) => tag !== 'parameter' && names.every((name) => known[index]?.has(name)),
    );
    const meaning = key.startsWith('T')
      ? `${key} of the spins, before any other map`
      : `the affine map ${key}, ${key === 'P' ? 'of the spins' : key.endsWith('0') ? 'before its tanh' : 'after the tanh'}`;
    return { id, name: key, meaning };
  });
};

/** What the map with this weight reads. */
const readBy = (program: TypedProgram, weight: string): number | null => {
  const parameter = program.equations.findIndex((equation) => equation.tag === 'parameter' && equation.name === weight);
  const reader = program.equations.find((equation) => equation.tag === 'correlate' && equation.kernel === parameter);
  return reader?.tag === 'correlate' ? reader.field : null;
};

/** S_i, what f_i reads for i >= 1, and S_n, what q reads. */
const layersRead = (
  program: TypedProgram,
  { architecture, shape: { tag, layers } }: Network,
): readonly Activation[] => {
  const total = program.equations.find((equation) => equation.tag === 'total');
  const last = tag === 'lattice' ? readBy(program, 'q.weight') : total?.tag === 'total' ? total.value : null;
  const meaning = (i: number): string =>
    ({
      efnn: `S_${i} = g_${i}(S_0) * F_${i}`,
      dnn: `S_${i} = g_${i}(f_${i - 1}(S_${i - 1}))`,
      resnet: i === 1 ? 'S_1 = P(S_0) + f_0(S_0)' : `S_${i} = S_${i - 1} + f_${i - 1}(S_${i - 1})`,
      densenet: `S_${i} = [S_0, F_1, .., F_${i}]`,
    })[architecture];
  return Array.from({ length: layers }, (_, index) => index + 1).flatMap((i) => {
    const id = i === layers ? last : readBy(program, `f.${i}.0.weight`);
    return id === null ? [] : [{ id, name: `S.${i}`, meaning: meaning(i) }];
  });
};

/** A program with more of its values as outputs. */
const observing = (program: TypedProgram, activations: readonly Activation[]): TypedProgram => {
  const meaning = meaningOf(expressionsOf(program));
  return typed(
    record({
      ...Object.fromEntries(activations.map(({ id, name }) => [name, meaning(valueId(id))])),
      ...outputExpressions(program),
    }),
  );
};

/** What a network's maps return and its layers read, in the order of its equations. */
const activationsOf = (program: TypedProgram, description: Network): readonly Activation[] =>
  [...mapOutputs(program), ...layersRead(program, description)].toSorted((a, b) => a.id - b.id);

/** A network's program, with what its maps return and its layers read as further outputs. */
export const withActivations = (program: TypedProgram, description: Network): TypedProgram =>
  observing(program, activationsOf(program, description));

/** P_i v = v - (v . s_i) s_i at every site; the vectors themselves on chains. */
const tangential = (spins: readonly number[], vectors: readonly number[]): readonly number[] => {
  const sites = spins.length / 3;
  return vectors.map((v, i) => {
    const along = [0, 1, 2].reduce((sum, k) => {
      const at = (i % sites) + k * sites;
      return sum + (spins[at] ?? NaN) * (vectors[at] ?? NaN);
    }, 0);
    return v - along * (spins[i] ?? NaN);
  });
};

const plus = (a: readonly number[], b: readonly number[]): readonly number[] => a.map((x, i) => x + (b[i] ?? NaN));

const byNumpy: Readonly<Record<string, readonly number[]>> = outside.networks;

interface Asked {
  readonly name: string;
  readonly why: string;
  readonly description: Network;
  readonly latticeSize: number;
  readonly seed: number;
  readonly batch?: number;
}

/** The weights of a network: short numbers, and their shapes in files. */
export const shortWeights = (description: Network, seed: number) => {
  const program = right(networkProgram(description));
  const types = declarations('parameter')(program);
  const shape = fileShape(description.shape);
  return {
    weights: Object.fromEntries(
      Object.entries(types).map(([name, type], index) => [name, [...shortNumbers(seed + index, lengthOf(1)(type))]]),
    ),
    shapes: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, [...shape(type)]])),
  };
};

const networkCase = ({ name, why, description, latticeSize, seed, batch = 1 }: Asked): Case<Inputs> => {
  const { architecture, shape } = description;
  const program = right(networkProgram(description));
  const { weights, shapes } = shortWeights(description, seed);
  const samples = Array.from({ length: batch }, (_, b) =>
    shape.tag === 'dense' ? [...shortNumbers(seed - 1 - b, shape.sites)] : unitSpins(latticeSize, seed + b),
  );
  const variables = [...Object.keys(weights), 'spins'];
  const activations = activationsOf(program, description);
  const differentiated = right(gradient('energy', variables)(observing(program, activations)));
  const answers = samples.map((spins) => right(evaluate(float64)(latticeSize)(weights, { spins })(differentiated)));
  const each = (output: string): readonly (readonly number[])[] => answers.map((answer) => answer[output] ?? []);
  const sampleShape = shape.tag === 'dense' ? [shape.sites] : [3, latticeSize, latticeSize];
  const [first] = samples;
  const forces = each(gradientName('energy', 'spins'));
  const inside = Object.fromEntries(
    activations.map(({ id, name: output, meaning }): [string, Output] => [
      output,
      {
        meaning,
        shape: shapeOf(latticeSize)(program.types[id] ?? { tag: 'scalar' }).slice(1),
        values: each(output)[0] ?? [],
      },
    ]),
  );
  const gradients = Object.fromEntries(
    Object.keys(weights).map((weight): [string, Output] => [
      `dE/d(${weight})`,
      {
        meaning: batch === 1 ? `dE/d(${weight})` : `the sum over the batch of dE/d(${weight})`,
        shape: shapes[weight] ?? [],
        values: each(gradientName('energy', weight)).reduce(plus),
      },
    ]),
  );
  const known = byNumpy[name];
  return {
    name,
    equation: shape.tag === 'dense' ? 'Fig. 2a, Fig. 5' : 'Fig. 4a, Fig. 5',
    why: `${architecture}: ${why}`,
    inputs: { network: description, latticeSize, weights, shapes, batch, spins: samples.flat() },
    outputs: {
      ...(batch === 1 && first !== undefined ? inside : {}),
      energy: { meaning: 'E, the total energy', shape: [batch], values: each('energy').flat() },
      forces: {
        meaning: 'dE/ds, without the constraint |s| = 1',
        shape: [batch, ...sampleShape],
        values: forces.flat(),
      },
      ...(shape.tag === 'dense'
        ? {}
        : {
            tangential: {
              meaning: 'P_i dE/ds_i, P_i v = v - (v . s_i) s_i',
              shape: [batch, ...sampleShape],
              values: samples.flatMap((spins, b) => tangential(spins, forces[b] ?? [])),
            },
          }),
      ...gradients,
    },
    outside: known === undefined ? [] : [{ output: 'energy', source: outside.source, values: known, relative: 1e-12 }],
  };
};

const latticeShape = (layers: number, channels: number, kernel: number, pairHead = false) =>
  ({ tag: 'lattice', channels, layers, kernel, pairHead }) as const;

const denseShape = (layers: number, neurons = 4, sites = 3) => ({ tag: 'dense', sites, neurons, layers }) as const;

const inOtherUnits = (description: Network): Network => ({ ...description, energyScale: 2.5, energyShift: -0.5 });

const asked: readonly Asked[] = architectures.flatMap((architecture, index): readonly Asked[] => [
  {
    name: `lattice-${architecture}-1`,
    why: 'one layer; the kernel is larger than the lattice, so that several of its taps read one site',
    description: network(architecture, latticeShape(1, 1, 5)),
    latticeSize: 3,
    seed: 1000 + 100 * index,
  },
  {
    name: `lattice-${architecture}-2`,
    why: 'two channels and two layers tell rows from columns, inputs from outputs, and layers from each other',
    description: network(architecture, latticeShape(2, 2, 3)),
    latticeSize: 4,
    seed: 1050 + 100 * index,
  },
  {
    name: `lattice-${architecture}-3`,
    why: 'three layers: each reads T of its own, also beyond the second',
    description: network(architecture, latticeShape(3, 2, 3)),
    latticeSize: 3,
    seed: 1500 + 100 * index,
  },
  {
    name: `lattice-${architecture}-wide-kernel`,
    why: 'half the kernel is more than the lattice: offsets wrap more than once',
    description: network(architecture, latticeShape(1, 1, 9)),
    latticeSize: 3,
    seed: 1550 + 100 * index,
  },
  {
    name: `lattice-${architecture}-head`,
    why: 'two-body head, scale and shift: the head is outside of both, and the shift counts once a site',
    description: inOtherUnits(network(architecture, latticeShape(2, 1, 3, true))),
    latticeSize: 4,
    seed: 2500 + 100 * index,
  },
  {
    name: `lattice-${architecture}-batch`,
    why: 'three configurations: energies and forces for each, gradients of weights summed',
    description: network(architecture, latticeShape(3, 1, 3, true)),
    latticeSize: 3,
    seed: 2575 + 100 * index,
    batch: 3,
  },
  {
    name: `chain-${architecture}-1`,
    why: 'one layer, more neurons than spins',
    description: network(architecture, denseShape(1)),
    latticeSize: 1,
    seed: 3000 + 100 * index,
  },
  {
    name: `chain-${architecture}-2`,
    why: 'as wide as the chain is long: a ResNet then has no projection',
    description: network(architecture, denseShape(2, 3)),
    latticeSize: 1,
    seed: 3050 + 100 * index,
  },
  {
    name: `chain-${architecture}-3`,
    why: 'three layers: what enters each, and in which order',
    description: network(architecture, denseShape(3)),
    latticeSize: 1,
    seed: 3500 + 100 * index,
  },
  {
    name: `chain-${architecture}-units`,
    why: 'scale and shift: the shift counts once for each spin of the chain',
    description: inOtherUnits(network(architecture, denseShape(1, 2))),
    latticeSize: 1,
    seed: 3550 + 100 * index,
  },
  {
    name: `chain-${architecture}-batch`,
    why: 'three chains: energies and forces for each, gradients of weights summed',
    description: network(architecture, denseShape(2)),
    latticeSize: 1,
    seed: 4500 + 100 * index,
    batch: 3,
  },
]);

/** The family. */
export const networks = family({
  name: 'networks',
  about:
    'E, dE/ds and dE/dw of EFNN, DNN, ResNet and DenseNet on lattices and chains, with what every map computes on the way. ' +
    "Kernels are [out, in, k, k] and cross-correlate, as PyTorch's Conv2d with circular padding; dense weights are [out, in]. " +
    'E = energyScale * output + energyShift * sites + pair head.',
  inputs,
  tolerance: {
    relative: 1e-10,
    reason: 'a few thousand roundings of 1e-16, and sums that may cancel by some digits; float32 is wrong by 1e-6',
  },
  cases: () => asked.map(networkCase),
});
