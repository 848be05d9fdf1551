/** What `efnn evaluate` prints: predictions, or errors. */
import * as E from 'fp-ts/lib/Either.js';

import { nested } from '../file/nested-array.ts';
import { quoted } from '../file/quoted.ts';
import type { Json } from '../file/canonical-json.ts';
import { linesOf, widthsOf } from '../report/text-table.ts';
import { evaluationJson, type Evaluation } from '../training/evaluation.ts';
import type { Prediction } from '../training/prediction.ts';
import type { RunError } from './command-error.ts';
import type { Training } from '../training/trained-model.ts';
import { trainingLines } from './training-lines.ts';
import { outputLine } from './output-line.ts';

/** `{"energies": [B], "forces": ..}`, the forces in the shape of the spins where they were asked for. */
export const predictionJson =
  (shape: readonly number[]) =>
  ({ energies, forces }: Prediction): Json => ({
    energies: [...energies],
    ...(forces === null ? {} : { forces: nested(shape)(forces) }),
  });

/** The errors on the samples of one file. */
export interface FileErrors {
  readonly path: string;
  readonly errors: Evaluation;
}

/** The errors on each file and how the model was trained, where that is known, for people; or the errors as JSON. */
export const errorsOutput =
  (json: boolean) =>
  (rows: readonly FileErrors[], training: Training | null): E.Either<RunError, string> =>
    json
      ? outputLine(rowsJson(rows))
      : E.right([rowsText(rows), ...trainingLines(training).map((line) => `${line}\n`)].join(''));

/** One file is its errors, several are a list that names them. */
const rowsJson = (rows: readonly FileErrors[]): Json => {
  const [row, ...others] = rows;
  return row !== undefined && others.length === 0
    ? evaluationJson(row.errors)
    : rows.map(({ path, errors }) => ({ file: path, ...evaluationJson(errors) }));
};

const rowsText = (rows: readonly FileErrors[]): string => {
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

const errorTable = (rows: readonly FileErrors[]): string => {
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
