/** What is known of a training step on a GPU before there is a device. */
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { stageCode, type Kernel, type Names } from '../src/backend/webgpu/wgsl.ts';
import { currentGpuStepsPage } from './gpu-step.ts';
import { verify } from './law.ts';
import {
  alikeKernelsAreOneText,
  declaredDemands,
  dispatches,
  plansKeepToTheDefaultLimits,
  stepsAreFewDispatches,
  type PlannedStep,
  type WriteStage,
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

const stage: WriteStage = (kernels) => stageCode(0, kernels);

/** A stage of kernels that are told other names, or whose text is changed. */
const stageOf =
  (named: (names: Names) => Names, changed: (text: string) => string = (text) => text): WriteStage =>
  (kernels) =>
    stage(
      kernels.map((kernel): Kernel => ({
        ...kernel,
        body: (shared, names) => changed(kernel.body(shared, named(names))),
      })),
    );

verify(alikeKernelsAreOneText, stage, {
  'values keep their numbers': stageOf((names) => ({ ...names, computed: (word, value) => `${word}${value}` })),
  'all values are one': stageOf((names) => ({ ...names, start: (of) => names.start(of, 0) })),
  'whatever has a number is a value': stageOf(
    (names) => names,
    (text) => text.replaceAll(/\bd\d+/g, 'd0'),
  ),
  'every kernel by itself': (kernels) => kernels.map((kernel) => stage([kernel])).join('\n'),
});

it('stands in results/webgpu.md as the plans of today have it (npm run gpu-steps writes it)', async () => {
  const page = readFileSync(new URL('../results/webgpu.md', import.meta.url), 'utf8');
  expect(page).toBe(right(await currentGpuStepsPage()));
});
