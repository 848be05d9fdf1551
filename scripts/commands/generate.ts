/** `efnn generate`: data sets with exact labels, as .npz files with their manifests. */
import type { Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { readNpz, writeNpz } from '../../src/dataset/data-set-file.ts';
import { systemNames, systems } from '../../src/dataset/systems.ts';
import type { DataError } from '../../src/file/data-error.ts';
import { readManifest } from '../../src/provenance/manifest.ts';
import { isOfRun, runDescription, type Run } from '../../src/provenance/run.ts';
import { journalPath, manifestPath } from '../../src/provenance/verification.ts';
import { writeArtifact } from '../artifact.ts';
import { asRunError, type CommandError, type UsageError } from '../../src/command/command-error.ts';
import { settle } from '../exit.ts';
import { runGeneration } from '../generation/run.ts';
import { promising } from '../interruption.ts';
import { openJournal } from '../journal-file.ts';
import { withLock } from '../lock.ts';
import { allCores } from '../processors.ts';
import { alternatives } from '../../src/dataset/alternatives.ts';
import { optional, wholeNumber } from '../../src/command/option-value.ts';
import { generatedOutput, occupied, type Generated } from '../../src/command/generated.ts';
import { runIn, type RunTexts } from '../../src/command/run-options.ts';
import { programVersion } from '../program-version.ts';
import { exists, readFile } from '../read-file.ts';
import { sha256 } from '../sha256.ts';
import { expectWritable } from '../write-file.ts';
import { withSystemOptions } from './system-options.ts';

interface Texts extends RunTexts {
  readonly threads?: string;
  readonly out: string;
  readonly overwrite?: true;
  readonly json?: true;
}

const samplersInWords: string = systemNames
  .map((name) => `${alternatives(Object.keys(systems[name].samplers))} (${name})`)
  .join('; ');

const help = `
The file gets a manifest, <file>.manifest.json, with its SHA-256; efnn verify checks both. Until it is
whole, finished pieces lie in <file>.journal: the same command, started again after a kill, goes on from
there. With --images, row 8 c + k is image k of configuration c.`;

/** The options and the action of `efnn generate`, added to a command. */
export const generateCommand = (command: Command): Command =>
  withSystemOptions(
    command
      .argument('<system>', alternatives(systemNames))
      .option('--samples <n>', 'how many samples; the published three-spin data have 20000')
      .requiredOption('--out <file.npz>', 'the file to write')
      .option('--seed <s>', "sample b depends on seed and b alone (default: 0; published: the authors' 17 or 100)")
      .option('--size <N>', 'N of the N x N lattice (default: 10), or the number of three-spin sites (default: 15)')
      .option('--sampler <name>', `how spins are drawn: ${samplersInWords}`)
      .option('--forces', 'also the forces, in the shape of the spins')
      .option('--images', 'all eight images of each sample under the symmetries of the square')
      .option('--shard <i/n>', 'only piece i of n, counted from 1; the pieces make up the whole'),
  )
    .option('--check-every <k>', 'with poles, diagonalize every k-th sample too, and compare (default: N^2)')
    .option('--overwrite', 'replace a file of another run')
    .option('--threads <n>', `threads (default: all cores, ${allCores})`)
    .option('--json', 'print what was written as one JSON value on stdout')
    .addHelpText('after', help)
    .action((system: string, texts: Texts) => settle(generated(system, texts)));

const generated = (system: string, texts: Texts): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(
      sequenceS(E.Apply)({
        run: runIn(programVersion)(system, texts),
        threads: optional(wholeNumber(1, 1024), allCores)('threads', texts.threads),
      }),
    ),
    TE.chainFirstW(() => expectWritable(texts.out)),
    TE.chainW(({ run, threads }) =>
      withLock(texts.out)(
        pipe(
          standing(run, texts),
          TE.chain((found) => (found === null ? promising(toGoOn)(made(run, threads, texts.out)) : TE.right(found))),
        ),
      ),
    ),
    TE.chainEitherKW((outcome) => generatedOutput(texts, outcome)),
    TE.map((text) => {
      process.stdout.write(text);
    }),
  );

const toGoOn = 'the run goes on from its journal when the same command is given again';

/** The file of this very run, if it stands there whole; null where the run is to be made, or gone on with. */
const standing = (run: Run, { out, overwrite }: Texts): TaskEither<CommandError, Generated | null> =>
  pipe(
    TE.fromTask(async () => (await exists(journalPath(out))) || !(await exists(out))),
    TE.chain((free) =>
      free
        ? TE.right(null)
        : pipe(
            standingFile(run, out),
            TE.orElseW(() => (overwrite === true ? TE.right(null) : TE.left(occupied(out)))),
          ),
    ),
  );

/** Fails unless file and manifest are those that the run would write. */
const standingFile = (run: Run, out: string): TaskEither<DataError | UsageError, Generated> =>
  pipe(
    readFile(manifestPath(out)),
    TE.chainEitherKW(readManifest(sha256)),
    TE.bindTo('manifest'),
    TE.bindW('bytes', () => readFile(out)),
    TE.filterOrElseW(
      ({ manifest, bytes }) => isOfRun(run)(manifest) && manifest.sha256 === sha256(bytes),
      () => occupied(out),
    ),
    TE.bindW('data', ({ bytes }) => TE.fromEither(readNpz(bytes))),
    TE.map(({ manifest, data }) => ({ manifest, data, seconds: null })),
  );

/** Makes the data set, writes it and its manifest, and only then takes the journal away. */
const made = (run: Run, threads: number, out: string): TaskEither<CommandError, Generated> => {
  const start = performance.now();
  return pipe(
    openJournal(out, run),
    TE.bindTo('journal'),
    TE.bind('data', ({ journal }) => runGeneration(run, threads)(journal)),
    TE.bindW('bytes', ({ data }) => pipe(TE.fromEither(writeNpz(data)), TE.mapLeft(asRunError))),
    TE.bindW('manifest', ({ bytes }) => writeArtifact(out, bytes, runDescription(run))),
    TE.map(({ journal, data, manifest }) => {
      journal.remove();
      return { data, manifest, seconds: (performance.now() - start) / 1000 };
    }),
  );
};
