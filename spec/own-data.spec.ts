/** Spins and data that others made: what `energy`, `train` and `evaluate` say of them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { afterAll, describe, expect, it } from 'vitest';

import { sample } from '../src/lattice/sampler.ts';
import { readLabelledNpz, readNpz } from '../src/dataset/data-set-file.ts';
import { customMetaSchema, metaSchema } from '../src/dataset/meta.ts';
import { withModerateLabels } from '../src/dataset/moderate-size.ts';
import { batchAdvice, shapeAdvice } from '../src/dataset/spin-kind.ts';
import { dataError } from '../src/file/data-error.ts';
import { writeNpyText } from '../src/file/npy.ts';
import { zip } from '../src/file/zip.ts';
import { captured } from './captured.ts';
import { verify } from './law.ts';
import { acceptedLabelsHaveUnits, ownDataAreReadAsTheyAre, sitesOnOneAxisAreAdvised } from './laws/own-data.ts';
import { npyOf } from './written.ts';

verify(ownDataAreReadAsTheyAre, readLabelledNpz, {
  'metadata of our own are asked for': (bytes) => readNpz(bytes),
  'forces are forgotten': (bytes) =>
    pipe(
      readLabelledNpz(bytes),
      E.map((data) => ({ ...data, forces: O.none })),
    ),
  'parameters are forgotten': (bytes) =>
    pipe(
      readLabelledNpz(bytes),
      E.map((data) => ({ ...data, meta: { system: 'custom', parameters: {} } })),
    ),
  'spins are read backwards': (bytes) =>
    pipe(
      readLabelledNpz(bytes),
      E.map((data) => ({ ...data, spins: data.spins.map((_, i, { length }) => data.spins[length - 1 - i] ?? NaN) })),
    ),
});

verify(sitesOnOneAxisAreAdvised, batchAdvice, {
  'the advice for one configuration': shapeAdvice,
  'any last axis holds vectors': (shape) => batchAdvice([shape[0] ?? 0, shape[1] ?? 0, 3]),
  'any number of sites fills a lattice': (shape) => batchAdvice([shape[0] ?? 0, 4, 3]),
});

verify(acceptedLabelsHaveUnits, withModerateLabels, {
  'all are taken': E.right,
  'whatever is finite when it is squared': (data) =>
    Number.isFinite(Math.max(...data.energies) ** 2) ? E.right(data) : withModerateLabels(data),
  'large ones are refused, small ones not': (data) =>
    Math.max(...data.energies) < 1 ? E.right(data) : withModerateLabels(data),
  'nothing beyond single precision': (data) =>
    Math.max(...data.energies) > 1e38
      ? E.left(dataError('expected smaller, got larger: other units too'))
      : withModerateLabels(data),
});

const folder = await mkdtemp(join(tmpdir(), 'efnn-own-data-'));

afterAll(() => rm(folder, { recursive: true }));

const efnn = (args: string) => captured(args.replaceAll('@', `${folder}/`).split(' '));

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
    'seen.npz': dataOf(
      rowsFirst,
      unit.map((x) => -x),
    ),
    'long.npz': dataOf(rowsFirst, long),
    'last.npz': dataOf(rowsLast, componentsLast),
  }).map(([name, content]) => writeFile(join(folder, name), content)),
);

const trained = await efnn(`train ${network} --epochs 1 --data @seen.npz --out @model.st`);

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

const array32 = (shape: readonly number[], values: readonly number[]): Uint8Array =>
  npyOf({ dtype: 'float32', shape, values: Float64Array.from(values) });

const energies = [1, -2, 3, -4, 5];

/** Without `meta`, as a few lines of numpy leave it. */
const savez = (spins: Uint8Array, others: Readonly<Record<string, Uint8Array>> = {}): Uint8Array =>
  zip({ 'spins.npy': spins, 'energies.npy': array([5], energies), ...others });

const rowsOfNumbers = Array.from({ length: 20 }, (_, i) => ((7 * i) % 5) / 2 - 1);

const withMeta = (meta: unknown): Uint8Array =>
  savez(array(rowsFirst, unit), { 'meta.npy': writeNpyText(JSON.stringify(meta)) });

const lattices = `train ${network} --epochs 1 --overwrite --out @own.st`;

const dense =
  'train --model efnn --layers 1 --neurons 2 --backend reference --threads 1 --epochs 1 --overwrite --out @own.st';

