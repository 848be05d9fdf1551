/**
 * What the file of a trained model says of its training, as text in its metadata, beside the network:
 *
 * | key          | holds                                                                                  |
 * |--------------|----------------------------------------------------------------------------------------|
 * | `run`        | JSON: `network` as it was asked for, `plan` (seed and options), `data` (each file's metadata, samples, SHA-256), `chosenOn` (the same of the held-out data, where they chose the weights), `backend` (what computed it, where all of it is known) |
 * | `validation` | JSON: metadata, samples and SHA-256 of the data that were held out, where there were   |
 * | `program`    | the version of efnn that trained                                                       |
 * | `epoch`      | epochs done, those of the plan                                                         |
 * | `loss`       | the mean loss of the last epoch                                                        |
 * | `bestEpoch`, `bestRmse` | where held-out data chose the weights: the epoch that these are of, and their RMSE there |
 * | `rateFactor` | 0.5 where the training diverged at the rates of the plan, and was done at half of them; else not there |
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { z } from 'zod';

import { recordedMetaSchema } from '../dataset/meta.ts';
import { dataError, type DataError } from '../file/data-error.ts';
import { decode } from '../file/decode.ts';
import { parseJson } from '../file/parse-json.ts';
import { architectures, type Network } from '../network/network.ts';
import { starts, type TrainingPlan } from './preparation.ts';
import type { Schedule } from './schedule.ts';

const positiveWhole = z.number().int().min(1);

const networkSchema: z.ZodType<Network> = z.strictObject({
  architecture: z.enum(architectures),
  shape: z.discriminatedUnion('tag', [
    z.strictObject({ tag: z.literal('dense'), sites: positiveWhole, neurons: positiveWhole, layers: positiveWhole }),
    z.strictObject({
      tag: z.literal('lattice'),
      channels: positiveWhole,
      layers: positiveWhole,
      kernel: positiveWhole,
      pairHead: z.boolean(),
    }),
  ]),
  energyScale: z.number(),
  energyShift: z.number(),
});

const scheduleSchema: z.ZodType<Schedule> = z.discriminatedUnion('tag', [
  z.strictObject({ tag: z.literal('decay'), rate: z.number(), factor: z.number(), every: z.number() }),
  z.strictObject({ tag: z.literal('staircase'), first: z.number(), last: z.number(), every: z.number() }),
  z.strictObject({ tag: z.literal('oneCycle'), peak: z.number() }),
]);

const planSchema: z.ZodType<TrainingPlan> = z.strictObject({
  start: z.enum(starts),
  seed: z.number().int().min(0),
  epochs: positiveWhole,
  batch: positiveWhole,
  schedule: scheduleSchema,
  weightDecay: z.number().min(0),
  clip: z.number().positive().nullable(),
  forceWeight: z.union([z.number().min(0), z.literal('balanced')]).nullable(),
  units: z.literal('raw').exactOptional(),
});

const dataSchema = z.strictObject({
  meta: recordedMetaSchema,
  samples: positiveWhole,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal digits'),
});

const recordSchema = z.strictObject({
  network: networkSchema,
  plan: planSchema,
  data: z.array(dataSchema).min(1),
  chosenOn: dataSchema.exactOptional(),
  backend: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected the name of a backend')
    .exactOptional(),
});

/** A file of labelled data as a record names it: what it says of itself, its size, its content. */
export type DataRecord = Readonly<z.infer<typeof dataSchema>>;

/** What a training was started with: the network, seed and options, and the files of data. */
export interface TrainingRecord {
  readonly network: Network;
  readonly plan: TrainingPlan;
  readonly data: readonly DataRecord[];
  /** The data that were held out and chose the best weights; without them the last are kept. */
  readonly chosenOn?: DataRecord;
  /** The name of the backend that computes; files of earlier versions do not say it. */
  readonly backend?: string;
}

/** A thousand files with metadata of their own take half a million. */
const mostCharacters = 2 ** 24;

const bounded = (text: string): Either<DataError, string> =>
  text.length <= mostCharacters
    ? E.right(text)
    : E.left(
        dataError(
          `expected at most ${mostCharacters} characters that say what a training was started with, got ${text.length}: ` +
            'shorten meta in the files of the data',
        ),
      );

const read =
  <A>(key: string, schema: z.ZodType<A>) =>
  (text: string): Either<DataError, A> =>
    pipe(
      bounded(text),
      E.chain(parseJson(`${key} in the metadata of a trained model to be JSON`)),
      E.chain(decode(schema, (issue) => `${key} in the metadata of a trained model: ${issue}; train the model again`)),
    );

/** The record in one text. Fails for one that nobody would read: the files' metadata are too long. */
export const showRecord = ({ network, plan, data, chosenOn, backend }: TrainingRecord): Either<DataError, string> =>
  bounded(JSON.stringify({ network, plan, data, chosenOn, backend }));

/** The record in the text of a run. Fails for what no training was started with. */
export const readRecord: (run: string) => Either<DataError, TrainingRecord> = read('run', recordSchema);

/** The record of one file in one text. */
export const showDataRecord = ({ meta, samples, sha256 }: DataRecord): string =>
  JSON.stringify({ meta, samples, sha256 });

/** The record of held-out data in its text. Fails for what no file of labelled data is. */
export const readDataRecord: (text: string) => Either<DataError, DataRecord> = read('validation', dataSchema);
