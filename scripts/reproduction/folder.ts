/**
 * The folder of a reproduction. What is finished lies there under a name that fixes what it is, so that a second call goes
 * on where the first was stopped, and parts of other presets or versions are left alone.
 */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { titleOf, type Job, type LabelsJob } from '../../src/study/job.ts';
import { reasonOf, runError, usageError, type CommandError, type RunError } from '../exit.ts';
import { hasCode, makeFolder } from '../make-folder.ts';
import { writeFile } from '../write-file.ts';

/** The kinds of parts, each in a folder of its own. */
const kinds = {
  labels: 'npz',
  results: 'json',
  checkpoints: 'safetensors',
  models: 'safetensors',
} as const;

type Kind = keyof typeof kinds;

export interface ReproductionFolder {
  readonly path: string;
  /** The bytes of a part, or null where it is not there. */
  readonly read: (kind: Kind, job: Job | LabelsJob) => TaskEither<RunError, Uint8Array | null>;
  readonly write: (kind: Kind, job: Job | LabelsJob) => (content: Uint8Array | string) => TaskEither<RunError, void>;
  readonly remove: (kind: Kind, job: Job | LabelsJob) => TaskEither<RunError, void>;
}

const slug = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/** `efnn-c-3-n-2-1f0c9a7d3e52`: for people, and for what the job is in full. */
const nameOf = (job: Job | LabelsJob, computedBy: string): string =>
  `${slug(titleOf(job))}-${createHash('sha256').update(JSON.stringify({ job, computedBy })).digest('hex').slice(0, 12)}`;

const failed = (path: string) => (error: unknown) =>
  runError(`could not use '${path}' (${reasonOf(error)}): free space, mend the folder or choose another --out`);

/**
 * The folder at a path, made where there is none. `computedBy` (version, backend) is part of every name but those of labels,
 * which do not depend on it.
 */
export const openFolder = (path: string, computedBy: string): TaskEither<CommandError, ReproductionFolder> => {
  const placeOf = (kind: Kind, job: Job | LabelsJob): string =>
    join(path, kind, `${nameOf(job, kind === 'labels' ? '' : computedBy)}.${kinds[kind]}`);
  const attempt = <A>(place: string, effect: () => Promise<A>): TaskEither<RunError, A> =>
    TE.tryCatch(effect, failed(place));
  return pipe(
    TE.tryCatch(
      () => makeFolder(path),
      (error) => usageError(`--out: expected a folder that can be written, came '${path}' (${reasonOf(error)}): choose another`),
    ),
    TE.map(() => ({
      path,
      read: (kind, job) => {
        const place = placeOf(kind, job);
        return attempt(place, async () => {
          try {
            return new Uint8Array(await readFile(place));
          } catch (error) {
            if (hasCode(error, 'ENOENT')) {
              return null;
            }
            throw error;
          }
        });
      },
      write: (kind, job) => (content) => {
        const place = placeOf(kind, job);
        return pipe(
          attempt(place, () => makeFolder(dirname(place))),
          TE.chain(() => writeFile(place, content)),
        );
      },
      remove: (kind, job) => {
        const place = placeOf(kind, job);
        return attempt(place, () => rm(place, { force: true }));
      },
    })),
  );
};
