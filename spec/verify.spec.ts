/** Verification: manifests, and what is found in folders. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { writeArtifact } from '../scripts/artifact.ts';
import type { Sample } from '../src/dataset/source.ts';
import { rowsPerConfiguration } from '../src/dataset/images.ts';
import { referenceRecipe } from '../src/dataset/recipe.ts';
import { generate } from '../src/dataset/source.ts';
import { dataError } from '../src/file/data-error.ts';
import type { Digest } from '../src/file/digest.ts';
import { disagreement, rowOf } from '../src/provenance/agreement.ts';
import { manifestSchema, readManifest, showManifest, type Manifest } from '../src/provenance/manifest.ts';
import { randomRows } from '../src/provenance/random-rows.ts';
import { writeSafetensors } from '../src/file/safetensors.ts';
import {
  findings,
  manifestPath,
  manifestSuffix,
  observe,
  type Folder,
  type Observation,
  type SampleCheck,
} from '../src/provenance/verification.ts';
import { digest, type Files } from './arbitraries/runs.ts';
import { captured } from './captured.ts';
import { verify } from './law.ts';
import * as laws from './laws/verify.ts';
import { right } from './right.ts';

const manifest: laws.ManifestFormat = { show: showManifest(digest), read: readManifest(digest) };

/** A reader that checks the entries it knows, and no digest. */
const trusting: laws.ManifestFormat = {
  show: manifest.show,
  read: (bytes) =>
    E.tryCatch(
      () => {
        const derived = ['configurationSha256', 'manifestSha256', 'seeds'];
        const json = z.record(z.string(), z.unknown()).parse(JSON.parse(new TextDecoder().decode(bytes)));
        return manifestSchema.parse(Object.fromEntries(Object.entries(json).filter(([key]) => !derived.includes(key))));
      },
      () => dataError('expected a manifest, got something else'),
    ),
};

verify(laws.manifestsAreReadBack, manifest, {
  'checks are forgotten': {
    ...manifest,
    show: (one) => manifest.show(one.kind === 'data-set' ? { ...one, part: { ...one.part, checks: null } } : one),
  },
  'a result is a model': {
    ...manifest,
    read: (bytes) =>
      pipe(
        manifest.read(bytes),
        E.map((one): Manifest => (one.kind === 'result' ? { ...one, kind: 'model' } : one)),
      ),
  },
});

const seedsChanged =
  (change: (seeds: Readonly<Record<string, number>>) => object) =>
  (one: Manifest): string => {
    const json = z.looseObject({ seeds: z.record(z.string(), z.number()) }).parse(JSON.parse(manifest.show(one)));
    return JSON.stringify({ ...json, seeds: change(json.seeds) });
  };

verify(laws.manifestsNameTheirIndices, manifest.show, {
  'the index after the last one': seedsChanged((seeds) => ({ ...seeds, last: (seeds['last'] ?? 0) + 1 })),
  'rows are named, not indices': (one) =>
    one.kind === 'data-set'
      ? seedsChanged(({ seed }) => ({
          seed,
          first: one.part.rows.first,
          last: one.part.rows.first + one.part.rows.count - 1,
        }))(one)
      : manifest.show(one),
});

verify(laws.toleranceIsThatOfASite, disagreement, {
  'the tolerance is that of the whole': (tolerance, sampleShape) =>
    disagreement(tolerance / sampleShape.reduce((product, extent) => product * extent, 1), sampleShape),
  'a chain has one site': (tolerance, sampleShape) =>
    disagreement(sampleShape.length === 1 ? tolerance / (sampleShape[0] ?? 1) : tolerance, sampleShape),
  'components are sites': (tolerance, sampleShape) =>
    disagreement(sampleShape.length === 3 ? 3 * tolerance : tolerance, sampleShape),
});

