/** What the file of a trained model says of its training. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { describe, expect, it } from 'vitest';

import { trainingLines } from '../src/command/training-lines.ts';
import { customMeta } from '../src/dataset/meta.ts';
import { dataError } from '../src/file/data-error.ts';
import { readSafetensors } from '../src/file/safetensors.ts';
import { readSealed, writeSealed } from '../src/file/sealed-tensors.ts';
import { initialWeights } from '../src/network/initial-weights.ts';
import { writeModel } from '../src/network/model-file.ts';
import { network, networkProgram } from '../src/network/network.ts';
import { readCheckpoint } from '../src/training/checkpoint.ts';
import { readAnyModel, writeTrainedModel, type TrainedModel, type Training } from '../src/training/trained-model.ts';
import { textIn } from '../src/training/training-metadata.ts';
import { readRecord, showRecord, type TrainingRecord } from '../src/training/training-record.ts';
import { digest } from './arbitraries/runs.ts';
import { shortPlan } from './arbitraries/trainings.ts';
import { verify } from './law.ts';
import {
  checkpointsAreNoModels,
  filesSayTheirTraining,
  onlyRecordsAreBelieved,
  recordsAreKept,
  type Records,
  type TrainedModels,
  type WrongRecord,
} from './laws/training-record.ts';
import { messageOf, right } from './right.ts';

const records: Records = { show: showRecord, read: readRecord };

/** Records of which something is changed before they are written. */
const changing = (change: (record: TrainingRecord) => TrainingRecord): Records => ({
  ...records,
  show: (record) => showRecord(change(record)),
});

verify(recordsAreKept, records, {
  'the seed is lost': changing((record) => ({ ...record, plan: { ...record.plan, seed: 0 } })),
  'the peak of the rate is rounded': changing(({ plan, ...record }) => ({
    ...record,
    plan: { ...plan, schedule: { tag: 'oneCycle', peak: 0.005 } },
  })),
  'one file of data is recorded': changing((record) => ({ ...record, data: record.data.slice(0, 1) })),
  'the digest of the data is lost': changing((record) => ({
    ...record,
    data: record.data.map((file) => ({ ...file, sha256: '0'.repeat(64) })),
  })),
  'what the data say of themselves is lost': changing((record) => ({
    ...record,
    data: record.data.map((file) => ({ ...file, meta: customMeta })),
  })),
  'the backend is lost': changing(({ backend: _, ...record }) => record),
  'what chose the weights is lost': changing(({ chosenOn: _, ...record }) => record),
  'no record is read': { ...records, read: () => E.left(dataError('expected another record, got this one')) },
});

/** A reader that changes the text's values first. */
const reviving =
  (revive: (key: string, value: unknown) => unknown): Records['read'] =>
  (text) =>
    readRecord(JSON.stringify(JSON.parse(text, revive)));

const isNumeral = (value: unknown): boolean => typeof value === 'string' && /^[\d.e+-]+$/.test(value);

const usual: TrainingRecord = {
  network: network('dnn', { tag: 'dense', sites: 3, neurons: 2, layers: 1 }),
  plan: shortPlan,
  data: [{ meta: customMeta, samples: 2, sha256: digest(Uint8Array.of(1)) }],
};

verify<Records['read'], WrongRecord>(onlyRecordsAreBelieved, readRecord, {
  'unknown entries are left out': reviving((key, value) => (key === 'surplus' ? undefined : value)),
  'numerals in texts are numbers': reviving((_, value) => (isNumeral(value) ? Number(value) : value)),
  'the greatest number stands for infinity': (text) => readRecord(text.replaceAll('1e999', '1e308')),
  'minus signs are dropped': reviving((_, value) => (typeof value === 'number' ? Math.abs(value) : value)),
  'what is missing or wrong is usual': (text) =>
    pipe(
      readRecord(text),
      E.alt(() => E.right(usual)),
    ),
  'the reason is not told': (text) =>
    pipe(
      readRecord(text),
      E.mapLeft(() => dataError('expected another record')),
    ),
});

const models: TrainedModels = { write: writeTrainedModel(digest), read: readAnyModel(digest) };

verify(filesSayTheirTraining, models, {
  'held-out data are not recorded': { ...models, write: (model) => models.write({ ...model, validation: null }) },
  'the best epoch is not recorded': { ...models, write: (model) => models.write({ ...model, best: null }) },
  'halved rates are not recorded': { ...models, write: (model) => models.write({ ...model, rateFactor: 1 }) },
  'the version is that of the reader': {
    ...models,
    read: (bytes) =>
      pipe(
        models.read(bytes),
        E.map(({ training, ...model }) => ({
          ...model,
          training: training === null ? null : { ...training, program: '0.0.0' },
        })),
      ),
  },
  'no training is told': {
    ...models,
    read: (bytes) =>
      pipe(
        models.read(bytes),
        E.map((model) => ({ ...model, training: null })),
      ),
  },
  'weights are rounded to float32': {
    ...models,
    write: (model) =>
      models.write({
        ...model,
        weights: Object.fromEntries(
          Object.entries(model.weights).map(([name, values]) => [name, Float64Array.from(values, Math.fround)]),
        ),
      }),
  },
});

