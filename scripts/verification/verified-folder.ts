/** A folder as verification sees it: its manifests, its files one by one, and some samples made again. */
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { usageError, type CommandError, type UsageError } from '../../src/command/command-error.ts';
import { secondsBefore, secondsPerSample } from '../../src/dataset/recipe.ts';
import { threadsFor } from '../../src/dataset/work.ts';
import { checkpointEnding } from '../../src/file/checkpoint-mark.ts';
import { dataError, type DataError } from '../../src/file/data-error.ts';
import { quoted } from '../../src/file/quoted.ts';
import { readManifest, type Manifest } from '../../src/provenance/manifest.ts';
import { randomRows } from '../../src/provenance/random-rows.ts';
import { checkOf, remakesOf, rowsToCheck, type Rows } from '../../src/provenance/remake.ts';
import {
  canBeVerified,
  journalSuffix,
  manifestSuffix,
  modelSuffix,
  observe,
  unreadable,
  type Folder,
  type Observation,
  type SampleCheck,
} from '../../src/provenance/verification.ts';
import { reasonOf } from '../../src/command/thrown.ts';
import { startProgress } from '../progress.ts';
import { readFile } from '../read-file.ts';
import { filesBelow } from './files-below.ts';
import { sha256 } from '../sha256.ts';
import { generation } from '../workers/generation.ts';
import { doAll } from '../workers/pool.ts';

/** Which samples are made again. */
export interface SampleChoice {
  readonly samples: number;
  readonly seed: number;
}

type Manifests = Folder['manifests'];

/** What is in the folder at this path. Refuses a folder without any manifest, journal, model or checkpoint. */
export const observedFolder = (
  root: string,
  { samples, seed }: SampleChoice,
  threads: number,
): TaskEither<CommandError, Folder> =>
  pipe(
    pathsIn(root),
    TE.bindTo('paths'),
    TE.bindW('manifests', ({ paths }) => manifestsIn(root, paths)),
    TE.bindW('files', ({ paths, manifests }) => {
      const rows = rowsToCheck(manifests, randomRows(seed, samples));
      return filesIn(root, paths.filter(canBeVerified(manifests)), manifests, rows);
    }),
    TE.bindW('samples', ({ manifests, files }) => madeAgain(manifests, files, threads)),
    TE.map(({ paths, ...folder }) => ({ ...folder, journals: paths.filter((path) => path.endsWith(journalSuffix)) })),
  );

/** The files below a folder, relative to it, with / between names. */
const pathsIn = (root: string): TaskEither<UsageError, readonly string[]> =>
  pipe(
    TE.tryCatch(
      () => filesBelow(root),
      (error) =>
        usageError(`expected a folder that can be read, got ${quoted(root)} (${reasonOf(error)}): check the path`),
    ),
    TE.map((paths) => paths.toSorted()),
    TE.filterOrElse(
      (paths) =>
        paths.some((path) =>
          [manifestSuffix, journalSuffix, modelSuffix, checkpointEnding].some((ending) => path.endsWith(ending)),
        ),
      () =>
        usageError(
          `expected a folder with manifests (*${manifestSuffix}) or models (*${modelSuffix}), got ${quoted(root)} with none: ` +
            'name the folder that efnn wrote to',
        ),
    ),
  );

const manifestsIn = (root: string, paths: readonly string[]): TaskEither<UsageError, Manifests> =>
  pipe(
    paths.filter((path) => path.endsWith(manifestSuffix)),
    TE.traverseSeqArray((path) =>
      pipe(
        readFile(join(root, path)),
        TE.map((bytes) => readManifest(sha256)(bytes)),
        // What cannot be read is found, and the others are verified.
        TE.orElse(({ message }) => TE.right<never, E.Either<DataError, Manifest>>(E.left(dataError(message)))),
        TE.map((manifest) => [path.slice(0, -manifestSuffix.length), manifest] as const),
      ),
    ),
    TE.map((entries) => new Map(entries)),
  );

/** Reads one file after the other, and keeps of each only what was observed. */
const filesIn = (
  root: string,
  paths: readonly string[],
  manifests: Manifests,
  rows: Rows,
): TaskEither<UsageError, Folder['files']> => {
  const progress = startProgress('verify', 'files', paths.length);
  return pipe(
    paths,
    TE.traverseSeqArray((path) =>
      pipe(
        readFile(join(root, path)),
        TE.match(
          ({ message }) => unreadable(message),
          (bytes) => observe(sha256, manifests)(path, bytes, rows.get(path)),
        ),
        T.map((observation) => {
          progress.advance(1);
          return [path, observation] as const;
        }),
        TE.fromTask,
      ),
    ),
    TE.map((entries) => new Map(entries)),
    (task) => async () => task().finally(progress.stop),
  );
};

/** Makes the samples that were stored again, energies by diagonalization whatever made them. */
const madeAgain = (
  manifests: Manifests,
  files: ReadonlyMap<string, Observation>,
  threads: number,
): TaskEither<CommandError, readonly SampleCheck[]> => {
  const remakes = remakesOf(manifests, files);
  const possible = remakes.flatMap((remake) =>
    E.isRight(remake.recipe) ? [{ remake, recipe: remake.recipe.right, range: { first: remake.index, count: 1 } }] : [],
  );
  const progress = startProgress('verify', 'samples', possible.length);
  const seconds = possible.reduce((sum, { recipe }) => sum + secondsBefore(recipe) + secondsPerSample(recipe), 0);
  return pipe(
    doAll(generation, threadsFor(threads, seconds))(possible, {
      progress: () => undefined,
      result: () => {
        progress.advance(1);
      },
    }),
    TE.map((made) => RA.zip(made)(possible).map(([{ remake }, data]) => checkOf(remake, E.right(data)))),
    TE.map((checks) => [
      ...checks,
      ...remakes.flatMap((remake) => (E.isLeft(remake.recipe) ? [checkOf(remake, remake.recipe)] : [])),
    ]),
    (task) => async () => task().finally(progress.stop),
  );
};
