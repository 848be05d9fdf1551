/** `efnn describe`: what a network is, before anything is trained: its size, its cost, its symmetry, its equations. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Command } from 'commander';

import type { CommandError } from '../../src/command/command-error.ts';
import {
  describedNetwork,
  description,
  descriptionOutput,
  expectFileAlone,
  type Described,
  type DescriptionTexts,
} from '../../src/command/description.ts';
import { publishedSites } from '../../src/dataset/three-spin.ts';
import { assumedUnits } from '../../src/network/model-file.ts';
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
          TE.chainEitherKW(descriptionOutput(texts)),
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
      TE.map((named) => ({ network: named, training: null, assumed: [] })),
    );
  }
  return pipe(
    TE.fromEither(expectFileAlone(network)),
    TE.chainW(() => readModelFile('--file')(file)),
    TE.map(({ network: described, training, metadata }) => ({
      network: described,
      training,
      assumed: assumedUnits(metadata),
    })),
  );
};
