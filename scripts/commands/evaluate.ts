/** `efnn evaluate`: what a trained network predicts, or how wrong it is. */
import type { Command } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import {
  runError,
  usageError,
  usageErrorIn,
  type CommandError,
  type UsageError,
} from '../../src/command/command-error.ts';
import { outputLine } from '../../src/command/output-line.ts';
import { trainingLines } from '../../src/command/training-lines.ts';
import type { Backend } from '../../src/backend/backend.ts';
import type { LabelledData } from '../../src/dataset/data-set.ts';
import { sizeOf } from '../../src/dataset/spin-kind.ts';
import { spinBatch } from '../../src/dataset/spin-tensor.ts';
import type { Json } from '../../src/file/canonical-json.ts';
import { quoted } from '../../src/file/quoted.ts';
import { readNpy } from '../../src/file/npy.ts';
import { countOf, showShape, type Tensor } from '../../src/file/tensor.ts';
import type { Model } from '../../src/network/model.ts';
import { networkProgram, type Network, type Shape } from '../../src/network/network.ts';
import { labelledSamples } from '../../src/training/batch.ts';
import { compileEvaluation, evaluationJson, type Evaluation } from '../../src/training/evaluation.ts';
import { compilePrediction, type Configurations, type Prediction } from '../../src/training/prediction.ts';
import type { KnownModel } from '../../src/training/trained-model.ts';
import { linesOf, widthsOf } from '../../src/report/text-table.ts';
import { backendOption, startBackend } from '../backends.ts';
import { settle } from '../exit.ts';
import { nested } from '../../src/file/nested-array.ts';
import { readFile, readLabelledFiles, readModelFile, type LabelledFile } from '../read-file.ts';

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
        .option('--forces', 'also the forces dE/ds, in the shape of the spins, or their errors'),
    )
    .option('--json', 'print one JSON value on stdout')
    .action((texts: Texts) => settle(evaluation(texts)));

const evaluation = (texts: Texts): TaskEither<CommandError, void> =>
  pipe(
    TE.fromEither(backendOption.read(texts)),
    TE.bindTo('chosen'),
    TE.chainFirst(() => TE.fromEither(oneSource(texts))),
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

const oneSource = ({ spins, data }: Texts): E.Either<UsageError, void> =>
  (spins === undefined) === (data === undefined)
    ? E.left(
        usageError(`expected --spins or --data, got ${spins === undefined ? 'neither' : 'both'}: give one of them`),
      )
    : E.right(undefined);

const prediction = (
  backend: Backend,
  { network, weights }: Model,
  forces: boolean,
  configurations: Configurations,
): TaskEither<CommandError, Prediction> =>
  pipe(
    TE.fromEither(networkProgram(network)),
    TE.chainW(compilePrediction(backend, { forces })),
    TE.chainW((predict) => predict(weights)(configurations)),
    TE.mapLeft(({ message }) => runError(message)),
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
        prediction(backend, model, texts.forces === true, configurations),
        TE.map(({ energies, forces }) => ({
          energies: [...energies],
          ...(forces === null ? {} : { forces: nested(configurations.shape)(forces) }),
        })),
      ),
    ),
    TE.chainEitherKW(outputLine),
  );

interface ShapedConfigurations extends Configurations {
  /** The shape of the spins with the batch in front. */
  readonly shape: readonly number[];
}

const expectedShape = (shape: Shape): string =>
  shape.tag === 'dense' ? `[B, ${shape.sites}] or [${shape.sites}]` : '[B, 3, N, N] or [3, N, N]';

const shapedConfigurations =
  (shape: Shape) =>
  (tensor: Tensor): E.Either<{ readonly message: string }, ShapedConfigurations> =>
    pipe(
      tensor,
      spinBatch(shape.tag === 'dense' ? 'scalars' : 'vectors'),
      E.filterOrElseW(
        ({ sampleShape }) => shape.tag !== 'dense' || sizeOf(sampleShape) === shape.sites,
        () =>
          usageError(
            `expected spins of shape ${expectedShape(shape)}, got ${showShape(tensor.shape)}: ` +
              'take spins of the system that the model was trained on',
          ),
      ),
      E.map(({ sampleShape, spins }) => {
        const count = spins.length / countOf(sampleShape);
        const latticeSize = shape.tag === 'dense' ? 1 : sizeOf(sampleShape);
        return { count, latticeSize, spins, shape: [count, ...sampleShape] };
      }),
    );