describe('energies of no moderate size', () => {
  it.each([1e300, 1e-200])('are refused with the file, before a network is made: %s', async (size) => {
    const great = array(
      [5],
      energies.map((x) => x * size),
    );
    await writeFile(join(folder, 'great.npz'), zip({ 'spins.npy': array(rowsFirst, unit), 'energies.npy': great }));
    for (const [option, command] of [
      ['--data', `train ${network} --epochs 1 --out @great.st --data @great.npz`],
      ['--validation', `train ${network} --epochs 1 --out @great.st --data @unit.npz --validation @great.npz`],
      ['--data', 'evaluate --model @model.st --backend reference --data @great.npz'],
    ] as const) {
      const { code, stderr } = await efnn(command);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^efnn: [^\n]+: write [^\n]+ units [^\n]+\n$/)]);
      expect(stderr).toContain(`${option}: '${join(folder, 'great.npz')}': expected energies`);
    }
  });
});

describe('data of another origin', () => {
  it.each([
    ['vectors', lattices, savez(array(rowsFirst, unit))],
    ['vectors with a pair head', `${lattices} --pair-head`, savez(array(rowsFirst, unit))],
    [
      'float32, with forces and couplings',
      `${lattices} --forces`,
      zip({
        'spins.npy': array32(rowsFirst, unit),
        'energies.npy': array32([5], energies),
        'forces.npy': array32(rowsFirst, unit),
        'couplings.npy': array32([2, 2], [1, 2, 3, 4]),
      }),
    ],
    ['with numbers of its own', lattices, withMeta({ system: 'custom', parameters: { J: 2 } })],
    ['continuous numbers', dense, savez(array([5, 4], rowsOfNumbers))],
    [
      'binary numbers',
      dense,
      savez(
        array(
          [5, 4],
          rowsOfNumbers.map((x) => (x > 0 ? 1 : 0)),
        ),
      ),
    ],
  ])('is trained on and evaluated: %s', async (_, command, file) => {
    await writeFile(join(folder, 'own.npz'), file);
    const made = await efnn(`${command} --data @own.npz`);
    expect([made.code, made.stderr]).toEqual([0, '']);
    const { code, stdout } = await efnn('evaluate --model @own.st --data @own.npz --json --backend reference');
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ count: 5 })]);
  });

  it('needs no metadata for the same numbers', async () => {
    await writeFile(join(folder, 'own.npz'), savez(array(rowsFirst, unit)));
    const evaluated = (name: string) =>
      efnn(`evaluate --model @model.st --data @${name}.npz --json --backend reference`);
    const ours = await evaluated('unit');
    expect(await evaluated('own')).toEqual(ours);
    expect(ours.stdout).toContain('"count":5');
  });

  it.each([
    [
      'sites on one axis',
      savez(array([5, size * size, 3], componentsLast)),
      'np.moveaxis(spins.reshape(-1, 4, 4, 3), -1, 1)',
    ],
    ['spins of no shape', savez(array([5, 3, 2, 8], unit)), 'expected spins of shape [B, 3, N, N] or [B, L]'],
    ['an array of another name', savez(array(rowsFirst, unit), { 'E.npy': array([1], [1]) }), "got 'E'"],
    [
      'couplings that are no numbers',
      savez(array(rowsFirst, unit), { 'couplings.npy': writeNpyText('J') }),
      'couplings: ',
    ],
    ['a system that is unknown', withMeta({ system: 'hubbard' }), 'leave meta out'],
    ['parameters that are no numbers', withMeta({ system: 'custom', parameters: { J: 'one' } }), 'parameters.J'],
    ['a promise that is not kept', withMeta({ system: 'heisenberg', parameters: { J: 1 } }), 'sampler'],
    ['keys that nobody reads', withMeta({ system: 'custom', seed: 1 }), 'seed'],
  ])('is refused with a reason: %s', async (_, file, reason) => {
    await writeFile(join(folder, 'own.npz'), file);
    const { code, stderr } = await efnn(`${lattices} --data @own.npz`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
  });

  it('has its arrays and keys documented', async () => {
    const page = await readFile(join(import.meta.dirname, '..', 'src', 'dataset', 'README.md'), 'utf8');
    const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    const keys = Object.keys({ ...customMetaSchema.shape, ...metaSchema.shape });
    expect(named).toEqual(['spins', 'energies', 'forces', 'couplings', 'meta', ...keys]);
  });
});
