/** Tensors and data sets to write to files and read back. */
import fc from 'fast-check';
import * as O from 'fp-ts/lib/Option.js';

import type { DataSet } from '../../src/dataset/data-set.ts';
import type { Meta } from '../../src/dataset/meta.ts';
import { sizeOf } from '../../src/dataset/spin-kind.ts';
import { systems } from '../../src/dataset/systems.ts';
import type { TensorFile } from '../../src/file/safetensors.ts';
import { countOf, type Tensor } from '../../src/file/tensor.ts';
import type { Reals } from '../../src/number/reals.ts';
import { finiteNumber } from './numbers.ts';

const reals = (count: number, number: fc.Arbitrary<number>): fc.Arbitrary<Reals> =>
  fc.array(number, { minLength: count, maxLength: count }).map((values) => Float64Array.from(values));

const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });

const float64 = fc.double({ noNaN: true, noDefaultInfinity: true });

/** A tensor of up to four dimensions; signed zeros and empty extents are among them. */
export const tensors: fc.Arbitrary<Tensor> = fc
  .tuple(shape, fc.constantFrom('float64' as const, 'float32' as const))
  .chain(([extents, dtype]) =>
    reals(countOf(extents), dtype === 'float64' ? float64 : float32).map((values) => ({
      dtype,
      shape: extents,
      values,
    })),
  );

/** Extents that a shape may have, and such that none has; a few in each row. */
const wildExtents = fc.oneof(
  { weight: 12, arbitrary: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(-2, -1, 0, 1, 2, 0.5, NaN, Infinity, 2 ** 52, 2 ** 53), { maxLength: 3 }),
  },
  { weight: 1, arbitrary: fc.constantFrom(4000, 3200).map((axes) => Array.from({ length: axes }, () => 1)) },
);

const wildNumber = fc.oneof(
  { weight: 60, arbitrary: fc.integer({ min: -9, max: 9 }).map((x) => x + 0) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, 1e300) },
);

/** Tensors of which many are none: shapes that no array has, one number more or fewer than entries, numbers that are none. */
export const wildTensors: fc.Arbitrary<Tensor> = fc
  .tuple(wildExtents, fc.constantFrom('float64' as const, 'float32' as const), fc.constantFrom(0, 0, 0, 0, -1, 1))
  .chain(([extents, dtype, surplus]) => {
    const count = Math.max(0, countOf(extents) + surplus);
    return reals(Number.isInteger(count) && count < 100 ? count : 0, wildNumber).map((values) => ({
      dtype,
      shape: extents,
      values,
    }));
  });

/** Names and texts of which some are none: those that the format keeps, half of a character. */
const wildText = fc.constantFrom(
  'a',
  'b',
  'c',
  'd',
  'constructor',
  '0',
  '',
  '\u2028',
  '__metadata__',
  '__proto__',
  'x\ud800',
);

export const wildTensorFiles: fc.Arbitrary<TensorFile> = fc
  .record({
    metadata: fc.array(fc.tuple(wildText, wildText), { maxLength: 1 }),
    tensors: fc.array(fc.tuple(wildText, wildTensors), { maxLength: 3 }),
  })
  .map(({ metadata, tensors: entries }) => ({
    metadata: Object.fromEntries(metadata),
    tensors: Object.fromEntries(entries),
  }));

const name = fc.stringMatching(/^[a-zA-Z0-9.]{1,8}$/);

export const tensorFiles: fc.Arbitrary<TensorFile> = fc.record({
  metadata: fc.dictionary(name, fc.string({ unit: 'binary' }), { maxKeys: 3, noNullPrototype: true }),
  tensors: fc.dictionary(name, tensors, { maxKeys: 4, noNullPrototype: true }),
});

export const metas = (system: Meta['system']): fc.Arbitrary<Meta> =>
  fc
    .tuple(plainMetas(system), fc.boolean())
    .map(([plain, images]): Meta => (images ? { ...plain, images: 'C4v' } : plain));

const plainMetas = (system: Meta['system']): fc.Arbitrary<Meta> =>
  fc.record({
    system: fc.constant(system),
    parameters: fc.dictionary(
      name,
      finiteNumber.map((x) => x + 0),
      { maxKeys: 4, noNullPrototype: true },
    ),
    sampler: fc.constantFrom('sphere', 'angles', 'published', 'uniform'),
    seed: fc.integer(),
    firstIndex: fc.nat(),
    method: fc.constantFrom('formula', 'diagonalize', 'poles'),
    version: fc.string({ unit: 'grapheme' }).filter((text) => !text.endsWith('\0')),
  });

const dataSetOf = (system: Meta['system'], sampleShape: readonly number[], count: number): fc.Arbitrary<DataSet> =>
  fc.record({
    meta: metas(system),
    sampleShape: fc.constant(sampleShape),
    spins: reals(count * countOf(sampleShape), finiteNumber),
    energies: reals(count, finiteNumber),
    forces: fc.oneof(
      fc.constant(O.none),
      reals(count * countOf(sampleShape), finiteNumber).map((forces) => O.some(forces)),
    ),
    couplings: couplingsOf(systems[system].couplings?.(sizeOf(sampleShape))),
  });

/** So many couplings, or none, as files of earlier versions have them. */
const couplingsOf = (count: number | undefined): fc.Arbitrary<DataSet['couplings']> =>
  count === undefined
    ? fc.constant(O.none)
    : fc.oneof(
        fc.constant(O.none),
        reals(count, finiteNumber).map((couplings) => O.some(couplings)),
      );

/** A data set of any of the systems, with or without forces and couplings. */
export const dataSets: fc.Arbitrary<DataSet> = fc
  .tuple(
    fc.constantFrom('three-spin-binary', 'three-spin-continuous', 'double-exchange'),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }),
  )
  .chain(([system, size, count]) => dataSetOf(system, system === 'double-exchange' ? [3, size, size] : [size], count));

/** One change to a data set: of what generated data say about themselves, or of an array. */
const changes: readonly ((data: DataSet) => Partial<DataSet>)[] = [
  () => ({}),
  ({ meta }) => ({ meta: { ...meta, seed: 1.5 } }),
  ({ meta }) => ({ meta: { ...meta, firstIndex: -1 } }),
  ({ meta }) => ({ meta: { ...meta, parameters: { J: NaN } } }),
  ({ meta }) => ({ meta: { ...meta, version: '\ud800' } }),
  ({ meta }) => ({ meta: { ...meta, version: 'x'.repeat(2 ** 20) } }),
  () => ({ couplings: O.some(new Float64Array(2)) }),
  ({ energies }) => ({ energies: energies.slice(1) }),
  ({ energies }) => ({ energies: energies.map(() => NaN) }),
  ({ spins }) => ({ spins: spins.slice(1) }),
  ({ spins }) => ({ forces: O.some(spins.slice(1)) }),
  ({ sampleShape }) => ({ sampleShape: [...sampleShape, 1] }),
  ({ sampleShape }) => ({ sampleShape: sampleShape.map((extent) => extent / 2) }),
];

/** Data sets of which many are none. */
export const wildDataSets: fc.Arbitrary<DataSet> = fc
  .tuple(dataSets, fc.oneof(fc.constant(changes[0]), fc.constantFrom(...changes)))
  .map(([data, change]) => ({ ...data, ...change?.(data) }));
