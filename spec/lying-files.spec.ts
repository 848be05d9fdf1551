/** Files that promise more than they hold, made here because they are large or absurd: each is refused in one line, at once. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, crc32, deflateRawSync } from 'node:zlib';

import { afterAll, describe, expect, it } from 'vitest';

import { sha256 } from '../scripts/sha256.ts';
import { readLabelledNpz } from '../src/dataset/data-set-file.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { generate } from '../src/dataset/source.ts';
import { arrayIn, openNpz } from '../src/file/npz.ts';
import { manifestOf, showManifest, type DataSetManifest } from '../src/provenance/manifest.ts';
import { manifestSuffix } from '../src/provenance/verification.ts';
import { captured } from './captured.ts';
import { messageOf, right } from './right.ts';
import { npyOf, npzOf } from './written.ts';

/** A member as its archive describes it: packed bytes, and what they unpack to. */
interface Member {
  readonly name: string;
  readonly packed: Uint8Array;
  readonly size: number;
  readonly crc: number;
  readonly isDeflated: boolean;
}

const stored = (name: string, content: Uint8Array): Member => ({
  name,
  packed: content,
  size: content.length,
  crc: crc32(content),
  isDeflated: false,
});

/** The fields that a local header and an entry of the directory share, by the format's specification (APPNOTE 4.3.7). */
const common = ({ name, packed, size, crc, isDeflated }: Member): Buffer => {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(isDeflated ? 8 : 0, 4);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  return fields;
};

const local = (member: Member): Buffer =>
  Buffer.concat([Buffer.from('PK\x03\x04'), common(member), Buffer.from(member.name), member.packed]);

const listed = (member: Member, offset: number): Buffer => {
  const [start, end] = [Buffer.from('PK\x01\x02\x14\0', 'latin1'), Buffer.alloc(14)];
  end.writeUInt32LE(offset, 10);
  return Buffer.concat([start, common(member), end, Buffer.from(member.name)]);
};

/** An archive of these members, whose directory also lists names that point at the first of them. */
const archive = (members: readonly Member[], alsoListed: readonly string[] = []): Uint8Array => {
  const locals = members.map(local);
  const starts = locals.map((_, i) => locals.slice(0, i).reduce((sum, { length }) => sum + length, 0));
  const [first] = members;
  const directory = Buffer.concat([
    ...members.map((member, i) => listed(member, starts[i] ?? 0)),
    ...alsoListed.flatMap((name) => (first === undefined ? [] : [listed({ ...first, name }, 0)])),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length + alsoListed.length, 8);
  end.writeUInt16LE(members.length + alsoListed.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(
    locals.reduce((sum, { length }) => sum + length, 0),
    16,
  );
  return new Uint8Array(Buffer.concat([...locals, directory, end]));
};

/** Many copies of one piece, packed piece by piece: none of them refers to another, so they are packed once. */
const repeated = (piece: Uint8Array, times: number): Uint8Array => {
  const packed = deflateRawSync(piece, { finishFlush: constants.Z_SYNC_FLUSH });
  return Buffer.concat([...Array.from({ length: times }, () => packed), Buffer.from([3, 0])]);
};

const spins = npyOf({ dtype: 'float64', shape: [2, 4], values: Float64Array.of(1, -1, 1, 1, -1, -1, 1, 1) });

const energies = npyOf({ dtype: 'float64', shape: [2], values: Float64Array.of(-1, 0.5) });

const honest = [stored('spins.npy', spins), stored('energies.npy', energies)];

/** One GiB of zeros, which nobody unpacks: their checksum does not matter. */
const bomb = (): Uint8Array =>
  archive([
    {
      name: 'spins.npy',
      packed: repeated(new Uint8Array(2 ** 24), 64),
      size: 2 ** 30,
      crc: 0,
      isDeflated: true,
    },
    stored('energies.npy', energies),
  ]);

/** A text of 16 million characters, four bytes each. */
const longMeta = (): Uint8Array => {
  const header = `{'descr': '<U16000000', 'fortran_order': False, 'shape': (), }`.padEnd(117);
  const start = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\0', 'latin1'),
    Buffer.from([118, 0]),
    Buffer.from(`${header}\n`),
  ]);
  const content = Buffer.concat([start, Buffer.alloc(64e6, Buffer.from('x\0\0\0'))]);
  const packed = deflateRawSync(content);
  return archive([
    ...honest,
    { name: 'meta.npy', packed, size: content.length, crc: crc32(content), isDeflated: true },
  ]);
};

