/** The command `export`: what it writes, what it refuses. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import { writeModel } from '../src/network/model-file.ts';
import type { Model } from '../src/network/model.ts';
import { captured } from './captured.ts';
import { denseNetworks, latticeNetworks, weighted } from './arbitraries/networks.ts';
import { modelOf } from './laws/onnx.ts';
import { loadModel } from './onnx-runtime.ts';
import { right } from './right.ts';

const folder = await mkdtemp(join(tmpdir(), 'efnn-export-'));

afterAll(() => rm(folder, { recursive: true }));

const sampled = (networks: typeof latticeNetworks): Model =>
  modelOf(fc.sample(weighted(networks), { numRuns: 1, seed: 1 })[0] ?? expect.fail());

const lattice = sampled(latticeNetworks);
const dense = sampled(denseNetworks);

const at = (name: string): string => join(folder, name);

await writeFile(at('lattice.safetensors'), right(writeModel('float64')(lattice)));
await writeFile(at('dense.safetensors'), right(writeModel('float64')(dense)));
await writeFile(at('text.safetensors'), 'no model');
await writeFile(at('there.onnx'), 'there');

const run = (line: string) => captured(line.split(' ').map((word) => word.replace(/^IN\//, `${folder}/`)));

describe('export', () => {
  it('writes a file that foreign software runs, with the metadata of the model', async () => {
    const { code, stdout } = await run('export --model IN/lattice.safetensors --onnx IN/lattice.onnx --json');
    expect(code).toBe(0);
    const bytes = await readFile(at('lattice.onnx'));
    expect(JSON.parse(stdout)).toMatchObject({ bytes: bytes.length, opset: 17, forces: true });
    const { architecture } = lattice.network;
    const text = bytes.toString('latin1');
    expect(text).toContain('efnn/1');
    expect(text).toContain(`model\u0012${String.fromCharCode(architecture.length)}${architecture}`);
    const model = await loadModel('float32', bytes);
    const { energy, forces } = await model.run({ spins: { shape: [2, 3, 3, 3], numbers: Array<number>(54).fill(1) } });
    expect([energy?.shape, forces?.shape]).toEqual([[2], [2, 3, 3, 3]]);
  });

  it('gives equal bytes for equal models, and others for others', async () => {
    await run('export --model IN/lattice.safetensors --onnx IN/one.onnx');
    await run('export --model IN/lattice.safetensors --onnx IN/two.onnx');
    await run('export --model IN/lattice.safetensors --onnx IN/three.onnx --no-forces --dtype float64');
    const [one, two, three] = await Promise.all(
      ['one.onnx', 'two.onnx', 'three.onnx'].map((name) => readFile(at(name))),
    );
    expect(one).toEqual(two);
    expect(one).not.toEqual(three);
  });

  it('replaces a file where it is told to', async () => {
    await run('export --model IN/dense.safetensors --onnx IN/again.onnx');
    const { code } = await run('export --model IN/lattice.safetensors --onnx IN/again.onnx --size 4 --overwrite');
    expect(code).toBe(0);
    const model = await loadModel('float32', await readFile(at('again.onnx')));
    await expect(model.run({ spins: { shape: [1, 3, 3, 3], numbers: Array<number>(27).fill(1) } })).rejects.toThrow();
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['export --model IN/lattice.safetensors', /--onnx/],
    ['export --onnx IN/x.onnx', /--model/],
    ['export --model IN/missing.safetensors --onnx IN/x.onnx', /--model: expected a file that can be read/],
    ['export --model IN/text.safetensors --onnx IN/x.onnx', /--model: .*expected a safetensors header/],
    ['export --model IN/lattice.safetensors --onnx IN/there.onnx', /--onnx: expected a name that is free.*--overwrite/],
    ['export --model IN/lattice.safetensors --onnx IN/nowhere/x.onnx', /--onnx: expected a file name in a folder/],
    ['export --model IN/lattice.safetensors --onnx IN/x.onnx --size 0', /--size: expected a whole number from 1/],
    ['export --model IN/lattice.safetensors --onnx IN/x.onnx --dtype float16', /--dtype: expected float32 or float64/],
    ['export --model IN/dense.safetensors --onnx IN/x.onnx --size 4', /--size: expected none, got one/],
  ];

  it.each(refused)('refuses %s', async (line, message) => {
    const { code, stdout, stderr } = await run(line);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^efnn: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(await readdir(folder)).not.toContain('x.onnx');
    expect(await readFile(at('there.onnx'), 'utf8')).toBe('there');
  });
});
