/** Losses with and without forces, and their gradients. */
import { z } from 'zod';

import {
  architectures,
  network,
  networkProgram,
  type Architecture,
  type Network,
} from '../../../src/network/network.ts';
import { float64 } from '../../../src/number/float64.ts';
import { evaluate } from '../../../src/program/evaluate.ts';
import { gradientName } from '../../../src/program/gradient.ts';
import { energyLabel, forceLabel, lossProgram } from '../../../src/training/loss.ts';
import byNumpy from '../../outside/numpy-vectors.json' with { type: 'json' };
import { right } from '../../right.ts';
import { counted, family, namedNumbers, type Case } from '../family.ts';
import { shortNumbers, unitSpins } from '../numbers.ts';
import { networkSchema, shortWeights } from './networks.ts';

const numbers = z.array(z.number());

const inputs = z.strictObject({
  network: networkSchema,
  latticeSize: counted,
  weights: namedNumbers,
  shapes: z.record(z.string(), z.array(counted)),
  batch: counted,
  spins: numbers,
  energies: numbers,
  /** dE/ds in the shape of the spins, or null where only energies are labels. */
  forces: numbers.nullable(),
  /** w, and f. */
  weight: z.number(),
  forceWeight: z.number().nullable(),
});

type Inputs = z.infer<typeof inputs>;

interface Asked {
  readonly name: string;
  readonly why: string;
  readonly description: Network;
  readonly latticeSize: number;
  readonly forceWeight: number | null;
}

const weight = 0.75;

const batch = 3;

const knownLosses: Readonly<Record<string, readonly number[]>> = byNumpy.losses;

const lossCase = ({ name, why, description, latticeSize, forceWeight }: Asked, index: number): Case<Inputs> => {
  const program = right(networkProgram(description));
  const { weights, shapes } = shortWeights(description, 7000 + 50 * index);
  const { shape } = description;
  const length = shape.tag === 'dense' ? shape.sites : 3 * latticeSize ** 2;
  const samples = Array.from({ length: batch }, (_, b) =>
    shape.tag === 'dense' ? [...shortNumbers(7100 + b, length)] : unitSpins(latticeSize, 60 + b),
  );
  const energies = shortNumbers(7200 + index, batch);
  const forces = Array.from({ length: batch }, (_, b) => shortNumbers(7300 + b, length));
  const loss = right(lossProgram({ weight, forceWeight }, Object.keys(weights))(program));
  const answers = samples.map((spins, b) =>
    right(
      evaluate(float64)(latticeSize)(weights, {
        spins,
        [energyLabel]: [energies[b] ?? NaN],
        ...(forceWeight === null ? {} : { [forceLabel]: forces[b] ?? [] }),
      })(loss),
    ),
  );
  const known = knownLosses[name];
  return {
    name,
    equation: 'guide: losses',
    why,
    inputs: {
      network: description,
      latticeSize,
      weights,
      shapes,
      batch,
      spins: samples.flat(),
      energies: [...energies],
      forces: forceWeight === null ? null : forces.flat(),
      weight,
      forceWeight,
    },
    outputs: {
      loss: {
        meaning:
          forceWeight === null
            ? 'w (E - E*)^2 of each sample'
            : 'w ((E - E*)^2 + f sum over sites of |P_i (dE/ds_i - F*_i)|^2) of each sample',
        shape: [batch],
        values: answers.flatMap((answer) => answer['loss'] ?? []),
      },
      ...Object.fromEntries(
        Object.keys(weights).map((name) => [
          `dL/d(${name})`,
          {
            meaning: `the mean over the batch of d(loss)/d(${name})`,
            shape: shapes[name] ?? [],
            values: answers
              .map((answer) => answer[gradientName('loss', name)] ?? [])
              .reduce((sum, each) => sum.map((x, i) => x + (each[i] ?? NaN)))
              .map((x) => x / batch),
          },
        ]),
      ),
    },
    outside: known === undefined ? [] : [{ output: 'loss', source: byNumpy.source, values: known, relative: 1e-11 }],
  };
};

const lattice = (channels: number, pairHead: boolean, architecture: Architecture = 'efnn'): Network =>
  network(architecture, { tag: 'lattice', channels, layers: 1, kernel: 3, pairHead });

const chainOf = (architecture: Architecture): Network =>
  network(architecture, { tag: 'dense', sites: 3, neurons: 4, layers: 2 });

const chain = chainOf('resnet');

/** The family. */
export const losses = family({
  name: 'losses',
  about:
    'P_i v = v - (v . s_i) s_i for unit vectors, and P_i = 1 for chains. Losses are for each sample, gradients are means over the batch.',
  inputs,
  tolerance: {
    relative: 1e-10,
    reason: 'second derivatives of networks: a few thousand roundings, with some cancellation',
  },
  cases: () =>
    [
      {
        name: 'lattice-energies',
        why: 'energies alone: no factor 1/2, the mean of the gradients',
        description: lattice(2, false),
        latticeSize: 3,
        forceWeight: null,
      },
      {
        name: 'lattice-forces',
        why: 'forces on lattices count in the tangent plane alone, and as a sum over sites',
        description: lattice(1, false),
        latticeSize: 3,
        forceWeight: 0.5,
      },
      {
        name: 'lattice-forces-head',
        why: 'the pair head counts in energies and forces',
        description: lattice(1, true),
        latticeSize: 4,
        forceWeight: 2,
      },
      {
        name: 'chain-energies',
        why: 'energies of chains alone',
        description: chain,
        latticeSize: 1,
        forceWeight: null,
      },
      {
        name: 'chain-forces',
        why: 'forces of chains are not projected',
        description: chain,
        latticeSize: 1,
        forceWeight: 0.25,
      },
      ...architectures
        .filter((architecture) => architecture !== 'efnn')
        .map((architecture) => ({
          name: `lattice-${architecture}-forces`,
          why: `${architecture}: the derivative of forces by weights, on a lattice`,
          description: lattice(1, false, architecture),
          latticeSize: 3,
          forceWeight: 0.5,
        })),
      ...architectures
        .filter((architecture) => architecture !== 'resnet')
        .map((architecture) => ({
          name: `chain-${architecture}-forces`,
          why: `${architecture}: the derivative of forces by weights, on a chain`,
          description: chainOf(architecture),
          latticeSize: 1,
          forceWeight: 0.25,
        })),
    ].map(lossCase),
});
