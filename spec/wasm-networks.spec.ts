/** The wasm backend as it is used: networks of awkward shapes and their training, fused arithmetic, several threads. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import type { Backend } from '../src/backend/backend.ts';
import { cutsOf } from '../src/backend/wasm/chunks.ts';
import { fewerOperations } from '../src/backend/wasm/correlation-work.ts';
import { hasFused } from '../src/assembler/engine.ts';
import { asOneGroup, groupsOf } from '../src/backend/wasm/groups.ts';
import type { Correlations } from '../src/backend/wasm/setting.ts';
import { alone, teamOf } from '../src/backend/wasm/team.ts';
import { backendOn, wasmBackend } from '../src/backend/wasm/wasm.ts';
import { inputField, multiply, record, total } from '../src/program/expression.ts';
import { programOf, valuesOf, type NetworkRun } from './arbitraries/network-runs.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import { tenStepsAgree } from './laws/ten-steps.ts';
import {
  cutsCoverBatches,
  groupsCoverChunks,
  groupsOfOneChunkBecomeOne,
  networksAgree,
  sumsOfThreadsAgree,
  tanhIsGood,
  threadsAgree,
  widthsAgree,
} from './laws/wasm.ts';
import { averages, firstIsOff, halfPrecisionTanh, zeroPadding } from './mutants/backends.ts';
import { frozen } from './mutants/residents.ts';
import { right } from './right.ts';

const mutants = {
  'zero padding, not periodic': zeroPadding,
  'kernels and biases are averaged': averages,
  'tanh is rounded to half precision': halfPrecisionTanh,
};
const separate = backendOn(alone, 'separate', 'direct');

verify(networksAgree(2e7, 60, 'direct'), separate, mutants);

verify(tenStepsAgree, separate, {
  'zero padding, not periodic': zeroPadding,
  'tanh is rounded to half precision': halfPrecisionTanh,
  'steps change nothing': frozen,
});

describe.skipIf(!hasFused())('with fused multiply-add (skipped where the engine has none)', () => {
  const fused = backendOn(alone, 'fused', 'direct');
  verify(networksAgree(1e7, 40, 'direct'), fused, mutants);
  verify(networksAgree(1e7, 25, 'spectral'), backendOn(alone, 'fused', 'spectral'), mutants);
  verify(tanhIsGood, fused, { 'half precision': halfPrecisionTanh });
});

verify(networksAgree(1e7, 25, 'spectral'), backendOn(alone, 'separate', 'spectral'), mutants);

const onThreads = (threads: number, correlations: Correlations = 'direct'): Backend =>
  backendOn(teamOf(threads), 'separate', correlations);

describe.each(['direct', 'spectral'] as const)('correlations that are %s', (correlations) => {
  const one = onThreads(1, correlations);
  verify(threadsAgree(1e7, 15), [one, onThreads(2, correlations), onThreads(3, correlations)], {
    'one of them computes the first sample otherwise': [one, firstIsOff],
  });
});

describe.each([
  ['direct', 'separate'],
  ['direct', 'fused'],
  ['spectral', 'separate'],
  ['spectral', 'fused'],
] as const)('vectors of correlations that are %s, %s', (correlations, arithmetic) => {
  const [narrow, wide] = [
    backendOn(alone, arithmetic, correlations, 128),
    backendOn(alone, arithmetic, correlations, 256),
  ];
  describe.skipIf(arithmetic === 'fused' && !hasFused())('as wide as the engine may pack', () => {
    verify(widthsAgree(1e7, 20), [narrow, wide], {
      'one of them computes the first sample otherwise': [narrow, firstIsOff],
    });
    verify(tanhIsGood, wide, { 'half precision': halfPrecisionTanh });
  });
});

verify(cutsCoverBatches, cutsOf, {
  'the rest is left out': (...batch) => cutsOf(...batch).slice(0, 1),
  'the rest is padded to a whole chunk': (...batch) =>
    cutsOf(...batch).map(({ chunks }, _, cuts) => ({ samples: cuts[0]?.samples ?? 1, chunks })),
});
verify(groupsCoverChunks, groupsOf, {
  'what does not divide is left out': (chunks, mostGroups) => {
    const size = Math.floor(chunks / mostGroups);
    return Array.from({ length: mostGroups }, (_, index) => ({ index, first: index * size, chunks: size }));
  },
});

verify(groupsOfOneChunkBecomeOne, asOneGroup, {
  'all become one': (groups) => [{ index: 0, first: 0, chunks: groups.reduce((sum, { chunks }) => sum + chunks, 0) }],
  'none do': (groups) => groups,
});

verify(sumsOfThreadsAgree, [onThreads(1), onThreads(2), onThreads(3)], {
  'one of them computes the first sample otherwise': [onThreads(1), firstIsOff],
});

describe('the way that takes fewer operations', () => {
  /** The gradient of a loss of the paper's network. */
  const shapeOf = (channels: number, kernel: number): NetworkRun => ({
    architecture: 'efnn',
    purpose: 'energy gradient',
    latticeSize: 6,
    batch: 40,
    channels,
    kernel,
    layers: 3,
    seed: 1,
  });
  const training = (channels: number, kernel: number) => programOf(shapeOf(channels, kernel));

  it.each([
    { why: 'the lattices of the paper, many samples', channels: 1, kernel: 5, size: 10, batch: 1000, way: 'spectral' },
    { why: 'more channels', channels: 9, kernel: 5, size: 10, batch: 1000, way: 'spectral' },
    { why: 'lines of three factors', channels: 3, kernel: 5, size: 12, batch: 20, way: 'spectral' },
    { why: 'one tap is one product', channels: 3, kernel: 1, size: 10, batch: 1000, way: 'direct' },
    { why: 'one sample fills a quarter of a vector', channels: 3, kernel: 5, size: 40, batch: 1, way: 'direct' },
    { why: 'planes that leave the cache', channels: 1, kernel: 5, size: 25, batch: 1000, way: 'direct' },
    { why: 'which many channels outweigh', channels: 9, kernel: 5, size: 40, batch: 1000, way: 'spectral' },
    { why: 'lines of a large prime', channels: 9, kernel: 5, size: 37, batch: 1000, way: 'direct' },
  ])('is $way for $channels channels, kernels of $kernel, $batch samples of $size: $why', (row) => {
    expect(fewerOperations(training(row.channels, row.kernel))(row.size, row.batch)).toBe(row.way);
  });

  it('is what the backend takes if it is not told', async () => {
    const [program, { latticeSize, batch }] = [training(3, 3), shapeOf(3, 3)];
    const given = {
      parameters: valuesOf('parameter', program, shapeOf(3, 3), 1),
      inputs: valuesOf('input', program, shapeOf(3, 3), batch),
      latticeSize,
      batch,
    };
    const [chosen, spectral] = await Promise.all(
      [undefined, 'spectral' as const].map(async (correlations) => {
        const options = { threads: 1, fused: false, ...(correlations === undefined ? {} : { correlations }) };
        const executable = right(await right(await wasmBackend(options)()).compile(program)());
        return right(await executable.run(given)());
      }),
    );
    expect(fewerOperations(program)(latticeSize, batch)).toBe('spectral');
    expect(chosen).toEqual(spectral);
  });
});

