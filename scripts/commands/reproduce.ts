/**
 * `efnn reproduce`: the paper's figures from data made on the spot, as a table, results.json and report.html; or a shard of
 * it, the list of its jobs, or its parts joined.
 */
import { join } from 'node:path';

import type { Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { usageError, usageErrorIn, type CommandError, type UsageError } from '../../src/command/command-error.ts';
import { oneOf, optional, wholeNumber, wordOf } from '../../src/command/option-value.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { listedWhole, mergedWhole } from '../../src/command/reproduction-options.ts';
import { shardValue } from '../../src/command/run-options.ts';
import type { Shard } from '../../src/dataset/shard.ts';
import { quoted } from '../../src/file/quoted.ts';
import type { DoneJob, Fact } from '../../src/report/report.ts';
import { secondsOf } from '../../src/study/job-cost.ts';
import { jobList, showJobList } from '../../src/study/job-list.ts';
import {
  figures,
  isPooled,
  isTimed,
  jobsFor,
  jobText,
  toldJobs,
  type FigureName,
  type Job,
  type SpeedJob,
} from '../../src/study/job.ts';
import type { Outcome } from '../../src/study/outcome.ts';
import { computedBy, identityOf } from '../../src/study/part.ts';
import { presetNames, presets, type Preset } from '../../src/study/preset.ts';
import { recordPath } from '../../src/study/published.ts';
import { identityFacts, readReportIdentity } from '../../src/study/report-identity.ts';
import { shardOf } from '../../src/study/shard.ts';
import { studyReport } from '../../src/study/study-report.ts';
import { backendOption, type ChosenBackend } from '../backends.ts';
import { settle } from '../exit.ts';
import { promising } from '../interruption.ts';
import { withLock } from '../lock.ts';
import { expectMarkers } from '../marked-file.ts';
import { allCores } from '../processors.ts';
import { programVersion } from '../program-version.ts';
import { exists, readFile } from '../read-file.ts';
import { openFolder, type ReproductionFolder } from '../reproduction/folder.ts';
import { finished, outcomesOf, save } from '../reproduction/jobs.ts';
import { labelsIn } from '../reproduction/labels.ts';
import { expectOurs, expectParts, mergeParts, writeIdentity } from '../reproduction/parts.ts';
import { machineFacts, publish, resultsPath } from '../reproduction/publication.ts';
import { expectPublishable, publishAll } from '../reproduction/publishing.ts';
import { recordRun, recordsIn, runsIn } from '../reproduction/runs.ts';
import { speedResult } from '../reproduction/speed.ts';
import { expectSources, takeOver } from '../reproduction/takeover.ts';
import { sha256 } from '../sha256.ts';

interface Texts {
  readonly preset?: string;
  readonly out: string;
  readonly backend?: string;
  readonly threads?: string;
  readonly shard?: string;
  readonly list?: true;
  readonly merge?: readonly string[];
  readonly from?: readonly string[];
  readonly reportOnly?: true;
  readonly publish?: string;
  readonly markdown?: string;
  readonly overwrite?: true;
  readonly json?: true;
}

const help = `
With --shard, each of n processes does its share of the jobs in a folder of its own, and needs nothing of the
others; --merge joins their folders, in any order, and reports the same figures where they are named again. A process that is stopped (SIGTERM, SIGINT) goes on when the
same command is given again. --report-only says at any time how far a folder is, --from begins a new one with
what others have finished (results/standard too), and does the rest. Templates for Slurm and Kubernetes: scripts/cluster.`;

/** The options and the action of `efnn reproduce`, added to a command. */
export const reproduceCommand = (command: Command): Command =>
  backendOption
    .added(
      command
        .argument('[figures...]', `${figures.join(', ')} (default: all)`)
        .option('--preset <name>', `how much: ${presetNames.join(', ')} (default: quick)`)
        .option(
          '--out <dir>',
          'the folder for the report and all behind it; a second call goes on there',
          'efnn-report',
        ),
    )
    .option('--shard <i/n>', 'only piece i of n of the jobs, counted from 1; the pieces make up the whole')
    .option('--list', 'print the jobs with their expected cost, and do none')
    .option('--merge <dir...>', 'join the parts in these folders of --shard in --out, and report the figures')
    .option('--from <dir...>', 'first take over what is finished in these folders, or published there as records')
    .option('--report-only', 'report what stands in the folder, of all jobs that were to be done; do none')
    .option(
      '--publish <dir>',
      'also write what is small enough to keep below this folder: records, report, chosen networks with cards',
    )
    .option('--overwrite', 'replace the report of another preset or version')
    .option('--markdown <file.md>', 'also show the claims between the markers <!-- claims --> of a file')
    .option('--json', 'print the content of results.json, or the list, as one JSON value on stdout')
    .addHelpText('after', help)
    .action((names: readonly string[], texts: Texts) => settle(reproduction(names, texts)));

interface Order {
  readonly wanted: readonly FigureName[];
  readonly preset: Preset;
  readonly backend: ChosenBackend;
  readonly threads: number;
  readonly shard: Shard | null;
  /** What is to be done: all jobs of the figures, or those of the shard. */
  readonly jobs: readonly Job[];
}

const reproduction = (names: readonly string[], texts: Texts): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(orderOf(names, texts)),
    TE.chainW((order) => {
      if (texts.list === true) {
        return listed(order, texts);
      }
      return pipe(
        expectMarkers('claims', texts.markdown),
        TE.chainW(() => expectReportOf(order.preset.name, texts)),
        TE.chainW(() => expectSomethingToReport(texts)),
        TE.chainW(() => (texts.reportOnly === true ? expectOurs(partIdentity(order))(texts.out) : TE.right(null))),
        TE.chainW(() => (texts.merge === undefined ? made(order, texts) : merged(order, texts.merge, texts))),
      );
    }),
  );

