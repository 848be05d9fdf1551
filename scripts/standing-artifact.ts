/** Artifacts that earlier calls left: none is believed that is not, to the last bit, what its manifest says. */
import type * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { quoted } from '../src/file/quoted.ts';
import { artifactContent } from '../src/provenance/artifact.ts';
import type { Description } from '../src/provenance/manifest.ts';
import { manifestPath } from '../src/provenance/verification.ts';
import { messageLine } from '../src/command/message-line.ts';
import { exists, readFile } from './read-file.ts';
import { sha256 } from './sha256.ts';

/** What is found in the bytes of an artifact, or why it cannot be believed. */
export type Decode<A> = (content: Uint8Array) => E.Either<{ readonly message: string }, A>;

/**
 * What `decode` finds in the artifact of this description that must stand at a path. One that is lost or damaged, or has no
 * manifest or another one, is named on stderr, and counts as none: null.
 */
export const expectedArtifact =
  <A>(decode: Decode<A>) =>
  (path: string, description: Description): Task<A | null> =>
    pipe(
      readFile(path),
      TE.bindTo('content'),
      TE.bind('manifest', () => readFile(manifestPath(path))),
      TE.chainEitherKW(artifactContent(sha256)(description)),
      TE.chainEitherKW(decode),
      TE.match(
        ({ message }) => {
          process.stderr.write(`efnn: ${quoted(path)} is to be made again: ${messageLine(message)}\n`);
          return null;
        },
        (found) => found,
      ),
    );

/** As `expectedArtifact`, but without a word where neither a file nor a manifest stands. */
export const standingArtifact =
  <A>(decode: Decode<A>) =>
  (path: string, description: Description): Task<A | null> =>
  async () =>
    (await exists(path)) || (await exists(manifestPath(path))) ? expectedArtifact(decode)(path, description)() : null;
