/** `efnn reproduce`: the paper's figures from data made on the spot, as a table, results.json and report.html. */
import { cpus } from 'node:os';
import { join, relative } from 'node:path';

import type { Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { asRunError, usageError, type CommandError, type UsageError } from '../../src/command/command-error.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { quoted } from '../../src/file/quoted.ts';
import { claimsMarkdown } from '../../src/report/claims-markdown.ts';
import { htmlPage } from '../../src/report/html-page.ts';
import { judge, resultsOf, type Fact, type Report } from '../../src/report/report.ts';
import { terminalTable } from '../../src/report/terminal-table.ts';
import { figures, isPooled, isTimed, jobsFor, labelsFor, type FigureName, type SpeedJob } from '../../src/study/job.ts';
import type { Outcome } from '../../src/study/outcome.ts';
import { presetNames, presets, type Preset } from '../../src/study/preset.ts';
import { readReportIdentity, versionLabel } from '../../src/study/report-identity.ts';
import { studyReport } from '../../src/study/study-report.ts';
import { writeArtifact } from '../artifact.ts';
import { backendOption, type ChosenBackend } from '../backends.ts';
import { settle } from '../exit.ts';
import { promising } from '../interruption.ts';
import { withLock } from '../lock.ts';
import { expectMarkers, writeSection } from '../marked-file.ts';
import { oneOf, optional, wholeNumber } from '../../src/command/option-value.ts';
import { allCores } from '../processors.ts';
import { programVersion } from '../program-version.ts';
import { exists, readFile } from '../read-file.ts';
import { openFolder, type ReproductionFolder } from '../reproduction/folder.ts';
import { finished, outcomesOf, save } from '../reproduction/jobs.ts';
import { labelsIn } from '../reproduction/labels.ts';
import { speedResult } from '../reproduction/speed.ts';
import { writeFile } from '../write-file.ts';

interface Texts {
  readonly preset?: string;
  readonly out: string;
  readonly backend?: string;
  readonly threads?: string;
  readonly markdown?: string;
  readonly overwrite?: true;
  readonly json?: true;
}

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
    .option('--overwrite', 'replace the report of another preset or version')
    .option('--markdown <file.md>', 'also show the claims between the markers <!-- claims --> of a file')
    .option('--json', 'print the content of results.json on stdout')
    .action((names: readonly string[], texts: Texts) => settle(reproduction(names, texts)));

interface Order {
  readonly wanted: readonly FigureName[];
  readonly preset: Preset;
  readonly backend: ChosenBackend;
  readonly threads: number;
}

const reproduction = (names: readonly string[], texts: Texts): TaskEither<CommandError, void> => {
  const start = performance.now();
  return pipe(
    TE.fromEither(orderOf(names, texts)),
    TE.bindTo('order'),
    TE.chainFirstW(() => expectMarkers('claims', texts.markdown)),
    TE.bindW('folder', ({ order }) => openFolder(texts.out, `${programVersion} ${order.backend.name}`)),
    TE.chainFirstW(({ order }) => expectReportOf(order.preset.name, texts)),
    TE.chainW(({ order, folder }) =>
      withLock(join(texts.out, 'results.json'))(
        pipe(
          folder.clear,
          TE.chainW(() => promising('the same command goes on from what is finished')(obtained(order, folder))),
          TE.bindTo('fresh'),
          TE.bindW('known', () => knownOutcomes(order, folder)),
          TE.chainW(({ fresh, known }) => {
            const minutes = (performance.now() - start) / 60_000;
            return published(texts, studyReport(order.preset.name, factsOf(order, minutes), [...fresh, ...known]));
          }),
        ),
      ),
    ),
  );
};

const orderOf = (names: readonly string[], texts: Texts): E.Either<UsageError, Order> =>
  pipe(
    sequenceS(E.Apply)({
      wanted: pipe(
        names,
        E.traverseArray((name) => oneOf(...figures)('figure', name)),
      ),
      preset: optional(oneOf(...presetNames), 'quick')('preset', texts.preset),
      backend: backendOption.read(texts),
      threads: optional(wholeNumber(1, 1024), allCores)('threads', texts.threads),
    }),
    E.map(({ wanted, preset, backend, threads }) => ({
      wanted: wanted.length === 0 ? figures : wanted,
      preset: presets[preset],
      backend,
      threads,
    })),
  );

/** Refuses a folder whose report another preset or version made, which would be lost; so is one that cannot be told. */
const expectReportOf = (preset: string, { out, overwrite }: Texts): TaskEither<UsageError, unknown> => {
  const path = join(out, 'results.json');
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

/** What earlier calls found for figures that are not wanted now: the report keeps those that are complete. */
const knownOutcomes = (
  { wanted, preset }: Order,
  folder: ReproductionFolder,
): TaskEither<CommandError, readonly Outcome[]> => {
  const now = new Set(jobsFor(preset, wanted).map((job) => JSON.stringify(job)));
  return pipe(
    figures.filter((figure) => !wanted.includes(figure)),
    TE.traverseSeqArray((figure) =>
      pipe(
        jobsFor(preset, [figure]).filter((job) => !now.has(JSON.stringify(job))),
        TE.traverseSeqArray((job) =>
          pipe(
            finished(folder, job),
            TE.map((result): readonly Outcome[] | null => (result === null ? null : [{ job, result }])),
          ),
        ),
        TE.map((outcomes) =>
          outcomes.some((outcome) => outcome === null) ? [] : outcomes.flatMap((one) => one ?? []),
        ),
      ),
    ),
    // Two figures may share their jobs.
    TE.map((all) => [...new Map(all.flat().map((outcome) => [JSON.stringify(outcome.job), outcome])).values()]),
  );
};

/** A training of hours loses no more to a kill than this. */
const checkpointSeconds = 20;

/** Labels first, then everything that threads do side by side, and timings last, alone. */
const obtained = (
  { wanted, preset, backend, threads }: Order,
  folder: ReproductionFolder,
): TaskEither<CommandError, readonly Outcome[]> => {
  const jobs = jobsFor(preset, wanted);
  return pipe(
    labelsIn(folder, threads)(labelsFor(jobs)),
    TE.chain((labels) => outcomesOf(folder, { backend, threads, checkpointSeconds }, labels)(jobs.filter(isPooled))),
    TE.bindTo('pooled'),
    TE.bind('timed', () =>
      pipe(
        jobs.filter(isTimed),
        TE.traverseSeqArray((job) => timed(folder, backend, job)),
      ),
    ),
    TE.map(({ pooled, timed: times }) => [...pooled, ...times]),
  );
};

const timed = (folder: ReproductionFolder, backend: ChosenBackend, job: SpeedJob): TaskEither<CommandError, Outcome> =>
  pipe(
    finished(folder, job),
    TE.chainW((known) =>
      known === null
        ? pipe(
            speedResult(job, backend),
            TE.chainFirstW((result) => save(folder, job, result)),
          )
        : TE.right(known),
    ),
    TE.map((result) => ({ job, result })),
  );

const factsOf = ({ backend, threads }: Order, minutes: number): readonly Fact[] => [
  { label: versionLabel, value: programVersion },
  { label: 'Node', value: process.version },
  { label: 'processor', value: cpus()[0]?.model ?? 'unknown' },
  { label: 'threads', value: threads },
  { label: 'backend', value: backend.name },
  { label: 'time of the last call', value: minutes, unit: 'min' },
];

/** Writes both files, then says where they are; stdout has the table, or with --json the results. */
const published = (texts: Texts, report: Report): TaskEither<CommandError, void> => {
  const [page, results] = [join(texts.out, 'report.html'), join(texts.out, 'results.json')];
  return pipe(
    htmlPage(report),
    TE.mapLeft(asRunError),
    TE.chainFirst(() =>
      writeArtifact(results, new TextEncoder().encode(resultsOf(report)), {
        kind: 'result',
        origin: { preset: report.preset, sections: report.sections.map(({ title }) => title) },
      }),
    ),
    TE.chainFirst((html) => writeFile(page, html)),
    TE.chainFirstW(() => writeSection('claims', claimsMarkdown(judge(report)), texts.markdown)),
    TE.chainEitherKW(() =>
      texts.json === true ? outputLine(judge(report)) : E.right(`${terminalTable(terminalWidth())(report)}\n`),
    ),
    TE.map((text) => {
      process.stdout.write(text);
      process.stderr.write(`report: ${relative('', page)}, every number: ${relative('', results)}\n`);
    }),
  );
};

const terminalWidth = (): number => (process.stdout.isTTY ? process.stdout.columns : 120);