const partIdentity = ({ preset, backend }: Order) => identityOf(sha256)(programVersion, backend.name, preset);

/** Does the jobs that are not finished, and reports all. */
const done = (order: Order, folder: ReproductionFolder, texts: Texts): TaskEither<CommandError, void> => {
  const start = performance.now();
  return pipe(
    obtained(order, folder),
    TE.chain((fresh) => reported(texts, order, factsOf(order, (performance.now() - start) / 60_000), folder, fresh)),
  );
};

/** Reports what is finished in the folder. */
const standing = (order: Order, folder: ReproductionFolder, texts: Texts): TaskEither<CommandError, void> =>
  reported(texts, order, identityFacts(programVersion, order.backend.name), folder);

/** Does the work alone in the place where its results are to be published: what is there is taken over first, and replaced last. */
const alonePublishing =
  (preset: Preset, { publish: root }: Texts) =>
  (work: TaskEither<CommandError, void>): TaskEither<CommandError, void> =>
    root === undefined
      ? work
      : pipe(
          expectPublishable(root, preset),
          TE.chain(() => withLock(resultsPath(join(root, preset.name)))(work)),
        );

/** Goes on in the folder, from what others have finished too, or says how far it is. */
const made = (order: Order, texts: Texts): TaskEither<CommandError, void> => {
  const identity = partIdentity(order);
  return pipe(
    expectSources(texts.from ?? []),
    TE.chainW(() => openFolder(texts.out, computedBy(identity))),
    TE.chainW((folder) =>
      withLock(resultsPath(texts.out))(
        pipe(
          folder.clear,
          TE.chainW(() => writeIdentity(texts.out, identity)),
          TE.chainW(() => sourcesOf(order.preset, texts)),
          TE.chainW((sources) => takeOver(order.preset, sources, folder)),
          TE.chainW(() =>
            texts.reportOnly === true
              ? standing(order, folder, texts)
              : promising('the same command goes on from what is finished')(done(order, folder, texts)),
          ),
        ),
      ),
    ),
    alonePublishing(order.preset, texts),
  );
};

/** Joins parts in the folder, and reports what they have found. */
const merged = (order: Order, paths: readonly string[], texts: Texts): TaskEither<CommandError, void> => {
  const identity = partIdentity(order);
  return pipe(
    expectParts(identity)(paths),
    TE.chainW(() => openFolder(texts.out, computedBy(identity))),
    TE.chainW((into) =>
      withLock(resultsPath(texts.out))(
        pipe(
          into.clear,
          TE.chainW(() => mergeParts(identity, order.preset, paths, into)),
          TE.chainW(() => writeIdentity(texts.out, identity)),
          TE.chainW(() => outcomesIn(into, order.jobs)),
          TE.chainW((outcomes) => {
            process.stderr.write(
              `efnn: merged ${paths.length} parts: ${outcomes.length} of ${order.jobs.length} jobs are done\n`,
            );
            return reported(
              texts,
              order,
              [...identityFacts(programVersion, order.backend.name), { label: 'parts', value: paths.length }],
              into,
              outcomes,
            );
          }),
        ),
      ),
    ),
  );
};