verify(laws.manyRowsAreChosenFairly, randomRows, {
  'the last range is never reached': (seed, count) => (ranges) => [...randomRows(seed, count)(ranges.slice(0, -1)), []],
  'rows are counted from 0': (seed, count) => (ranges) =>
    randomRows(seed, count)(ranges.map((range) => ({ ...range, first: 0 }))),
  'half of them': (seed, count) => randomRows(seed, count / 2),
  'one is drawn twice': (seed, count) => (ranges) =>
    randomRows(seed, count - 1)(ranges).map((rows, i) => (i === 0 ? [...rows, ...rows.slice(-1)] : rows)),
});

verify(laws.manifestsNoticeEveryBit, manifest, {
  'digests are not compared': trusting,
  'every manifest is refused': {
    ...manifest,
    read: () => E.left(dataError('expected another manifest, got this one')),
  },
});

/** The folder that these files make up, as the command observes it; every sample is made again. */
const folderIn =
  (by: Digest, manifests: laws.ManifestFormat) =>
  (files: Files): Folder => {
    const found = new Map(
      [...files]
        .filter(([path]) => path.endsWith(manifestSuffix))
        .map(([path, bytes]) => [path.slice(0, -manifestSuffix.length), manifests.read(bytes)] as const),
    );
    const all = Array.from({ length: 48 }, (_, row) => row);
    const observed = new Map(
      [...files]
        .filter(([path]) => !path.endsWith(manifestSuffix))
        .map(([path, bytes]) => [path, observe(by, found)(path, bytes, all)] as const),
    );
    const samples = [...observed].flatMap(([path, { content }]): readonly SampleCheck[] => {
      const one = found.get(path);
      if (one === undefined || E.isLeft(one) || one.right.kind !== 'data-set' || O.isNone(content)) {
        return [];
      }
      const { origin } = one.right;
      const rows = rowsPerConfiguration(origin);
      return E.isLeft(content.value)
        ? []
        : content.value.right.samples.map((stored) => {
            const index = Math.floor(stored.row / rows);
            const again = pipe(
              generate(referenceRecipe(origin))({ first: index, count: 1 }),
              E.map((data) => rowOf(data)(stored.row - index * rows)),
            );
            return { path, ...stored, again };
          });
    });
    return { manifests: found, files: observed, journals: [], samples };
  };

const honest = folderIn(digest, manifest);

const verifyFiles: laws.VerifyFiles = (files) => findings(honest(files));

/** Verification of a folder that looks other than it is. */
const seenAs =
  (change: (folder: Folder) => Folder): laws.VerifyFiles =>
  (files) =>
    findings(change(honest(files)));

const withManifests =
  (change: (one: Manifest, all: readonly Manifest[]) => Manifest) =>
  (folder: Folder): Folder => {
    const all = [...folder.manifests.values()].flatMap((one) => (E.isRight(one) ? [one.right] : []));
    return {
      ...folder,
      manifests: new Map(
        [...folder.manifests].map(([path, one]) => [path, E.map((m: Manifest) => change(m, all))(one)]),
      ),
    };
  };

const shardsIn = (one: E.Either<unknown, Manifest>): readonly number[] =>
  E.isRight(one) && one.right.kind === 'data-set' ? [one.right.part.shard.n] : [];

verify(laws.intactFoldersPass, verifyFiles, {
  'images are not told from their configurations': seenAs((folder) => ({
    ...folder,
    samples: folder.samples.map((check) => {
      const original = folder.samples.find(
        ({ path, row }) => path === check.path && row === check.row - (check.row % 8),
      );
      return { ...check, again: original?.again ?? check.again };
    }),
  })),
  'every run is taken for one with images': seenAs(
    withManifests((one) =>
      one.kind === 'data-set' ? { ...one, part: { ...one.part, samples: one.part.samples * 8 } } : one,
    ),
  ),
});

/** Which digest a file has according to its manifest, whatever the file is. */
const believing = (folder: Folder): Folder => ({
  ...folder,
  files: new Map(
    [...folder.files].map(([path, file]) => {
      const one = folder.manifests.get(path);
      return [path, one !== undefined && E.isRight(one) ? { ...file, sha256: one.right.sha256 } : file];
    }),
  ),
});

verify(laws.everyFlippedBitIsFound, verifyFiles, {
  'lengths and contents are compared, digests are not': seenAs(believing),
  'manifests are trusted': (files) => findings(folderIn(digest, trusting)(files)),
});

