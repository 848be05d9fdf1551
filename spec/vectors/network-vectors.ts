/** Vectors of the networks: energies, forces and gradients, by the definitions of the operations. */
import { sample } from '../../src/lattice/sampler.ts';
import { network, networkProgram, architectures, type Network } from '../../src/network/network.ts';
import { fileShape } from '../../src/network/weights.ts';
import { float64 } from '../../src/number/float64.ts';
import { parameterTotal } from '../../src/program/counts.ts';
import { evaluate } from '../../src/program/evaluate.ts';
import { contract, correlate, inputField, parameterKernel, record } from '../../src/program/expression.ts';
import { gradient, gradientName } from '../../src/program/gradient.ts';
import { declarations } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import { smallIntegers, typed } from '../arbitraries/program.ts';
import { right } from '../right.ts';
import type { VectorFile } from './schema.ts';

/** Numbers n/16 with |n| <= 8, short to write and exact in float32 too. */
export const shortNumbers = (seed: number, length: number): readonly number[] => {
  const draws = smallIntegers(seed, 2 * length);
  return Array.from({ length }, (_, i) => ((draws[2 * i] ?? 0) * 3 + (draws[2 * i + 1] ?? 0)) / 16);
};

/** Unit spins, [3, N, N]. */
export const unitSpins = (latticeSize: number, seed: number): number[] => [
  ...sample('sphere')(latticeSize, seed, 0).components,
];

const networkCase = (why: string, description: Network, latticeSize: number, seed: number) => {
  const { shape } = description;
  const program = right(networkProgram(description));
  const types = declarations('parameter')(program);
  const weights = Object.fromEntries(
    Object.entries(types).map(([name, type], index) => [name, shortNumbers(seed + index, lengthOf(1)(type))]),
  );
  const spins = shape.tag === 'dense' ? [...shortNumbers(seed - 1, shape.sites)] : unitSpins(latticeSize, seed);
  const variables = [...Object.keys(types), 'spins'];
  const outputs = right(
    evaluate(float64)(latticeSize)(weights, { spins })(right(gradient('energy', variables)(program))),
  );
  const derivative = (name: string): number[] => [...(outputs[gradientName('energy', name)] ?? [])];
  return {
    why,
    network: description,
    latticeSize,
    parameters: parameterTotal(program),
    weights: Object.fromEntries(
      Object.entries(types).map(([name, type]) => [
        name,
        { shape: [...fileShape(shape)(type)], values: [...(weights[name] ?? [])] },
      ]),
    ),
    spins,
    energy: outputs['energy']?.[0] ?? NaN,
    forces: derivative('spins'),
    gradient: Object.fromEntries(Object.keys(types).map((name) => [name, derivative(name)])),
  };
};

const oneChannel = { tag: 'lattice', channels: 1, layers: 1, kernel: 5, pairHead: false } as const;

const twoChannels = { tag: 'lattice', channels: 2, layers: 2, kernel: 3, pairHead: false } as const;

const about =
  "E, dE/ds and dE/dw of networks. Kernels are [out, in, k, k] and cross-correlate, as PyTorch's Conv2d with " +
  'circular padding; ' +
  'dense weights are [out, in]. Every list of numbers is row-major in its shape. ' +
  'E = energyScale * output + energyShift * sites + pair head.';

export const latticeNetworkVectors = (): VectorFile<'networks-lattice.json'> => ({
  about,
  tolerance: 1e-10,
  cases: [
    networkCase(
      'two-body head, scale and shift: the head adds sum of s_i . (K * s)_i outside of both',
      { ...network('efnn', { ...oneChannel, kernel: 3, pairHead: true }), energyScale: 2.5, energyShift: -0.5 },
      4,
      900,
    ),
    ...architectures.flatMap((architecture, index) => [
      networkCase(
        'the kernel is larger than the lattice: several of its taps read one site',
        network(architecture, oneChannel),
        3,
        1000 + 100 * index,
      ),
      networkCase(
        'two channels and two layers tell rows from columns, inputs from outputs, and layers from each other',
        network(architecture, twoChannels),
        4,
        1050 + 100 * index,
      ),
    ]),
  ],
});

export const denseNetworkVectors = (): VectorFile<'networks-dense.json'> => ({
  about,
  tolerance: 1e-10,
  cases: [
    networkCase(
      'scale and shift: the shift counts once for each spin',
      { ...network('efnn', { tag: 'dense', sites: 3, neurons: 2, layers: 1 }), energyScale: 2.5, energyShift: -0.5 },
      1,
      1900,
    ),
    networkCase(
      'as wide as the chain is long: the ResNet then has no projection',
      network('resnet', { tag: 'dense', sites: 3, neurons: 3, layers: 2 }),
      1,
      1950,
    ),
    ...architectures.map((architecture, index) =>
      networkCase(
        'more neurons than spins, three layers: what enters each layer, and in which order',
        network(architecture, { tag: 'dense', sites: 3, neurons: 4, layers: 3 }),
        1,
        2000 + 100 * index,
      ),
    ),
  ],
});

const symmetrizationCase = (
  why: string,
  latticeSize: number,
  channels: number,
  kernel: number,
  spins: readonly number[],
) => {
  const [a, b] = [shortNumbers(31, channels * kernel ** 2), shortNumbers(37, channels * kernel ** 2)];
  const s0 = inputField('spins', 3, 1);
  const T = contract(
    correlate(parameterKernel('a', channels, 1, kernel))(s0),
    correlate(parameterKernel('b', channels, 1, kernel))(s0),
  );
  const outputs = right(evaluate(float64)(latticeSize)({ a, b }, { spins })(typed(record({ T }))));
  return { why, latticeSize, channels, kernel, a: [...a], b: [...b], spins: [...spins], T: [...(outputs['T'] ?? [])] };
};

/** x -> y -> z -> -x: an improper rotation, without rounding. */
const reflected = (spins: readonly number[]): readonly number[] => {
  const plane = spins.length / 3;
  return [...spins.slice(2 * plane).map((z) => -z), ...spins.slice(0, 2 * plane)];
};

export const symmetrizationVectors = (): VectorFile<'symmetrization.json'> => ({
  about: 'T = sum over k = x, y, z of (a * s_k)(b * s_k): kernels [C, 1, k, k] without bias, result [C, N, N].',
  tolerance: 1e-12,
  cases: [
    symmetrizationCase('one channel, nearest neighbours', 3, 1, 3, unitSpins(3, 11)),
    symmetrizationCase('two channels, the kernel wraps around the lattice', 4, 2, 5, unitSpins(4, 12)),
    symmetrizationCase('the spins of the case before, reflected: T is the same', 4, 2, 5, reflected(unitSpins(4, 12))),
  ],
});
