/**
 * Parts of a reproduction, and how they are joined: a part has some of the files that the jobs of a preset leave, and two parts
 * together have the files of both. Joining is commutative, associative and idempotent, so parts are joined in any order, and
 * again. Parts of other versions, backends, presets, options or seeds are never joined: their files are of other jobs.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { z } from 'zod';

import { dataError, type DataError } from '../file/data-error.ts';
import { decodeJson } from '../file/decode.ts';
import { textDigest, type Digest } from '../file/digest.ts';
import { quoted } from '../file/quoted.ts';
import { figures, jobsFor, jobText } from './job.ts';
import type { Preset } from './preset.ts';

const identitySchema = z.strictObject({
  /** Of the program. */
  version: z.string(),
  /** What computes the networks. */
  backend: z.string(),
  preset: z.string(),
  /** The SHA-256 of all jobs of the preset, with their options and seeds. */
  jobs: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What fixes the files that a part may have: they are those of this version, backend and preset, job by job. */
export type PartIdentity = Readonly<z.infer<typeof identitySchema>>;

/** A part: what it is of, and the SHA-256 of each file that it has, by a name that is the same in all parts. */
export interface ReproductionPart {
  readonly identity: PartIdentity;
  readonly files: ReadonlyMap<string, string>;
}

/** The identity of the parts of a preset, as this version and backend make them. */
export const identityOf =
  (digest: Digest) =>
  (version: string, backend: string, preset: Preset): PartIdentity => ({
    ...{ version, backend, preset: preset.name },
    jobs: textDigest(digest)(jobsFor(preset, figures).map(jobText).join('\n')),
  });

/** What computes the files of a part: their names depend on it beside their jobs. */
export const computedBy = ({ version, backend }: Pick<PartIdentity, 'version' | 'backend'>): string =>
  `${version} ${backend}`;

/** The identity in the bytes of a `part.json`. */
export const readPartIdentity = decodeJson<PartIdentity>('what a part of a reproduction is of', identitySchema);

/** The first thing in which two identities differ, as a message says it; null where they are the same. */
const differenceOf = (one: PartIdentity, other: PartIdentity): string | null => {
  const differing = (['version', 'backend', 'preset'] as const).find((key) => one[key] !== other[key]);
  if (differing !== undefined) {
    return `expected a part of ${differing} ${one[differing]}, got one of ${other[differing]}`;
  }
  return one.jobs === other.jobs
    ? null
    : `expected a part with the jobs of preset ${one.preset} here, got one whose jobs have other options or seeds`;
};

/** Whether a part may be joined with those of an identity. Fails for one of another version, backend, preset, options or seeds. */
export const expectIdentity =
  (wanted: PartIdentity) =>
  (found: PartIdentity): Either<DataError, PartIdentity> =>
    pipe(
      differenceOf(wanted, found),
      E.fromPredicate(
        (difference) => difference === null,
        (difference) => dataError(`${difference}: merge parts that were made alike`),
      ),
      E.map(() => found),
    );

/** Two parts as one. Fails for parts of different identities, and where both have a file and its bytes differ. */
export const joinedParts = (one: ReproductionPart, other: ReproductionPart): Either<DataError, ReproductionPart> =>
  pipe(
    expectIdentity(one.identity)(other.identity),
    E.chain(() => {
      const differing = [...other.files].find(([name, sha256]) => (one.files.get(name) ?? sha256) !== sha256);
      return differing === undefined
        ? E.right({ identity: one.identity, files: new Map([...one.files, ...other.files]) })
        : E.left(
            dataError(
              `expected one content of ${differing[0]} in all parts, got two: a job is timed or was made by another machine ` +
                'in both; leave one of the parts out',
            ),
          );
    }),
  );

/** Parts as one, each called by its name in the message of what cannot be joined. */
export const joinedAll = (
  identity: PartIdentity,
  parts: readonly (readonly [string, ReproductionPart])[],
): Either<DataError, ReproductionPart> =>
  parts.reduce<Either<DataError, ReproductionPart>>(
    (before, [name, part]) =>
      pipe(
        before,
        E.chain((joined) =>
          pipe(
            joinedParts(joined, part),
            E.mapLeft(({ message }) => dataError(`${quoted(name)}: ${message}`)),
          ),
        ),
      ),
    E.right({ identity, files: new Map() }),
  );