/** A folder in which files look other than they are. */
const withFiles =
  (change: (file: Observation, path: string) => Observation) =>
  (folder: Folder): Folder => ({
    ...folder,
    files: new Map([...folder.files].map(([path, file]) => [path, change(file, path)])),
  });

verify(laws.stoppedTrainingsAreFound, verifyFiles, {
  'checkpoints are files as others are': seenAs(withFiles((file) => ({ ...file, isCheckpoint: false }))),
  'names alone tell what a checkpoint is': seenAs(
    withFiles((file, path) => ({ ...file, isCheckpoint: path.endsWith('.checkpoint') })),
  ),
  'contents alone tell what a checkpoint is': (files) =>
    verifyFiles(
      new Map([...files].map(([path, bytes]) => [path.replace(/\.checkpoint$/, '.checkpoint.safetensors'), bytes])),
    ).map((finding) => ({ ...finding, path: finding.path.replace('.checkpoint.safetensors', '.checkpoint') })),
  'seals are not looked at': seenAs(withFiles((file) => ({ ...file, seal: O.none }))),
  'a manifest makes a checkpoint one more file': seenAs(
    withManifests((one) => (one.kind === 'checkpoint' ? { ...one, kind: 'model' } : one)),
  ),
});

verify(laws.lossesAreFound, verifyFiles, {
  'the run ends where its last file does': seenAs(
    withManifests((one, all) => {
      const ends = all.map((m) => (m.kind === 'data-set' ? m.part.rows.first + m.part.rows.count : 0));
      return one.kind === 'data-set' ? { ...one, part: { ...one.part, samples: Math.max(...ends) } } : one;
    }),
  ),
  'files without manifests are passed over': seenAs((folder) => ({
    ...folder,
    files: new Map([...folder.files].filter(([path]) => folder.manifests.has(path))),
  })),
  'manifests without files are passed over': seenAs((folder) => ({
    ...folder,
    manifests: new Map([...folder.manifests].filter(([path]) => folder.files.has(path))),
  })),
});

verify(laws.strangersAreFound, verifyFiles, {
  'a stranger is a run of its own': (files) => verifyFiles(files).filter(({ kind }) => kind !== 'foreign shard'),
  'configurations are not compared': seenAs(
    withManifests((one, all) => {
      const home = all.at(-1);
      return one.kind === 'data-set' && home?.kind === 'data-set' ? { ...one, origin: home.origin } : one;
    }),
  ),
});

verify(laws.wholeFilesAreNoShards, verifyFiles, {
  'where there is a shard, whole files are shards too': seenAs(
    withManifests((one, all) =>
      one.kind === 'data-set' && all.some((other) => other.kind === 'data-set' && other.part.shard.n > 1)
        ? { ...one, part: { ...one.part, shard: { ...one.part.shard, n: Math.max(2, one.part.shard.n) } } }
        : one,
    ),
  ),
  'shards beside whole files are looked over': (files) => {
    const isWhole = [...honest(files).manifests.values()].flatMap(shardsIn).includes(1);
    return isWhole ? [] : verifyFiles(files);
  },
});

verify(laws.repeatedRowsAreFound, verifyFiles, {
  'shards of another n are another run': seenAs((folder) => {
    const n = [...folder.manifests.values()].flatMap(shardsIn)[0];
    return { ...folder, manifests: new Map([...folder.manifests].filter(([, one]) => shardsIn(one)[0] === n)) };
  }),
  'rows may be in two files': (files) => verifyFiles(files).filter(({ kind }) => kind !== 'overlapping rows'),
});

verify(laws.divisionsCombine, verifyFiles, {
  'all shards must have the same n': seenAs((folder) => {
    const n = [...folder.manifests.values()].flatMap(shardsIn)[0];
    return { ...folder, manifests: new Map([...folder.manifests].filter(([, one]) => shardsIn(one)[0] === n)) };
  }),
});

