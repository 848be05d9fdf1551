/** Spins and data that others made: what `energy`, `train` and `evaluate` say of them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { energyCommand } from '../scripts/commands/energy.ts';
import { evaluateCommand } from '../scripts/commands/evaluate.ts';
import { generateCommand } from '../scripts/commands/generate.ts';
import { trainCommand } from '../scripts/commands/train.ts';
import { sample } from '../src/lattice/sampler.ts';
import { writeNpyText } from '../src/file/npy.ts';
import { zip } from '../src/file/zip.ts';
import { captured } from './captured.ts';
import { npyOf } from './written.ts';

const folder = await mkdtemp(join(tmpdir(), 'efnn-own-data-'));

afterAll(() => rm(folder, { recursive: true }));

const efnn = (args: string) =>
  captured(
    [energyCommand(), generateCommand(), trainCommand(), evaluateCommand()],
    args.replaceAll('@', `${folder}/`).split(' '),
  );

const array = (shape: readonly number[], values: readonly number[]): Uint8Array =>
  npyOf({ dtype: 'float64', shape, values: Float64Array.from(values) });

const size = 4;

const samples = Array.from({ length: 5 }, (_, b) => [...sample('sphere')(size, 1, b).components]);

const unit = samples.flat();

/** Components last, [B, N, N, 3], as many programs keep them. */
const componentsLast = samples.flatMap((spins) =>
  Array.from({ length: size * size }, (_, site) => [0, 1, 2].map((k) => spins[k * size * size + site] ?? NaN)).flat(),
);

const long = unit.map((x) => 1.01 * x);

const meta = JSON.stringify({
  ...{ system: 'heisenberg', parameters: { J: 1 }, sampler: 'sphere', seed: 1, firstIndex: 0 },
  ...{ method: 'formula', version: '1' },
});

const dataOf = (shape: readonly number[], spins: readonly number[]): Uint8Array =>
  zip({
    'spins.npy': array(shape, spins),
    'energies.npy': array([5], [1, -2, 3, -4, 5]),
    'meta.npy': writeNpyText(meta),
  });

const rowsFirst = [5, 3, size, size];

const rowsLast = [5, size, size, 3];

const network = '--model efnn --layers 1 --channels 1 --kernel 3 --backend reference --threads 1';

await Promise.all(
  Object.entries({
    'unit.npy': array(rowsFirst, unit),
    'long.npy': array(rowsFirst, long),
    'last.npy': array(rowsLast, componentsLast),
    'unit.npz': dataOf(rowsFirst, unit),
    'long.npz': dataOf(rowsFirst, long),
    'last.npz': dataOf(rowsLast, componentsLast),
  }).map(([name, content]) => writeFile(join(folder, name), content)),
);

const trained = await efnn(`train ${network} --epochs 1 --data @unit.npz --out @model.st`);

const commands: readonly (readonly [string, (file: string) => string])[] = [
  ['energy --spins', (file) => `energy --system heisenberg --spins @${file}.npy`],
  ['evaluate --spins', (file) => `evaluate --model @model.st --backend reference --spins @${file}.npy`],
  ['evaluate --data', (file) => `evaluate --model @model.st --backend reference --data @${file}.npz`],
  ['train --data', (file) => `train ${network} --epochs 1 --overwrite --data @${file}.npz --out @other.st`],
];

describe.each(commands)('%s', (_, command) => {
  it('takes unit spins, components first', async () => {
    expect(trained.stderr).toBe('');
    expect(await efnn(command('unit'))).toMatchObject({ code: 0, stderr: '' });
  });

  it('refuses spins that are no unit vectors', async () => {
    const { code, stderr } = await efnn(command('long'));
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/: configuration 0: expected unit spins, .* row 0, column 0 has length 1\.0[01]/),
    ]);
  });

  it('has components that come last transposed, not reshaped', async () => {
    const { code, stderr } = await efnn(command('last'));
    expect([code, stderr]).toEqual([2, expect.stringContaining('`np.moveaxis(spins, -1, 1)`')]);
    expect(stderr).not.toContain('reshape');
  });
});
