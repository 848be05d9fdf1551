/** `efnn describe`: what a network is, before anything is trained: its size, its cost, its symmetry, its equations. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Command } from 'commander';

import { usageError, type CommandError, type RunError } from '../../src/command/command-error.ts';
import {
  describedNetwork,
  description,
  descriptionText,
  type Described,
  type Description,
  type DescriptionTexts,
} from '../../src/command/description.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { publishedSites } from '../../src/dataset/three-spin.ts';
import { alignedLatex } from '../../src/program/latex-lines.ts';
import { settle } from '../exit.ts';
import { readModelFile } from '../read-file.ts';
import { withNetworkOptions } from './training-options.ts';

interface Texts extends DescriptionTexts {
  readonly file?: string;
  readonly latex?: true;
  readonly json?: true;
}

/** The options and the action of `efnn describe`, added to a command. */
export const describeCommand = (command: Command): Command =>
  withNetworkOptions(command, false)
    .option('--file <file.safetensors>', 'a model and how it was trained, instead of the options of a network')
    .option('--sites <L>', `spins that a dense network reads (default: ${publishedSites})`)
    .option('--latex', 'print the equations as LaTeX, nothing else')
    .option('--forces', 'the program with its forces dE/ds')
    .option('--json', 'print one JSON value on stdout')
    .action((texts: Texts) =>
      settle(
        pipe(
          describedBy(texts),
          TE.chainEitherKW((found) => description(texts, found)),
          TE.chainEitherKW((found) => shown(texts, found)),
          TE.map((text) => {
            process.stdout.write(text);
          }),
        ),
      ),
    );

/** The network that the options name, or the one in the file, which needs no option to say what it is. */
const describedBy = ({
  file,
  latex: _,
  forces: __,
  json: ___,
  ...network
}: Texts): TaskEither<CommandError, Described> => {
  if (file === undefined) {
    return pipe(
      TE.fromEither(describedNetwork(network)),
      TE.map((named) => ({ network: named, training: null })),
    );
  }
  const [other] = Object.keys(network);
  return other === undefined
    ? readModelFile('--file')(file)
    : TE.left(usageError(`--file: expected without ${optionName(other)}, got both: the file says what its network is`));
};

/** An option's name as it is written: --pair-head. */
const optionName = (name: string): string => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const shown = ({ latex: equationsAlone, json }: Texts, found: Description): E.Either<RunError, string> => {
  const { training, ...network } = found;
  if (json === true) {
    return outputLine(training === null ? network : { ...network, training });
  }
  return E.right(equationsAlone === true ? `${alignedLatex(found.equations)}\n` : descriptionText(found));
};
