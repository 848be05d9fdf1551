/**
 * Runs a plan on a device: samples in, portion after portion through the stages, results out. An update follows the last
 * portion, in the same commands.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { Reals } from '../../number/reals.ts';
import { backendError, type Arrays, type BackendError, type Samples } from '../backend.ts';
import { bytesOfPortion, mapForReading, type Bound, type Device } from './device.ts';
import type { Dispatches, Named, Place, Plan, Result } from './plan.ts';
import { entryPointOf, workgroupsOf, type Grid } from './wgsl.ts';

/** Stages that a device has compiled. */
export interface Prepared {
  readonly stages: readonly { readonly pipeline: GPUComputePipeline; readonly grids: readonly Grid[] }[];
}

const bytesPerNumber = Float32Array.BYTES_PER_ELEMENT;

/** Compiles stages. */
export const prepare = async (
  { gpu, layout, dataLayout }: Device,
  {
    shader,
    stages,
  }: { readonly shader: string; readonly stages: readonly Pick<Dispatches['stages'][number], 'grids'>[] },
  seesData: boolean,
): Promise<Prepared> => {
  const module = gpu.createShaderModule({ code: shader });
  const pipelineLayout = gpu.createPipelineLayout({ bindGroupLayouts: seesData ? [layout, dataLayout] : [layout] });
  const pipelines = await Promise.all(
    stages.map(async (_, index) =>
      gpu.createComputePipelineAsync({ layout: pipelineLayout, compute: { module, entryPoint: entryPointOf(index) } }),
    ),
  );
  return { stages: stages.map(({ grids }, index) => ({ pipeline: pipelines[index]!, grids })) };
};

/** How a batch goes through a device. */
export interface Portions {
  /** Samples that are computed at once. */
  readonly samples: number;
  /** Samples whose results are read back at once, some portions of them. */
  readonly perReadback: number;
}

const tooSmall = (needed: number, got: number): BackendError =>
  backendError(
    `expected a GPU with buffers of ${needed} bytes, what one sample needs, got one that allows ${got}: ` +
      'use a smaller lattice or network, or another backend',
  );

/** How many samples find room beside what they share. */
const room = (mostBytes: number, shared: number, perSample: number, batch: number): Either<BackendError, number> => {
  const numbers = Math.floor(mostBytes / bytesPerNumber) - shared;
  const most = perSample === 0 && numbers >= 0 ? batch : Math.min(batch, Math.floor(numbers / perSample));
  return most >= 1 ? E.right(most) : E.left(tooSmall((shared + perSample) * bytesPerNumber, mostBytes));
};

const lengthsOf = (results: readonly Result[], of: Place['of']): number =>
  results.reduce((sum, result) => sum + (result.of === of ? result.length : 0), 0);

/** The most samples of a batch that find room together, or why not even one does. */
export const portionsOf = (
  { sharedLength, sampleLength }: Plan,
  wanted: readonly Result[],
  batch: number,
  mostBytes: number,
): Either<BackendError, Portions> => {
  const computed = room(mostBytes, sharedLength, sampleLength, batch);
  const readBack = room(mostBytes, lengthsOf(wanted, 'all'), lengthsOf(wanted, 'sample'), batch);
  if (E.isLeft(computed) || E.isLeft(readBack)) {
    return E.isLeft(computed) ? computed : E.map((): Portions => ({ samples: 0, perReadback: 0 }))(readBack);
  }
  const samples = Math.min(computed.right, readBack.right);
  const perReadback = readBack.right === batch ? batch : Math.floor(readBack.right / samples) * samples;
  return E.right({ samples, perReadback });
};

/** Where a place begins, in numbers. */
const startOf = ({ sharedLength }: Plan, { at, of }: Place, samples: number): number =>
  of === 'sample' ? sharedLength + at * samples : at;