verify(checkpointsAreNoModels, models.read, {
  'what a model has more is asked for': (bytes) =>
    pipe(
      readSealed(digest, 'a trained model')(bytes),
      E.chain((file) => textIn(file, 'program')),
      E.chain(() => models.read(bytes)),
    ),
  'damaged ones are models that are damaged': (bytes) =>
    pipe(
      readSealed(digest, 'a trained model')(bytes),
      E.chain(() => models.read(bytes)),
    ),
  'their weights are a model': (bytes) =>
    pipe(
      readCheckpoint(digest)(bytes),
      E.map(({ network: stopped, state }) => ({
        ...{ network: stopped, weights: state.adam.weights, training: null, metadata: {} },
      })),
    ),
});

const trained: TrainedModel = {
  network: usual.network,
  weights: initialWeights(1)(right(networkProgram(usual.network))),
  run: right(showRecord(usual)),
  ...{ program: '1.2.3', epoch: shortPlan.epochs, loss: 0.5, rateFactor: 1, best: null, validation: null },
};

const readBack = (changes: Partial<TrainedModel>) =>
  readAnyModel(digest)(right(writeTrainedModel(digest)({ ...trained, ...changes })));

describe('a trained model', () => {
  it('is known by its training', () => {
    expect(right(readBack({})).training).toEqual({
      ...usual,
      ...{ program: '1.2.3', loss: 0.5, rateFactor: 1, best: null, validation: null },
    });
  });

  it.each<readonly [string, Partial<TrainedModel>, RegExp]>([
    ['a run that is no record', { run: 'a run' }, /run in the metadata .* to be JSON, got 'a run'/],
    ['a run of 2^24 characters and more', { run: ' '.repeat(2 ** 24 + 1) }, /at most 16777216 characters/],
    [
      'another network than it was trained for',
      { run: right(showRecord({ ...usual, network: network('efnn', usual.network.shape) })) },
      /expected a trained model after the epochs/,
    ],
    [
      'another size than it was trained in',
      {
        run: right(
          showRecord({ ...usual, network: network('dnn', { tag: 'dense', sites: 3, neurons: 3, layers: 1 }) }),
        ),
      },
      /expected a trained model after the epochs/,
    ],
    ['fewer epochs than planned', { epoch: 1 }, /expected a trained model after the epochs/],
    ['a version that moves the cursor', { program: '1.2.3\u001b[2J' }, /expected a trained model after the epochs/],
  ])('is refused with %s', (_, changes, reason) => {
    const message = messageOf(readBack(changes));
    expect(message).toMatch(reason);
    expect(message).toMatch(/^[^\p{Cc}]{1,400}$/u);
  });

  it.each(['epoch', 'loss', 'program', 'run'])('is refused without its %s, which is named', (name) => {
    const file = right(readSafetensors(right(writeTrainedModel(digest)(trained))));
    const { contentSha256: _, [name]: __, ...metadata } = file.metadata;
    const message = messageOf(readAnyModel(digest)(right(writeSealed(digest)({ ...file, metadata }))));
    expect(message).toMatch(new RegExp(`^expected a .* for ${name} in the metadata of a training, got none; `));
  });

  it.each(['1', '0.25', '0.50', ''])('is refused with rates of its own times %s', (rateFactor) => {
    const file = right(readSafetensors(right(writeTrainedModel(digest)(trained))));
    const { contentSha256: _, ...metadata } = file.metadata;
    const forged = writeSealed(digest)({ ...file, metadata: { ...metadata, rateFactor } });
    expect(messageOf(readAnyModel(digest)(right(forged)))).toMatch(/^expected a factor 0\.5, or none, for rateFactor /);
  });

  it('of another program is believed as it stands', () => {
    const { network: untrained, weights } = trained;
    const bytes = right(writeModel('float64')({ network: untrained, weights }));
    expect(right(readAnyModel(digest)(bytes))).toMatchObject({ network: untrained, training: null });
  });

  it('of more metadata than anybody reads is not begun', () => {
    const meta = { ...customMeta, parameters: { ['x'.repeat(2 ** 24)]: 1 } };
    const record = { ...usual, data: usual.data.map((file) => ({ ...file, meta })) };
    expect(messageOf(showRecord(record))).toContain('at most 16777216 characters');
  });
});

describe('the lines that tell a training', () => {
  const training: Training = {
    ...usual,
    ...{ program: '1.2.3', loss: 0.5, rateFactor: 1, best: null, validation: null },
  };

  it('are none where nothing is known', () => {
    expect(trainingLines(null)).toEqual([]);
  });

  it('name version, seed, options, data and what was held out', () => {
    const [file] = usual.data;
    expect(trainingLines({ ...training, validation: file ?? null })).toEqual([
      'trained by efnn  1.2.3, seed 1, 4 epochs, loss 0.500 of the last epoch',
      expect.stringMatching(/^options {10}start published, batch 5, /),
      `trained on       2 samples, custom, SHA-256 ${file?.sha256 ?? ''}`,
      `held out         2 samples, custom, SHA-256 ${file?.sha256 ?? ''}`,
    ]);
  });

  it('say where the rates were halved', () => {
    expect(trainingLines({ ...training, rateFactor: 0.5 })).toContain(
      'rates            times 0.5: at those of its schedule it diverged',
    );
  });

  it('say what computed it, where that is known', () => {
    expect(trainingLines({ ...training, backend: 'webgpu' }).join('\n')).toMatch(/^options {10}.*, backend webgpu$/m);
  });

  it('count the files that are too many to name', () => {
    const data = Array.from({ length: 1000 }, () => usual.data).flat();
    const lines = trainingLines({ ...training, data });
    expect([lines.length, lines.at(-1)]).toEqual([23, '                 and 980 more files']);
  });
});