/** Labelled samples in a file, if the model reads them and they have the forces that are asked for. */
const comparable =
  ({ forces }: Texts, { shape }: Network) =>
  (file: LabelledFile): E.Either<UsageError, LabelledFile> =>
    pipe(
      E.right(file),
      E.filterOrElse(
        (data) => suits(shape, data),
        (data) =>
          usageError(
            `--data: ${quoted(data.path)}: expected spins of shape ${expectedShape(shape)}, ` +
              `got [B, ${data.sampleShape.join(', ')}]: evaluate the model on data of its system`,
          ),
      ),
      E.filterOrElse(
        (data) => forces !== true || O.isSome(data.forces),
        ({ path }) =>
          usageError(
            `--forces: expected data with forces, got ${quoted(path)} without: generate them with --forces, or leave it out`,
          ),
      ),
    );

/** The errors on the samples of one file. */
interface Row {
  readonly path: string;
  readonly errors: Evaluation;
}

/** The errors on the labelled samples of each file. */
const compared = (
  texts: Texts,
  { network, weights, training }: KnownModel,
  backend: Backend,
  paths: readonly string[],
): TaskEither<CommandError, string> =>
  pipe(
    readLabelledFiles('--data')(paths),
    TE.chainEitherK(E.traverseArray(comparable(texts, network))),
    TE.bindTo('files'),
    TE.bindW('evaluate', () =>
      pipe(
        TE.fromEither(networkProgram(network)),
        TE.chainW(compileEvaluation(backend, { forces: texts.forces === true })),
        TE.mapLeft(({ message }) => runError(message)),
      ),
    ),
    TE.chainW(({ files, evaluate }) =>
      pipe(
        files,
        TE.traverseSeqArray((file) =>
          pipe(
            evaluate(weights)(labelledSamples(file)),
            TE.bimap(
              ({ message }) => runError(message),
              (errors): Row => ({ path: file.path, errors }),
            ),
          ),
        ),
      ),
    ),
    TE.chainEitherKW((rows) =>
      texts.json === true
        ? outputLine(rowsJson(rows))
        : E.right([rowsText(rows), ...trainingLines(training).map((line) => `${line}\n`)].join('')),
    ),
  );

/** One file is its errors, several are a list that names them. */
const rowsJson = (rows: readonly Row[]): Json => {
  const [row, ...others] = rows;
  return row !== undefined && others.length === 0
    ? evaluationJson(row.errors)
    : rows.map(({ path, errors }) => ({ file: path, ...evaluationJson(errors) }));
};

const rowsText = (rows: readonly Row[]): string => {
  const [row, ...others] = rows;
  return row !== undefined && others.length === 0 ? errorLines(row.errors) : errorTable(rows);
};

const errorLines = (errors: Evaluation): string =>
  [
    `${errors.count} samples`,
    `RMSE                ${errors.rmse.toPrecision(4)}`,
    `RMSE / |mean|       ${shown(errors.relative)}`,
    `RMSE / std          ${shown(errors.rmsePerDeviation)}`,
    `mean predictor      ${shown(errors.meanPredictor)} (relative error of always answering the mean)`,
    ...(errors.forces === undefined
      ? []
      : [
          `RMSE of forces      ${errors.forces.rmse.toPrecision(4)}`,
          `RMSE / std, forces  ${shown(errors.forces.rmsePerDeviation)}`,
        ]),
    '',
  ].join('\n');

const errorTable = (rows: readonly Row[]): string => {
  const head = ['file', 'samples', 'RMSE', 'RMSE / |mean|', 'RMSE / std', 'mean predictor'];
  const withForces = rows.some(({ errors }) => errors.forces !== undefined);
  const cells = [
    [...head, ...(withForces ? ['RMSE of forces', 'RMSE / std, forces'] : [])],
    ...rows.map(({ path, errors }) => [
      quoted(path),
      `${errors.count}`,
      errors.rmse.toPrecision(4),
      ...[errors.relative, errors.rmsePerDeviation, errors.meanPredictor].map(shown),
      ...(errors.forces === undefined
        ? []
        : [errors.forces.rmse.toPrecision(4), shown(errors.forces.rmsePerDeviation)]),
    ]),
  ];
  return `${cells.flatMap(linesOf(widthsOf(cells))).join('\n')}\n`;
};

/** A measure for people; some data have none, where all energies are equal, say. */
const shown = (measure: number | null): string => measure?.toPrecision(4) ?? '-';

const suits = (shape: Shape, { sampleShape }: LabelledData): boolean =>
  shape.tag === 'dense' ? sampleShape.length === 1 && sampleShape[0] === shape.sites : sampleShape.length === 3;
