/** Writes what is published of a reproduction: records, report and page of its preset, and chosen networks with their cards. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { asRunError, runError, usageErrorIn, type CommandError } from '../../src/command/command-error.ts';
import { publishedLine } from '../../src/command/report-lines.ts';
import { reasonOf } from '../../src/command/thrown.ts';
import { quoted } from '../../src/file/quoted.ts';
import { jobText } from '../../src/study/job.ts';
import { modelCard } from '../../src/study/model-card.ts';
import {
  freshSamples,
  publishedPage,
  publishedReport,
  recordPath,
  representatives,
  type RepresentativeJob,
} from '../../src/study/published.ts';
import type { Preset } from '../../src/study/preset.ts';
import { recordName, showRecord, type JobRecord, type KeptJob } from '../../src/study/record.ts';
import { modelPrediction } from '../../src/training/prediction.ts';
import { readAnyModel } from '../../src/training/trained-model.ts';
import { startBackend, type ChosenBackend } from '../backends.ts';
import { makeFolder } from '../make-folder.ts';
import { sha256 } from '../sha256.ts';
import { expectWritable, writeFile } from '../write-file.ts';
import type { ReproductionFolder } from './folder.ts';
import { writeReport } from './publication.ts';

/** What a call publishes: of which preset, computed by what, from which folder. */
export interface Published {
  readonly preset: Preset;
  readonly backend: ChosenBackend;
  readonly version: string;
  readonly folder: ReproductionFolder;
}

const attempt = <A>(place: string, effect: () => Promise<A>): TaskEither<CommandError, A> =>
  TE.tryCatch(effect, (error) =>
    runError(
      `could not use ${quoted(place)} (${reasonOf(error)}): free space, mend the folder or choose another --publish`,
    ),
  );

/** Writes the records of these jobs; those of others, that another version or backend has made, stay beside them. */
const writeRecords = (out: string, computedBy: string, kept: readonly KeptJob[]): TaskEither<CommandError, unknown> => {
  const place = join(out, recordPath(''));
  const texts = new Map(
    kept.map(({ job, record }) => [recordName(sha256)(job, computedBy), showRecord(sha256)(record)]),
  );
  return pipe(
    attempt(place, () => makeFolder(place)),
    TE.chainW(() =>
      pipe(
        [...texts],
        TE.traverseSeqArray(([name, text]) => writeFile(join(place, name), text)),
      ),
    ),
  );
};

/** Writes a network, its energies of new configurations, and its card. */
const writeNetwork = (
  models: string,
  backend: ChosenBackend,
  name: string,
  content: Uint8Array,
  job: RepresentativeJob,
  record: JobRecord,
): TaskEither<CommandError, void> =>
  pipe(
    TE.Do,
    TE.apS('model', TE.fromEither(pipe(readAnyModel(sha256)(content), E.mapLeft(asRunError)))),
    TE.apS('samples', TE.fromEither(pipe(freshSamples(job), E.mapLeft(asRunError)))),
    TE.bindW('started', () => startBackend(backend)),
    TE.bindW('prediction', ({ model, samples, started }) =>
      pipe(
        modelPrediction(started, { forces: false })(model),
        TE.chainW((predict) => predict(samples)),
        TE.mapLeft(asRunError),
      ),
    ),
    TE.chainW(({ model, samples, prediction }) => {
      const check = { exact: Array.from(samples.energies), predicted: Array.from(prediction.energies) };
      const file = { name, bytes: content.length, sha256: sha256(content), metadata: model.metadata, check };
      return pipe(
        [
          [`${name}.safetensors`, content],
          [`${name}.json`, `${JSON.stringify(check, undefined, 2)}\n`],
          [`${name}.md`, modelCard(file, job, record)],
        ] as const,
        TE.traverseSeqArray(([path, text]) => writeFile(join(models, path), text)),
      );
    }),
    TE.map(() => undefined),
  );

/** Writes the networks that are to be published, where their weights lie in the folder; says which. */
const writeNetworks = (
  models: string,
  { preset, backend, folder }: Published,
  kept: readonly KeptJob[],
): TaskEither<CommandError, readonly string[]> =>
  pipe(
    attempt(models, () => makeFolder(models)),
    TE.chainW(() =>
      pipe(
        representatives(preset),
        TE.traverseSeqArray(({ name, job }) => {
          const record = kept.find((one) => jobText(one.job) === jobText(job))?.record;
          return pipe(
            folder.read('models', job),
            TE.chainW((left) =>
              left === null || record?.digests.model !== sha256(left.content)
                ? TE.right<CommandError, readonly string[]>([])
                : pipe(
                    writeNetwork(models, backend, name, left.content, job, record),
                    TE.map(() => [name]),
                  ),
            ),
          );
        }),
      ),
    ),
    TE.map((names) => names.flat()),
  );

/** The names of the networks that lie in a folder, with the SHA-256 of each. */
const networksIn = (models: string): TaskEither<CommandError, ReadonlySet<string>> =>
  attempt(models, async () => {
    const names = (await readdir(models)).filter((name) => name.endsWith('.safetensors'));
    const entries = names.map(async (name) => `${name} ${sha256(await readFile(join(models, name)))}`);
    return new Set(await Promise.all(entries));
  });

/** The folders under `root` that are published: of the preset, and of models. */
const placesIn = (root: string, preset: Preset) => ({ out: join(root, preset.name), models: join(root, 'models') });

/** Refuses a place where nothing could be published, before the work that would be lost. Its folders are made. */
export const expectPublishable = (root: string, preset: Preset): TaskEither<CommandError, void> => {
  const { out, models } = placesIn(root, preset);
  return pipe(
    [out, join(out, recordPath('')), models],
    TE.traverseSeqArray((folder) =>
      pipe(
        attempt(folder, () => makeFolder(folder)),
        TE.mapLeft(usageErrorIn('--publish')),
        TE.chainW(() => expectWritable(join(folder, 'results.json'), 'replaced', '--publish')),
      ),
    ),
    TE.map(() => undefined),
  );
};

/** Publishes under `root`: the folder of the preset, and `models`. */
export const publishAll =
  (root: string, published: Published) =>
  (kept: readonly KeptJob[]): TaskEither<CommandError, void> => {
    const { preset, version, backend, folder } = published;
    const { out, models } = placesIn(root, preset);
    return pipe(
      writeRecords(out, folder.computedBy, kept),
      TE.chainW(() => writeNetworks(models, published, kept)),
      TE.chainW(() => networksIn(models)),
      TE.chainW((networks) => {
        const report = publishedReport(
          preset,
          { version, backend: backend.name },
          (job) => recordName(sha256)(job, folder.computedBy),
          (name, digest) => networks.has(`${name}.safetensors ${digest ?? ''}`),
        )(kept);
        return pipe(
          writeReport(out, report),
          TE.chainW(() => writeFile(join(out, 'README.md'), publishedPage(report))),
        );
      }),
      TE.map(() => {
        process.stderr.write(publishedLine(out, kept.length, models));
      }),
    );
  };
