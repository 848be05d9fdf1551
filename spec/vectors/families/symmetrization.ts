/** T_j, the invariants that make the networks symmetric under all rotations and reflections of the spins. */
import { z } from 'zod';

import { float64 } from '../../../src/number/float64.ts';
import { evaluate } from '../../../src/program/evaluate.ts';
import { contract, correlate, inputField, parameterKernel, record } from '../../../src/program/expression.ts';
import { typed } from '../../arbitraries/program.ts';
import { right } from '../../right.ts';
import { counted, family } from '../family.ts';
import { alongZ, shortNumbers, unitSpins } from '../numbers.ts';

const symmetrizationCase = (
  name: string,
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
  return {
    name,
    equation: 'Fig. 3',
    why,
    inputs: { latticeSize, channels, kernel, a: [...a], b: [...b], spins: [...spins] },
    outputs: {
      T: {
        meaning: 'T(r) = sum over k = x, y, z of (a * s_k)(r) (b * s_k)(r)',
        shape: [channels, latticeSize, latticeSize],
        values: outputs['T'] ?? [],
      },
    },
  };
};

/** x -> y -> z -> -x: an improper rotation, without rounding. */
const reflected = (spins: readonly number[]): readonly number[] => {
  const plane = spins.length / 3;
  return [...spins.slice(2 * plane).map((z) => -z), ...spins.slice(0, 2 * plane)];
};

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);

const ferromagnet = () => {
  const example = symmetrizationCase(
    'ferromagnet',
    'all spins alike: the sums of both kernels, multiplied',
    3,
    1,
    3,
    alongZ(3),
  );
  const { a, b } = example.inputs;
  return {
    ...example,
    outside: [
      {
        output: 'T',
        source: 'closed form: T = sum(a) sum(b) at every site, exact in multiples of 1/256',
        values: Array.from({ length: 9 }, () => sum(a) * sum(b)),
        relative: 1e-15,
      },
    ],
  };
};

/** The family. */
export const symmetrization = family({
  name: 'symmetrization',
  about: 'T = sum over k = x, y, z of (a * s_k)(b * s_k): kernels [C, 1, k, k] without bias, result [C, N, N].',
  inputs: z.strictObject({
    latticeSize: counted,
    channels: counted,
    kernel: counted,
    a: z.array(z.number()),
    b: z.array(z.number()),
    spins: z.array(z.number()),
  }),
  tolerance: { relative: 1e-13, reason: 'products of two sums of at most 25 numbers below 1, which may cancel' },
  cases: () => [
    ferromagnet(),
    symmetrizationCase('nearest', 'one channel, nearest neighbours', 3, 1, 3, unitSpins(3, 11)),
    symmetrizationCase('wrapping', 'two channels, the kernel wraps around the lattice', 4, 2, 5, unitSpins(4, 12)),
    symmetrizationCase(
      'reflected',
      'the spins of the case wrapping, reflected: T is the same',
      4,
      2,
      5,
      reflected(unitSpins(4, 12)),
    ),
  ],
});
