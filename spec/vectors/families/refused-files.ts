/**
 * Files that must be refused, before anything is built from them: weights, data and checkpoints, each by its public reader. Where the
 * format's own library refuses a file too, that is a value from outside.
 */
import { z } from 'zod';

import { readNpz } from '../../../src/dataset/data-set-file.ts';
import { readSafetensors, writeSafetensors, type TensorFile } from '../../../src/file/safetensors.ts';
import { writeSealed } from '../../../src/file/sealed-tensors.ts';
import type { Tensor } from '../../../src/file/tensor.ts';
import { readModel } from '../../../src/network/model-file.ts';
import { readCheckpoint } from '../../../src/training/checkpoint.ts';
import { digest } from '../../arbitraries/runs.ts';
import numpyFiles from '../../outside/numpy-files.json' with { type: 'json' };
import verdicts from '../../outside/refused-files.json' with { type: 'json' };
import safetensorsFiles from '../../outside/safetensors.json' with { type: 'json' };
import { right } from '../../right.ts';
import type { Case, Outside } from '../family.ts';
import { refused, type RefusalInputs } from './refusal.ts';

type Refused = Case<RefusalInputs>;

/** The verdicts of other libraries on these files, by their SHA-256: a law says that every file has one. */
export const refusedFileVerdicts = z
  .record(z.string(), z.strictObject({ library: z.string(), verdict: z.enum(['refused', 'read']) }))
  .parse(verdicts.files);

