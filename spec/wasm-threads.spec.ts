/** Threads of the wasm backend that die, or are told what they were not asked: scripts of Node's alone. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import { cutsOf } from '../src/backend/wasm/chunks.ts';
import { teamOf } from '../src/backend/wasm/team.ts';
import { backendOn } from '../src/backend/wasm/wasm.ts';
import { inputField, multiply, record, total } from '../src/program/expression.ts';
import { typed } from './arbitraries/program.ts';
import { messageOf, right } from './right.ts';

const x = inputField('x', 1, 1);
const squares = typed(record({ y: total(multiply(x, x)) }));
const ones = (samples: number, N: number) => ({
  parameters: {},
  inputs: { x: new Float64Array(samples * N * N).fill(1) },
  latticeSize: N,
  batch: samples,
});

describe('a thread that dies', () => {
  it.each(['leaving', 'failing'])('is an error, never a hang: %s', async (kind) => {
    const script = new URL(`workers/${kind}.worker.mjs`, import.meta.url);
    const executable = right(await backendOn(teamOf(2, script), 'separate', 'direct').compile(squares)());
    const first = await executable.run(ones(1000, 3))();
    const second = await executable.run(ones(1000, 3))();
    expect([first, second].map(E.isLeft)).toEqual([true, true]);
    expect(messageOf(first)).toContain('a thread ended before its work was done');
  });
});

describe('a run that is cut in chunks of two sizes', () => {
  it('tells each thread once', async () => {
    const [batch, size] = [1000, 4];
    const script = new URL('workers/told-once.worker.mjs', import.meta.url);
    const executable = right(await backendOn(teamOf(2, script), 'separate', 'direct').compile(squares)());
    expect(cutsOf(size, batch, 'direct')).toHaveLength(2);
    expect(await executable.run(ones(batch, size))()).toEqual(
      E.right({ y: new Float64Array(batch).fill(size * size) }),
    );
  });
});
