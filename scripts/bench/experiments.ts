/** All experiments, in the order of the groups of rows. */
import { exactExperiments } from './exact.ts';
import type { Experiment } from './experiment.ts';
import { forwardExperiments } from './forward.ts';
import { kernelExperiments } from './kernels.ts';
import { trainingExperiments } from './training.ts';

export const experiments: readonly Experiment[] = [
  ...kernelExperiments,
  ...trainingExperiments,
  ...forwardExperiments,
  ...exactExperiments,
];
