/** All experiments: first those that have an aim, so that they are measured where time runs short. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { exactExperiments } from './exact.ts';
import type { Entry, Experiment } from './experiment.ts';
import { forwardExperiments } from './forward.ts';
import { kernelExperiments } from './kernels.ts';
import type { Laboratory } from './laboratory.ts';
import { profileExperiments } from './profile.ts';
import type { BenchError } from './timing.ts';
import { trainingExperiments } from './training.ts';

/** Every experiment. */
export const experiments: readonly Experiment[] = [
  ...trainingExperiments,
  ...forwardExperiments,
  ...exactExperiments,
  ...kernelExperiments,
  ...profileExperiments,
];

/** The names of all rows that can be measured. */
export const rowNames: readonly string[] = experiments.flatMap(({ rows }) => rows);

/** Whether a name, of a row or of what its name begins with, asks for a row. */
export const asksFor = (name: string, row: string): boolean => row === name || row.startsWith(`${name}-`);

/** The entries of these rows, which a laboratory makes ready without peers. */
export const entriesOf = (lab: Laboratory, rows: readonly string[]): TaskEither<BenchError, readonly Entry[]> => {
  const isAsked = (row: string): boolean => rows.includes(row);
  return pipe(
    experiments.filter((experiment) => experiment.rows.some(isAsked)),
    TE.traverseSeqArray((experiment) => experiment.entries(lab, isAsked, [])),
    TE.map((found) => found.flat().filter(({ name }) => isAsked(name))),
  );
};