/** Verification that makes samples again in another way. */
const madeAgain = (again: (check: SampleCheck, made: Sample) => Sample): laws.VerifyFiles =>
  seenAs((folder) => ({
    ...folder,
    samples: folder.samples.map((check) => ({
      ...check,
      again: E.map((made: Sample) => again(check, made))(check.again),
    })),
  }));

verify(laws.wrongSamplesAreFound, verifyFiles, {
  'no sample is made again': seenAs((folder) => ({ ...folder, samples: [] })),
  'spins are believed': madeAgain(({ stored }, made) => ({ ...made, spins: stored.spins })),
  'energies are compared in three digits': madeAgain(({ stored }, made) => ({
    ...made,
    energy: Math.abs(stored.energy - made.energy) < 1e-3 ? stored.energy : made.energy,
  })),
});

verify(laws.rowsAreChosenFairly, randomRows, {
  'rows are drawn with replacement': (seed, count) => (ranges) => {
    const [some] = randomRows(seed, count)(ranges);
    return some === undefined ? [] : [[...some, ...some].slice(0, some.length + 1), ...ranges.slice(1).map(() => [])];
  },
  'the first rows are chosen': (_, count) => (ranges) => {
    const all = ranges.flatMap(({ first, count: rows }, i) => Array.from({ length: rows }, (__, k) => [i, first + k]));
    return ranges.map((__, i) => all.slice(0, count).flatMap(([range, row]) => (range === i ? [row ?? NaN] : [])));
  },
  'rows are counted from 0 in each file': (seed, count) => (ranges) =>
    randomRows(seed, count)(ranges).map((rows, i) => rows.map((row) => row - (ranges[i]?.first ?? 0))),
});

const folder = await mkdtemp(join(tmpdir(), 'efnn-verify-'));

afterAll(() => rm(folder, { recursive: true }));

const placeOf = (name: string): string => join(folder, name);

const generated = async (args: string, out: string): Promise<void> => {
  const { code } = await captured([...`generate ${args} --out`.split(' '), placeOf(out)]);
  expect(code).toBe(0);
};

const verified = (...options: readonly string[]) => captured(['verify', folder, ...options]);

const findingsSchema = z.object({ findings: z.array(z.object({ kind: z.string(), path: z.string() })) });

const findingsNow = async (): Promise<readonly string[]> =>
  findingsSchema
    .parse(JSON.parse((await verified('--json')).stdout))
    .findings.map(({ kind, path }) => `${kind}: ${path}`);

