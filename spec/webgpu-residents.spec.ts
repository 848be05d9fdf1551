/** Trainings on a GPU: what they ask of the device, how they end when it is lost, and why there may be none. */
import * as E from 'fp-ts/lib/Either.js';
import { flow, pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it, vi } from 'vitest';

import { backendError, type Backend } from '../src/backend/backend.ts';
import type { Adapter } from '../src/backend/webgpu/adapter.ts';
import { backendOn, webgpuBackend } from '../src/backend/webgpu/webgpu.ts';
import { gpu, hasNoAdapter } from './gpu.ts';
import { verify } from './law.ts';
import {
  changedDevice,
  counting,
  doubled,
  failuresLeaveNothing,
  lostTrainingsGoOn,
  objectionsAreAdvised,
  releasesLeaveNothing,
  stepsAskForLittle,
  type Counts,
  type LosingBackends,
} from './laws/webgpu-residents.ts';
import { messageOf, right } from './right.ts';
import { withResidents } from './with-residents.ts';

/** A software adapter compiles each kernel for the processor. */
vi.setConfig({ testTimeout: 300_000 });

const limits = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16_384,
  maxStorageBuffersPerShaderStage: 8,
};

/** A device on which a buffer of more bytes is none, as where memory has run out: it looks like any other. */
const withBuffersUpTo = (mostBytes: number, device: GPUDevice): GPUDevice =>
  changedDevice(device, {
    createBuffer: (descriptor: GPUBufferDescriptor) =>
      device.createBuffer(descriptor.size > mostBytes ? { ...descriptor, usage: 0 } : descriptor),
  });

const startedOn = async (adapter: Partial<Adapter>) => {
  const info = { vendor: 'acme', architecture: 'toy', device: '', description: '' };
  const requestDevice = async () => Promise.reject(new RangeError('no memory'));
  return webgpuBackend({
    requestAdapter: async () => Promise.resolve({ limits, info, requestDevice, ...adapter }),
  })();
};

describe('an adapter that cannot be used', () => {
  it('is named with the limit that is too small', async () => {
    const message = messageOf(await startedOn({ limits: { ...limits, maxComputeWorkgroupStorageSize: 1024 } }));
    expect(message).toBe(
      'expected a GPU with maxComputeWorkgroupStorageSize of 16384 or more, got 1024 of acme toy: use another GPU, or another backend',
    );
  });
  it('says why it gives no device', async () => {
    expect(messageOf(await startedOn({}))).toContain('got RangeError: no memory: close what else uses it');
  });
});

describe.skipIf(hasNoAdapter)('on an adapter (skipped where there is none: see VK_ICD_FILENAMES)', async () => {
  it('has an adapter', async () => {
    expect(await gpu.requestAdapter()).not.toBeNull();
  });
  const adapter = hasNoAdapter ? null : await gpu.requestAdapter();
  if (adapter === null) {
    return;
  }
  const { device, counts } = counting(await adapter.requestDevice());
  const backend = backendOn(gpu, device);

  /** Counts that grow by one of their numbers more, each time that they are asked for. */
  const growing = (what: keyof Counts, by: number, of = counts): (() => Counts) => {
    const asked = new Array<Counts>();
    return () => {
      asked.push(of());
      return { ...of(), [what]: of()[what] + by * asked.length };
    };
  };

  verify(
    stepsAskForLittle,
    { backend, counts },
    {
      'one buffer more each time': { backend, counts: growing('buffers', 1) },
      'twice as many submissions': { backend, counts: () => ({ ...counts(), submits: 2 * counts().submits }) },
      'each output is read back by itself': {
        backend,
        counts: () => ({ ...counts(), readbacks: 2 * counts().readbacks }),
      },
      'nothing is submitted': { backend, counts: () => ({ ...counts(), submits: 0 }) },
    },
  );

  verify(
    releasesLeaveNothing,
    { backend, counts },
    {
      'the state stays': { backend, counts: growing('destroyed', -1) },
      'nothing is given back': { backend, counts: () => ({ ...counts(), destroyed: 0 }) },
    },
  );

  const another = async (): Promise<GPUDevice> => {
    const found = await gpu.requestAdapter();
    if (found === null) {
      throw new RangeError('expected an adapter, as before');
    }
    return found.requestDevice();
  };

  const narrow = counting(withBuffersUpTo(1024, await another()));
  const onNarrow = backendOn(gpu, narrow.device);

  verify(
    failuresLeaveNothing,
    { backend: onNarrow, counts: narrow.counts },
    {
      'there is memory': { backend, counts },
      'one buffer stays': { backend: onNarrow, counts: growing('destroyed', -1, narrow.counts) },
    },
  );

  const onDevice = (each: GPUDevice): Backend => backendOn(gpu, each);

  /** A backend that says something else of what goes wrong. */
  const saying =
    (change: (message: string) => string) =>
    (each: GPUDevice): Backend => ({
      name: 'webgpu',
      compile: (program) =>
        pipe(
          onDevice(each).compile(program),
          TE.map((executable) => ({
            ...executable,
            run: (given) =>
              pipe(
                executable.run(given),
                TE.mapLeft(({ message }) => backendError(change(message))),
              ),
          })),
        ),
    });

  verify(
    objectionsAreAdvised,
    { device, backendOn: onDevice },
    {
      'smaller batches, whatever it is': {
        device,
        backendOn: saying((message) => `${message.slice(0, message.lastIndexOf(':'))}: use smaller batches`),
      },
      'no reason is given': { device, backendOn: saying((message) => message.replace(/it is [^:]+/, 'an error')) },
      'all advice at once': { device, backendOn: saying((message) => `${message}, update the driver`) },
    },
  );

  it('goes on with less after memory ran out', async () => {
    const { run } = right(await backendOn(gpu, withBuffersUpTo(65_536, await another())).compile(doubled)());
    const of = async (samples: number) =>
      run({ parameters: {}, inputs: { x: new Float64Array(samples).fill(3) }, latticeSize: 1, batch: samples })();
    expect(E.isLeft(await of(40_000))).toBe(true);
    expect(right(await of(2))['y']).toEqual(Float64Array.of(6, 6));
  });

  const losing = async (): Promise<LosingBackends> => {
    const lost = await another();
    return {
      lost: onDevice(lost),
      lose: async () => {
        lost.destroy();
        return lost.lost;
      },
      other: backend,
    };
  };
  const changed = (change: (backends: LosingBackends) => Partial<LosingBackends>) => async () => {
    const backends = await losing();
    return { ...backends, ...change(backends) };
  };

  verify(lostTrainingsGoOn, losing, {
    'no device is lost': changed(() => ({ lose: async () => Promise.resolve() })),
    'the loss is told without advice': changed(({ lost }) => ({
      lost: withResidents(lost, ({ step, write, read, release }) => {
        const without = TE.mapLeft(() => backendError('expected a GPU, got none'));
        return { step: flow(step, without), write: flow(write, without), read: without(read), release };
      }),
    })),
    'the other begins again': changed(({ other }) => ({
      other: withResidents(other, (resident) => ({ ...resident, write: () => TE.right(undefined) })),
    })),
  });

  it('tells what the adapter is called', async () => {
    expect(right(await webgpuBackend(gpu)()).adapter).not.toBe('');
  });
});