const archives = {
  'one GiB in one MB': bomb,
  'a name of 60,000 characters': () => archive([...honest, stored('x'.repeat(60_000), spins)]),
  'a text of 16 million characters': longMeta,
  '5,000 names for one member': () =>
    archive(
      honest,
      Array.from({ length: 5000 }, (_, i) => `${i}`),
    ),
};

describe('an archive', () => {
  it('with 5,000 members of their own is opened, and each is read', () => {
    const names = Array.from({ length: 5000 }, (_, i) => `${i}`);
    const npz = right(openNpz(archive([...honest, ...names.map((name) => stored(name, spins))])));
    expect(npz.names.length).toBe(5002);
    expect(names.every((name) => right(arrayIn(npz)(name)).values.length === 8)).toBe(true);
  });

  it('as it is made here is read where it is honest', () => {
    expect(right(readLabelledNpz(archive(honest))).energies).toEqual(Float64Array.of(-1, 0.5));
  });

  it.each([
    ['one GiB in one MB', '1073741824 bytes packed into'],
    ['a name of 60,000 characters', "'xxxx"],
    ['a text of 16 million characters', 'at most 4194304 bytes, got 64000128'],
    ['5,000 names for one member', 'other names than its members'],
  ] as const)('with %s is refused for what it is, with little memory', (name, reason) => {
    const bytes = archives[name]();
    const before = process.resourceUsage().maxRSS;
    const message = messageOf(readLabelledNpz(bytes));
    // In KiB: the most that this process ever had.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(2 ** 18);
    expect(message).toContain(reason);
    expect(message).toMatch(/^[^\p{Cc}]{1,600}$/u);
  });
});

const folder = await mkdtemp(join(tmpdir(), 'efnn-lying-'));

afterAll(() => rm(folder, { recursive: true }));

const recipe = right(recipeOf({ system: 'double-exchange', size: 3, seed: 1, forces: true }));

const data = npzOf(right(generate(recipe)({ first: 0, count: 2 })));

/** A sealed manifest of the two samples, which says something else of them. */
const manifestWith = (change: (honest: DataSetManifest) => DataSetManifest): string => {
  const part = { shard: { i: 1, n: 1 }, samples: 2, rows: { first: 0, count: 2 }, checks: null };
  const manifest = manifestOf(sha256, '0.1.0')({ kind: 'data-set', origin: recipe, part }, data);
  return showManifest(sha256)(manifest.kind === 'data-set' ? change(manifest) : manifest);
};

const ofLattice = (size: number): string =>
  manifestWith((manifest) => ({ ...manifest, origin: { ...recipe, sampleShape: [3, size, size] } }));

const deep = (): string => {
  const [open, close] = ['[', ']'].map((bracket) => bracket.repeat(20_000));
  return `{"format":"efnn-manifest/1","bytes":2,"kind":"result","configuration":{"a":${open ?? ''}${close ?? ''}}}\n`;
};

describe('verify', () => {
  it.each([
    ['lists in lists, 20,000 deep', deep(), 'damaged manifest: x.npz.manifest.json'],
    ['a lattice of 1000 x 1000 sites', ofLattice(1000), 'wrong content: x.npz'],
    ['a lattice of 10^9 x 10^9 sites', ofLattice(1e9), 'wrong content: x.npz'],
    [
      '2^52 rows in this file',
      manifestWith((manifest) => ({
        ...manifest,
        part: { ...manifest.part, samples: 2 ** 52, rows: { first: 0, count: 2 ** 52 } },
      })),
      'wrong content: x.npz',
    ],
    [
      'shard 1 of 2^52',
      manifestWith((manifest) => ({
        ...manifest,
        part: { ...manifest.part, samples: 2 ** 52, shard: { i: 1, n: 2 ** 52 } },
      })),
      'missing rows: x.npz',
    ],
    ['what is there', manifestWith((manifest) => manifest), null],
  ])('finds in one line what is wrong with a manifest of %s', async (_, manifest, finding) => {
    await writeFile(join(folder, 'x.npz'), data);
    await writeFile(join(folder, `x.npz${manifestSuffix}`), manifest);
    const { code, stdout } = await captured(['verify', folder]);
    const found = stdout.split('\n').slice(0, -2);
    expect([code, found.map((line) => line.split(': ').slice(0, 2).join(': '))]).toEqual(
      finding === null ? [0, []] : [1, [finding]],
    );
  });
});
