/**
 * What a training step is on a GPU, known from its plan: dispatches, text of kernels, numbers moved, operations; and the time that
 * these take at the roofline of a named GPU. Nothing here is measured.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { checkResidency } from '../src/backend/schedule/residency.ts';
import { planOf, usualPlanning } from '../src/backend/webgpu/plan.ts';
import { updatePlanOf } from '../src/backend/webgpu/update-plan.ts';
import { weightTypes } from '../src/network/weights.ts';
import { multiplyAdds, onLattice } from '../src/program/counts.ts';
import { markdownTable } from '../src/report/markdown-table.ts';
import { adam, adamProgram, initialAdam, residentState } from '../src/training/adam.ts';
import { lossProgram } from '../src/training/loss.ts';
import { subjectOf } from '../src/bench/subject.ts';
import { benchError, type BenchError } from '../src/bench/timing.ts';
import { trainingSteps, type TrainingStep } from '../src/bench/training.ts';

/** What a GPU can do at most. */
export interface GpuPeak {
  readonly name: string;
  /** Floating-point operations of float32 in a second, without tensor cores. */
  readonly operations: number;
  /** Bytes from memory and to it in a second. */
  readonly bytes: number;
}

/**
 * The two forms of the H100.
 *
 * @source NVIDIA H100 Tensor Core GPU Datasheet: FP32 67 and 51 teraFLOPS, GPU memory bandwidth 3.35 TB/s and 2 TB/s
 */
export const h100: readonly GpuPeak[] = [
  { name: 'H100 SXM', operations: 67e12, bytes: 3.35e12 },
  { name: 'H100 PCIe', operations: 51e12, bytes: 2e12 },
];

/** One training step on a GPU. */
export interface GpuStep {
  readonly name: string;
  readonly batch: number;
  /** Dispatches of a batch that finds room at once; copying the samples from the resident data is one of them. */
  readonly dispatches: number;
  /** Characters of WGSL. */
  readonly text: number;
  /** Bytes of memory that a sample takes while it is computed. */
  readonly bytesPerSample: number;
  /** Bytes moved, if each kernel reads and writes each of its arrays once. */
  readonly bytes: number;
  /** Products and sums of the program, without the update. */
  readonly operations: number;
}

const bytesPerNumber = Float32Array.BYTES_PER_ELEMENT;

/** The step as its plan has it. */
export const gpuStep = (step: TrainingStep): TaskEither<BenchError, GpuStep> =>
  pipe(
    subjectOf(step.network),
    TE.chain(({ program, weights }) => {
      const trained = weightTypes(program);
      return pipe(
        TE.fromEither(lossProgram({ weight: 1, forceWeight: step.forceWeight }, Object.keys(trained))(program)),
        TE.mapLeft(benchError),
        TE.chain((loss) =>
          pipe(
            checkResidency(loss)({
              update: adamProgram(adam)(trained),
              state: residentState(initialAdam(weights)),
              latticeSize: step.size,
              data: null,
              observed: ['loss'],
            }),
            E.bimap(benchError, (residency): GpuStep => {
              const plan = planOf(loss, step.size, usualPlanning);
              const update = updatePlanOf(residency, plan, usualPlanning);
              const moved = [...plan.stages, ...update.stages].reduce(
                (sum, { traffic }) => sum + step.batch * traffic.perSample + traffic.once,
                // The samples are read from the data and written to memory.
                2 * step.batch * plan.inputs.reduce((sum, { length }) => sum + length, 0),
              );
              return {
                name: step.name,
                batch: step.batch,
                dispatches: 1 + plan.stages.length + update.stages.length,
                text: plan.shader.length + update.shader.length,
                bytesPerSample: bytesPerNumber * plan.sampleLength,
                bytes: bytesPerNumber * moved,
                operations: 2 * step.batch * onLattice(step.size)(multiplyAdds(loss)),
              };
            }),
            TE.fromEither,
          ),
        ),
      );
    }),
  );

/**
 * The seconds of a step at the roofline of a GPU: as long as its operations take, or its bytes, whichever is longer. No lower bound:
 * what stays in a cache is not moved, and sums over the batch are counted with the most parts that they may have.
 */
const rooflineSeconds = ({ operations, bytes }: GpuPeak, step: GpuStep): number =>
  Math.max(step.operations / operations, step.bytes / bytes);

const boundBy = ({ operations, bytes }: GpuPeak, step: GpuStep): string =>
  step.operations / operations > step.bytes / bytes ? 'operations' : 'memory';

const cells = (step: GpuStep): readonly string[] => [
  step.name,
  String(step.batch),
  String(step.dispatches),
  (step.text / 1e3).toFixed(0),
  (step.bytesPerSample / 1e3).toFixed(0),
  (step.bytes / 1e6).toFixed(1),
  (step.operations / 1e9).toFixed(2),
  (step.operations / step.bytes).toFixed(1),
  ...h100.map((gpu) => `${(1e3 * rooflineSeconds(gpu, step)).toFixed(3)} (${boundBy(gpu, step)})`),
];

/** The page on all steps of the benchmark. */
export const gpuStepsPage = (steps: readonly GpuStep[]): string => `# A training step on a GPU

Computed from the plans of the webgpu backend (\`npm run gpu-steps\`); no time here was measured. The steps are those of the
benchmark, lattice networks with N = 10, n = 3 and kernels of 5 x 5.

- A dispatch is one command to the GPU; all of a step are one submission, and the losses are read back once.
- Bytes are moved from memory and to it if each kernel reads and writes each of its arrays once; what tiles read twice at their rims is left out.
- Operations are the products and sums of the forward and backward passes.
- The time at the roofline of a GPU is the longer of operations over its peak in float32, without tensor cores, and bytes over
  its bandwidth. It is an estimate, no lower bound: what stays in a cache between kernels is not moved, and sums over the batch
  are counted with the most parts that they may have. Peaks: ${h100
    .map(({ name, operations, bytes }) => `${name} ${operations / 1e12} TFLOP/s and ${bytes / 1e12} TB/s`)
    .join(', ')} (NVIDIA H100 Tensor Core GPU Datasheet).
- A GPU does not reach its roofline on such kernels, and each dispatch costs some microseconds beside: small steps wait for that.

${markdownTable(
  [
    'step',
    'batch',
    'dispatches',
    'WGSL, kB',
    'memory a sample, kB',
    'moved, MB',
    'GFLOP',
    'FLOP a byte',
    ...h100.map(({ name }) => `time at the roofline of ${name}, ms`),
  ],
  steps.map(cells),
)}
`;

/** The page as it has to be for the plans of today. */
export const currentGpuStepsPage: TaskEither<BenchError, string> = pipe(
  trainingSteps,
  TE.traverseSeqArray(gpuStep),
  TE.map(gpuStepsPage),
);
