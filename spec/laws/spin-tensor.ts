/** Laws of spins from outside: which tensors are spin configurations, and what is said of the others. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';

import type { SpinKind } from '../../src/dataset/spin-kind.ts';
import type { configurationsOf, SpinBatch } from '../../src/dataset/spin-tensor.ts';
import type { Tensor } from '../../src/file/tensor.ts';
import { configurationsOf as spinsOfSize } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';

/** The configurations in a tensor, or why there are none. */
export interface SpinReader {
  readonly batch: (kind: SpinKind) => (tensor: Tensor) => E.Either<{ readonly message: string }, SpinBatch>;
  readonly apart: typeof configurationsOf;
}

interface SpinCase {
  readonly kind: SpinKind;
  readonly sampleShape: readonly number[];
  readonly configurations: readonly (readonly number[])[];
}

const cases: fc.Arbitrary<SpinCase> = fc.integer({ min: 1, max: 4 }).chain((size) =>
  fc.oneof(
    fc.array(spinsOfSize(size), { minLength: 1, maxLength: 3 }).map((all): SpinCase => ({
      kind: 'vectors',
      sampleShape: [3, size, size],
      configurations: all.map(({ components }) => [...components]),
    })),
    fc
      .array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: size, maxLength: size }), {
        minLength: 1,
        maxLength: 3,
      })
      .map((configurations): SpinCase => ({ kind: 'scalars', sampleShape: [size], configurations })),
  ),
);

const tensor = (shape: readonly number[], values: readonly number[]): Tensor => ({
  dtype: 'float64',
  shape,
  values: Float64Array.from(values),
});

export const batchesAreTheirConfigurations: Law<SpinReader, SpinCase> = {
  statement: 'a tensor of configurations, or of one alone, is these, one after the other; unit vectors or any scalars',
  cases,
  holds:
    ({ batch, apart }) =>
    ({ kind, sampleShape, configurations }) => {
      const [first = []] = configurations;
      const many = batch(kind)(tensor([configurations.length, ...sampleShape], configurations.flat()));
      const one = batch(kind)(tensor(sampleShape, first));
      const read = (found: typeof many): string =>
        E.isRight(found)
          ? JSON.stringify([found.right.sampleShape, apart(found.right).map((spins) => [...spins])])
          : found.left.message;
      return (
        read(many) === JSON.stringify([sampleShape, configurations]) &&
        read(one) === JSON.stringify([sampleShape, [first]])
      );
    },
};

interface Fault {
  readonly spoilt: (example: SpinCase) => Tensor;
  readonly said: (example: SpinCase) => RegExp;
}

const batchOf = ({ sampleShape, configurations }: SpinCase): Tensor =>
  tensor([configurations.length, ...sampleShape], configurations.flat());

const faults: readonly Fault[] = [
  // None at all.
  { spoilt: ({ sampleShape }) => tensor([0, ...sampleShape], []), said: () => /at least one/ },
  // An axis too many, or a plane of a fourth component.
  {
    spoilt: (example) => ({ ...batchOf(example), shape: [1, ...batchOf(example).shape] }),
    said: ({ kind }) =>
      kind === 'vectors' ? /of shape \[B, 3, N, N\], or \[3, N, N\] of one/ : /of shape \[B, L\], or \[L\] of one/,
  },
  {
    spoilt: ({ kind, sampleShape }) => {
      const size = sampleShape.at(-1) ?? 0;
      const shape = kind === 'vectors' ? [1, 4, size, size] : [1, 1, size];
      return tensor(
        shape,
        Array.from({ length: shape.reduce((n, extent) => n * extent, 1) }, () => 1),
      );
    },
    said: () => /expected spins of shape/,
  },
  // A number that is none.
  {
    spoilt: (example) => ({ ...batchOf(example), values: batchOf(example).values.map((x, i) => (i === 0 ? NaN : x)) }),
    said: () => /finite/,
  },
];

export const othersAreRefused: Law<SpinReader, readonly [SpinCase, Fault]> = {
  statement: 'no spins, other shapes and numbers that are none are refused, with the shape that was expected',
  cases: fc.tuple(cases, fc.constantFrom(...faults)),
  holds:
    ({ batch }) =>
    ([example, { spoilt, said }]) => {
      const found = batch(example.kind)(spoilt(example));
      return E.isLeft(found) && said(example).test(found.left.message);
    },
};

export const longVectorsAreNamed: Law<SpinReader, readonly [SpinCase, number]> = {
  statement: 'the first configuration with a vector that is no unit vector is named; scalars may have any length',
  cases: fc.tuple(cases, fc.nat(2)),
  holds:
    ({ batch }) =>
    ([example, place]) => {
      const spoilt = place % example.configurations.length;
      const configurations = example.configurations.map((spins, b) => (b < spoilt ? spins : spins.map((x) => 2 * x)));
      const found = batch(example.kind)(batchOf({ ...example, configurations }));
      return example.kind === 'scalars'
        ? E.isRight(found)
        : E.isLeft(found) && found.left.message.startsWith(`configuration ${spoilt}: expected unit spins`);
    },
};

export const movedAxesAreRecognized: Law<(shape: readonly number[]) => string, readonly number[]> = {
  statement:
    'an array of three or four axes, the last of three components, is to be transposed by its first other axis',
  cases: fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 5 }),
  holds: (advice) => (shape) => {
    const isMoved = [3, 4].includes(shape.length) && shape[shape.length - 1] === 3;
    const to = shape.length === 3 ? 0 : 1;
    return isMoved ? advice(shape).includes(`np.moveaxis(spins, -1, ${to})`) : advice(shape) === 'write them so';
  },
};

/** What a shape says: of which kind the spins are, and how many sites there are. */
export interface ShapeReader {
  readonly kind: (sampleShape: readonly number[]) => SpinKind;
  readonly sites: (sampleShape: readonly number[]) => number;
}

export const shapesCountSites: Law<ShapeReader, SpinCase> = {
  statement: 'one spin a site: scalars are as many as their numbers, vectors a third',
  cases,
  holds:
    ({ kind: kindOf, sites }) =>
    ({ kind, sampleShape, configurations: [first = []] }) =>
      kindOf(sampleShape) === kind && sites(sampleShape) === first.length / (kind === 'vectors' ? 3 : 1),
};
