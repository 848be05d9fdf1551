/** Parts of a reproduction, made in folders of their own, perhaps on several machines, and joined in one folder. */
import { join } from 'node:path';

import { pipe } from 'fp-ts/lib/function.js';
import * as T from 'fp-ts/lib/Task.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { usageError, usageErrorIn, type CommandError, type UsageError } from '../../src/command/command-error.ts';
import { indentedJson } from '../../src/file/canonical-json.ts';
import { quoted } from '../../src/file/quoted.ts';
import { manifestPath } from '../../src/provenance/verification.ts';
import { figures, jobsFor, labelsFor, type Job } from '../../src/study/job.ts';
import {
  computedBy,
  expectIdentity,
  joinedAll,
  readPartIdentity,
  type ReproductionPart,
  type PartIdentity,
} from '../../src/study/part.ts';
import type { Preset } from '../../src/study/preset.ts';
import { exists, readFile } from '../read-file.ts';
import { sha256 } from '../sha256.ts';
import { writeFile } from '../write-file.ts';
import { folderAt, type ReproductionFolder } from './folder.ts';
import { standingResult, wasLeftBehind } from './jobs.ts';
import { standingLabels } from './labels.ts';
import { standingRecord, writeRecord } from './runs.ts';

const partPath = (folder: string): string => join(folder, 'part.json');

/** Says in a folder of what its files are parts. */
export const writeIdentity = (folder: string, identity: PartIdentity): TaskEither<CommandError, void> =>
  writeFile(partPath(folder), indentedJson(identity));

/** Refuses to report a folder where another version or backend has begun: what it has found would be lost from its report. */
export const expectOurs =
  (identity: PartIdentity) =>
  (folder: string): TaskEither<CommandError, unknown> =>
    pipe(
      TE.fromTask<boolean, CommandError>(() => exists(partPath(folder))),
      TE.chain((isThere) =>
        isThere
          ? pipe(
              readFile(partPath(folder)),
              TE.chainEitherKW(readPartIdentity),
              TE.filterOrElseW(
                (found) => computedBy(found) === computedBy(identity),
                (found) =>
                  usageError(
                    `expected what efnn ${computedBy(identity)} has made, got what ${computedBy(found)} has made: give that ` +
                      '--backend, or another folder',
                  ),
              ),
              TE.mapLeft(usageErrorIn(`--out: ${quoted(folder)}`)),
            )
          : TE.right(null),
      ),
    );

/** Refuses a folder whose files are not parts of this identity. */
const expectPart =
  (identity: PartIdentity) =>
  (folder: string): TaskEither<UsageError, PartIdentity> =>
    pipe(
      TE.fromTask(() => exists(partPath(folder))),
      TE.filterOrElse(
        (isThere) => isThere,
        () => usageError('expected a folder with part.json, got one without: name the --out of a reproduce --shard'),
      ),
      TE.chain(() => readFile(partPath(folder))),
      TE.chainEitherKW(readPartIdentity),
      TE.chainEitherKW(expectIdentity(identity)),
      TE.mapLeft(usageErrorIn(`--merge: ${quoted(folder)}`)),
    );

/** Refuses folders of which one is no part of this identity. */
export const expectParts =
  (identity: PartIdentity) =>
  (paths: readonly string[]): TaskEither<UsageError, unknown> =>
    pipe(paths, TE.traverseSeqArray(expectPart(identity)));

/** The names of what a finished job left in a folder: all of it, but for a model that stays elsewhere. */
const finishedNames =
  (folder: ReproductionFolder) =>
  (job: Job): Task<readonly string[]> =>
    pipe(
      standingResult(folder, job),
      T.chain((result) =>
        result === null
          ? T.of([])
          : pipe(
              wasLeftBehind(folder, job),
              T.map((isElsewhere) => {
                const names = folder.namesOf({ job, result });
                return [names.result, ...(isElsewhere || names.model === null ? [] : [names.model])];
              }),
            ),
      ),
    );

