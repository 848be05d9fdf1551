/** What a data set says about itself, and about how each of its samples can be made again. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { z } from 'zod';

import type { DataError } from '../file/data-error.ts';
import { decode } from '../file/decode.ts';
import { parseJson } from '../file/parse-json.ts';
import { methods } from './system.ts';
import { samplerNames, systemNames } from './systems.ts';

const integer = z.number().int();

/** The schema of the metadata of data that efnn generated. */
export const metaSchema = z.object({
  system: z.enum(systemNames),
  /** The constants of the Hamiltonian, by symbol: t, J, mu, T; or how the couplings were drawn. */
  parameters: z.record(z.string(), z.number()),
  /** How spins were drawn. */
  sampler: z.enum(samplerNames),
  seed: integer,
  /** The index of the first sample: sample b of the set is the sample of index firstIndex + b. */
  firstIndex: integer.min(0),
  /** With all eight images of each configuration: sample 8 c + k is image k of configuration c (see `images.ts`). */
  images: z.literal('C4v').optional(),
  /** How energies were computed. */
  method: z.enum(methods),
  version: z.string(),
});

/** The metadata of data that efnn generated. */
export type Meta = Readonly<z.infer<typeof metaSchema>>;

/** The metadata as JSON, its keys always in the same order, so that equal data sets are equal files. */
export const showMeta = ({ system, parameters, sampler, seed, firstIndex, images, method, version }: Meta): string =>
  JSON.stringify({ system, parameters, sampler, seed, firstIndex, images, method, version });

/** The system of data that others made, from a Hamiltonian that efnn need not know. */
export const customSystem = 'custom';

/** The schema of the metadata of data that others made. */
export const customMetaSchema = z.strictObject({
  system: z.literal(customSystem),
  /** Whatever numbers the energies depend on, by symbol. Nothing is computed from them. */
  parameters: z.record(z.string(), z.number()).default({}),
});

/** The metadata of data that others made. */
export type CustomMeta = Readonly<z.infer<typeof customMetaSchema>>;

/** What is known of data that say nothing about themselves. */
export const customMeta: CustomMeta = { system: customSystem, parameters: {} };

const metaIn =
  <A>(schema: z.ZodType<A>, advice: string) =>
  (text: string): E.Either<DataError, A> =>
    pipe(parseJson('meta to be JSON')(text), E.chain(decode(schema, (issue) => `meta: ${issue}; ${advice}`)));

/** The metadata of data that efnn generated, in a JSON text. */
export const parseMeta: (text: string) => E.Either<DataError, Meta> = metaIn(metaSchema, 'write the data set again');

/** The schema of the metadata of any data as they were once read: with nothing beside what is known of them. */
export const recordedMetaSchema = z.discriminatedUnion('system', [metaSchema.strict(), customMetaSchema]);

/** The metadata of any data, in a JSON text. */
export const parseAnyMeta: (text: string) => E.Either<DataError, Meta | CustomMeta> = metaIn(
  z.discriminatedUnion('system', [metaSchema, customMetaSchema]),
  'leave meta out, or write it as src/dataset/README.md says',
);