/** Dispatches stages on so many samples. */
const dispatch = (pass: GPUComputePassEncoder, { stages }: Prepared, samples: number, mostAlong: number): void => {
  for (const { pipeline, grids } of stages) {
    const workgroups = grids.reduce((sum, grid) => sum + workgroupsOf(grid, samples), 0);
    const along = Math.min(workgroups, mostAlong);
    pass.setPipeline(pipeline);
    pass.dispatchWorkgroups(along, Math.ceil(workgroups / along));
  }
};

const none = new Float64Array(0);

/** Writes arrays to their places in a buffer, in one go where they lie one after the other. */
export const send = (
  gpu: GPUDevice,
  to: GPUBuffer,
  places: readonly Named[],
  numbersOf: (name: string) => Reals,
): void => {
  for (const { name, at } of places) {
    gpu.queue.writeBuffer(to, at * bytesPerNumber, Float32Array.from(numbersOf(name)));
  }
};

/** Samples that a portion takes from the caller's arrays, or copies on the device from data that are there. */
export type Source =
  | { readonly tag: 'arrays'; readonly samples: Samples }
  | { readonly tag: 'resident'; readonly batch: number; readonly gather: Prepared; readonly group: GPUBindGroup };

/** What is run on a batch. */
export interface Work {
  readonly plan: Plan;
  readonly program: Prepared;
  readonly source: Source;
  readonly wanted: readonly Result[];
  readonly portions: Portions;
  readonly state: GPUBuffer;
  /** What follows the last portion, and how many numbers of memory it needs behind what is shared. */
  readonly update: { readonly prepared: Prepared; readonly memoryLength: number } | null;
}

/** An output that is being gathered. */
interface Gathered {
  readonly result: Result;
  readonly numbers: Float64Array;
  /** Where it begins among what is read back, in numbers. */
  readonly from: number;
}

const gatheredFor = (wanted: readonly Result[], batch: number, perReadback: number): readonly Gathered[] => {
  let from = 0;
  return wanted.map((result) => {
    const gathered = { result, from, numbers: new Float64Array((result.holds === 'sum' ? 1 : batch) * result.length) };
    from += (result.of === 'sample' ? perReadback : 1) * result.length;
    return gathered;
  });
};

/** Takes what was read back for the samples from `first` on. */
const take = ({ result, numbers, from }: Gathered, first: number, samples: number, got: Float32Array): void => {
  const { holds, length } = result;
  switch (holds) {
    case 'samples':
      numbers.set(got.subarray(from, from + samples * length), first * length);
      break;
    case 'sum':
      numbers.set(got.subarray(from, from + length));
      break;
    case 'shared':
      for (let s = 0; s < samples; s += 1) numbers.set(got.subarray(from, from + length), (first + s) * length);
  }
};

/** Describes each portion: its samples, the first of them, and the batch. */
const describe = (gpu: GPUDevice, to: GPUBuffer, batch: number, portion: number): void => {
  const count = Math.ceil(batch / portion);
  const numbers = new Uint32Array((count * bytesOfPortion) / Uint32Array.BYTES_PER_ELEMENT);
  for (let index = 0; index < count; index += 1) {
    const first = index * portion;
    numbers.set(
      [Math.min(portion, batch - first), first, batch],
      (index * bytesOfPortion) / Uint32Array.BYTES_PER_ELEMENT,
    );
  }
  gpu.queue.writeBuffer(to, 0, numbers);
};

/** Copies results of a portion to where they are read back from. */
const copyOut = (
  encoder: GPUCommandEncoder,
  plan: Plan,
  bound: Bound,
  outgoing: GPUBuffer,
  gathered: readonly Gathered[],
  { first, samples, isLast }: { readonly first: number; readonly samples: number; readonly isLast: boolean },
): void => {
  for (const { result, from } of gathered) {
    const isOfSample = result.of === 'sample';
    if (isOfSample || isLast) {
      encoder.copyBufferToBuffer(
        bound.memory,
        startOf(plan, result, samples) * bytesPerNumber,
        outgoing,
        (from + (isOfSample ? first * result.length : 0)) * bytesPerNumber,
        (isOfSample ? samples : 1) * result.length * bytesPerNumber,
      );
    }
  }
};

