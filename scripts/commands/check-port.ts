/** `efnn check-port`: whether another implementation answers the conformance vectors, and which bug it may have. */
import { join } from 'node:path';

import type { Command } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { runError, usageErrorIn, type CommandError, type RunError } from '../../src/command/command-error.ts';
import { oneOf, optional } from '../../src/command/option-value.ts';
import { verdictOutput } from '../../src/command/verdict-output.ts';
import { readAnswers } from '../../src/conformance/answers.ts';
import { readSignatures, type Signatures } from '../../src/conformance/diagnosis.ts';
import { readIndex, readVector, type Vector } from '../../src/conformance/vector.ts';
import { verdictOn, type Verdict } from '../../src/conformance/verdict.ts';
import type { DataError } from '../../src/file/data-error.ts';
import { quoted } from '../../src/file/quoted.ts';
import { settle } from '../exit.ts';
import { readFile } from '../read-file.ts';
import { vectorsFolder } from '../vectors-folder.ts';

interface Texts {
  readonly precision?: string;
  readonly json?: true;
}

const help = `
The file holds answers as {"networks/chain-efnn-1": {"energy": [1.25], "forces": [..]}, ..}: by the id of a vector
and the name of an output, its numbers, row-major; null for what is not finite. Leave out what your program does
not compute. The vectors, their schemas and the guide lie in spec/vectors of this package.
Exit code 1 if an answer differs.`;

const precisions = ['float64', 'float32'] as const;

type Precision = (typeof precisions)[number];

/** The relative error that a port is allowed where a vector allows less. */
const leastError: Readonly<Record<Precision, number>> = { float64: 0, float32: 1e-4 };

/** The options and the action of `efnn check-port`, added to a command. */
export const checkPortCommand = (command: Command): Command =>
  command
    .argument('<results.json>', 'the answers of your program')
    .option('--precision <name>', 'float64 or float32, in which your program computes (default: float64)')
    .option('--json', 'print the verdict as one JSON value on stdout')
    .addHelpText('after', help)
    .action((path: string, texts: Texts) => settle(checked(path, texts)));

const checked = (path: string, texts: Texts): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(optional(oneOf<Precision>(...precisions), 'float64')('precision', texts.precision)),
    TE.bindTo('precision'),
    TE.bindW('kit', () => kit),
    TE.bindW('answers', ({ kit: { vectors } }) =>
      pipe(readFile(path), TE.chainEitherKW(readAnswers(vectors)), TE.mapLeft(usageErrorIn(quoted(path)))),
    ),
    TE.map(({ precision, kit: { vectors, signatures }, answers }) =>
      verdictOn(vectors, signatures, leastError[precision])(answers),
    ),
    TE.chainEitherKW((verdict) => pipe(verdictOutput(texts)(verdict), E.chainW(said(path, verdict)))),
  );

const said =
  (path: string, { parting }: Verdict) =>
  (text: string): Either<RunError, void> => {
    process.stdout.write(text);
    return parting.length === 0
      ? E.right(undefined)
      : E.left(
          runError(
            `expected the answers of the vectors in ${quoted(path)}, got ${parting.length} that part: see stdout`,
          ),
        );
  };

const read = <A>(name: string, decoded: (bytes: Uint8Array) => Either<DataError, A>): TaskEither<RunError, A> =>
  pipe(
    readFile(join(vectorsFolder, name)),
    TE.chainEitherKW(decoded),
    TE.mapLeft(({ message }) => runError(`${message}; the vectors belong to this package, install it again`)),
  );

/** All vectors, and the signatures of the known bugs. */
const kit: TaskEither<RunError, { readonly vectors: readonly Vector[]; readonly signatures: Signatures }> = pipe(
  read('index.json', readIndex),
  TE.chain(({ families }) =>
    pipe(
      families.flatMap(({ cases }) => cases),
      TE.traverseArray((id) => read(`${id}.json`, readVector)),
    ),
  ),
  TE.bindTo('vectors'),
  TE.bind('signatures', () => read('signatures.json', readSignatures)),
);
