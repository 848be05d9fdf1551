/** Runs a plan on a device: parameters in, portion after portion of samples through, outputs out. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { Reals } from '../../number/reals.ts';
import { backendError, type Arguments, type Arrays, type BackendError } from '../backend.ts';
import { mapForReading, type Device } from './device.ts';
import { entryPointOf, type Named, type Place, type Plan, type Result } from './plan.ts';
import { lanes, type Kernel } from './wgsl.ts';

/** A plan whose kernels a device has compiled. */
export interface Prepared {
  readonly plan: Plan;
  readonly pipelines: readonly GPUComputePipeline[];
}

const bytesPerNumber = Float32Array.BYTES_PER_ELEMENT;

/** Compiles the kernels of a plan. */
export const prepare = async ({ gpu, layout }: Device, plan: Plan): Promise<Prepared> => {
  const module = gpu.createShaderModule({ code: plan.shader });
  const pipelineLayout = gpu.createPipelineLayout({ bindGroupLayouts: [layout] });
  const pipelines = await Promise.all(
    plan.kernels.map(async (_, index) =>
      gpu.createComputePipelineAsync({ layout: pipelineLayout, compute: { module, entryPoint: entryPointOf(index) } }),
    ),
  );
  return { plan, pipelines };
};

/** The most samples of a batch that find room together, or why not even one does. */
export const portionOf = (
  { sharedLength, sampleLength }: Plan,
  batch: number,
  mostBytes: number,
): Either<BackendError, number> => {
  const room = mostBytes / bytesPerNumber - sharedLength;
  const most = sampleLength === 0 && room >= 0 ? batch : Math.min(batch, Math.floor(room / sampleLength));
  const needed = (sharedLength + sampleLength) * bytesPerNumber;
  return most >= 1
    ? E.right(most)
    : E.left(
        backendError(
          `expected a GPU with buffers of ${needed} bytes, what one sample needs, got one that allows ${mostBytes}: ` +
            'use a smaller lattice or network, or another backend',
        ),
      );
};

/** Where a place begins, in numbers. */
const startOf = ({ sharedLength }: Plan, { at, of }: Place, samples: number): number =>
  of === 'sample' ? sharedLength + at * samples : at;

const countOf = ({ of, length }: Place, samples: number): number => (of === 'sample' ? samples * length : length);

/** Most workgroups along one axis of a dispatch: what every device allows. */
const mostAlong = 65_535;

const dispatch = (pass: GPUComputePassEncoder, { each, results, of }: Kernel['grid'], samples: number): void => {
  const count = of === 'sample' ? results * samples : results;
  const workgroups = each === 'workgroup' ? count : Math.ceil(count / lanes);
  const along = Math.min(workgroups, mostAlong);
  pass.dispatchWorkgroups(along, Math.ceil(workgroups / along));
};

const none = new Float64Array(0);

const send = (gpu: GPUDevice, to: GPUBuffer, start: number, numbers: Reals): void => {
  gpu.queue.writeBuffer(to, start * bytesPerNumber, Float32Array.from(numbers));
};

/** An output that is being gathered. */
interface Gathered {
  readonly result: Result;
  readonly numbers: Float64Array;
}

const gathering = (result: Result, batch: number): Gathered => {
  const isEach = result.holds === 'samples' || result.holds === 'shared each';
  return { result, numbers: new Float64Array(isEach ? batch * result.length : result.length) };
};

/** Takes what the device has computed for the samples from `first` on. */
const take = ({ result, numbers }: Gathered, first: number, samples: number, got: Float32Array): void => {
  switch (result.holds) {
    case 'samples':
      numbers.set(got, first * result.length);
      break;
    case 'sum':
      for (let i = 0; i < got.length; i += 1) numbers[i] = numbers[i]! + got[i]!;
      break;
    case 'shared sum':
      for (let i = 0; i < got.length; i += 1) numbers[i] = numbers[i]! + samples * got[i]!;
      break;
    case 'shared each':
      for (let s = 0; s < samples; s += 1) numbers.set(got, (first + s) * result.length);
  }
};

/** Runs a program whose arguments have been checked, `portion` samples at a time. */
export const execute = async (
  device: Device,
  { plan, pipelines }: Prepared,
  { parameters, inputs, batch }: Arguments,
  portion: number,
): Promise<Arrays> => {
  const { gpu } = device;
  const bytes = (plan.sharedLength + portion * plan.sampleLength) * bytesPerNumber;
  const { buffer, group } = device.memory(bytes);
  const sendAll = (places: readonly Named[], samples: number, numbersOf: (place: Named) => Reals): void => {
    places.forEach((place) => send(gpu, buffer, startOf(plan, place, samples), numbersOf(place)));
  };
  sendAll(plan.parameters, portion, ({ name }) => parameters[name] ?? none);

  const gathered = plan.results.map((result) => gathering(result, batch));
  for (let first = 0; first < batch; first += portion) {
    const samples = Math.min(portion, batch - first);
    gpu.queue.writeBuffer(device.samples, 0, Uint32Array.of(samples));
    sendAll(plan.inputs, samples, ({ name, length }) =>
      (inputs[name] ?? none).subarray(first * length, (first + samples) * length),
    );

    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setBindGroup(0, group);
    plan.kernels.forEach(({ time, grid }, index) => {
      if (time === 'sample' || first === 0) {
        pass.setPipeline(pipelines[index]!);
        dispatch(pass, grid, samples);
      }
    });
    pass.end();

    const counts = plan.results.map((result) => countOf(result, samples));
    const outgoing = device.outgoing(counts.reduce((sum, count) => sum + count, 0) * bytesPerNumber);
    const starts = counts.map((_, index) => counts.slice(0, index).reduce((sum, count) => sum + count, 0));
    plan.results.forEach((result, index) => {
      const from = startOf(plan, result, samples) * bytesPerNumber;
      const size = counts[index]! * bytesPerNumber;
      encoder.copyBufferToBuffer(buffer, from, outgoing, starts[index]! * bytesPerNumber, size);
    });
    gpu.queue.submit([encoder.finish()]);

    await outgoing.mapAsync(mapForReading);
    const numbers = new Float32Array(outgoing.getMappedRange());
    gathered.forEach((each, index) => {
      take(each, first, samples, numbers.subarray(starts[index], starts[index]! + counts[index]!));
    });
    outgoing.unmap();
  }
  return Object.fromEntries(gathered.map(({ result, numbers }) => [result.name, numbers]));
};