const batchOf = (source: Source): number => (source.tag === 'arrays' ? source.samples.batch : source.batch);

/** Runs a program on a batch, portion after portion, and hands back what is wanted of it. */
export const execute = async (device: Device, work: Work): Promise<Arrays> => {
  const { gpu, limits } = device;
  const { plan, program, source, wanted, state, update } = work;
  const { samples: portion, perReadback } = work.portions;
  const batch = batchOf(source);
  const length = Math.max(portion * plan.sampleLength, update?.memoryLength ?? 0);
  const bound = device.bound(state, (plan.sharedLength + length) * bytesPerNumber, Math.ceil(batch / portion));
  describe(gpu, bound.portions, batch, portion);
  const gathered = gatheredFor(wanted, batch, perReadback);
  const outgoingLength = gathered.reduce(
    (sum, { result }) => sum + (result.of === 'sample' ? perReadback : 1) * result.length,
    0,
  );
  const outgoing = device.outgoing(outgoingLength * bytesPerNumber);

  for (let first = 0; first < batch; first += portion) {
    const samples = Math.min(portion, batch - first);
    const isLast = first + samples === batch;
    const readFrom = Math.floor(first / perReadback) * perReadback;
    const isRead = isLast || first + samples === readFrom + perReadback;
    if (source.tag === 'arrays') {
      const { inputs } = source.samples;
      const places = plan.inputs.map((place) => ({ ...place, at: startOf(plan, place, samples) }));
      const lengths = new Map(plan.inputs.map((input) => [input.name, input.length]));
      send(gpu, bound.memory, places, (name) => {
        const each = lengths.get(name) ?? 0;
        return (inputs[name] ?? none).subarray(first * each, (first + samples) * each);
      });
    }
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setBindGroup(0, bound.group, [(first / portion) * bytesOfPortion]);
    if (source.tag === 'resident') {
      pass.setBindGroup(1, source.group);
      dispatch(pass, source.gather, samples, limits.workgroups);
    }
    dispatch(pass, program, samples, limits.workgroups);
    pass.end();
    copyOut(encoder, plan, bound, outgoing, gathered, { first: first - readFrom, samples, isLast: isRead });
    if (isLast && update !== null) {
      const after = encoder.beginComputePass();
      after.setBindGroup(0, bound.group, [(first / portion) * bytesOfPortion]);
      dispatch(after, update.prepared, samples, limits.workgroups);
      after.end();
    }
    gpu.queue.submit([encoder.finish()]);
    if (isRead && wanted.length > 0) {
      await outgoing.mapAsync(mapForReading, 0, outgoingLength * bytesPerNumber);
      const numbers = new Float32Array(outgoing.getMappedRange(0, outgoingLength * bytesPerNumber));
      gathered.forEach((each) => {
        take(each, readFrom, first + samples - readFrom, numbers);
      });
      outgoing.unmap();
    }
  }
  return Object.fromEntries(gathered.map(({ result, numbers }) => [result.name, numbers]));
};

/** Reads arrays from their places in a buffer. */
export const readBack = async (device: Device, from: GPUBuffer, places: readonly Named[]): Promise<Arrays> => {
  const bytes = places.reduce((end, { at, length }) => Math.max(end, at + length), 0) * bytesPerNumber;
  if (bytes === 0) {
    return {};
  }
  const outgoing = device.outgoing(bytes);
  const encoder = device.gpu.createCommandEncoder();
  encoder.copyBufferToBuffer(from, 0, outgoing, 0, bytes);
  device.gpu.queue.submit([encoder.finish()]);
  await outgoing.mapAsync(mapForReading, 0, bytes);
  const numbers = new Float32Array(outgoing.getMappedRange(0, bytes));
  const arrays = Object.fromEntries(
    places.map(({ name, at, length }) => [name, Float64Array.from(numbers.subarray(at, at + length))]),
  );
  outgoing.unmap();
  return arrays;
};
