/** `efnn bench`: the measured table, peers beside it where they are installed. */
import { Option, type Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { asRunError, type CommandError, type UsageError } from '../../src/command/command-error.ts';
import { outputLine } from '../../src/command/output-line.ts';
import type { BenchOptions } from '../../src/bench/laboratory.ts';
import {
  benchFile,
  benchGroups,
  benchMarkdown,
  benchSummary,
  benchText,
  headlinesMarkdown,
  type BenchReport,
} from '../../src/bench/report.ts';
import { backendOption } from '../backends.ts';
import { benchmark, type BenchListener } from '../bench/bench.ts';
import { install, installationFolder } from '../bench/installation.ts';
import { openLaboratory } from '../bench/laboratory.ts';
import { answer } from '../bench/node-process.ts';
import { settle } from '../exit.ts';
import { expectMarkers, writeSection } from '../marked-file.ts';
import { optional, positive, wholeNumber } from '../../src/command/option-value.ts';
import { wantedRows } from '../../src/command/wanted-rows.ts';
import { namedFile, replacedBy } from '../../src/command/output-name.ts';
import { expectFilesApart } from '../named-files.ts';
import { allCores } from '../processors.ts';
import { expectWritable, writeFile } from '../write-file.ts';

interface Texts {
  readonly backend?: string;
  readonly threads?: string;
  readonly repetitions?: string;
  readonly longest?: string;
  readonly quick?: true;
  readonly peers: boolean;
  readonly json?: true;
  readonly out?: string;
  readonly overwrite?: true;
  readonly markdown?: string;
  readonly headlines?: string;
  readonly minutes?: string;
  readonly install?: true;
  readonly answer?: true;
}

/** The options and the action of `efnn bench`, added to a command. */
export const benchCommand = (command: Command): Command =>
  backendOption
    .added(
      command.argument(
        '[name...]',
        `what to time: ${Object.keys(benchGroups).join(', ')}, or the names of rows (default: all)`,
      ),
    )
    .option('--repetitions <n>', 'rounds, of which the medians are taken (default: 11, with --quick 3)')
    .option(
      '--longest <seconds>',
      'leaves out what is expected to take longer for one run (default: 30, with --quick 1)',
    )
    .option('--quick', 'fewer rounds, and no large lattices')
    .option(
      '--minutes <n>',
      'begins nothing after so many: fewer rounds, and what is left then is not measured (default: 15)',
    )
    .option('--no-peers', 'times nothing but this program on this Node')
    .option('--install', `installs peers and Nodes in ${installationFolder}, and does nothing else`)
    .option('--json', 'print one JSON value on stdout, an array of rows')
    .option('--out <file.json>', 'also write facts, rows and the checks of peers to a file')
    .option('--overwrite', 'replace a file that is there')
    .option('--markdown <file.md>', 'also show the table between the markers <!-- bench --> of a file')
    .option('--headlines <file.md>', 'also show what was aimed at between the markers <!-- headlines --> of a file')
    .addOption(new Option('--answer', 'times what another process asks for').hideHelp())
    .action((names: readonly string[], texts: Texts) => settle(chosen(names, texts)));

const chosen = (names: readonly string[], texts: Texts): TaskEither<CommandError, void> => {
  if (texts.install === true) {
    return install;
  }
  return texts.answer === true ? answered(texts) : bench(names, texts);
};

const answered = (texts: Texts): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(optionsOf(texts)),
    TE.chainW((options) => answer(openLaboratory(options))),
  );

const bench = (names: readonly string[], texts: Texts): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(sequenceS(E.Apply)({ options: optionsOf(texts), wanted: wantedRows(names) })),
    TE.chainFirstW(() => expectPlace(texts)),
    TE.chainFirstW(() => expectMarkers('bench', texts.markdown)),
    TE.chainFirstW(() => expectMarkers('headlines', texts.headlines)),
    TE.chainW(({ options, wanted }) => benchmark(options, wanted, listenerFor(texts))),
    TE.chainFirstW((report) => kept(texts, report)),
    TE.chainEitherKW((report) =>
      texts.json === true ? outputLine(report.rows) : E.right(`${benchSummary(report)}\n`),
    ),
    TE.map((text) => {
      process.stdout.write(text);
    }),
  );

/** Refuses an --out that cannot be written, or would replace a file that gets a section. */
const expectPlace = ({ out, overwrite, markdown, headlines }: Texts): TaskEither<UsageError, void> =>
  out === undefined
    ? TE.right(undefined)
    : pipe(
        expectFilesApart(
          [...namedFile('--markdown', markdown), ...namedFile('--headlines', headlines)],
          namedFile('--out', out),
        ),
        TE.chain(() => expectWritable(out, replacedBy(overwrite))),
      );

/** Writes what is asked for: each file whole, after every experiment, so that a benchmark that is stopped leaves what it found. */
const kept = (texts: Texts, report: BenchReport): TaskEither<CommandError, unknown> =>
  pipe(
    texts.out === undefined ? TE.right(undefined) : written(texts.out, report),
    TE.chain(() => writeSection('bench', benchMarkdown(report), texts.markdown)),
    TE.chain(() => writeSection('headlines', headlinesMarkdown(report), texts.headlines)),
  );

const written = (path: string, report: BenchReport): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(benchFile(report)),
    TE.mapLeft(asRunError),
    TE.chain((text) => writeFile(path, text)),
  );

const optionsOf = (texts: Texts): E.Either<UsageError, BenchOptions> =>
  pipe(
    sequenceS(E.Apply)({
      chosen: backendOption.read(texts),
      threads: optional(wholeNumber(1, 1024), allCores)('threads', texts.threads),
      repetitions: optional(wholeNumber(1, 10_000), texts.quick === true ? 3 : 11)('repetitions', texts.repetitions),
      minutes: optional(positive(false), 15)('minutes', texts.minutes),
      longest: optional(positive(false), texts.quick === true ? 1 : 30)('longest', texts.longest),
    }),
    E.map(({ chosen, ...options }) => ({
      ...options,
      backend: chosen.name,
      quick: texts.quick === true,
      peers: texts.peers,
    })),
  );

/** One line on stderr for each row as it is found; files are written as it goes. */
const listenerFor = (texts: Texts): BenchListener => ({
  starts: (rows) => process.stderr.write(`timing ${rows.join(', ')}\n`),
  found: ({ rows }, report) => {
    if (rows.length > 0) {
      process.stderr.write(`${benchText(rows)}\n`);
    }
    return pipe(kept(texts, report), TE.mapLeft(asRunError));
  },
  leavesOut: (rows) => process.stderr.write(`no time is left for ${rows.join(', ')}: see --minutes\n`),
});
