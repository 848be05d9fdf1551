/** What is known of a training step on a GPU before there is a device. */
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { currentGpuStepsPage } from './gpu-step.ts';
import { verify } from './law.ts';
import {
  declaredDemands,
  dispatches,
  plansKeepToTheDefaultLimits,
  stepsAreFewDispatches,
  type PlannedStep,
} from './laws/dispatches.ts';
import { right } from './right.ts';

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

it('stands in results/webgpu.md as the plans of today have it (npm run gpu-steps writes it)', async () => {
  const page = readFileSync(new URL('../results/webgpu.md', import.meta.url), 'utf8');
  expect(page).toBe(right(await currentGpuStepsPage()));
});
