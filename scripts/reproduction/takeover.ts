/**
 * Going on from what stands elsewhere: the finished jobs in the folder of another call, or their published records, so that they are
 * not done again. The name of a file fixes its job, version and backend: all others are left where they are.
 */
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { usageError, type CommandError, type UsageError } from '../../src/command/command-error.ts';
import { messageLine } from '../../src/command/message-line.ts';
import { quoted } from '../../src/file/quoted.ts';
import { figures, jobsFor, type Job } from '../../src/study/job.ts';
import type { Preset } from '../../src/study/preset.ts';
import { recordPath } from '../../src/study/published.ts';
import { expectRecordOf, readRecord, recordName, type JobRecord } from '../../src/study/record.ts';
import { exists, readFile } from '../read-file.ts';
import { sha256 } from '../sha256.ts';
import { folderAt, type ReproductionFolder } from './folder.ts';
import { save, standingResult } from './jobs.ts';
import { copied, recordsJoined, wholeNames } from './parts.ts';
import { writeRecord } from './runs.ts';

/** Copies what stands whole in the folder of another call, and does not here. */
const fromFolder = (preset: Preset, path: string, into: ReproductionFolder): TaskEither<CommandError, unknown> => {
  const from = folderAt(path, into.computedBy);
  return pipe(
    wholeNames(into, preset),
    TE.bindTo('here'),
    TE.bind('there', () => wholeNames(from, preset)),
    TE.chain(({ here, there }) =>
      pipe(
        recordsJoined(preset, [from], into),
        TE.chain(() => {
          const known = new Set(here);
          return pipe(
            there.filter((name) => !known.has(name)),
            TE.traverseSeqArray((name) => copied(path, into.path, name)),
          );
        }),
      ),
    ),
  );
};

/** The record of a job among published ones, if there is one; a damaged one is named on stderr, and counts as none. */
const publishedRecord = (path: string, job: Job, computedBy: string): TaskEither<UsageError, JobRecord | null> => {
  const place = join(path, recordPath(recordName(sha256)(job, computedBy)));
  return pipe(
    TE.fromTask<boolean, UsageError>(() => exists(place)),
    TE.chain((isThere) =>
      isThere
        ? pipe(
            readFile(place),
            TE.map((bytes) =>
              pipe(
                readRecord(sha256)(bytes),
                E.chain(expectRecordOf(job, computedBy)),
                E.getOrElseW(({ message }) => {
                  process.stderr.write(`efnn: ${quoted(place)} is left aside: ${messageLine(message)}\n`);
                  return null;
                }),
              ),
            ),
          )
        : TE.right(null),
    ),
  );
};

/** Writes the results in published records as results of jobs whose networks and labels stay elsewhere. */
const fromRecords = (preset: Preset, path: string, into: ReproductionFolder): TaskEither<CommandError, unknown> =>
  pipe(
    jobsFor(preset, figures),
    TE.traverseSeqArray((job) =>
      pipe(
        TE.fromTask<boolean, CommandError>(async () => (await standingResult(into, job)()) !== null),
        TE.chainW((isKnown) => (isKnown ? TE.right(null) : publishedRecord(path, job, into.computedBy))),
        TE.chainW((record) =>
          record === null
            ? TE.right<CommandError, unknown>(undefined)
            : pipe(
                writeRecord(into, job, {
                  seconds: record.seconds,
                  machine: record.machine,
                  leftBehind: record.digests,
                }),
                TE.chainW(() => save(into, job, record.result)),
              ),
        ),
      ),
    ),
  );

type Source = typeof fromFolder;

const sourceAt = (path: string): TaskEither<UsageError, Source> =>
  pipe(
    TE.fromTask(async () => ({
      records: await exists(join(path, recordPath(''))),
      results: await exists(join(path, 'results')),
    })),
    TE.chain(({ records, results }) =>
      records
        ? TE.right(fromRecords)
        : results
          ? TE.right(fromFolder)
          : TE.left(
              usageError(
                `--from: expected a folder of reproduce, or one with published records, got ${quoted(path)}: check the path`,
              ),
            ),
    ),
  );

/** Refuses folders from which nothing can be taken over. */
export const expectSources = (paths: readonly string[]): TaskEither<UsageError, unknown> =>
  pipe(paths, TE.traverseSeqArray(sourceAt));

/** Takes over from these folders, the first ones first, what is finished there and not here. */
export const takeOver = (
  preset: Preset,
  paths: readonly string[],
  into: ReproductionFolder,
): TaskEither<CommandError, void> =>
  pipe(
    paths,
    TE.traverseSeqArray((path) =>
      pipe(
        sourceAt(path),
        TE.map((source) => source(preset, path, into)),
      ),
    ),
    TE.chainW(TE.sequenceSeqArray),
    TE.map(() => undefined),
  );
