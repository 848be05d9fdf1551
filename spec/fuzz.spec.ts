/** Mutated files, and failing files that were met: each is read rightly, or refused with its reason in one line. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import { readNpz } from '../src/dataset/data-set-file.ts';
import { readNpy } from '../src/file/npy.ts';
import { readModel } from '../src/network/model-file.ts';
import { readResult } from '../src/study/result.ts';
import { readCheckpoint } from '../src/training/checkpoint.ts';
import { digest } from './arbitraries/runs.ts';
import { promised, watched } from './fuzz-watch.ts';
import { faultOf, mutated, targets, type Target } from './fuzz.ts';
import { verify, type Law } from './law.ts';
import { chanceOf } from './laws/journal.ts';
import { messageOf, right } from './right.ts';
import { faulty } from './workers/faulty-readers.ts';

type FaultOf = (target: Target, bytes: Uint8Array) => string | null;

const readersSurvive: Law<FaultOf, number> = {
  statement: 'no reader throws on a mutated file, fills the screen, or believes a content that a digest protects',
  cases: fc.integer({ min: 0, max: 2 ** 31 }),
  holds: (fault) => (seed) => {
    const chance = chanceOf(seed);
    return targets.every((target) => fault(target, mutated(target.file, chance)) === null);
  },
  runs: 500,
};

verify(readersSurvive, faultOf, {
  'errors are thrown': (target, bytes) =>
    faultOf({ ...target, read: (all) => E.right(right(target.read(all))) }, bytes),
  'the digest of a manifest is not compared': (target, bytes) =>
    faultOf({ ...target, read: (all) => (target.name === 'manifest' ? E.right(all.length) : target.read(all)) }, bytes),
  'the result of a job is read without its manifest': (target, bytes) =>
    faultOf(target.name === 'result of a job' ? { ...target, read: readResult } : target, bytes),
  'the digest of a trained model is not compared': (target, bytes) =>
    faultOf(target.name === 'trained model' ? { ...target, read: readModel } : target, bytes),
  'the model of a job is read without its manifest': (target, bytes) =>
    faultOf(target.name === 'model of a job' ? { ...target, read: readModel } : target, bytes),
});

const fileOf = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(join(import.meta.dirname, 'cases', name)));

const readAs = (name: string, bytes: Uint8Array): E.Either<{ readonly message: string }, unknown> => {
  const kind: string = name.slice(name.lastIndexOf('.') + 1);
  switch (kind) {
    case 'npz':
      return readNpz(bytes);
    case 'npy':
      return readNpy(bytes);
    case 'checkpoint':
      return readCheckpoint(digest)(bytes);
    default:
      return readModel(bytes);
  }
};

/** What the watch says of one reader, for as much time and memory as this test grants. */
const watchedOne = async (name: string): Promise<string> => {
  const { faults } = await watched(
    new URL('workers/faulty-readers.ts', import.meta.url),
    { seed: 1, first: faulty.indexOf(name), count: 1 },
    {
      milliseconds: name === 'is slow' || name === 'hangs' ? 300 : promised.milliseconds * 10,
      memoryBytes: process.memoryUsage.rss() + 2 ** 29,
    },
  );
  return faults.join('; ');
};

describe('the watch of the fuzzer', () => {
  it.each([
    ['hangs', /^file 1: not read after 300 ms$/],
    ['is slow', /^file 2(, is slow)?: (\d+ ms|not read after 300 ms)$/],
    ['leaks', /^file 3: \d+ MiB of memory$/],
    ['ends the thread', /^file 4: the thread ended with code 3$/],
    ['throws', /^file 5, throws: thrown: RangeError: out of luck$/],
  ])('names the file of a reader that %s', async (name, said) => {
    expect(await watchedOne(name)).toMatch(said);
  });

  it('says nothing of a sound reader, and nothing of those of this program', async () => {
    expect(await watchedOne('is sound')).toBe('');
    const files = { seed: 3, first: 1000, count: 10 * targets.length };
    const { faults, slowestMilliseconds } = await watched(new URL('fuzz.ts', import.meta.url), files, {
      ...promised,
      memoryBytes: process.memoryUsage.rss() + 2 ** 30,
    });
    expect([faults, slowestMilliseconds]).toEqual([[], expect.any(Number)]);
  });
});

describe('files that were met', () => {
  it.each([
    ['channels-1e9.safetensors', 'channels 1000000000'],
    ['layers-100000.safetensors', '100000 layers'],
    ['layers-99999999999999999999.safetensors', 'whole number'],
    ['hugelayers.safetensors', '99999999999 layers'],
    ['energy-scale-empty.safetensors', 'energyScale'],
    ['energy-scale-hex.safetensors', 'energyScale'],
    ['duplicate-key.safetensors', "'q.bias' twice"],
    ['nan-weight.safetensors', 'NaN'],
    ['nanweights.safetensors', 'NaN'],
    ['fuzz-58-believed.checkpoint', 'changed or damaged'],
    ['fuzz-44738-layers.checkpoint', 'changed or damaged'],
    ['duplicate-spins.npz', 'twice'],
    ['encrypted-flag.npz', 'encrypted'],
    ['escape-in-name.npz', String.raw`\u{1b}`],
    ['local-name-differs.npz', 'other names'],
    ['nul-run-hang.npz', 'no JSON'],
    ['npy-shape-sum.npy', 'header'],
  ])('%s is refused: %s', async (name, reason) => {
    const message = messageOf(readAs(name, await fileOf(name)));
    expect(message).toContain(reason);
    expect(message.length).toBeLessThan(600);
  });

  it('an archive packed by bzip2 is named as such', async () => {
    const archive = await fileOf('noext.npz');
    const bzip2 = 12;
    const packed = archive.slice();
    const view = new DataView(packed.buffer);
    const directory = view.getUint32(packed.length - 6, true);
    view.setUint16(directory + 10, bzip2, true);
    expect(messageOf(readAs('noext.npz', packed))).toContain('got compression method 12');
  });

  it.each(['npy-shape-twice.npy', 'py2L.npy', 'descriptor.npz', 'forces-noext.npz', 'noext.npz', 'zip64all.npz'])(
    '%s is read, as numpy reads it',
    async (name) => {
      expect(E.isRight(readAs(name, await fileOf(name)))).toBe(true);
    },
  );
});