/** The names of all files that stand whole in a folder, for the jobs of a preset. */
export const wholeNames = (folder: ReproductionFolder, preset: Preset): TaskEither<CommandError, readonly string[]> => {
  const jobs = jobsFor(preset, figures);
  return pipe(
    TE.fromTask<readonly (readonly string[])[], CommandError>(pipe(jobs, T.traverseSeqArray(finishedNames(folder)))),
    TE.bindTo('ofJobs'),
    TE.bindW('ofLabels', () =>
      pipe(
        labelsFor(jobs),
        TE.traverseSeqArray((job) =>
          pipe(
            standingLabels(folder, job),
            TE.map((data) => (data === null ? [] : [folder.labelsName(job)])),
          ),
        ),
      ),
    ),
    TE.map(({ ofJobs, ofLabels }) => [...ofJobs, ...ofLabels].flat()),
  );
};

const partIn = (identity: PartIdentity, preset: Preset, path: string): TaskEither<CommandError, ReproductionPart> =>
  pipe(
    wholeNames(folderAt(path, computedBy(identity)), preset),
    TE.chainW(
      TE.traverseSeqArray((name) =>
        pipe(
          readFile(join(path, name)),
          TE.map((bytes) => [name, sha256(bytes)] as const),
        ),
      ),
    ),
    TE.map((entries) => ({ identity, files: new Map(entries) })),
  );

/** Copies a file and its manifest from one folder to another. */
export const copied = (from: string, to: string, name: string): TaskEither<CommandError, void> =>
  pipe(
    [join(from, name), join(from, manifestPath(name))],
    TE.traverseSeqArray((path) => readFile(path)),
    TE.chainW((contents) =>
      pipe(
        contents,
        TE.traverseSeqArrayWithIndex((i, content) => writeFile(join(to, i === 0 ? name : manifestPath(name)), content)),
      ),
    ),
    TE.map(() => undefined),
  );

/** Writes how each job was done from the parts that say so: where several do, always the same one, the first of their texts. */
export const recordsJoined = (
  preset: Preset,
  parts: readonly ReproductionFolder[],
  into: ReproductionFolder,
): TaskEither<CommandError, unknown> =>
  pipe(
    jobsFor(preset, figures),
    TE.traverseSeqArray((job) =>
      pipe(
        [into, ...parts],
        T.traverseSeqArray((folder) => standingRecord(folder, job)),
        TE.fromTask,
        TE.chainW(([there = null, ...others]) => {
          const known = [there, ...others].filter((record) => record !== null);
          const [first] = known.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
          return first === undefined || first === there ? TE.right(undefined) : writeRecord(into, job, first);
        }),
      ),
    ),
  );

/**
 * Joins the parts in some folders with what stands in another one. Nothing is written there unless all of them are parts of this
 * identity, and agree on the files that several have.
 */
export const mergeParts = (
  identity: PartIdentity,
  preset: Preset,
  paths: readonly string[],
  into: ReproductionFolder,
): TaskEither<CommandError, void> =>
  pipe(
    expectParts(identity)(paths),
    TE.chainW(() =>
      pipe(
        [into.path, ...paths],
        TE.traverseSeqArray((path) =>
          pipe(
            partIn(identity, preset, path),
            TE.map((part) => [path, part] as const),
          ),
        ),
      ),
    ),
    TE.chainFirstW((parts) => pipe(TE.fromEither(joinedAll(identity, parts)), TE.mapLeft(usageErrorIn('--merge')))),
    TE.chainW(([there, ...others]) =>
      pipe(
        others.flatMap(([path, { files }]) =>
          [...files.keys()].flatMap((name) => (there?.[1].files.has(name) === true ? [] : [{ path, name }])),
        ),
        TE.traverseSeqArray(({ path, name }) => copied(path, into.path, name)),
      ),
    ),
    TE.chainW(() => {
      const parts = paths.map((path) => folderAt(path, computedBy(identity)));
      return recordsJoined(preset, parts, into);
    }),
    TE.map(() => undefined),
  );