/** Writes and shows the report of what is finished in a folder, some of which was just found. */
const reported = (
  texts: Texts,
  order: Order,
  facts: readonly Fact[],
  folder: ReproductionFolder,
  found: readonly Outcome[] = [],
): TaskEither<CommandError, void> => {
  const { preset } = order;
  const known = new Set(found.map(({ job }) => jobText(job)));
  const unknown = jobsFor(preset, figures).filter((job) => !known.has(jobText(job)));
  return pipe(
    // Once for each job: a damaged file is named where it is read.
    outcomesIn(folder, unknown),
    TE.map((others) => [...found, ...others]),
    TE.bindTo('finished'),
    TE.let('planned', ({ finished: all }) =>
      toldJobs(
        preset,
        order.wanted,
        all.map(({ job }) => job),
      ),
    ),
    TE.let('outcomes', ({ finished: all, planned }) => {
      const told = new Set(planned.map(jobText));
      return all.filter(({ job }) => told.has(jobText(job)));
    }),
    TE.bind('runs', ({ outcomes }) =>
      TE.fromTask<ReadonlyMap<string, DoneJob>, CommandError>(runsIn(folder, outcomes)),
    ),
    TE.chain(({ outcomes, planned, runs }) => publish(texts, studyReport(preset.name, facts, outcomes, runs, planned))),
    TE.chainW(() => published(texts, order, folder)),
  );
};

/** Publishes all that is finished in a folder, of every figure, where that is asked for. */
const published = (
  { publish: root }: Texts,
  { preset, backend }: Pick<Order, 'preset' | 'backend'>,
  folder: ReproductionFolder,
): TaskEither<CommandError, void> =>
  root === undefined
    ? TE.right(undefined)
    : pipe(
        outcomesIn(folder, jobsFor(preset, figures)),
        TE.chain((outcomes) => TE.fromTask(recordsIn(folder, outcomes))),
        TE.chain(publishAll(root, { preset, backend, version: programVersion, folder })),
      );

/** What is taken over: what --from names, and then what was published before, so that publishing loses nothing. */
const sourcesOf = (
  preset: Preset,
  { from = [], publish: root }: Texts,
): TaskEither<CommandError, readonly string[]> => {
  const before = root === undefined ? null : join(root, preset.name);
  return before === null
    ? TE.right(from)
    : pipe(
        TE.fromTask(() => exists(join(before, recordPath('')))),
        TE.map((isThere) => (isThere ? [...from, before] : from)),
      );
};

/** Prints what would be done. */
const listed = ({ preset, jobs, threads }: Order, { json }: Texts): TaskEither<CommandError, void> => {
  const list = jobList(preset, jobs, threads);
  return pipe(
    TE.fromEither(json === true ? outputLine(list) : E.right(showJobList(list))),
    TE.map((text) => {
      process.stdout.write(text);
    }),
  );
};

const orderOf = (names: readonly string[], texts: Texts): E.Either<UsageError, Order> =>
  pipe(
    sequenceS(E.Apply)({
      wanted: pipe(names, E.traverseArray(wordOf(...figures))),
      preset: optional(oneOf(...presetNames), 'quick')('preset', texts.preset),
      backend: backendOption.read(texts),
      threads: optional(wholeNumber(1, 1024), allCores)('threads', texts.threads),
      shard: optional<Shard | null>(shardValue(), null)('shard', texts.shard),
    }),
    E.chainFirst(() => (texts.merge === undefined ? E.right(undefined) : mergedWhole(texts))),
    E.chainFirst(() => (texts.list === undefined ? E.right(undefined) : listedWhole(texts))),
    E.map(({ wanted, preset, ...order }) => ({
      ...order,
      wanted: wanted.length === 0 ? figures : wanted,
      preset: presets[preset],
    })),
    E.bind('jobs', ({ preset, wanted, shard }) => {
      const jobs = jobsFor(preset, wanted);
      return shard === null
        ? E.right(jobs)
        : pipe(shardOf<Job>(secondsOf)(shard, jobs), E.mapLeft(usageErrorIn('--shard')));
    }),
  );

