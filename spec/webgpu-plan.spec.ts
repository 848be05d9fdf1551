/** What is known of a training step on a GPU before there is a device. */
import { verify } from './law.ts';
import {
  declaredDemands,
  dispatches,
  plansKeepToTheDefaultLimits,
  stepsAreFewDispatches,
  type PlannedStep,
} from './laws/dispatches.ts';

const kernels = ({ program, update }: PlannedStep): number =>
  [...program.stages, ...update.stages].reduce((sum, { grids }) => sum + grids.length, 1);

verify(stepsAreFewDispatches, dispatches, { 'each kernel is dispatched by itself': kernels });

verify(plansKeepToTheDefaultLimits, declaredDemands, {
  'a buffer for each kernel': (shader) => ({
    ...declaredDemands(shader),
    storageBuffers: [...shader.matchAll(/fn stage\d+of/g)].length,
  }),
  'tiles of doubles': (shader) => ({
    ...declaredDemands(shader),
    sharedBytes: 2 * declaredDemands(shader).sharedBytes,
  }),
});
