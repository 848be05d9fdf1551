/** Spins from outside: their shapes, and what is refused. */
import * as E from 'fp-ts/lib/Either.js';

import { shapeAdvice, siteCountOf, spinKindOf } from '../src/dataset/spin-kind.ts';
import { configurationsOf, spinBatch } from '../src/dataset/spin-tensor.ts';
import { countOf } from '../src/file/tensor.ts';
import { verify } from './law.ts';
import {
  batchesAreTheirConfigurations,
  longVectorsAreNamed,
  movedAxesAreRecognized,
  othersAreRefused,
  shapesCountSites,
  type ShapeReader,
  type SpinReader,
} from './laws/spin-tensor.ts';

const reader: SpinReader = { batch: spinBatch, apart: configurationsOf };

verify(batchesAreTheirConfigurations, reader, {
  'one configuration alone is refused': {
    ...reader,
    batch: (kind) => (tensor) =>
      tensor.shape.length === (kind === 'vectors' ? 3 : 1)
        ? E.left({ message: 'expected a batch, got one configuration' })
        : spinBatch(kind)(tensor),
  },
  'the first for all': {
    ...reader,
    apart: (batch) => configurationsOf(batch).map((_, __, all) => all[0] ?? new Float64Array()),
  },
});

/** What is right, whatever it holds. */
const welcome = (shape: readonly number[]) =>
  E.right({ sampleShape: shape.slice(1), spins: new Float64Array(countOf(shape)) });

verify(othersAreRefused, reader, {
  'no configurations are welcome': {
    ...reader,
    batch: (kind) => (tensor) => (tensor.values.length === 0 ? welcome(tensor.shape) : spinBatch(kind)(tensor)),
  },
  'NaN is 0': {
    ...reader,
    batch: (kind) => (tensor) => spinBatch(kind)({ ...tensor, values: tensor.values.map((x) => x || 0) }),
  },
  'axes are added': {
    ...reader,
    batch: (kind) => (tensor) => (tensor.shape.length === 5 ? welcome(tensor.shape) : spinBatch(kind)(tensor)),
  },
});

verify(longVectorsAreNamed, reader, {
  'lengths are not looked at': {
    ...reader,
    batch: (_) => (tensor) => welcome(tensor.shape),
  },
  'scalars are unit vectors, too': {
    ...reader,
    batch: (kind) => (tensor) =>
      kind === 'scalars' && tensor.values.some((x) => Math.abs(x) > 1)
        ? E.left({ message: 'expected unit spins' })
        : spinBatch(kind)(tensor),
  },
});

verify(movedAxesAreRecognized, shapeAdvice, {
  'nothing is moved': () => 'write them so',
  'every last axis of three is moved': (shape) => shapeAdvice(shape.at(-1) === 3 ? [2, 2, 2, 3] : shape),
  'five axes are moved, too': (shape) =>
    shape.length === 5 && shape.at(-1) === 3 ? '`np.moveaxis(spins, -1, 2)`' : shapeAdvice(shape),
  'a batch is moved as one configuration': (shape) => shapeAdvice(shape.slice(-3)),
});

const shapes: ShapeReader = { kind: spinKindOf, sites: siteCountOf };

verify(shapesCountSites, shapes, {
  'numbers are sites': { ...shapes, sites: countOf },
  'a chain is a lattice': { ...shapes, kind: () => 'vectors' },
});
