/** The report of a reproduction, written beside what it was made from, and shown. */
import { cpus } from 'node:os';
import { join, relative } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { asRunError, usageError, type CommandError } from '../../src/command/command-error.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { reasonOf } from '../../src/command/thrown.ts';
import { reportLine } from '../../src/command/report-lines.ts';
import { quoted } from '../../src/file/quoted.ts';
import { claimsMarkdown } from '../../src/report/claims-markdown.ts';
import { reportFiles, type ReportFile } from '../../src/report/html-page.ts';
import { judge, resultsOf, type Fact, type Report } from '../../src/report/report.ts';
import { terminalTable } from '../../src/report/terminal-table.ts';
import { versionLabel } from '../../src/study/report-identity.ts';
import { writeArtifact } from '../artifact.ts';
import { makeFolder } from '../make-folder.ts';
import { writeSection } from '../marked-file.ts';
import { programVersion } from '../program-version.ts';
import { writeFile } from '../write-file.ts';

/** Where the report goes, and how it is shown. */
export interface Publication {
  readonly out: string;
  readonly markdown?: string;
  readonly json?: true;
}

/** Where `results.json` of a folder lies. */
export const resultsPath = (out: string): string => join(out, 'results.json');

/** What is known of this machine and program, whatever they do. */
export const machineFacts = (): readonly Fact[] => [
  { label: versionLabel, value: programVersion },
  { label: 'Node', value: process.version },
  { label: 'processor', value: cpus()[0]?.model ?? 'unknown' },
];

const writeFigures = (out: string, figures: readonly ReportFile[]): TaskEither<CommandError, unknown> =>
  pipe(
    TE.tryCatch(
      () => makeFolder(join(out, 'figures')),
      (error) =>
        usageError(
          `--out: expected a folder that can be written, got ${quoted(out)} (${reasonOf(error)}): choose another`,
        ),
    ),
    TE.chainW(() =>
      pipe(
        figures,
        TE.traverseSeqArray(({ path, content }) => writeFile(join(out, path), content)),
      ),
    ),
  );

const pagePath = (out: string): string => join(out, 'report.html');

/** Writes the files of the report into a folder: the results with their manifest, the page, the figures. */
export const writeReport = (out: string, report: Report): TaskEither<CommandError, void> =>
  pipe(
    reportFiles(report),
    TE.mapLeft(asRunError),
    TE.chainFirst(() =>
      writeArtifact(resultsPath(out), new TextEncoder().encode(resultsOf(report)), {
        kind: 'result',
        origin: { preset: report.preset, sections: report.sections.map(({ title }) => title) },
      }),
    ),
    TE.chainFirst((files) => writeFile(pagePath(out), files.page)),
    TE.chainFirstW((files) => writeFigures(out, files.figures)),
    TE.map(() => undefined),
  );

/** Writes the files of the report, then says where they are; stdout has the table, or with --json the results. */
export const publish = ({ out, markdown, json }: Publication, report: Report): TaskEither<CommandError, void> => {
  const [page, results] = [pagePath(out), resultsPath(out)];
  return pipe(
    writeReport(out, report),
    TE.chainFirstW(() => writeSection('claims', claimsMarkdown(judge(report)), markdown)),
    TE.chainEitherKW(() =>
      json === true ? outputLine(judge(report)) : E.right(`${terminalTable(terminalWidth())(report)}\n`),
    ),
    TE.map((text) => {
      process.stdout.write(text);
      process.stderr.write(reportLine(relative('', page), relative('', results)));
    }),
  );
};

const terminalWidth = (): number => (process.stdout.isTTY ? process.stdout.columns : 120);
