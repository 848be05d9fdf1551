/** `efnn describe`: what a network is, before anything is trained: its size, its cost, its symmetry, its equations. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Command } from 'commander';

import type { RunError } from '../../src/command/command-error.ts';
import {
  description,
  descriptionText,
  type Description,
  type DescriptionTexts,
} from '../../src/command/description.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { publishedSites } from '../../src/dataset/three-spin.ts';
import { alignedLatex } from '../../src/program/latex-lines.ts';
import { settle } from '../exit.ts';
import { withNetworkOptions } from './training-options.ts';

interface Texts extends DescriptionTexts {
  readonly latex?: true;
  readonly json?: true;
}

/** The options and the action of `efnn describe`, added to a command. */
export const describeCommand = (command: Command): Command =>
  withNetworkOptions(command)
    .option('--sites <L>', `spins that a dense network reads (default: ${publishedSites})`)
    .option('--latex', 'print the equations as LaTeX, nothing else')
    .option('--forces', 'the program with its forces dE/ds')
    .option('--json', 'print one JSON value on stdout')
    .action((texts: Texts) =>
      settle(
        pipe(
          TE.fromEither(description(texts)),
          TE.chainEitherKW((found) => shown(texts, found)),
          TE.map((text) => {
            process.stdout.write(text);
          }),
        ),
      ),
    );

const shown = ({ latex: equationsAlone, json }: Texts, found: Description): E.Either<RunError, string> =>
  json === true
    ? outputLine(found)
    : E.right(equationsAlone === true ? `${alignedLatex(found.equations)}\n` : descriptionText(found));
