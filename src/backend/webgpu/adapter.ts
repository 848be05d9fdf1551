/** From adapters to a device: what is asked of it, and why there may be none. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { backendError, type BackendError } from '../backend.ts';
import { lanes, mostShared } from './wgsl.ts';

/** What kernels need of an adapter, each below what the standard promises of all: an emulation may have less. */
const needed = {
  maxComputeInvocationsPerWorkgroup: lanes,
  maxComputeWorkgroupStorageSize: mostShared * Float32Array.BYTES_PER_ELEMENT,
  maxStorageBuffersPerShaderStage: 4,
} as const;

type NeededLimit = keyof typeof needed;

const neededLimits: readonly NeededLimit[] = [
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupStorageSize',
  'maxStorageBuffersPerShaderStage',
];

/** An adapter as far as it is asked: the standard's `GPUAdapter` is one. */
export interface Adapter {
  readonly limits: Readonly<Record<NeededLimit | 'maxBufferSize' | 'maxStorageBufferBindingSize', number>>;
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
  };
  readonly requestDevice: (descriptor: GPUDeviceDescriptor) => Promise<GPUDevice>;
}

/** What adapters are asked of: `navigator.gpu`, or what the package `webgpu` makes. */
export interface Adapters {
  /** Asks for an adapter; null where there is none. */
  readonly requestAdapter: () => Promise<Adapter | null>;
}

/** A device, and what it is called. */
export interface StartedDevice {
  readonly device: GPUDevice;
  readonly adapter: string;
}

const noAdapter = backendError(
  'expected a GPU, got no adapter: in a browser turn on hardware acceleration and WebGPU, in Node install the driver and the ' +
    'Vulkan loader, or use another backend',
);

const refused = (reason: unknown): BackendError =>
  backendError(
    `expected a GPU that can be used, got ${String(reason)}: close what else uses it, update the driver (or the browser), or use another backend`,
  );

/** What an adapter is called: by its driver, or by who made it. */
const nameOf = ({ info }: Adapter): string =>
  [info.description, info.device, [info.vendor, info.architecture].join(' ').trim()].find((name) => name !== '') ??
  'unnamed adapter';

const checkLimits = (adapter: Adapter): Either<BackendError, Adapter> => {
  const small = neededLimits.find((limit) => adapter.limits[limit] < needed[limit]);
  return small === undefined
    ? E.right(adapter)
    : E.left(
        backendError(
          `expected a GPU with ${small} of ${needed[small]} or more, got ${adapter.limits[small]} of ${nameOf(adapter)}: ` +
            'use another GPU, or another backend',
        ),
      );
};

/**
 * Buffers as large as the adapter has them, so that a batch needs few portions, but no larger than 2^31 bytes, beyond which
 * drivers begin to differ. All other limits are those that every adapter has.
 */
const mostBytes = 2 ** 31 - 256;

const descriptorFor = ({ limits }: Adapter): GPUDeviceDescriptor => ({
  requiredLimits: {
    maxBufferSize: Math.min(mostBytes, limits.maxBufferSize),
    maxStorageBufferBindingSize: Math.min(mostBytes, limits.maxStorageBufferBindingSize),
  },
});

/** A device of the first adapter that is offered. */
export const startDevice = (adapters: Adapters): TaskEither<BackendError, StartedDevice> =>
  pipe(
    TE.tryCatch(async () => adapters.requestAdapter(), refused),
    TE.chain((adapter) => (adapter === null ? TE.left(noAdapter) : TE.fromEither(checkLimits(adapter)))),
    TE.chain((adapter) =>
      pipe(
        TE.tryCatch(async () => adapter.requestDevice(descriptorFor(adapter)), refused),
        TE.map((device) => ({ device, adapter: nameOf(adapter) })),
      ),
    ),
  );
