/** The law of exported networks: a file, run by foreign software, answers as the network does. */
import fc from 'fast-check';
import { mapWithIndex } from 'fp-ts/lib/Record.js';

import { reference } from '../../src/backend/reference/reference.ts';
import type { Dtype } from '../../src/file/tensor.ts';
import type { Model } from '../../src/network/model.ts';
import { networkProgram, type Network } from '../../src/network/network.ts';
import { declaredWeights } from '../../src/network/weights.ts';
import { compilePrediction } from '../../src/training/prediction.ts';
import { denseNetworks, latticeNetworks, numbers, weighted, type WeightedNetwork } from '../arbitraries/networks.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** An array with its shape, as a file reads or returns it. */
export interface ShapedArray {
  readonly shape: readonly number[];
  readonly numbers: readonly number[];
}

/** What runs a file: arrays in, arrays out. */
export type RunFile = (inputs: Readonly<Record<string, ShapedArray>>) => Promise<Readonly<Record<string, ShapedArray>>>;

/** A network as a file of this element type, loaded, and ready to run. */
export type ExportedNetwork = (dtype: Dtype, model: Model) => Promise<RunFile>;

/** Samples of one lattice size. */
export interface Run {
  readonly latticeSize: number;
  readonly batch: number;
  readonly spins: readonly number[];
}

export interface ExportCase {
  readonly dtype: Dtype;
  readonly network: WeightedNetwork;
  /** All of them on the same file. */
  readonly runs: readonly Run[];
}

/** Kernels up to 7 on lattices from 1 site on: taps read what others read too, more than once around the torus. */
const latticesAndKernels = fc.tuple(latticeNetworks, fc.constantFrom(1, 3, 5, 7)).map(([network, kernel]): Network => ({
  ...network,
  shape: network.shape.tag === 'lattice' ? { ...network.shape, kernel } : network.shape,
}));

const runsOf = ({ shape }: Network): fc.Arbitrary<readonly Run[]> =>
  fc.array(
    fc
      .record({
        latticeSize: shape.tag === 'dense' ? fc.constant(1) : fc.constantFrom(1, 2, 2, 3, 4, 6),
        batch: fc.integer({ min: 1, max: 3 }),
      })
      .chain(({ latticeSize, batch }) =>
        numbers(batch * (shape.tag === 'dense' ? shape.sites : 3 * latticeSize * latticeSize)).map((spins) => ({
          latticeSize,
          batch,
          spins,
        })),
      ),
    { minLength: 2, maxLength: 2 },
  );

/** Of the size that initial weights have: a saturated network multiplies the roundings of its first layer a thousandfold. */
const ofInitialSize = (network: WeightedNetwork): WeightedNetwork => {
  const declared = declaredWeights(network.program);
  const sizeOf = (name: string) => 1 / Math.sqrt(declared[name]?.fanIn ?? 1);
  return {
    ...network,
    weights: mapWithIndex((name, values: readonly number[]) => values.map((w) => w * sizeOf(name)))(network.weights),
  };
};

const exportCases: fc.Arbitrary<ExportCase> = fc
  .tuple(
    fc.constantFrom<Dtype>('float32', 'float64'),
    fc.oneof({ weight: 3, arbitrary: weighted(latticesAndKernels) }, { weight: 1, arbitrary: weighted(denseNetworks) }),
  )
  .chain(([dtype, network]) =>
    runsOf(network.network).map((runs) => ({ dtype, network: ofInitialSize(network), runs })),
  );

export const modelOf = ({ network, weights }: WeightedNetwork): Model => ({
  network,
  weights: Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, Float64Array.from(values)])),
});

/** The shape of spins in files. */
export const spinShape = ({ shape }: Network, { latticeSize: N, batch }: Omit<Run, 'spins'>): readonly number[] =>
  shape.tag === 'dense' ? [batch, shape.sites] : [batch, 3, N, N];

const sameExtents = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join();

/**
 * A few thousand roundings, relative to the largest entry: sums over up to 98 taps in up to five layers, of numbers of
 * order one.
 */
const tolerance: Readonly<Record<Dtype, number>> = { float32: 2 ** -24 * 4096, float64: 2 ** -53 * 4096 };

const close = (dtype: Dtype, expected: Iterable<number>, found: readonly number[]): boolean => {
  const numbers = [...expected];
  const largest = numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  return (
    numbers.length === found.length &&
    numbers.every((x, i) => Math.abs(x - (found[i] ?? NaN)) <= tolerance[dtype] * largest)
  );
};

const answers = async (
  { network, weights }: Model,
  { latticeSize, batch, spins }: Run,
): Promise<{ readonly energies: Iterable<number>; readonly forces: Iterable<number> }> => {
  const program = right(networkProgram(network));
  const predict = right(await compilePrediction(reference, { forces: true })(program)());
  const { energies, forces } = right(
    await predict(weights)({ count: batch, latticeSize, spins: Float64Array.from(spins) })(),
  );
  return { energies, forces: forces ?? [] };
};

export const filesAnswerAsNetworks: Law<ExportedNetwork, ExportCase> = {
  statement:
    'one file answers for every lattice size, smaller than the kernel too, and every batch: energies [B], forces in the shape of the spins',
  cases: exportCases,
  holds:
    (exported) =>
    async ({ dtype, network, runs }) => {
      const model = modelOf(network);
      const run = await exported(dtype, model);
      const agree = await Promise.all(
        runs.map(async (samples) => {
          const shape = spinShape(network.network, samples);
          const { energy, forces } = await run({ spins: { shape, numbers: samples.spins } });
          const expected = await answers(model, samples);
          return (
            energy !== undefined &&
            forces !== undefined &&
            sameExtents(energy.shape, [samples.batch]) &&
            sameExtents(forces.shape, shape) &&
            close(dtype, expected.energies, energy.numbers) &&
            close(dtype, expected.forces, forces.numbers)
          );
        }),
      );
      return agree.every((one) => one);
    },
  runs: 60,
};
