/** `efnn verify`: whether the files of a folder are still what their manifests say, and their samples what they were. */
import { randomInt } from 'node:crypto';

import type { Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { runError, type CommandError } from '../../src/command/command-error.ts';
import { findingsCount, findingsJson, findingsText } from '../../src/command/findings.ts';
import { quoted } from '../../src/file/quoted.ts';
import { findings } from '../../src/provenance/verification.ts';
import { settle } from '../exit.ts';
import { optional, wholeNumber } from '../../src/command/option-value.ts';
import { allCores } from '../processors.ts';
import { observedFolder } from '../verification/verified-folder.ts';

interface Texts {
  readonly samples?: string;
  readonly seed?: string;
  readonly threads?: string;
  readonly json?: true;
}

const defaultSamples = 10;

const help = `
A folder holds whole data sets, models and results, and the shards of at most one run. Found are files that
were changed, if only by one bit, or lost; shards that are missing, overlap, or belong to another run; samples
that do not follow from seed and index; and runs that were not finished. Exit code 1 if anything is wrong.`;

/** The options and the action of `efnn verify`, added to a command. */
export const verifyCommand = (command: Command): Command =>
  command
    .argument('<folder>', 'where efnn wrote its files; folders inside it are verified too')
    .option('--samples <k>', `how many samples are made again by diagonalization (default: ${defaultSamples})`)
    .option('--seed <s>', 'which samples they are (default: another one each time, printed)')
    .option('--threads <n>', `threads (default: all cores, ${allCores})`)
    .option('--json', 'print all findings as one JSON value on stdout')
    .addHelpText('after', help)
    .action((path: string, texts: Texts) => settle(verified(path, texts)));

const verified = (path: string, texts: Texts): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(
      sequenceS(E.Apply)({
        samples: optional(wholeNumber(0, 1e6), defaultSamples)('samples', texts.samples),
        seed: optional(wholeNumber(0), randomInt(2 ** 31))('seed', texts.seed),
        threads: optional(wholeNumber(1, 1024), allCores)('threads', texts.threads),
      }),
    ),
    TE.chainW(({ samples, seed, threads }) =>
      pipe(
        observedFolder(path, { samples, seed }, threads),
        TE.map((folder) => ({ folder, found: findings(folder), seed })),
      ),
    ),
    TE.bindW('text', ({ folder, found, seed }) =>
      TE.fromEither(
        texts.json === true ? findingsJson(path, folder, found, seed) : E.right(findingsText(folder, found, seed)),
      ),
    ),
    TE.chainEitherKW(({ found, text }) => {
      process.stdout.write(text);
      return found.length === 0
        ? E.right(undefined)
        : E.left(runError(`expected nothing wrong in ${quoted(path)}, got ${findingsCount(found)}: see stdout`));
    }),
  );
