/** The kernel that copies the samples of a step from the resident data, by their places. */
import type { Samples } from '../backend.ts';
import type { Plan } from './plan.ts';
import { entryPointOf, lanes, prelude, stageCode, whole } from './wgsl.ts';
import type { Grid, Kernel } from './wgsl.ts';
import { sampleStart } from './access.ts';

/** Copies the inputs of a portion: one stage, and where each input begins in the data. */
export interface GatherPlan {
  readonly shader: string;
  readonly entryPoint: string;
  readonly grids: readonly Grid[];
  readonly inputs: readonly { readonly name: string; readonly at: number }[];
  readonly dataLength: number;
}

/** Plans to copy the samples of a program from data that hold so many. */
export const gatherPlanOf = ({ inputs, sharedLength }: Plan, { batch }: Samples): GatherPlan => {
  const starts = inputs.map((_, index) => inputs.slice(0, index).reduce((sum, { length }) => sum + length * batch, 0));
  const kernels = inputs.map(({ at, length }, index): Kernel => {
    const results = whole(length);
    return {
      grid: { of: 'samples', blocks: 1, results: length, per: lanes, most: null },
      shared: 0,
      body: () => `
  let index = group * ${whole(lanes)} + lane;
  if (index >= ${results} * portion.samples) { return; }
  let number = data[${whole(starts[index]!)} + places[portion.first + index / ${results}] * ${results} + index % ${results}];
  memory[${sampleStart} + ${whole(at)} * portion.samples + index] = number;`,
    };
  });
  return {
    shader: `
const ${sampleStart} = ${whole(sharedLength)};
${prelude}
@group(1) @binding(0) var<storage, read> data: array<f32>;
@group(1) @binding(1) var<storage, read> places: array<u32>;
${stageCode(0, kernels)}`,
    entryPoint: entryPointOf(0),
    grids: kernels.map(({ grid }) => grid),
    inputs: inputs.map(({ name }, index) => ({ name, at: starts[index]! })),
    dataLength: inputs.reduce((sum, { length }) => sum + length * batch, 0),
  };
};