describe('efnn verify', () => {
  const run = 'double-exchange --size 3 --samples 5 --seed 7 --forces --images';

  it('passes what generate wrote, with the seed of its samples', async () => {
    await generated(`${run} --shard 1/2`, 'a.npz');
    await generated(`${run} --shard 2/2`, 'b.npz');
    const outcome = await verified('--seed', '11', '--samples', '6');
    expect([outcome.code, outcome.stderr, outcome.stdout]).toEqual([
      0,
      '',
      'verified 2 files, and 6 samples made again (--seed 11): nothing is wrong\n',
    ]);
    expect((await verified()).stdout).toMatch(/10 samples made again \(--seed \d+\)/);
  });

  it('finds what happens to them, one line each', async () => {
    const bytes = await readFile(placeOf('a.npz'));
    await writeFile(
      placeOf('a.npz'),
      bytes.map((byte, at) => (at === 3000 ? byte ^ 1 : byte)),
    );
    const { code, stdout, stderr } = await verified();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^damaged file: a.npz: [^\n]+\nverified 2 files[^\n]+: 1 finding\n$/);
    expect(stderr).toMatch(/^efnn: [^\n]+ 1 finding[^\n]+\n$/);
    await rm(placeOf('a.npz'));
    expect(await findingsNow()).toEqual(['missing file: a.npz']);
    await rm(placeOf('a.npz.manifest.json'));
    expect(await findingsNow()).toEqual(['missing rows: b.npz']);
    await writeFile(placeOf('a.npz'), bytes);
    await writeFile(placeOf('c.npz.journal'), 'half of');
    expect(await findingsNow()).toEqual(['no manifest: a.npz', 'unfinished run: c.npz.journal', 'missing rows: b.npz']);
    await Promise.all(['a.npz', 'c.npz.journal'].map((name) => rm(placeOf(name))));
    await generated(`${run} --shard 1/2`, 'a.npz');
    await generated('double-exchange --size 3 --samples 5 --seed 8 --shard 1/5', 'stranger.npz');
    expect(await findingsNow()).toEqual(['foreign shard: stranger.npz']);
    await Promise.all(['stranger.npz', 'stranger.npz.manifest.json'].map((name) => rm(placeOf(name))));
    expect(await findingsNow()).toEqual([]);
  });

  it('lets whole data sets stand for themselves', async () => {
    const whole = await mkdtemp(join(tmpdir(), 'efnn-whole-'));
    const into = (name: string) => ['--out', join(whole, name)];
    const make = 'generate three-spin-binary --seed 3 --samples'.split(' ');
    await captured([...make, '4', ...into('few.npz')]);
    await captured([...make, '8', ...into('many.npz')]);
    await captured([...make, '4', '--size', '5', ...into('small.npz')]);
    const { code, stdout } = await captured(['verify', whole, '--samples', '100']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^verified 3 files, and 16 samples made again/)]);
    await rm(whole, { recursive: true });
  });

  it('takes no whole data set for a shard, nor a shard for a stranger among them', async () => {
    const mixed = await mkdtemp(join(tmpdir(), 'efnn-mixed-'));
    const make = async (name: string, words: string) =>
      captured([...`generate ${words} --out`.split(' '), join(mixed, name)]);
    await make('a.npz', 'three-spin-binary --samples 40');
    await make('b.npz', 'heisenberg --size 3 --samples 5');
    await make('half.npz', 'three-spin-continuous --samples 4 --shard 1/2');
    const { code, stdout } = await captured(['verify', mixed]);
    expect([code, stdout.split('\n').length]).toEqual([1, 3]);
    expect(stdout).toMatch(/^missing rows: half.npz: expected all 4 rows [^\n]+ are missing \(shard 2\/2\)/);
    await rm(mixed, { recursive: true });
  });

  it.skipIf(!existsSync('/proc/self/mem'))(
    'follows links, and verifies the others where one file cannot be read',
    async () => {
      const [elsewhere, linked] = await Promise.all(
        ['efnn-elsewhere-', 'efnn-linked-'].map((name) => mkdtemp(join(tmpdir(), name))),
      );
      const make = async (name: string) =>
        captured(['generate', 'three-spin-binary', '--samples', '4', '--out', join(elsewhere ?? '', name)]);
      await make('far.npz');
      await make('gone.npz');
      await symlink(elsewhere ?? '', join(linked ?? '', 'folder'));
      await symlink(linked ?? '', join(elsewhere ?? '', 'circle'));
      const far = join(elsewhere ?? '', 'far.npz');
      const bytes = await readFile(far);
      const kinds = async () => (await captured(['verify', linked ?? ''])).stdout.match(/^[a-z ]+: [^:]+/gm);
      expect(await kinds()).toBeNull();
      await writeFile(
        far,
        bytes.map((byte, at) => (at === 300 ? byte ^ 1 : byte)),
      );
      await rm(join(elsewhere ?? '', 'gone.npz'));
      // A regular file that nobody can read, not even root.
      await symlink('/proc/self/mem', join(elsewhere ?? '', 'gone.npz'));
      expect(await kinds()).toEqual(['damaged file: folder/far.npz', 'unreadable file: folder/gone.npz']);
      await Promise.all([elsewhere, linked].map((path) => rm(path ?? '', { recursive: true })));
    },
  );

  it('knows a data set by its manifest, whatever its name', async () => {
    const alone = await mkdtemp(join(tmpdir(), 'efnn-named-'));
    const out = join(alone, 'data');
    await captured([...'generate three-spin-binary --samples 4 --out'.split(' '), out]);
    const checked = async () => captured(['verify', alone, '--samples', '4']);
    const { code, stdout } = await checked();
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^verified 1 file, and 4 samples made again/)]);
    const bytes = await readFile(out);
    await writeFile(
      out,
      bytes.map((byte, at) => (at === 300 ? byte ^ 1 : byte)),
    );
    expect((await checked()).stdout).toMatch(/^damaged file: data: /);
    await rm(alone, { recursive: true });
  });

  it('verifies trained models, which carry their own digest; of those of other programs it says nothing', async () => {
    const alone = await mkdtemp(join(tmpdir(), 'efnn-models-'));
    const [data, trained, foreign] = ['data.npz', 'trained.safetensors', 'foreign.safetensors'].map((name) =>
      join(alone, name),
    );
    await captured(['generate', 'three-spin-binary', '--samples', '8', '--out', data ?? '']);
    const options = '--model dnn --neurons 2 --layers 1 --epochs 1 --backend reference --threads 1';
    await captured(['train', ...options.split(' '), '--data', data ?? '', '--out', trained ?? '']);
    await Promise.all([data, manifestPath(data ?? '')].map((path) => rm(path ?? '')));
    const bytes = await readFile(trained ?? '');
    const checked = async () => (await captured(['verify', alone])).stdout.match(/^[a-z ]+: [^:\n]+/gm);
    await writeFile(foreign ?? '', right(writeSafetensors({ metadata: {}, tensors: {} })));
    expect(await checked()).toBeNull();
    const flipped = Array.from({ length: bytes.length * 8 }, (_, bit) => bit).filter((bit) => bit % 997 === 0);
    for (const bit of flipped) {
      const changed = bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      await writeFile(trained ?? '', changed);
      expect([bit, await checked()]).toEqual([bit, ['damaged file: trained.safetensors']]);
    }
    await rm(alone, { recursive: true });
  });

  it('finds a training that was stopped, also where nothing else is', async () => {
    const alone = await mkdtemp(join(tmpdir(), 'efnn-stopped-'));
    const [data, model] = ['data.npz', 'm.st'].map((name) => join(alone, name));
    await captured(['generate', 'three-spin-binary', '--samples', '8', '--out', data ?? '']);
    const train = 'train --model dnn --neurons 2 --layers 1 --epochs 1 --backend reference --threads 1';
    await captured([...train.split(' '), '--data', data ?? '', '--out', model ?? '']);
    await Promise.all([data, manifestPath(data ?? '')].map((path) => rm(path ?? '')));
    await rename(model ?? '', `${model ?? ''}.checkpoint`);
    const { code, stdout } = await captured(['verify', alone]);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^unfinished run: m.st.checkpoint: [^\n]+ --resume\)\n/)]);
    await truncate(`${model ?? ''}.checkpoint`, 1000);
    expect((await captured(['verify', alone])).stdout).toMatch(
      /^damaged file: m.st.checkpoint: [^\n]+ without --resume\nverified 1 file, /,
    );
    await rm(alone, { recursive: true });
  });

  it.skipIf(process.platform !== 'linux')(
    'refuses a folder with a name that is no UTF-8: what it names is not found',
    async () => {
      const alone = await mkdtemp(join(tmpdir(), 'efnn-verify-'));
      await captured([...'generate three-spin-binary --samples 4 --out'.split(' '), join(alone, 'good.npz')]);
      await symlink('nowhere', join(alone, 'link'));
      expect((await captured(['verify', alone])).code).toBe(0);
      await writeFile(Buffer.concat([Buffer.from(join(alone, 'bad')), Buffer.from([0xff]), Buffer.from('.npz')]), 'x');
      const { code, stderr } = await captured(['verify', alone]);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/^efnn: expected a folder that can be read, got [^\n]+\n$/),
      ]);
      await rm(alone, { recursive: true });
    },
  );

  it('verifies whatever else has a manifest', async () => {
    const result = new TextEncoder().encode('{"error": 0.001}\n');
    const description = { kind: 'result', origin: { preset: 'quick' } } as const;
    expect(E.isRight(await writeArtifact(placeOf('results.json'), result, description)())).toBe(true);
    expect(await findingsNow()).toEqual([]);
    await writeFile(placeOf('results.json'), '{"error": 0.000}\n');
    expect(await findingsNow()).toEqual(['damaged file: results.json']);
  });
});
