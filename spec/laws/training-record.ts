/** Laws of what a model's file says of its training: nothing is lost, and nothing is believed that no training wrote. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { z } from 'zod';

import type { Json } from '../../src/file/canonical-json.ts';
import { readSafetensors } from '../../src/file/safetensors.ts';
import { initialWeights } from '../../src/network/initial-weights.ts';
import { writeModel } from '../../src/network/model-file.ts';
import { networkProgram } from '../../src/network/network.ts';
import { writeCheckpoint } from '../../src/training/checkpoint.ts';
import type { KnownModel, TrainedModel } from '../../src/training/trained-model.ts';
import { showRecord, type TrainingRecord } from '../../src/training/training-record.ts';
import { finiteNumber } from '../arbitraries/numbers.ts';
import { digest } from '../arbitraries/runs.ts';
import { dataRecords, trainingRecords } from '../arbitraries/training-records.ts';
import type { Law } from '../law.ts';
import { messageOf, right } from '../right.ts';

type Refusable<A> = Either<{ readonly message: string }, A>;

/** How records are written to text, and read. */
export interface Records {
  readonly show: (record: TrainingRecord) => Refusable<string>;
  readonly read: (text: string) => Refusable<TrainingRecord>;
}

export const recordsAreKept: Law<Records, TrainingRecord> = {
  statement: 'the record of a training is read as it was written: network, seed, options, and each file of data',
  cases: trainingRecords,
  holds:
    ({ show, read }) =>
    (record) => {
      const text = show(record);
      return E.isRight(text) && isDeepStrictEqual(read(text.right), E.right(record));
    },
};

/** What is wrong at one place of a record: another type, an entry that is missing or nobody knows, no finite number. */
export const wrongs = ['another type', 'missing', 'surplus', 'infinite', 'negative'] as const;

/** A record, and what becomes wrong with its text. */
export interface WrongRecord {
  readonly record: TrainingRecord;
  readonly wrong: (typeof wrongs)[number];
  /** Which of the places that can be so wrong, counted around. */
  readonly at: number;
}

const entriesOf = (value: Json): readonly (readonly [string, Json])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, entry]: readonly [string, Json | undefined]) =>
        entry === undefined ? [] : [[key, entry] as const],
      )
    : [];

/** A value and where it is, for every value in a record. */
const placesIn = (value: Json, path: readonly string[] = []): readonly (readonly [readonly string[], Json])[] => [
  [path, value],
  ...entriesOf(value).flatMap(([key, entry]) => placesIn(entry, [...path, key])),
];

/** The value with the one at a path replaced; undefined takes it away. */
const replaced = (value: Json, [key, ...path]: readonly string[], by: Json | undefined): Json | undefined => {
  if (key === undefined) {
    return by;
  }
  const entries = entriesOf(value).flatMap(([name, entry]): readonly (readonly [string, Json])[] => {
    const now = name === key ? replaced(entry, path, by) : entry;
    return now === undefined ? [] : [[name, now]];
  });
  return Array.isArray(value) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries);
};

/** Stands for a number that JSON can write and no double holds. */
const infinity = '1e999';

/** Whether a place can be so wrong, and what is there then. */
const wrongValue = (
  wrong: WrongRecord['wrong'],
  path: readonly string[],
  value: Json,
): { readonly by: Json | undefined } | null => {
  switch (wrong) {
    case 'another type':
      return { by: typeof value === 'string' ? 0 : typeof value === 'number' ? `${value}` : 'text' };
    case 'missing':
      // Images and constants may be left out, and a list may be shorter, but not empty.
      return path.length === 0 ||
        path.includes('parameters') ||
        ['images', 'units', 'chosenOn', 'backend', '1', '2'].includes(path.at(-1) ?? '')
        ? null
        : { by: undefined };
    case 'surplus':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? { by: Object.fromEntries([...entriesOf(value), ['surplus', 'x']]) }
        : null;
    case 'infinite':
      return typeof value === 'number' ? { by: infinity } : null;
    case 'negative':
      return typeof value === 'number' &&
        (path[0] === 'plan' || path.at(-1) === 'samples') &&
        !path.includes('schedule')
        ? { by: -1 }
        : null;
  }
};

/** The text of a record that is wrong in one place. */
const wrongText = ({ record, wrong, at }: WrongRecord): string => {
  const whole = z.json().parse(JSON.parse(right(showRecord(record))));
  const places = placesIn(whole).flatMap(([path, value]) => {
    const wronged = wrongValue(wrong, path, value);
    return wronged === null ? [] : [{ path, ...wronged }];
  });
  // A list with more than one entry may lose its first.
  const open = places.filter(({ path, by }) => by !== undefined || path.at(-1) !== '0' || record.data.length === 1);
  const { path, by } = open[at % open.length] ?? { path: [], by: 'text' };
  return JSON.stringify(replaced(whole, path, by)).replaceAll(`"${infinity}"`, infinity);
};

