/** How weights begin: by the published rule, or scaled to unit variance. */
import { z } from 'zod';

import { reference } from '../../../src/backend/reference/reference.ts';
import { initialWeights } from '../../../src/network/initial-weights.ts';
import { network, networkProgram, type Network } from '../../../src/network/network.ts';
import { fileShape, weightTypes } from '../../../src/network/weights.ts';
import { unitVariance } from '../../../src/training/unit-variance.ts';
import byNumpy from '../../outside/numpy-vectors.json' with { type: 'json' };
import { right } from '../../right.ts';
import { counted, family, type Case } from '../family.ts';
import { shortNumbers, unitSpins } from '../numbers.ts';
import { networkSchema } from './networks.ts';

const inputs = z.strictObject({
  network: networkSchema,
  seed: z.number().int(),
  start: z.enum(['published', 'unit-variance']),
  /** What the unit-variance start looks at: [B, 3, N, N] or [B, L]; empty for the published one. */
  latticeSize: counted,
  count: z.number().int().min(0),
  spins: z.array(z.number()),
});

type Inputs = z.infer<typeof inputs>;

const known: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = byNumpy.initial;

const startCase = async (
  name: string,
  why: string,
  description: Network,
  seed: number,
  configurations: { readonly latticeSize: number; readonly spins: readonly number[]; readonly count: number } | null,
): Promise<Case<Inputs>> => {
  const program = right(networkProgram(description));
  const drawn = initialWeights(seed)(program);
  const weights =
    configurations === null
      ? drawn
      : right(
          await unitVariance(reference)(program, {
            ...configurations,
            spins: Float64Array.from(configurations.spins),
          })(drawn)(),
        );
  const shape = fileShape(description.shape);
  return {
    name,
    equation: 'guide: initial weights',
    why,
    inputs: {
      network: description,
      seed,
      start: configurations === null ? 'published' : 'unit-variance',
      latticeSize: configurations?.latticeSize ?? 1,
      count: configurations?.count ?? 0,
      spins: [...(configurations?.spins ?? [])],
    },
    outside: Object.entries(known[name] ?? {}).map(([output, values]) => ({
      output,
      source: byNumpy.source,
      values,
      relative: 1e-15,
    })),
    // What is fitted begins at 0, which would be no answer.
    outputs: Object.fromEntries(
      Object.entries(weightTypes(program))
        .filter(([weight]) => weight !== 'pair.weight')
        .map(([weight, type], index) => [
          weight,
          {
            meaning: `${weight}, number ${index} in the order of recording`,
            shape: shape(type),
            values: weights[weight] ?? [],
          },
        ]),
    ),
  };
};

const lattice = (architecture: Network['architecture'], layers = 2): Network =>
  network(architecture, { tag: 'lattice', channels: 2, layers, kernel: 3, pairHead: architecture === 'efnn' });

const chain = (architecture: Network['architecture']): Network =>
  network(architecture, { tag: 'dense', sites: 3, neurons: 4, layers: 2 });

const architectures = ['efnn', 'dnn', 'resnet', 'densenet'] as const;

/** The family. */
export const initialWeightsFamily = family({
  name: 'initial-weights',
  about: 'Parameter number i of seed s is uniform in [-1/sqrt(fan-in), 1/sqrt(fan-in)], from stream (s, i, weights).',
  inputs,
  tolerance: {
    relative: 1e-11,
    reason: 'bounds are roots; unit variance takes standard deviations of some hundred numbers',
  },
  cases: async () => [
    ...(await Promise.all(
      architectures.flatMap((architecture) => [
        startCase(
          `lattice-${architecture}`,
          `${architecture}: in which order parameters are drawn, and with which fan-in`,
          lattice(architecture),
          11,
          null,
        ),
        startCase(
          `chain-${architecture}`,
          `${architecture} on chains: the order, and biases with the fan-in of their map`,
          chain(architecture),
          12,
          null,
        ),
        startCase(
          `unit-lattice-${architecture}`,
          `${architecture}: every map to unit variance over samples, sites and channels, T_j by its degree 2`,
          lattice(architecture),
          13,
          { latticeSize: 3, count: 4, spins: [1, 2, 3, 4].flatMap((seed) => unitSpins(3, seed)) },
        ),
        startCase(
          `unit-chain-${architecture}`,
          `${architecture} on chains: every map to unit variance`,
          chain(architecture),
          14,
          {
            latticeSize: 1,
            count: 6,
            spins: shortNumbers(15, 18),
          },
        ),
      ]),
    )),
  ],
});
