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
