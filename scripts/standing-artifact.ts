/** Artifacts that earlier calls left: none is believed that is not, to the last bit, what its manifest says. */
import type * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { canonicalJson } from '../src/file/canonical-json.ts';
import { dataError, type DataError } from '../src/file/data-error.ts';
import { quoted } from '../src/file/quoted.ts';
import { readManifest, type Description } from '../src/provenance/manifest.ts';
import type { UsageError } from '../src/command/command-error.ts';
import { manifestPath } from './artifact.ts';
import { oneLine } from './exit.ts';
import { exists, readFile } from './read-file.ts';
import { sha256 } from './sha256.ts';

/**
 * What `decode` finds in the artifact of this description that stands at a path; null where none does. One that is damaged, or
 * has no manifest or another one, is named on stderr, and counts as none: it is to be made again.
 */
export const standingArtifact =
  <A>(decode: (content: Uint8Array) => E.Either<{ readonly message: string }, A>) =>
  (path: string, description: Description): Task<A | null> =>
  async () => {
    if (!(await exists(path))) {
      return null;
    }
    return pipe(
      wholeContent(path, description),
      TE.chainEitherKW(decode),
      TE.match(
        ({ message }) => {
          process.stderr.write(`efnn: ${quoted(path)} is made again: ${oneLine(message)}\n`);
          return null;
        },
        (found) => found,
      ),
    )();
  };

/** The bytes of the artifact. Fails unless its manifest is there and says of them what is expected. */
const wholeContent = (path: string, description: Description): TaskEither<DataError | UsageError, Uint8Array> =>
  pipe(
    readFile(manifestPath(path)),
    TE.chainEitherKW(readManifest(sha256)),
    TE.filterOrElseW(
      (manifest) => identityOf(manifest) === identityOf(description),
      () => dataError('expected the manifest of this very job, got that of another'),
    ),
    TE.bindTo('manifest'),
    TE.bindW('content', () => readFile(path)),
    TE.filterOrElseW(
      ({ manifest, content }) => manifest.sha256 === sha256(content),
      () => dataError('expected the bytes that its manifest describes, got others'),
    ),
    TE.map(({ content }) => content),
  );

/** What an artifact is of; how often its labels were compared does not matter. */
const identityOf = (description: Description): string =>
  canonicalJson({
    kind: description.kind,
    configuration: description.configuration,
    ...(description.kind === 'data-set' ? { rows: description.part.rows } : {}),
  });
