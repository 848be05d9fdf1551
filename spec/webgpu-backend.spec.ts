/** The webgpu backend keeps the laws of backends on a real implementation of WebGPU, and says what it cannot do. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it, vi } from 'vitest';

import { reference } from '../src/backend/reference/reference.ts';
import { knowsTheAnswer } from '../src/backend/webgpu/known-answer.ts';
import { backendOn, webgpuBackend } from '../src/backend/webgpu/webgpu.ts';
import { constant, inputField, multiply, record, scale, total } from '../src/program/expression.ts';
import { verifyBackend } from './every-backend.ts';
import { gpu, hasNoAdapter } from './gpu.ts';
import { verify } from './law.ts';
import { float32Precision } from './laws/backend.ts';
import { tenStepsAgree } from './laws/ten-steps.ts';
import { networksAgree, tanhIsGood } from './laws/wasm.ts';
import { averages, clampedTanh, halfPrecisionTanh, unclampedTanh, zeroPadding } from './mutants/backends.ts';
import { frozen } from './mutants/residents.ts';
import { messageOf, right } from './right.ts';

/** A software adapter compiles each kernel for the processor. */
vi.setConfig({ testTimeout: 300_000 });

const x = inputField('x', 1, 1);
const squares = record({ y: total(multiply(x, x)) });
const ones = (samples: number, N: number) => ({
  parameters: {},
  inputs: { x: new Float64Array(samples * N * N).fill(1) },
  latticeSize: N,
  batch: samples,
});

const deviceOf = async (): Promise<GPUDevice> => {
  const adapter = await gpu.requestAdapter();
  if (adapter === null) {
    throw new RangeError('expected an adapter of WebGPU, got none: name a Vulkan driver in VK_ICD_FILENAMES');
  }
  return adapter.requestDevice();
};

describe('a backend that computes wrongly', () => {
  it.each(
    Object.entries({
      'zero padding': zeroPadding,
      'tanh that is not clamped': unclampedTanh,
    }),
  )('does not know the answer: %s', async (_, mutant) => {
    expect(messageOf(await knowsTheAnswer(mutant)())).toContain('expected y = (55, 60, 65, 70)');
  });
  it('is told from one that computes rightly', async () => {
    expect(E.isRight(await knowsTheAnswer(reference)())).toBe(true);
  });
});

describe('a machine without a GPU', () => {
  it('is told so', async () => {
    const none = { requestAdapter: async () => Promise.resolve(null) };
    expect(messageOf(await webgpuBackend(none)())).toContain('got no adapter');
  });
  it('is told so where asking fails', async () => {
    const failing = { requestAdapter: async () => Promise.reject(new RangeError('no driver')) };
    expect(messageOf(await webgpuBackend(failing)())).toContain('no driver');
  });
});

describe.skipIf(hasNoAdapter)('on an adapter (skipped where there is none: see VK_ICD_FILENAMES)', async () => {
  it('has an adapter', async () => {
    expect(await gpu.requestAdapter()).not.toBeNull();
  });
  if (hasNoAdapter) {
    return;
  }
  const webgpu = right(await webgpuBackend(gpu)());

  verifyBackend(
    webgpu,
    float32Precision,
    { 'tanh is rounded to half precision': halfPrecisionTanh },
    webgpu,
    float32Precision,
  );

  verify(tanhIsGood, webgpu, {
    'half precision': halfPrecisionTanh,
    'clamped so that a NaN is lost': clampedTanh,
    'the polynomials go on beyond their range': unclampedTanh,
  });

  const mutants = {
    'zero padding, not periodic': zeroPadding,
    'kernels and biases are averaged': averages,
    'tanh is rounded to half precision': halfPrecisionTanh,
  };
  verify(networksAgree(1e6, 12, 'direct'), webgpu, mutants);

  verify(tenStepsAgree, webgpu, {
    'zero padding, not periodic': zeroPadding,
    'tanh is rounded to half precision': halfPrecisionTanh,
    'steps change nothing': frozen,
  });

  describe('with little memory, so that batches are cut in portions, and few workgroups along an axis', async () => {
    const little = backendOn(gpu, await deviceOf(), { bytes: 2 ** 19, workgroups: 7 });
    verify(networksAgree(2e5, 6, 'direct'), little, mutants);

    it('returns every sample: the squares of 10 x 10 ones sum to 100', async () => {
      const samples = 3000;
      const executable = right(await little.compile(squares)());
      expect(right(await executable.run(ones(samples, 10))())).toEqual({ y: new Float64Array(samples).fill(100) });
    });

    it('refuses a lattice of which not one sample has room', async () => {
      const executable = right(await little.compile(squares)());
      expect(messageOf(await executable.run(ones(1, 400))())).toContain('what one sample needs');
    });
  });

  it('goes on after a refusal, and computes runs that are started together', async () => {
    const executable = right(await webgpu.compile(squares)());
    const runs = [2, 3, 4, 2].map((N) => executable.run(ones(5, N))());
    expect((await Promise.all(runs)).map((result) => right(result)['y']?.[4])).toEqual([4, 9, 16, 4]);
  });

  it('computes more workgroups than one axis of a dispatch has', async () => {
    const samples = 65_536 * 64;
    const executable = right(await webgpu.compile(squares)());
    const { y = new Float64Array(0) } = right(await executable.run(ones(samples, 1))());
    expect([y.length, y.every((each) => each === 1)]).toEqual([samples, true]);
  });

  it('refuses constants that float32 does not have', async () => {
    const compiled = await webgpu.compile(record({ y: scale(constant(1e300))(x) }))();
    expect(messageOf(compiled)).toContain('got 1e+300');
  });

  it('says that a device was lost', async () => {
    const device = await deviceOf();
    const executable = right(await backendOn(gpu, device).compile(squares)());
    right(await executable.run(ones(2, 2))());
    device.destroy();
    await device.lost;
    expect(messageOf(await executable.run(ones(2, 2))())).toContain('one that was lost');
  });
});
