/**
 * A device that computes: its memory, made once and enlarged when a program asks for more, and what goes wrong with it.
 *
 * Work on a device is done in turn, because all programs share its memory.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { backendError, type BackendError } from '../backend.ts';
import { inTurn } from '../in-turn.ts';

/** The flags of the standard, which Node does not have as globals. */
const usage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 } as const;
const stage = { compute: 0x4 } as const;

/** The flag of the standard that maps a buffer for reading. */
export const mapForReading = 0x1;

/** A device together with what all programs on it share. */
export interface Device {
  /** Kept as long as the device: Node is aborted when the package `webgpu` has lost the object that a device came from. */
  readonly origin: unknown;
  readonly gpu: GPUDevice;
  readonly layout: GPUBindGroupLayout;
  /** The bytes that the memory of programs may have at most. */
  readonly mostBytes: number;
  /** Where kernels read how many samples there are. */
  readonly samples: GPUBuffer;
  /** The memory of kernels, of so many bytes at least, and the group that binds it. */
  readonly memory: (bytes: number) => { readonly buffer: GPUBuffer; readonly group: GPUBindGroup };
  /** A buffer that results are read from, of so many bytes at least. */
  readonly outgoing: (bytes: number) => GPUBuffer;
  /** Does a task when its turn comes; what the device objects to is an error. */
  readonly doing: <A>(task: () => Promise<A>) => TaskEither<BackendError, A>;
}

/** A buffer that is replaced by a larger one when it is too small. */
const growing = (gpu: GPUDevice, flags: number, mostBytes: number): ((bytes: number) => GPUBuffer) => {
  let buffer = gpu.createBuffer({ size: 256, usage: flags });
  return (bytes) => {
    if (buffer.size < bytes) {
      buffer.destroy();
      buffer = gpu.createBuffer({ size: Math.max(bytes, Math.min(mostBytes, 2 * buffer.size)), usage: flags });
    }
    return buffer;
  };
};

const failed = (reason: unknown): BackendError =>
  backendError(
    `expected the GPU to compute, got ${reason instanceof Error ? reason.message : String(reason)}: ` +
      'use smaller batches, or another backend',
  );

const lostDevice = (why: string): BackendError =>
  backendError(
    `expected a GPU that stays, got one that was lost (${why === '' ? 'no reason given' : why}): start again; ` +
      'a training goes on from its last checkpoint with --resume',
  );

/** What is done with a device, so that everything it says of it is heard. */
const heard = async <A>(gpu: GPUDevice, task: () => Promise<A>): Promise<Either<BackendError, A>> => {
  gpu.pushErrorScope('out-of-memory');
  gpu.pushErrorScope('validation');
  const result = await TE.tryCatch(task, failed)();
  const objections = await Promise.all([gpu.popErrorScope(), gpu.popErrorScope()]);
  const objection = objections.find((error) => error !== null);
  return objection === undefined ? result : E.left(failed(objection.message));
};

/** Makes a device ready for programs. */
export const deviceFor = (origin: unknown, gpu: GPUDevice, mostBytes: number): Device => {
  const layout = gpu.createBindGroupLayout({
    entries: [
      { binding: 0, visibility: stage.compute, buffer: { type: 'storage' } },
      { binding: 1, visibility: stage.compute, buffer: { type: 'uniform' } },
    ],
  });
  const samples = gpu.createBuffer({ size: 16, usage: usage.uniform | usage.copyTarget });
  const kernelMemory = growing(gpu, usage.storage | usage.copySource | usage.copyTarget, mostBytes);
  const outgoing = growing(gpu, usage.mapRead | usage.copyTarget, mostBytes);
  let bound: { readonly buffer: GPUBuffer; readonly group: GPUBindGroup } | null = null;
  let lost: string | null = null;
  void gpu.lost.then(({ message }) => {
    lost = message;
  });
  const turn = inTurn();
  return {
    origin,
    gpu,
    layout,
    mostBytes,
    samples,
    memory: (bytes) => {
      const buffer = kernelMemory(bytes);
      if (bound?.buffer !== buffer) {
        const entries = [buffer, samples].map((each, binding) => ({ binding, resource: { buffer: each } }));
        bound = { buffer, group: gpu.createBindGroup({ layout, entries }) };
      }
      return bound;
    },
    outgoing,
    doing: (task) =>
      turn(async () => {
        const result = lost === null ? await heard(gpu, task) : E.left(lostDevice(lost));
        return lost === null ? result : E.left(lostDevice(lost));
      }),
  };
};