/** Refuses a folder whose report another preset or version made, which would be lost; so is one that cannot be told. */
const expectReportOf = (preset: string, { out, overwrite }: Texts): TaskEither<UsageError, unknown> => {
  const path = resultsPath(out);
  const refusal = (got: string): UsageError =>
    usageError(
      `--out: expected the folder of preset ${preset} and version ${programVersion}, got ${quoted(out)} ` +
        `with ${got}: choose another folder, or add --overwrite`,
    );
  return pipe(
    TE.fromTask(() => exists(path)),
    TE.chain((isThere) =>
      isThere && overwrite !== true
        ? pipe(
            readFile(path),
            TE.map(readReportIdentity),
            TE.chainEitherK(E.mapLeft(() => refusal('a results.json that is damaged'))),
            TE.filterOrElse(
              (report) => report.preset === preset && report.version === programVersion,
              (report) =>
                refusal(`the report of preset ${quoted(report.preset)} and version ${quoted(report.version)}`),
            ),
          )
        : TE.right(null),
    ),
  );
};

/** Refuses to report alone of a folder that is not there, unless it takes over from others. */
const expectSomethingToReport = ({ reportOnly, out, from, publish: root }: Texts): TaskEither<UsageError, unknown> =>
  reportOnly !== true || from !== undefined || root !== undefined
    ? TE.right(null)
    : pipe(
        TE.fromTask(() => exists(out)),
        TE.filterOrElse(
          (isThere) => isThere,
          () =>
            usageError(
              `--out: expected with --report-only a folder that is there, got ${quoted(out)}: name the one of a reproduction`,
            ),
        ),
      );

/** The outcomes of those of some jobs that are finished in a folder. */
const outcomesIn = (folder: ReproductionFolder, jobs: readonly Job[]): TaskEither<CommandError, readonly Outcome[]> =>
  pipe(
    jobs,
    TE.traverseSeqArray((job) =>
      pipe(
        finished(folder, job),
        TE.map((result): readonly Outcome[] => (result === null ? [] : [{ job, result }])),
      ),
    ),
    TE.map((outcomes) => outcomes.flat()),
  );

/** A training of hours loses no more to a kill than this. */
const checkpointSeconds = 20;

/** Labels first, then everything that threads do side by side, and timings last, alone. */
const obtained = (
  { jobs, preset, backend, threads }: Order,
  folder: ReproductionFolder,
): TaskEither<CommandError, readonly Outcome[]> =>
  pipe(
    jobs.filter(isPooled),
    outcomesOf(folder, { backend, threads, order: preset.order, checkpointSeconds }, labelsIn(folder, threads)),
    TE.bindTo('pooled'),
    TE.bind('timed', () =>
      pipe(
        jobs.filter(isTimed),
        TE.traverseSeqArray((job) => timed(folder, backend, job)),
      ),
    ),
    TE.map(({ pooled, timed: times }) => [...pooled, ...times]),
  );

const timed = (folder: ReproductionFolder, backend: ChosenBackend, job: SpeedJob): TaskEither<CommandError, Outcome> =>
  pipe(
    finished(folder, job),
    TE.chainW((known) =>
      known === null
        ? pipe(
            speedResult(job, backend),
            TE.chainFirstW(() => recordRun(folder, job, null)),
            TE.chainFirstW((result) => save(folder, job, result)),
          )
        : TE.right(known),
    ),
    TE.map((result) => ({ job, result })),
  );

const factsOf = ({ backend, threads, shard, jobs }: Order, minutes: number): readonly Fact[] => [
  ...machineFacts(),
  { label: 'threads', value: threads },
  { label: 'backend', value: backend.name },
  ...(shard === null ? [] : [{ label: 'shard', value: `${shard.i}/${shard.n}, ${jobs.length} jobs` }]),
  { label: 'time of the last call', value: minutes, unit: 'min' },
];
