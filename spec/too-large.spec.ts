/** What fits into no memory is refused in one line, before any work where it is known before, and never with a stack. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import { afterAll, describe, expect, it } from 'vitest';

import { energyMethods } from '../src/exact/energy-method.ts';
import { withinWorkSpace } from '../src/exact/work-space.ts';
import { publishedDoubleExchange } from '../src/hamiltonian/double-exchange.ts';
import { sample } from '../src/lattice/sampler.ts';
import { captured } from './captured.ts';
import { verify } from './law.ts';
import { whatFitsIsTaken } from './laws/work-space.ts';
import { messageOf } from './right.ts';
import { npyOf } from './written.ts';

verify(whatFitsIsTaken, withinWorkSpace, {
  'all is taken': () => E.right,
  'in bytes': (space) => withinWorkSpace({ ...space, numbers: (size) => 8 * space.numbers(size) }),
  'the refusal names the smallest that is too large': (space) => (lattice) =>
    E.mapLeft((error: { readonly tag: 'WorkSpaceError'; readonly message: string }) => ({
      ...error,
      message: error.message.replace(/\d+$/, (most) => `${Number(most) + 1}`),
    }))(withinWorkSpace(space)(lattice)),
  'the refusal names one that is smaller': (space) => (lattice) =>
    E.mapLeft((error: { readonly tag: 'WorkSpaceError'; readonly message: string }) => ({
      ...error,
      message: error.message.replace(/\d+$/, '3'),
    }))(withinWorkSpace(space)(lattice)),
});

const folder = await mkdtemp(join(tmpdir(), 'efnn-too-large-'));
const inFolder = (name: string): string => join(folder, name);

afterAll(() => rm(folder, { recursive: true }));

await captured(['generate', 'three-spin-binary', '--samples', '9', '--out', inFolder('chain.npz')]);
await captured(['generate', 'heisenberg', '--size', '3', '--samples', '9', '--out', inFolder('lattice.npz')]);
await writeFile(
  inFolder('large.npy'),
  npyOf({ dtype: 'float64', shape: [3, 91, 91], values: sample('sphere')(91, 1, 0).components }),
);

describe('what fits into no memory', () => {
  it.each([
    ['generate double-exchange --samples 1 --size 200', '--size', 'got N = 200: take N of at most 90'],
    ['generate double-exchange --samples 1 --size 88 --forces', '--size', 'got N = 88: take N of at most 87'],
    ['generate double-exchange --samples 1 --size 91 --method poles', '--size', 'the first sample is checked'],
    ['generate double-exchange --samples 1 --size 400 --method poles --forces', '--size', 'got N = 400'],
    ['energy --spins large.npy', '--spins', 'got N = 91: take N of at most 90'],
    ['train --model efnn --layers 2 --neurons 100000 --data chain.npz', '--neurons', 'got 50005300000'],
    ['train --model dnn --layers 100 --neurons 100000 --data chain.npz', '--neurons', '--layers'],
    ['train --model efnn --layers 100 --channels 10000 --kernel 99 --data lattice.npz', '--channels', '--kernel'],
  ])('%s is a usage error that names the option', async (words, option, part) => {
    const args = words.split(' ').map((word) => (word.includes('.np') ? inFolder(word) : word));
    const out = words.startsWith('energy') ? [] : ['--out', inFolder('refused')];
    const { code, stdout, stderr } = await captured([...args, ...out]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^efnn: ${option}: expected [^\\n]+ fits into 4 GB, got [^\\n]+\\n$`));
    expect(stderr).toContain(part);
    expect((await readdir(folder)).filter((name) => name.startsWith('refused'))).toEqual([]);
  });

  it.each(['diagonalize', 'poles'] as const)('is an error of the library by %s, before anything is made', (name) => {
    const large = { size: 1000, components: new Float64Array(3 * 1000 * 1000) };
    const { energy, energyAndForces } = energyMethods[name];
    expect(messageOf(energyAndForces(publishedDoubleExchange)(large))).toContain('fits into 4 GB, got N = 1000');
    expect(name === 'poles' || E.isLeft(energy(publishedDoubleExchange)(large))).toBe(true);
  });
});

/** The end of the command line where the main thread, or the one that makes samples, soon comes to this code. */
const endingOf = (code: string, inMainThread = true): Promise<readonly [code: number | null, stderr: string]> =>
  new Promise((resolve) => {
    const late =
      "import { isMainThread } from 'node:worker_threads';" +
      // The command line listens for what nobody catches from its start on, which a busy machine delays.
      "const begun = () => !isMainThread || process.listenerCount('uncaughtException') > 0;" +
      `const go = () => { if (begun()) { ${code} } else { setTimeout(go, 20); } };` +
      `if (isMainThread === ${inMainThread}) setTimeout(go, 100);`;
    const program = join(import.meta.dirname, '..', 'scripts', 'efnn.mjs');
    const imported = `data:text/javascript,${encodeURIComponent(late)}`;
    // Samples for some seconds.
    const args = ['--import', imported, program, 'generate', 'double-exchange', '--size', '9', '--samples', '1000'];
    const child = spawn(process.execPath, [...args, '--threads', '1', '--overwrite', '--out', inFolder('ended.npz')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const texts = new Array<string>();
    child.stderr.on('data', (text: Buffer) => texts.push(text.toString()));
    child.on('close', (by) => {
      resolve([by, texts.join('')]);
    });
  });

describe('an engine that has no memory', () => {
  it.each([
    'new Float64Array(2 ** 53)',
    'new Float64Array(2 ** 38)',
    'new ArrayBuffer(2 ** 45)',
    'new SharedArrayBuffer(2 ** 45)',
    'new Array(2 ** 32)',
    'Array.from({ length: 2 ** 32 })',
    'new WebAssembly.Memory({ initial: 70000 })',
    'new WebAssembly.Memory({ initial: 1, maximum: 65536 }).grow(65536)',
    "'a'.repeat(2 ** 30)",
    'Buffer.alloc(2 ** 45)',
    "throw Object.assign(new Error('Worker terminated'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })",
  ])('says so in one line after %s', async (code) => {
    const [by, stderr] = await endingOf(code);
    expect([by, stderr]).toEqual([1, expect.stringMatching(/^efnn: expected memory [^\n]+, got too little [^\n]+\n$/)]);
  });

  it.each(['new Float64Array(2 ** 53)', 'new Float64Array(2 ** 45)', 'new WebAssembly.Memory({ initial: 70000 })'])(
    'ends the run in one line where a thread comes to %s',
    async (code) => {
      const [by, stderr] = await endingOf(code, false);
      expect([by, stderr]).toEqual([
        1,
        expect.stringMatching(/^efnn: a thread failed \([^\n]+\): if it lacked memory[^\n]+\n$/),
      ]);
    },
  );

  it.each(['(function f() { f(); f(); })()', 'new Float64Array(-1)', "throw new RangeError('of another kind')"])(
    'is not blamed for a bug, which keeps its stack: %s',
    async (code) => {
      const [by, stderr] = await endingOf(code);
      expect([by, stderr]).toEqual([1, expect.stringMatching(/^RangeError: [^\n]+\n {4}at /m)]);
    },
  );
});