export const onlyRecordsAreBelieved: Law<Records['read'], WrongRecord> = {
  statement:
    'a record with an entry of another type, a missing or an unknown one, or a number no plan has, is refused, by the name of what it is',
  cases: fc.record({
    record: trainingRecords,
    wrong: fc.constantFrom(...wrongs),
    at: fc.nat(999),
  }),
  runs: 300,
  holds: (read) => (example) =>
    /^(?:expected )?run in the metadata of a trained model[^\p{C}]{10,400}$/u.test(messageOf(read(wrongText(example)))),
};

/** How trained models are written, and how models are read. */
export interface TrainedModels {
  readonly write: (model: TrainedModel) => Refusable<Uint8Array>;
  readonly read: (bytes: Uint8Array) => Refusable<KnownModel>;
}

interface TrainedCase {
  readonly record: TrainingRecord;
  readonly validation: TrainedModel['validation'];
  readonly loss: number;
  readonly rateFactor: TrainedModel['rateFactor'];
  /** Of the weights that were chosen, where they were. */
  readonly rmse: number;
}

const bestOf = ({ record, rmse }: TrainedCase): TrainedModel['best'] =>
  record.chosenOn === undefined ? null : { epoch: Math.ceil(record.plan.epochs / 2), rmse: rmse + 0 };

const trainedModelOf = ({ record, validation, loss, rateFactor, rmse }: TrainedCase): TrainedModel => ({
  network: record.network,
  weights: initialWeights(1)(right(networkProgram(record.network))),
  run: right(showRecord(record)),
  program: '1.2.3',
  epoch: record.plan.epochs,
  loss: loss + 0,
  validation,
  rateFactor,
  best: bestOf({ record, validation, loss, rateFactor, rmse }),
});

const tensorsOf = (bytes: Uint8Array) => right(readSafetensors(bytes)).tensors;

const trainedCases: fc.Arbitrary<TrainedCase> = fc.record({
  record: trainingRecords,
  validation: fc.option(dataRecords),
  loss: finiteNumber,
  rateFactor: fc.constantFrom<TrainedModel['rateFactor']>(1, 0.5),
  rmse: finiteNumber,
});

export const filesSayTheirTraining: Law<TrainedModels, TrainedCase> = {
  statement:
    "a trained model's file says seed, options, data, held-out data, version, loss, halved rates and the best epoch, and has the weights of any model's",
  cases: trainedCases,
  holds:
    ({ write, read }) =>
    (example) => {
      const model = trainedModelOf(example);
      const bytes = right(write(model));
      const known = right(read(bytes));
      return (
        isDeepStrictEqual(known.training, {
          ...example.record,
          ...{
            validation: example.validation,
            program: model.program,
            loss: model.loss,
            rateFactor: model.rateFactor,
            best: bestOf(example),
          },
        }) &&
        isDeepStrictEqual(known.weights, model.weights) &&
        isDeepStrictEqual(tensorsOf(bytes), tensorsOf(right(writeModel('float64')(model))))
      );
    },
};

/** A training that was stopped, and whether a bit of its last number is another one. */
interface Stopped {
  readonly training: TrainedCase;
  readonly isDamaged: boolean;
}

/** The bytes of its checkpoint: with Adam's moments, and the best weights where some were chosen. */
const checkpointOf = ({ training, isDamaged }: Stopped): Uint8Array => {
  const { network, weights, run, epoch, loss, rateFactor, best } = trainedModelOf(training);
  const adam = { step: epoch, weights, firstMoment: weights, secondMoment: weights };
  const state = { epoch, loss, rateFactor, adam, best: best === null ? null : { ...best, weights } };
  const bytes = right(writeCheckpoint(digest)({ network, run, state }));
  return bytes.map((byte, i) => (isDamaged && i === bytes.length - 1 ? byte ^ 1 : byte));
};

export const checkpointsAreNoModels: Law<TrainedModels['read'], Stopped> = {
  statement:
    'a checkpoint that is given as a model, whole or damaged, is called that of a training that is not finished, which --resume ' +
    'finishes; nobody is told to train again',
  cases: fc.record({ training: trainedCases, isDamaged: fc.boolean() }),
  holds: (read) => (stopped) => {
    const message = messageOf(read(checkpointOf(stopped)));
    return (
      /^expected a trained model, got the checkpoint of a training that is not finished: [^\p{C}]* --resume\b/u.test(
        message,
      ) && !message.includes('again')
    );
  },
};
