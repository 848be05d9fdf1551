/** `efnn evaluate`: what a trained network predicts, or how wrong it is. */
import type { Command } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { Backend } from '../../src/backend/backend.ts';
import { asRunError, usageErrorIn, type CommandError } from '../../src/command/command-error.ts';
import {
  comparable,
  expectOneSource,
  otherHamiltonianLine,
  shapedConfigurations,
  trainedOnLine,
} from '../../src/command/evaluated-spins.ts';
import { errorsOutput, predictionJson, type FileErrors } from '../../src/command/evaluation-output.ts';
import { messageLine } from '../../src/command/message-line.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { readNpy } from '../../src/file/npy.ts';
import type { Model } from '../../src/network/model.ts';
import { labelledSamples } from '../../src/training/batch.ts';
import { networkEvaluation } from '../../src/training/evaluation.ts';
import { modelPrediction } from '../../src/training/prediction.ts';
import type { KnownModel } from '../../src/training/trained-model.ts';
import { backendOption, startBackend } from '../backends.ts';
import { settle } from '../exit.ts';
import { readFile, readLabelledFiles, readModelFile } from '../read-file.ts';

interface Texts {
  readonly model: string;
  readonly spins?: string;
  readonly data?: readonly string[];
  readonly forces?: true;
  readonly backend?: string;
  readonly threads?: string;
  readonly json?: true;
}

/** The options and the action of `efnn evaluate`, added to a command. */
export const evaluateCommand = (command: Command): Command =>
  backendOption
    .added(
      command
        .requiredOption('--model <file.safetensors>', 'a model, as efnn train writes it')
        .option(
          '--spins <file.npy>',
          'spins to predict for: [B, 3, N, N] or [3, N, N]; [B, L] or [L] for a dense network',
        )
        .option('--data <file.npz...>', 'labelled samples to compare with, a row for each of several files')
        .option('--forces', 'also the forces dE/ds, in the shape of the spins, or the errors of their tangential part'),
    )
    .option('--json', 'print one JSON value on stdout')
    .action((texts: Texts) => settle(evaluation(texts)));

const evaluation = (texts: Texts): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(backendOption.read(texts)),
    TE.bindTo('chosen'),
    TE.chainFirst(() => TE.fromEither(expectOneSource(texts))),
    TE.bind('model', () => readModelFile('--model')(texts.model)),
    TE.bindW('backend', ({ chosen }) => startBackend(chosen)),
    TE.chain(({ model, backend }) =>
      texts.spins === undefined
        ? compared(texts, model, backend, texts.data ?? [])
        : predicted(texts, model, backend, texts.spins),
    ),
    TE.map((text) => {
      process.stdout.write(text);
    }),
  );

/** `{"energies": [B], "forces": ..}`, the forces in the shape of the spins where they were asked for. */
const predicted = (texts: Texts, model: Model, backend: Backend, path: string): TaskEither<CommandError, string> =>
  pipe(
    readFile(path),
    TE.chainEitherKW(readNpy),
    TE.chainEitherKW(shapedConfigurations(model.network.shape)),
    TE.mapLeft(usageErrorIn('--spins')),
    TE.chainW((configurations) =>
      pipe(
        modelPrediction(backend, { forces: texts.forces === true })(model),
        TE.chainW((predict) => predict(configurations)),
        TE.bimap(asRunError, predictionJson(configurations.shape)),
      ),
    ),
    TE.chainEitherKW(outputLine),
  );

/** The errors on the labelled samples of each file. */
const compared = (
  texts: Texts,
  { network, weights, training }: KnownModel,
  backend: Backend,
  paths: readonly string[],
): TaskEither<CommandError, string> =>
  pipe(
    readLabelledFiles('--data')(paths),
    TE.chainEitherK(E.traverseArray(comparable(texts.forces === true, network.shape))),
    TE.chainFirstIOK((files) => () => {
      files.forEach((file) => {
        const { data } = training ?? { data: [] };
        [otherHamiltonianLine(data[0]?.meta, file), trainedOnLine(data, file)].forEach((line) => {
          if (line !== null) {
            process.stderr.write(`efnn: ${messageLine(line)}\n`);
          }
        });
      });
    }),
    TE.bindTo('files'),
    TE.bindW('evaluate', () =>
      pipe(networkEvaluation(backend, { forces: texts.forces === true })(network), TE.mapLeft(asRunError)),
    ),
    TE.chainW(({ files, evaluate }) =>
      pipe(
        files,
        TE.traverseSeqArray((file) =>
          pipe(
            evaluate(weights)(labelledSamples(file)),
            TE.bimap(asRunError, (errors): FileErrors => ({ path: file.path, errors })),
          ),
        ),
      ),
    ),
    TE.chainEitherKW((rows) => errorsOutput(texts.json === true)(rows, training)),
  );
