/** All experiments, in the order of the groups of rows. */
import { exactExperiments } from './exact.ts';
import type { Experiment } from './experiment.ts';
import { forwardExperiments } from './forward.ts';
import { kernelExperiments } from './kernels.ts';
import { profileExperiments } from './profile.ts';
import { trainingExperiments } from './training.ts';

/** Every experiment. */
export const experiments: readonly Experiment[] = [
  ...kernelExperiments,
  ...trainingExperiments,
  ...profileExperiments,
  ...forwardExperiments,
  ...exactExperiments,
];

/** The names of all rows that can be measured. */
export const rowNames: readonly string[] = experiments.flatMap(({ rows }) => rows);

/** Whether a name, of a row or of what its name begins with, asks for a row. */
export const asksFor = (name: string, row: string): boolean => row === name || row.startsWith(`${name}-`);
