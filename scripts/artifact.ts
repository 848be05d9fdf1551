/** Artifacts: files with a manifest beside them, which `efnn verify` reads. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { RunError } from '../src/command/command-error.ts';
import { manifestOf, showManifest, type Description, type Manifest } from '../src/provenance/manifest.ts';
import { manifestPath } from '../src/provenance/verification.ts';
import { programVersion } from './program-version.ts';
import { sha256 } from './sha256.ts';
import { writeFile } from './write-file.ts';

/** A file that an earlier call left: where it lies, and its bytes. */
export interface LeftFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** Writes a file and then its manifest, each whole or not at all. */
export const writeArtifact = (
  path: string,
  content: Uint8Array,
  description: Description,
): TaskEither<RunError, Manifest> => {
  const manifest = manifestOf(sha256, programVersion)(description, content);
  return pipe(
    writeFile(path, content),
    TE.chain(() => writeFile(manifestPath(path), showManifest(sha256)(manifest))),
    TE.map(() => manifest),
  );
};
