/**
 * The folder of a reproduction. What is finished lies there under a name that fixes what it is, so that a second call goes
 * on where the first was stopped, and parts of other presets or versions are left alone. Each file has its manifest, for
 * `efnn verify`.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { pipe } from 'fp-ts/lib/function.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { runError, usageError, type CommandError, type RunError } from '../../src/command/command-error.ts';
import { quoted } from '../../src/file/quoted.ts';
import { jobName } from '../../src/study/job-name.ts';
import type { Job, LabelsJob } from '../../src/study/job.ts';
import type { Outcome } from '../../src/study/outcome.ts';
import type { Description } from '../../src/provenance/manifest.ts';
import { manifestPath } from '../../src/provenance/verification.ts';
import { writeArtifact, type LeftFile } from '../artifact.ts';
import { hasCode, reasonOf } from '../../src/command/thrown.ts';
import { makeFolder } from '../make-folder.ts';
import { exists } from '../read-file.ts';
import { sha256 } from '../sha256.ts';
import { expectedArtifact, standingArtifact, type Decode } from '../standing-artifact.ts';
import { removeUnfinished } from '../write-file.ts';

/** What a job leaves behind, each kind in a folder of its own: its extension, and what its manifest calls it. */
const kinds = {
  results: { extension: 'json', kind: 'result' },
  runs: { extension: 'json', kind: 'result' },
  checkpoints: { extension: 'safetensors', kind: 'checkpoint' },
  models: { extension: 'safetensors', kind: 'model' },
} as const;

type Kind = keyof typeof kinds;

/** The names of the files that a finished job leaves. */
export interface LeftNames {
  readonly result: string;
  /** Null where no network was trained. */
  readonly model: string | null;
}

/** The folder of a reproduction, open for reading what jobs left and for writing more. */
export interface ReproductionFolder {
  readonly path: string;
  /** Version and backend: what computes what lies there. */
  readonly computedBy: string;
  /** The names, below the folder, of what a job leaves that found this: its result, and the network, where it trained one. */
  readonly namesOf: (outcome: Outcome) => LeftNames;
  /** The name, below the folder, of what says how a job was done. */
  readonly runName: (job: Job) => string;
  /** The name, below the folder, of the labels of a job. */
  readonly labelsName: (job: LabelsJob) => string;
  /** Where the labels of a job lie; they do not depend on what computes the networks. */
  readonly labelsPath: (job: LabelsJob) => string;
  /** What `decode` finds in the file that a job left, if that is whole; else null, and a damaged one is named on stderr. */
  readonly standing: <A>(kind: Kind, decode: Decode<A>) => (job: Job) => Task<A | null>;
  /** As `standing`, for a file that must be there: one that is lost is named as well. */
  readonly expected: <A>(kind: Kind, decode: Decode<A>) => (job: Job) => Task<A | null>;
  /** Whether a job left a file, whole or not. */
  readonly has: (kind: Kind, job: Job) => Task<boolean>;
  /** The file that a job left, or null where there is none. */
  readonly read: (kind: Kind, job: Job) => TaskEither<RunError, LeftFile | null>;
  readonly write: (kind: Kind, job: Job) => (content: Uint8Array) => TaskEither<RunError, unknown>;
  readonly remove: (kind: Kind, job: Job) => TaskEither<RunError, unknown>;
  /** Removes what a call that was killed left unfinished; for the one that is alone at work in the folder. */
  readonly clear: TaskEither<RunError, unknown>;
}

const attempt = <A>(place: string, effect: () => Promise<A>): TaskEither<RunError, A> =>
  TE.tryCatch(effect, (error) =>
    runError(
      `could not use ${quoted(place)} (${reasonOf(error)}): free space, mend the folder or choose another --out`,
    ),
  );

const fileAt = async (path: string): Promise<LeftFile | null> => {
  try {
    return { path, content: new Uint8Array(await readFile(path)) };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      return null;
    }
    throw error;
  }
};

/** The folder at a path, as it is. `computedBy` (version, backend) is part of what fixes a result. */
export const folderAt = (path: string, computedBy: string): ReproductionFolder => {
  const nameOf = (kind: Kind, job: Job): string =>
    join(kind, `${jobName(sha256)(job, computedBy)}.${kinds[kind].extension}`);
  const labelsName = (job: LabelsJob): string => join('labels', `${jobName(sha256)(job, null)}.npz`);
  const placeOf = (kind: Kind, job: Job): string => join(path, nameOf(kind, job));
  const descriptionOf = (kind: Kind, job: Job): Description => ({
    kind: kinds[kind].kind,
    origin: { job: JSON.stringify(job), computedBy },
  });
  return {
    path,
    computedBy,
    namesOf: ({ job, result }) => ({
      result: nameOf('results', job),
      // A training that diverged has none.
      model: result.tag === 'network' ? nameOf('models', job) : null,
    }),
    runName: (job) => nameOf('runs', job),
    labelsName,
    labelsPath: (job) => join(path, labelsName(job)),
    standing: (kind, decode) => (job) => standingArtifact(decode)(placeOf(kind, job), descriptionOf(kind, job)),
    expected: (kind, decode) => (job) => expectedArtifact(decode)(placeOf(kind, job), descriptionOf(kind, job)),
    has: (kind, job) => () => exists(placeOf(kind, job)),
    read: (kind, job) => attempt(placeOf(kind, job), () => fileAt(placeOf(kind, job))),
    write: (kind, job) => (content) => writeArtifact(placeOf(kind, job), content, descriptionOf(kind, job)),
    remove: (kind, job) =>
      attempt(placeOf(kind, job), async () => {
        await rm(manifestPath(placeOf(kind, job)), { force: true });
        await rm(placeOf(kind, job), { force: true });
      }),
    clear: attempt(path, () => Promise.all(foldersOf(path).map((place) => removeUnfinished(place, 'all')))),
  };
};

const foldersOf = (path: string): readonly string[] => [
  path,
  ...['labels', ...Object.keys(kinds)].map((kind) => join(path, kind)),
];

/** As `folderAt`, made where there is none. */
export const openFolder = (path: string, computedBy: string): TaskEither<CommandError, ReproductionFolder> =>
  pipe(
    TE.tryCatch(
      async () => {
        for (const place of foldersOf(path)) {
          await makeFolder(place);
        }
      },
      (error) =>
        usageError(
          `--out: expected a folder that can be written, got ${quoted(path)} (${reasonOf(error)}): choose another`,
        ),
    ),
    TE.map(() => folderAt(path, computedBy)),
  );
