/** Artifacts: a file and the manifest beside it. The file is believed only where the manifest says of it what is true. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { canonicalJson } from '../file/canonical-json.ts';
import { dataError, type DataError } from '../file/data-error.ts';
import type { Digest } from '../file/digest.ts';
import { readManifest, type Description } from './manifest.ts';

/** The bytes of a file, and those of its manifest. */
export interface Artifact {
  readonly content: Uint8Array;
  readonly manifest: Uint8Array;
}

/** The content of an artifact. Fails unless its manifest is whole, of this description, and of these very bytes. */
export const artifactContent =
  (digest: Digest) =>
  (description: Description) =>
  ({ content, manifest }: Artifact): Either<DataError, Uint8Array> =>
    pipe(
      readManifest(digest)(manifest),
      E.filterOrElse(
        (found) => identityOf(found) === identityOf(description),
        () => dataError('expected the manifest of this very job, got that of another'),
      ),
      E.filterOrElse(
        ({ sha256 }) => sha256 === digest(content),
        () => dataError('expected the bytes that its manifest describes, got others'),
      ),
      E.map(() => content),
    );

/** What an artifact is of; how often its labels were compared does not matter. */
const identityOf = (description: Description): string =>
  canonicalJson({
    kind: description.kind,
    origin: description.origin,
    ...(description.kind === 'data-set' ? { rows: description.part.rows } : {}),
  });
