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

/** Bytes from one description of a portion to the next: what every device can begin a binding at. */
export const bytesOfPortion = 256;

/** What a device may be asked for. */
export interface DeviceLimits {
  /** Bytes of one buffer that kernels see. */
  readonly bytes: number;
  /** Workgroups of a dispatch along one axis. */
  readonly workgroups: number;
}

/** Buffers that kernels see, and what they are seen as. */
export interface Bound {
  readonly memory: GPUBuffer;
  readonly portions: GPUBuffer;
  readonly group: GPUBindGroup;
}

/** A device together with what all programs on it share. */
export interface Device {
  /** Kept as long as the device: Node is aborted when the package `webgpu` has lost the object that a device came from. */
  readonly origin: unknown;
  readonly gpu: GPUDevice;
  /** The layout of what all kernels see, and of the resident data with the places of samples in it. */
  readonly layout: GPUBindGroupLayout;
  readonly dataLayout: GPUBindGroupLayout;
  readonly limits: DeviceLimits;
  /** A buffer for kernels, of so many bytes, that is not shared. */
  readonly buffer: (bytes: number) => GPUBuffer;
  /** The state of runs, of so many bytes at least. */
  readonly stateOfRuns: (bytes: number) => GPUBuffer;
  /** The memory of kernels and the descriptions of portions, of so many bytes at least, bound with a state. */
  readonly bound: (state: GPUBuffer, memoryBytes: number, portions: number) => Bound;
  /** A buffer that results are read from, of so many bytes at least. */
  readonly outgoing: (bytes: number) => GPUBuffer;
  /** Does a task when its turn comes; what the device objects to is an error. */
  readonly doing: <A>(task: () => Promise<A>) => TaskEither<BackendError, A>;
}

/** A buffer that is replaced by a larger one when it is too small. */
interface GrowingBuffer {
  readonly ofBytes: (bytes: number) => GPUBuffer;
  /** Gives the buffer back: where memory ran out, it is one that looks like any other and cannot be used. */
  readonly forget: () => void;
}

const growing = (gpu: GPUDevice, flags: number, mostBytes: number): GrowingBuffer => {
  let buffer: GPUBuffer | null = null;
  return {
    ofBytes: (bytes) => {
      if (buffer !== null && buffer.size >= bytes) {
        return buffer;
      }
      const before = buffer?.size ?? 128;
      buffer?.destroy();
      buffer = gpu.createBuffer({ size: Math.max(bytes, Math.min(mostBytes, 2 * before)), usage: flags });
      return buffer;
    },
    forget: () => {
      buffer?.destroy();
      buffer = null;
    },
  };
};

/** What a device objects to: that is how the standard sorts its errors, in the order in which they are told here. */
const filters = ['out-of-memory', 'internal', 'validation'] as const satisfies readonly GPUErrorFilter[];

type Objection = (typeof filters)[number];

const advice: Readonly<Record<Objection, string>> = {
  'out-of-memory': 'use smaller batches, or another backend',
  internal: "update the GPU's driver, or use another backend",
  validation:
    'this backend has asked for what it must not, which no choice of yours mends: use another backend, and report it',
};

const failed = (objection: Objection, message: string): BackendError =>
  backendError(`expected the GPU to compute, got ${message}: ${advice[objection]}`);

/** What a task threw: arrays that are too long for memory are a RangeError, all else is the driver's. */
const thrown = (reason: unknown): BackendError =>
  failed(
    reason instanceof RangeError ? 'out-of-memory' : 'internal',
    reason instanceof Error ? reason.message : String(reason),
  );

const lostDevice = (why: string): BackendError =>
  backendError(
    `expected a GPU that stays, got one that was lost (${why === '' ? 'no reason given' : why}): start the backend again, ` +
      'and a training from its last state; efnn train goes on from its last checkpoint with --resume',
  );

/** What is done with a device, so that everything it says of it is heard. */
const heard = async <A>(gpu: GPUDevice, task: () => Promise<A>): Promise<Either<BackendError, A>> => {
  filters.forEach((filter) => {
    gpu.pushErrorScope(filter);
  });
  const result = await TE.tryCatch(task, thrown)();
  // The scope that was opened last is the first to end.
  const errors = (await Promise.all(filters.map(async () => gpu.popErrorScope()))).toReversed();
  const first = errors.findIndex((error) => error !== null);
  const [objection, error] = [filters[first], errors[first]];
  return objection === undefined || error === undefined || error === null
    ? result
    : E.left(failed(objection, error.message));
};

const storage = usage.storage | usage.copySource | usage.copyTarget;

/** Makes a device ready for programs. */
export const deviceFor = (origin: unknown, gpu: GPUDevice, limits: DeviceLimits): Device => {
  const entry = (binding: number, buffer: GPUBufferBindingLayout): GPUBindGroupLayoutEntry => ({
    binding,
    visibility: stage.compute,
    buffer,
  });
  const layout = gpu.createBindGroupLayout({
    entries: [
      entry(0, { type: 'storage' }),
      entry(1, { type: 'storage' }),
      entry(2, { type: 'uniform', hasDynamicOffset: true }),
    ],
  });
  const dataLayout = gpu.createBindGroupLayout({
    entries: [entry(0, { type: 'read-only-storage' }), entry(1, { type: 'read-only-storage' })],
  });
  const memory = growing(gpu, storage, limits.bytes);
  const portions = growing(gpu, usage.uniform | usage.copyTarget, limits.bytes);
  const outgoing = growing(gpu, usage.mapRead | usage.copyTarget, limits.bytes);
  const stateOfRuns = growing(gpu, storage, limits.bytes);
  const bound = new WeakMap<GPUBuffer, Bound>();
  let lost: string | null = null;
  void gpu.lost.then(({ message }) => {
    lost = message;
  });
  const turn = inTurn();
  return {
    origin,
    gpu,
    layout,
    dataLayout,
    limits,
    buffer: (bytes) => gpu.createBuffer({ size: Math.max(16, bytes), usage: storage }),
    stateOfRuns: stateOfRuns.ofBytes,
    bound: (state, memoryBytes, count) => {
      const buffers = { memory: memory.ofBytes(memoryBytes), portions: portions.ofBytes(count * bytesOfPortion) };
      const known = bound.get(state);
      if (known?.memory === buffers.memory && known.portions === buffers.portions) {
        return known;
      }
      const resources = [{ buffer: buffers.memory }, { buffer: state }, { buffer: buffers.portions, size: 16 }];
      const entries = resources.map((resource, binding) => ({ binding, resource }));
      const made = { ...buffers, group: gpu.createBindGroup({ layout, entries }) };
      bound.set(state, made);
      return made;
    },
    outgoing: outgoing.ofBytes,
    doing: (task) =>
      turn(async () => {
        const result = lost === null ? await heard(gpu, task) : E.left(lostDevice(lost));
        if (E.isLeft(result)) {
          [memory, portions, outgoing, stateOfRuns].forEach(({ forget }) => {
            forget();
          });
        }
        return lost === null ? result : E.left(lostDevice(lost));
      }),
  };
};