/** What the format's own library says of a file. */
const outsideOf = (bytes: Uint8Array): readonly Outside[] => {
  const found = refusedFileVerdicts[digest(bytes)];
  return found?.verdict === 'refused'
    ? [{ output: 'refused', source: `${found.library} refuses the file`, values: [1], relative: 0 }]
    : [];
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const readers = { 'weights-file': readModel, 'data-file': readNpz, checkpoint: readCheckpoint(digest) };

const refusedFile = (what: keyof typeof readers, name: string, why: string, bytes: Uint8Array): Refused =>
  refused(name, why, { what, given: { base64: base64(bytes) } }, readers[what](bytes), outsideOf(bytes));

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

// Weights: the format.

/** A file of the collection that the library was asked about, by its name there. */
const collected = (why: string): Uint8Array => {
  const found = safetensorsFiles.files.find((file) => file.why === why);
  if (found === undefined) {
    throw new RangeError(`expected a file named ${why} in spec/outside/safetensors.json, got none`);
  }
  return bytesOf(found.base64);
};

/** Case, file of the collection, and why no port may read it. */
const malformed: readonly (readonly [string, string, string])[] = [
  ['overlap', 'overlap', 'two tensors share bytes'],
  ['gap', 'gap', 'bytes between two tensors belong to none'],
  ['surplus', 'surplus', 'bytes after the last tensor'],
  ['short', 'short', 'the last tensor ends beyond the file'],
  ['misfit', 'misfit', 'a tensor does not fill its bytes'],
  ['same-place', 'same place', 'two tensors at one place'],
  ['late', 'start late', 'bytes before the first tensor belong to none'],
  ['length', 'length max', 'a header longer than any memory'],
  ['length-cut', 'seven', 'seven bytes: the length of a header has eight'],
  ['extent-negative', 'neg shape', 'a negative extent'],
  ['overflow', 'overflow', 'a shape with more entries than can be counted'],
  ['dtype', 'dtype unknown', 'numbers of an unknown type'],
  ['comma', 'trailing comma', 'a header that is no JSON'],
  ['utf8', 'overlong', 'a header that is no UTF-8'],
  ['twice-other', 'dup other', 'a name twice, with two tensors'],
  ['twice-same', 'dup same', 'a name twice, with one tensor: which of the two is meant? the library takes the last'],
  ['prototype', 'name proto', 'a tensor called __proto__, which in some languages is no entry: the library reads it'],
  ['half-precision', 'dtype F16', 'numbers of half precision, which no model has: the library reads them'],
  ['not-a-number', 'nan', 'a weight that is NaN: the library reads it'],
  ['infinite', 'inf', 'a weight that is infinite: the library reads it'],
];

// Weights: the model.

const numbers = (shape: readonly number[], values: readonly number[]): Tensor => ({
  dtype: 'float64',
  shape,
  values: Float64Array.from(values),
});

/** A DNN of one layer, W = 2, on 3 sites. */
const model: TensorFile = {
  metadata: {
    format: 'efnn/1',
    model: 'dnn',
    layers: '1',
    neurons: '2',
    sites: '3',
    energyScale: '1',
    energyShift: '0',
  },
  tensors: {
    'f.0.0.weight': numbers([2, 3], [1, 2, 3, 4, 5, 6]),
    'f.0.0.bias': numbers([2], [1, 2]),
    'f.0.1.weight': numbers([2, 2], [1, 2, 3, 4]),
    'f.0.1.bias': numbers([2], [1, 2]),
    'g.1.0.weight': numbers([2, 2], [1, 2, 3, 4]),
    'g.1.0.bias': numbers([2], [1, 2]),
    'g.1.1.weight': numbers([2, 2], [1, 2, 3, 4]),
    'g.1.1.bias': numbers([2], [1, 2]),
  },
};

const without = <A>(entries: Readonly<Record<string, A>>, name: string): Readonly<Record<string, A>> =>
  Object.fromEntries(Object.entries(entries).filter(([other]) => other !== name));

const withMetadata = (changed: TensorFile['metadata']): TensorFile => ({
  ...model,
  metadata: { ...model.metadata, ...changed },
});

const withTensors = (changed: TensorFile['tensors']): TensorFile => ({
  ...model,
  tensors: { ...model.tensors, ...changed },
});

const lattice = { ...without(without(model.metadata, 'neurons'), 'sites'), channels: '1', kernel: '3' };

/** Case, file, and why no network is in it. */
const misfits: readonly (readonly [string, TensorFile, string])[] = [
  ['format', withMetadata({ format: 'efnn/2' }), 'another format than efnn/1'],
  ['format-none', { ...model, metadata: {} }, 'no metadata: nothing tells what network it is'],
  ['architecture', withMetadata({ model: 'cnn' }), 'a network that there is not'],
  ['layers-beyond', withMetadata({ layers: '100000' }), 'more layers than the file has tensors, before they are built'],
  ['layers-text', withMetadata({ layers: 'one' }), 'a number of layers that is no numeral'],
  ['layers-none', withMetadata({ layers: '0' }), 'a model without layers'],
  ['neurons-beyond', withMetadata({ neurons: '1000000000' }), 'wider than any tensor of the file, before it is built'],
  ['neurons-alone', { ...model, metadata: without(model.metadata, 'sites') }, 'neurons without sites'],
  ['kernel-even', { ...model, metadata: { ...lattice, kernel: '2' } }, 'a kernel without a centre, in a file'],
  ['scale-zero', withMetadata({ energyScale: '0' }), 'a scale of 0, in a file'],
  ['scale-hexadecimal', withMetadata({ energyScale: '0x10' }), 'a scale that is no decimal numeral'],
  ['scale-empty', withMetadata({ energyScale: '' }), 'a scale that is stated and empty is not one that is left out'],
  ['shift-infinite', withMetadata({ energyShift: 'Infinity' }), 'a shift that is not finite'],
  ['weight-missing', { ...model, tensors: without(model.tensors, 'g.1.1.bias') }, 'a weight is missing'],
  ['weight-transposed', withTensors({ 'f.0.0.weight': numbers([3, 2], [1, 2, 3, 4, 5, 6]) }), 'weights as [in, out]'],
  ['weight-stranger', withTensors({ 'h.0.weight': numbers([1], [1]) }), 'a weight that no network has'],
  [
    'weight-constructor',
    withTensors({ constructor: numbers([1], [1]) }),
    'a weight with the name of a method of objects',
  ],
  [
    'weight-of-another',
    withTensors({ 'P.weight': numbers([2, 3], [1, 2, 3, 4, 5, 6]) }),
    'a weight of another network',
  ],
];

// Checkpoints.

const zeros = Object.fromEntries(
  Object.entries(model.tensors).map(([name, { shape, values }]) => [
    name,
    numbers(
      shape,
      [...values].map(() => 0),
    ),
  ]),
);

const prefixed = (prefix: string, tensors: TensorFile['tensors']): TensorFile['tensors'] =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}${name}`, tensor]));

/** A checkpoint after one epoch of three steps. */
const checkpoint: TensorFile = {
  metadata: { ...model.metadata, epoch: '1', step: '3', loss: '0.5', run: 'a run' },
  tensors: { ...model.tensors, ...prefixed('adam.m/', zeros), ...prefixed('adam.v/', zeros) },
};

const sealed = (file: TensorFile): Uint8Array => right(writeSealed(digest)(file));

const resealed = (change: (file: TensorFile) => TensorFile): Uint8Array =>
  right(writeSafetensors(change(right(readSafetensors(sealed(checkpoint))))));

/** The last byte is that of a weight. */
const withOneBit = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, i) => (i === bytes.length - 8 ? byte ^ 1 : byte));

const withoutEntry = (name: string): Uint8Array =>
  sealed({ ...checkpoint, metadata: without(checkpoint.metadata, name) });

/** Case, bytes, and why no training goes on from them. */
const stopped: readonly (readonly [string, Uint8Array, string])[] = [
  ['bit', withOneBit(sealed(checkpoint)), 'one bit of a weight is another: the digest tells'],
  [
    'epoch-changed',
    resealed((file) => ({ ...file, metadata: { ...file.metadata, epoch: '2' } })),
    'the epoch was changed after the digest was made',
  ],
  [
    'unsealed',
    resealed((file) => ({ ...file, metadata: without(file.metadata, 'contentSha256') })),
    'no digest: nothing tells whether it is whole',
  ],
  ['epoch-none', withoutEntry('epoch'), 'nothing tells how many epochs are done'],
  ['step-none', withoutEntry('step'), 'nothing tells how many steps are done: the bias correction of Adam needs it'],
  ['loss-none', withoutEntry('loss'), 'the loss of the last epoch is missing'],
  ['step-half', sealed({ ...checkpoint, metadata: { ...checkpoint.metadata, step: '2.5' } }), 'half a step'],
  [
    'moment-missing',
    sealed({ ...checkpoint, tensors: without(checkpoint.tensors, 'adam.v/g.1.1.bias') }),
    'a weight without its second moment',
  ],
  [
    'moment-shape',
    sealed({ ...checkpoint, tensors: { ...checkpoint.tensors, 'adam.m/f.0.0.bias': numbers([1, 2], [0, 0]) } }),
    'a moment of another shape than its weight',
  ],
  ['model-alone', sealed({ metadata: checkpoint.metadata, tensors: model.tensors }), 'a model without any moments'],
  ['truncated', sealed(checkpoint).slice(0, -8), 'the last number is cut off'],
];

// Data.

const archive = bytesOf(numpyFiles.archives[0]?.base64 ?? '');

/** Case, bytes, and why they are no data set, beside what numpy wrote and no data set is. */
const spoilt: readonly (readonly [string, Uint8Array, string])[] = [
  ['cut', archive.slice(0, archive.length / 2), 'half an archive'],
  ['no-archive', new TextEncoder().encode('spins, energies\n1, 2\n'), 'a table as text'],
  ['no-bytes', new Uint8Array(0), 'an empty file'],
  [
    'byte',
    archive.map((byte, i) => (i === 300 ? byte ^ 0x40 : byte)),
    'a byte of an array is another: the checksum of the archive tells',
  ],
];

const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]+/g, '-');

/** The cases. */
export const refusedFiles = (): readonly Refused[] => [
  ...malformed.map(([name, file, why]) => refusedFile('weights-file', `weights-${name}`, why, collected(file))),
  ...misfits.map(([name, file, why]) =>
    refusedFile('weights-file', `model-${name}`, why, right(writeSafetensors(file))),
  ),
  ...stopped.map(([name, bytes, why]) => refusedFile('checkpoint', `checkpoint-${name}`, why, bytes)),
  ...spoilt.map(([name, bytes, why]) => refusedFile('data-file', `data-${name}`, why, bytes)),
  ...numpyFiles.refusedArchives.map(({ why, base64: text }) =>
    refusedFile('data-file', `data-${slug(why)}`, `${why}, in an archive that numpy reads`, bytesOf(text)),
  ),
];