const x = inputField('x', 1, 1);
const squares = typed(record({ y: total(multiply(x, x)) }));
const ones = (samples: number, N: number) => ({
  parameters: {},
  inputs: { x: new Float64Array(samples * N * N).fill(1) },
  latticeSize: N,
  batch: samples,
});

describe('a batch that is staged in portions', () => {
  it('returns every sample: the squares of 40 x 40 ones sum to 1600', async () => {
    const samples = 3000;
    const executable = right(await separate.compile(squares)());
    const result = right(await executable.run(ones(samples, 40))());
    expect(result).toEqual({ y: new Float64Array(samples).fill(1600) });
  });
});

describe('runs that are started together', () => {
  it('do not meet in memory', async () => {
    const executable = right(await separate.compile(squares)());
    const runs = [2, 3, 4, 2].map((N) => executable.run(ones(5, N))());
    const results = await Promise.all(runs);
    expect(results.map((result) => right(result)['y']?.[4])).toEqual([4, 9, 16, 4]);
  });
});

describe('fused arithmetic', () => {
  it('is refused where it is demanded and there is none, and found where it is allowed', async () => {
    const [demanded, allowed] = await Promise.all([
      wasmBackend({ threads: 1, fused: true })(),
      wasmBackend({ threads: 1, fused: 'where available' })(),
    ]);
    expect([E.isRight(demanded), E.isRight(allowed)]).toEqual([hasFused(), true]);
  });
});
