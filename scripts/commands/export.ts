/** `efnn export`: a trained network as an ONNX file. */
import type { Command } from 'commander';
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { usageErrorIn, type CommandError } from '../../src/command/command-error.ts';
import { expectLattice, exportedOutput } from '../../src/command/exported.ts';
import { oneOf, optional, wholeNumber } from '../../src/command/option-value.ts';
import { namedFile, replacedBy } from '../../src/command/output-name.ts';
import type { Dtype } from '../../src/file/tensor.ts';
import { networkOnnx } from '../../src/onnx/network-model.ts';
import { settle } from '../exit.ts';
import { expectFilesApart } from '../named-files.ts';
import { programVersion } from '../program-version.ts';
import { readModelFile } from '../read-file.ts';
import { sha256 } from '../sha256.ts';
import { expectWritable, writeFile } from '../write-file.ts';

interface Texts {
  readonly model: string;
  readonly onnx: string;
  readonly size?: string;
  readonly dtype?: string;
  readonly forces: boolean;
  readonly overwrite?: true;
  readonly json?: true;
}

const help = `
The file reads spins, [batch, 3, N, N] or [batch, L] for a dense network, and returns energy, [batch], and
forces dE/ds in the shape of the spins. Its metadata are those of the model. In float64, ONNX Runtime is
slower: it has no convolution there.`;

/** The options and the action of `efnn export`, added to a command. */
export const exportCommand = (command: Command): Command =>
  command
    .requiredOption('--model <file.safetensors>', 'a model, as efnn train writes it')
    .requiredOption('--onnx <file.onnx>', 'the file to write')
    .option('--size <N>', 'the one N of the N x N lattice that the file takes (default: any)')
    .option('--dtype <name>', 'float32 or float64, of weights, spins and results (default: float32)')
    .option('--no-forces', 'energies alone')
    .option('--overwrite', 'replace a file that is there')
    .option('--json', 'print what was written as one JSON value on stdout')
    .addHelpText('after', help)
    .action((texts: Texts) => settle(exported(texts)));

const exported = (texts: Texts): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(
      sequenceS(E.Apply)({
        size: optional<number | null>(wholeNumber(1, 65_536), null)('size', texts.size),
        dtype: optional(oneOf<Dtype>('float32', 'float64'), 'float32')('dtype', texts.dtype),
      }),
    ),
    TE.chainFirst(() => expectFilesApart(namedFile('--model', texts.model), namedFile('--onnx', texts.onnx))),
    TE.chainFirst(() => expectWritable(texts.onnx, replacedBy(texts.overwrite), '--onnx')),
    TE.bind('model', () => readModelFile('--model')(texts.model)),
    TE.chainFirst(({ model }) => TE.fromEither(expectLattice(texts, model.network))),
    TE.bindW('bytes', ({ size, dtype, model }) =>
      pipe(
        model,
        networkOnnx({
          dtype,
          forces: texts.forces,
          latticeSize: size,
          version: programVersion,
          metadata: model.metadata,
        }),
        E.mapLeft(usageErrorIn('--model')),
        TE.fromEither,
      ),
    ),
    TE.chainFirstW(({ bytes }) => writeFile(texts.onnx, bytes)),
    TE.chainEitherKW(({ bytes }) => exportedOutput(sha256)(texts, bytes)),
    TE.map((text) => {
      process.stdout.write(text);
    }),
  );
