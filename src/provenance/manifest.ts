/**
 * Manifests: what the file beside them is, and its SHA-256. A manifest is written in one way only, and holds digests of
 * its origin and of itself, so that reading it notices every change, be it of a single bit.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { z } from 'zod';

import { rowsPerConfiguration } from '../dataset/images.ts';
import { recipeSchema } from '../dataset/recipe.ts';
import { canonicalJson, indentedJson, type Json } from '../file/canonical-json.ts';
import { dataError, type DataError } from '../file/data-error.ts';
import { textDigest, type Digest } from '../file/digest.ts';
import { parseJson, utf8 } from '../file/parse-json.ts';

const natural = z.number().int().min(0);

const positive = z.number().int().min(1);

/** Which rows of a data set a file holds, and how they were made. */
export const partSchema = z.strictObject({
  /** Piece i of n. */
  shard: z.strictObject({ i: positive, n: positive }),
  /** How many rows the whole data set has. */
  samples: positive,
  /** The rows in this file: first, .. first + count - 1 of the whole. */
  rows: z.strictObject({ first: natural, count: positive }),
  /** Every so many configurations, from the first on, one was diagonalized and agreed within the tolerance a site. */
  checks: z.strictObject({ every: positive, tolerance: z.number() }).nullable(),
});

/** The rows of a data set that one file holds; by `partSchema`. */
export type DataSetPart = Readonly<z.infer<typeof partSchema>>;

const common = {
  format: z.literal('efnn-manifest/1'),
  /** The version of the program that wrote the file. */
  program: z.string(),
  /** The length of the file. */
  bytes: natural,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
};

/** Under `origin` what the file has under `configuration`: that key is of format 1, and the word means spins here. */
const read = <W extends { readonly configuration: unknown }>({
  configuration,
  ...rest
}: W): Omit<W, 'configuration'> & { readonly origin: W['configuration'] } => ({ ...rest, origin: configuration });

/** What a manifest holds beside its own digests: of a data set, or of what was computed from others. */
const writtenSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('data-set'),
    configuration: recipeSchema,
    part: partSchema,
  }),
  z.strictObject({
    ...common,
    kind: z.enum(['model', 'checkpoint', 'result']),
    /** What the file was made from, in the words of the command that wrote it. */
    configuration: z.record(z.string(), z.json()),
  }),
]);

/** Manifests as they are read: the recipe of a data set is its origin, of other files what they were made from. */
export const manifestSchema = writtenSchema.transform((written) =>
  written.kind === 'data-set' ? read(written) : read(written),
);

/** What is known of a file: its kind, its origin, its length and its SHA-256, in hexadecimal digits. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;

/** The manifest of a file of a data set: it holds the recipe, and which rows these are. */
export type DataSetManifest = Extract<Manifest, { readonly kind: 'data-set' }>;

/** What a manifest says beside the length and digest of its file. */
export type Description =
  Pick<DataSetManifest, 'kind' | 'origin' | 'part'> | Pick<Exclude<Manifest, DataSetManifest>, 'kind' | 'origin'>;

/** The manifest of a file with these bytes. */
export const manifestOf =
  (digest: Digest, program: string) =>
  (description: Description, file: Uint8Array): Manifest => ({
    ...description,
    format: 'efnn-manifest/1',
    program,
    bytes: file.length,
    sha256: digest(file),
  });

/**
 * The text of a manifest: JSON with sorted keys. Beside the manifest's own entries it holds `configurationSha256`, for
 * data sets `seeds` (the seed, and the first and last index that were drawn with it), and `manifestSha256`, the digest
 * of all the others as JSON without spaces.
 */
export const showManifest =
  (digest: Digest) =>
  (manifest: Manifest): string => {
    const { origin, ...rest } = manifest;
    const body = {
      ...{ ...rest, configuration: origin },
      configurationSha256: textDigest(digest)(canonicalJson(origin)),
      ...(manifest.kind === 'data-set' ? { seeds: seedsOf(manifest) } : {}),
    };
    return indentedJson({ ...body, manifestSha256: textDigest(digest)(canonicalJson(body)) });
  };

const seedsOf = ({ origin, part: { rows } }: DataSetManifest): Json => {
  const perConfiguration = rowsPerConfiguration(origin);
  return {
    seed: origin.seed,
    first: Math.floor(rows.first / perConfiguration),
    last: Math.floor((rows.first + rows.count - 1) / perConfiguration),
  };
};

/** The manifest in these bytes. Fails unless they are, to the last bit, what `showManifest` writes. */
export const readManifest =
  (digest: Digest) =>
  (bytes: Uint8Array): Either<DataError, Manifest> =>
    pipe(
      utf8('a manifest', bytes),
      E.chain((text) =>
        pipe(
          parseJson('a manifest')(text),
          E.chain(manifestIn),
          E.filterOrElse(
            (manifest) => showManifest(digest)(manifest) === text,
            () => damaged,
          ),
        ),
      ),
    );

/** The digests and seeds follow from the others, and are compared as text. */
const derived = ['configurationSha256', 'manifestSha256', 'seeds'];

const manifestIn = (json: unknown): Either<DataError, Manifest> => {
  const own =
    typeof json === 'object' && json !== null
      ? Object.fromEntries(Object.entries(json).filter(([key]) => !derived.includes(key)))
      : json;
  const parsed = manifestSchema.safeParse(own);
  return parsed.success ? E.right(parsed.data) : E.left(damaged);
};

const damaged = dataError(
  'expected a manifest as efnn wrote it, got a changed or damaged one: copy it again, or generate the file again',
);
