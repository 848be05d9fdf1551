/** Networks of awkward shapes with weights and batches: what a fast backend gets wrong first. */
import fc from 'fast-check';

import { architectures, network, networkProgram, type Architecture } from '../../src/network/network.ts';
import { gradient } from '../../src/program/gradient.ts';
import { declarations, type TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf, type ValueType } from '../../src/program/value-type.ts';
import { lossProgram } from '../../src/training/loss.ts';
import { right } from '../right.ts';
import { smallIntegers } from './program.ts';

/** The programs that are made of a network. */
export const purposes = ['energy', 'forces', 'energy gradient', 'force gradient'] as const;

export interface NetworkRun {
  readonly architecture: Architecture;
  readonly purpose: (typeof purposes)[number];
  /** N, 1 for dense networks. */
  readonly latticeSize: number;
  readonly batch: number;
  /** Channels, or neurons of a dense network. */
  readonly channels: number;
  readonly kernel: number;
  readonly layers: number;
  readonly seed: number;
}

/** About how many multiplications the run takes: the reference makes a thousand a microsecond. */
const work = ({ latticeSize, batch, channels, kernel, layers, purpose }: NetworkRun): number =>
  (purpose === 'force gradient' ? 12 : 4) * layers * batch * (latticeSize * kernel * (channels + 1)) ** 2;

const shapes = fc.record({
  architecture: fc.constantFrom(...architectures),
  purpose: fc.constantFrom(...purposes),
  batch: fc.constantFrom(1, 3, 14, 1000),
  layers: fc.integer({ min: 1, max: 2 }),
  seed: fc.nat(2 ** 30),
});

const onLattices = fc.record({
  latticeSize: fc.constantFrom(3, 5, 7, 11),
  channels: fc.constantFrom(1, 2, 3, 5, 9),
  kernel: fc.constantFrom(1, 3, 5),
});

/** Widths on either side of what registers and vectors hold. */
const onChains = fc.record({
  latticeSize: fc.constant(1),
  channels: fc.constantFrom(4, 7, 33, 64),
  kernel: fc.constant(1),
});

/** Runs that take no more than so many multiplications. */
export const networkRuns = (mostWork: number): fc.Arbitrary<NetworkRun> =>
  fc
    .tuple(shapes, fc.oneof({ weight: 3, arbitrary: onLattices }, { weight: 1, arbitrary: onChains }))
    .map(([shape, place]) => ({ ...shape, ...place }))
    .filter((run) => work(run) <= mostWork);

const sitesOfChains = 5;

export const programOf = ({
  architecture,
  purpose,
  latticeSize,
  channels,
  kernel,
  layers,
  seed,
}: NetworkRun): TypedProgram => {
  const shape =
    latticeSize === 1
      ? ({ tag: 'dense', sites: sitesOfChains, neurons: channels, layers } as const)
      : ({ tag: 'lattice', channels, layers, kernel, pairHead: seed % 2 === 1 } as const);
  const energy = right(networkProgram(network(architecture, shape)));
  const weights = Object.keys(declarations('parameter')(energy));
  switch (purpose) {
    case 'energy':
      return energy;
    case 'forces':
      return right(gradient('energy', ['spins'])(energy));
    case 'energy gradient':
      return right(lossProgram({ weight: 1, forceWeight: null }, weights)(energy));
    case 'force gradient':
      return right(lossProgram({ weight: 1, forceWeight: 2 }, weights)(energy));
  }
};

/** Numbers of both signs and every size up to `size`, as float32 rounds them. */
const spread = (seed: number, length: number, size: number): Float64Array => {
  const [coarse, fine] = [smallIntegers(seed, length), smallIntegers(seed + 1, length)];
  return Float64Array.from(coarse, (x, i) => Math.fround((size * (5 * x + (fine[i] ?? 0))) / 12));
};

/** Weights are so large that the sums of a layer are of order one. */
const sizeOf = (type: ValueType): number => (type.tag === 'kernel' ? 1.5 / Math.sqrt(type.inputs * type.size ** 2) : 1);

/** Values for the declared inputs of `samples` samples, or for parameters. */
export const valuesOf = (
  tag: 'input' | 'parameter',
  program: TypedProgram,
  { latticeSize, seed }: NetworkRun,
  samples: number,
): Readonly<Record<string, Float64Array>> =>
  Object.fromEntries(
    Object.entries(declarations(tag)(program)).map(([name, type], index) => [
      name,
      spread(seed + 7 * index, samples * lengthOf(latticeSize)(type), sizeOf(type)),
    ]),
  );
