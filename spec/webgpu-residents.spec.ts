/** Trainings on a GPU: what they ask of the device, how they end when it is lost, and why there may be none. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it, vi } from 'vitest';

import type { Adapter } from '../src/backend/webgpu/adapter.ts';
import { backendOn, webgpuBackend } from '../src/backend/webgpu/webgpu.ts';
import { constant, inputField, record, scale } from '../src/program/expression.ts';
import { gpu, hasNoAdapter } from './gpu.ts';
import { verify } from './law.ts';
import { changedDevice, counting, lostAndResumed, stepsAskForLittle, type Counts } from './laws/webgpu-residents.ts';
import { messageOf, right } from './right.ts';

/** A software adapter compiles each kernel for the processor. */
vi.setConfig({ testTimeout: 300_000 });

const limits = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16_384,
  maxStorageBuffersPerShaderStage: 8,
};

const doubled = record({ y: scale(constant(2))(inputField('x', 1, 1)) });

/** A device on which a buffer of more than 64 kB is none, as where memory has run out: it looks like any other. */
const withoutLargeBuffers = (device: GPUDevice): GPUDevice =>
  changedDevice(device, {
    createBuffer: (descriptor: GPUBufferDescriptor) =>
      device.createBuffer(descriptor.size > 65_536 ? { ...descriptor, usage: 0 } : descriptor),
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
    expect(messageOf(await startedOn({}))).toContain('got RangeError: no memory: update its driver');
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
  const growing = new Array<Counts>();

  verify(
    stepsAskForLittle,
    { backend, counts },
    {
      'each time that it is asked, one buffer more': {
        backend,
        counts: () => {
          growing.push(counts());
          return { ...counts(), buffers: counts().buffers + growing.length };
        },
      },
    },
  );

  it('goes on with less after memory ran out', async () => {
    const roomy = await gpu.requestAdapter();
    const whole = await roomy?.requestDevice();
    expect(whole).toBeDefined();
    if (whole !== undefined) {
      const { run } = right(await backendOn(gpu, withoutLargeBuffers(whole)).compile(doubled)());
      const of = async (samples: number) =>
        run({ parameters: {}, inputs: { x: new Float64Array(samples).fill(3) }, latticeSize: 1, batch: samples })();
      expect(E.isLeft(await of(40_000))).toBe(true);
      expect(right(await of(2))['y']).toEqual(Float64Array.of(6, 6));
    }
  });

  it('says in the middle of a training that its device was lost, and another goes on from the last state to the same bits', async () => {
    const other = await gpu.requestAdapter();
    const losing = await other?.requestDevice();
    expect(losing).toBeDefined();
    if (losing !== undefined) {
      const { said, isSame } = await lostAndResumed(
        {
          lost: backendOn(gpu, losing),
          lose: async () => {
            losing.destroy();
            return losing.lost;
          },
          other: backend,
        },
        5,
      );
      expect(messageOf(said)).toContain('with --resume');
      expect(isSame).toBe(true);
    }
  });

  it('tells what the adapter is called', async () => {
    expect(right(await webgpuBackend(gpu)()).adapter).not.toBe('');
  });
});
