/** Runs in pieces: shards, images, cross-checks, and runs that are killed and go on. */
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { isNonEmpty } from 'fp-ts/lib/ReadonlyArray.js';
import { afterAll, describe, expect, it } from 'vitest';

import { programVersion } from '../scripts/program-version.ts';
import { generation } from '../scripts/workers/generation.ts';
import { runIn } from '../src/command/run-options.ts';
import { concatenated } from '../src/dataset/data-set.ts';
import { withPointGroupImages } from '../src/dataset/images.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { gaps, overlaps, pieces } from '../src/dataset/shard.ts';
import { drawnFrom, generate, sourceOf, type Source } from '../src/dataset/source.ts';
import { systems } from '../src/dataset/systems.ts';
import { unitsPerJob } from '../src/dataset/work.ts';
import type { DataError } from '../src/file/data-error.ts';
import type { Digest } from '../src/file/digest.ts';
import { actOnField, pointGroup } from '../src/lattice/symmetry.ts';
import { crossChecked, labelTolerance } from '../src/provenance/agreement.ts';
import {
  assembled,
  journalEntry,
  journalStart,
  recovered,
  remaining,
  type Recovered,
} from '../src/provenance/journal.ts';
import { readManifest, type Manifest, type DataSetPart } from '../src/provenance/manifest.ts';
import { dataIn, digest, rangeOf } from './arbitraries/runs.ts';
import { captured } from './captured.ts';
import { remakesOf } from '../src/provenance/remake.ts';
import { isOfRun } from '../src/provenance/run.ts';
import { verify } from './law.ts';
import * as laws from './laws/shards.ts';
import { messageOf, right } from './right.ts';

verify(
  laws.shardsConcatenate,
  { make: dataIn, join: concatenated },
  {
    'images are counted as configurations': {
      make: (run, i) => {
        const data = dataIn(run, i);
        return { ...data, meta: { ...data.meta, firstIndex: rangeOf(run, i).first } };
      },
      join: concatenated,
    },
    'every shard begins with sample 0': {
      make: (run, i) => {
        const { first, count } = rangeOf(run, i);
        const data = right(generate(run.recipe)({ first: 0, count }));
        return { ...data, meta: { ...data.meta, firstIndex: first * (data.meta.images === 'C4v' ? 8 : 1) } };
      },
      join: concatenated,
    },
    'the last shard is left out': {
      make: dataIn,
      join: (all) => {
        const first = all.slice(0, Math.max(1, all.length - 1));
        return isNonEmpty(first) ? concatenated(first) : concatenated(all);
      },
    },
  },
);

verify(laws.gapsAreWhatIsLeft, gaps, {
  'what comes after the last is forgotten': (range, covered) =>
    gaps(range, covered).filter(({ first }) => covered.some((other) => other.first > first)),
  'a range inside another shortens it': (range, covered) => {
    const sorted = covered.toSorted((a, b) => a.first - b.first);
    return [...sorted, { first: range.first + range.count, count: 0 }].flatMap(({ first }, i) => {
      const before = sorted[i - 1];
      const from = before === undefined ? range.first : Math.max(range.first, before.first + before.count);
      const count = Math.min(first, range.first + range.count) - from;
      return count > 0 ? [{ first: from, count }] : [];
    });
  },
  'neighbours are gaps of their own': (range, covered) => gaps(range, covered).flatMap((gap) => pieces(gap, 1)),
});

verify(laws.overlapsAreShared, overlaps, {
  'only equal ranges overlap': (ranges) =>
    ranges.filter(({ first, count }, i) => ranges.slice(0, i).some((r) => r.first === first && r.count === count)),
  'only neighbours are compared': (ranges) => {
    const sorted = ranges.toSorted((a, b) => a.first - b.first);
    return sorted.filter(({ first }, i) => {
      const before = sorted[i - 1];
      return before !== undefined && first < before.first + before.count;
    });
  },
  'touching counts as overlapping': (ranges) => {
    const sorted = ranges.toSorted((a, b) => a.first - b.first);
    return sorted.filter(({ first }, i) => sorted.slice(0, i).some((r) => first <= r.first + r.count));
  },
});

/** Images made of whole arrays, as training makes them: all samples moved by one symmetry after the other. */
const imagesInBlocks: typeof generate = (recipe) => (range) =>
  pipe(
    sourceOf(recipe),
    E.chain((source) => drawnFrom(source)(range)),
    E.map((data) => {
      const symmetries = pointGroup({ size: data.sampleShape[1] ?? 0 }).map(actOnField);
      const all = (fields: Float64Array): Float64Array =>
        Float64Array.from(symmetries.flatMap((act) => [...act(fields)]));
      return {
        ...withPointGroupImages(data),
        spins: all(Float64Array.from(data.spins)),
        forces: O.map((forces: typeof data.spins) => all(Float64Array.from(forces)))(data.forces),
      };
    }),
  );

verify(laws.imagesAreExact, generate, {
  'images lie in blocks, one for each symmetry': imagesInBlocks,
  'forces stay where they were': (recipe) => (range) =>
    pipe(
      generate(recipe)(range),
      E.map((data) => ({
        ...data,
        forces: O.map((forces: typeof data.spins) =>
          forces.map((_, at) => forces[at - (Math.floor(at / 27) % 8) * 27] ?? NaN),
        )(data.forces),
      })),
    ),
  'energies are negated': (recipe) => (range) =>
    pipe(
      generate(recipe)(range),
      E.map((data) => ({ ...data, energies: data.energies.map((energy, row) => (row % 8 === 0 ? energy : -energy)) })),
    ),
  'energies of the next configuration': (recipe) => (range) =>
    pipe(
      generate(recipe)(range),
      E.map((data) => ({ ...data, energies: data.energies.map((_, row) => data.energies[row + 1] ?? NaN) })),
    ),
});

const withoutForces = (reference: Source): Source => ({
  ...reference,
  sample: (index) =>
    pipe(
      reference.sample(index),
      E.map((found) => ({ ...found, forces: O.none })),
    ),
});

verify(laws.crossChecksFindErrors, crossChecked, {
  'nothing is compared': () => E.right,
  'every sample is compared': (reference, checks) => crossChecked(reference, { ...checks, every: 1 }),
  'counted from the piece': (reference, checks) => (data) =>
    crossChecked(reference, { ...checks, from: data.meta.firstIndex / (data.meta.images === 'C4v' ? 8 : 1) })(data),
  'forces are not compared': (reference, checks) => (data) =>
    pipe(
      crossChecked(withoutForces(reference), checks)({ ...data, forces: O.none }),
      E.map(() => data),
    ),
  'the tolerance is a thousandth': (reference, checks) =>
    crossChecked(reference, { ...checks, tolerance: checks.tolerance / 1000 }),
});

const journalBy = (by: Digest): laws.Journal => ({
  start: journalStart(by),
  entry: (piece) => right(journalEntry(by)(piece)),
  recovered: recovered(by),
  remaining,
  assembled,
});

const journal = journalBy(digest);

verify(laws.killedRunsGoOn, journal, {
  'the digest is not computed': journalBy(() => '0'.repeat(64)),
  'the torn entry is kept': {
    ...journal,
    recovered: (run, bytes) =>
      pipe(
        journal.recovered(run, bytes),
        E.map((found) => ({ ...found, wholeBytes: found.wholeBytes === 0 ? 0 : bytes.length })),
      ),
  },
  'finished pieces are made again': { ...journal, remaining: (range, _, most) => remaining(range, [], most) },
  'pieces are joined as they were finished': {
    ...journal,
    assembled: (done) => (isNonEmpty(done) ? concatenated(done) : assembled(done)),
  },
  'the last finished piece is lost': {
    ...journal,
    recovered: (run, bytes) =>
      pipe(
        journal.recovered(run, bytes),
        E.map((found) => ({ ...found, pieces: found.pieces.slice(0, -1) })),
      ),
  },
});

const somePart: DataSetPart = { shard: { i: 1, n: 1 }, samples: 1, rows: { first: 0, count: 1 }, checks: null };

verify(laws.manifestsBelongToARun, isOfRun, {
  'every data set is of every run': () => (manifest) => manifest.kind === 'data-set',
  'the recipe alone is compared': (run) => (manifest) =>
    manifest.kind === 'data-set' && isOfRun({ ...run, part: manifest.part })(manifest),
  'the part alone is compared': (run) => (manifest) =>
    manifest.kind === 'data-set' && isOfRun({ ...run, recipe: manifest.origin })(manifest),
  'the version is compared too': (run) => (manifest) => isOfRun(run)(manifest) && run.program === manifest.program,
  'none is of any': () => () => false,
});

verify(laws.remakesAreWhatWasStored, remakesOf, {
  'whatever its digest': (manifests, files) =>
    remakesOf(
      new Map(
        [...manifests].map(([path, manifest]) => {
          const { bytes = 0, sha256 = '' } = files.get(path) ?? {};
          return [path, E.map((one: Manifest) => ({ ...one, bytes, sha256 }))(manifest)];
        }),
      ),
      files,
    ),
  'the next configuration': (manifests, files) =>
    remakesOf(manifests, files).map((one) => ({ ...one, row: one.row + 1, index: one.index + 1 })),
  'always the first image': (manifests, files) => remakesOf(manifests, files).map((one) => ({ ...one, image: 0 })),
  'the first row alone': (manifests, files) => remakesOf(manifests, files).slice(0, 1),
});

verify(laws.journalsBelongToARun, journal, {
  'every journal is welcome': {
    ...journal,
    recovered: (run, bytes) =>
      pipe(
        journal.recovered(run, bytes),
        E.orElse(() => E.right<DataError, Recovered>({ pieces: [], wholeBytes: 0 })),
      ),
  },
  'the program may change': {
    ...journal,
    start: (run) => journal.start({ ...run, program: '' }),
    recovered: (run, bytes) => journal.recovered({ ...run, program: '' }, bytes),
  },
  'the part is not compared': {
    ...journal,
    start: (run) => journal.start({ ...run, part: somePart }),
    recovered: (run, bytes) => journal.recovered({ ...run, part: somePart }, bytes),
  },
});

const folder = await mkdtemp(join(tmpdir(), 'efnn-shards-'));

afterAll(() => rm(folder, { recursive: true }));

const generated = (args: string, out: string) => captured([...`generate ${args} --out`.split(' '), join(folder, out)]);

const bytesOf = (name: string): Promise<Buffer> => readFile(join(folder, name));

const lengthOf = (name: string): Promise<number> =>
  stat(join(folder, name)).then(
    ({ size }) => size,
    () => 0,
  );

describe('a process that is killed', () => {
  const piece = unitsPerJob(systems['double-exchange'].seconds({ size: 6, forces: true, method: 'diagonalize' }));
  const run = `double-exchange --size 6 --samples ${4 * piece} --seed 5 --forces --threads 1`;
  const bytesOfPiece = piece * 8 * (2 * 108 + 1);

  it('goes on, to the same bytes', async () => {
    const program = join(import.meta.dirname, '..', 'scripts', 'efnn.mjs');
    const args = [program, ...`generate ${run} --out`.split(' '), join(folder, 'killed.npz')];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    const killWhenUnderWay = async (): Promise<void> => {
      if ((await lengthOf('killed.npz.journal')) > bytesOfPiece || child.exitCode !== null) {
        child.kill('SIGKILL');
      } else {
        await wait(5);
        await killWhenUnderWay();
      }
    };
    await killWhenUnderWay();
    expect([await ended, await lengthOf('killed.npz')]).toEqual(['SIGKILL', 0]);

    const other = await generated(run.replace('--seed 5', '--seed 6'), 'killed.npz');
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('seed 5 before, 6 now')]);

    const resumed = await generated(run, 'killed.npz');
    const there = Number(/: (\d+) of \d+ samples are there/.exec(resumed.stderr)?.[1]);
    expect([resumed.code, there > 0, there < 4 * piece]).toEqual([0, true, true]);

    await generated(run, 'whole.npz');
    expect(await bytesOf('killed.npz')).toEqual(await bytesOf('whole.npz'));
    expect(await bytesOf('killed.npz.manifest.json')).toEqual(await bytesOf('whole.npz.manifest.json'));
    expect((await readdir(folder)).filter((name) => name.startsWith('killed'))).toEqual([
      'killed.npz',
      'killed.npz.manifest.json',
    ]);
    // Two processes of seconds each, on a machine that may have much else to do.
  }, 180_000);
});

describe('a process that is killed between its last steps', () => {
  const run = 'double-exchange --size 3 --samples 6 --seed 5 --images';
  const [whole, manifest] = ['steps-whole.npz', 'steps-whole.npz.manifest.json'];

  /** The journal with all pieces, in the order 2, 0, 1. */
  const fullJournal = (): Uint8Array => {
    const own = right(runIn(programVersion)('double-exchange', { size: '3', samples: '6', seed: '5', images: true }));
    const all = pieces({ first: 0, count: 6 }, 2).map((piece) => right(generate(own.recipe)(piece)));
    const inOrder = [2, 0, 1].flatMap((i) => all.slice(i, i + 1));
    return Buffer.concat([journal.start(own), ...inOrder.map(journal.entry)]);
  };

  it.each([
    ['the file was written', []],
    ['its manifest was written', [whole]],
    ['the journal was taken away', [whole, manifest]],
  ])('ends as if it had not been: before %s', async (_, written) => {
    await generated(`${run} --overwrite`, whole);
    await writeFile(join(folder, 'steps.npz.journal'), fullJournal());
    await Promise.all(
      written.map((name) => copyFile(join(folder, name), join(folder, name.replace('steps-whole', 'steps')))),
    );
    const { code, stderr } = await generated(run, 'steps.npz');
    expect([code, stderr]).toEqual([0, expect.stringContaining('48 of 48 samples are there')]);
    expect(await bytesOf('steps.npz')).toEqual(await bytesOf(whole));
    expect(await bytesOf('steps.npz.manifest.json')).toEqual(await bytesOf(manifest));
    const left = (await readdir(folder)).filter((name) => name.startsWith('steps.'));
    expect(left).toEqual(['steps.npz', 'steps.npz.manifest.json']);
    await Promise.all(left.map((name) => rm(join(folder, name))));
  });
});

describe('data by poles', () => {
  const recipe = right(recipeOf({ system: 'double-exchange', size: 4, seed: 2, forces: true, method: 'poles' }));
  const range = { first: 10, count: 4 };

  it('agree with diagonalization, which every sample is compared with', async () => {
    const tolerance = labelTolerance(recipe);
    const checked = await generation.work(
      { recipe, range, checks: { from: 10, every: 1, tolerance } },
      () => undefined,
    )();
    expect(checked).toEqual(E.right(right(generate(recipe)(range))));
  });

  it('are refused where they do not, with the sample and what to do', async () => {
    const impossible = { from: 9, every: 2, tolerance: -1 };
    const refused = await generation.work({ recipe, range, checks: impossible }, () => undefined)();
    expect(E.isLeft(refused) && refused.left.tag).toBe('UsageError');
    expect(messageOf(refused)).toMatch(/^expected poles to agree .* sample 11 has energy -/);
  });

  it('tell in their manifest how often they were compared', async () => {
    await generated('double-exchange --size 3 --samples 4 --method poles', 'poles.npz');
    await generated('double-exchange --size 3 --samples 4 --method poles --check-every 2', 'often.npz');
    const everyIn = async (name: string): Promise<number | undefined> => {
      const one = right(readManifest(digest)(await bytesOf(`${name}.npz.manifest.json`)));
      return one.kind === 'data-set' ? one.part.checks?.every : undefined;
    };
    expect([await everyIn('poles'), await everyIn('often')]).toEqual([9, 2]);
    expect(await bytesOf('poles.npz')).toEqual(await bytesOf('often.npz'));
  });
});

describe('a file that is there', () => {
  const run = 'three-spin-binary --samples 3 --seed 1';

  it('is left alone by the run that made it', async () => {
    await generated(run, 'there.npz');
    const { mtimeMs } = await stat(join(folder, 'there.npz'));
    const again = await generated(run, 'there.npz');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('is there already')]);
    expect((await stat(join(folder, 'there.npz'))).mtimeMs).toBe(mtimeMs);
  });

  it('is not replaced by another run, unless that is asked for', async () => {
    await generated(run, 'other.npz');
    const before = await bytesOf('other.npz');
    const refused = await generated(`${run}0`, 'other.npz');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--overwrite')]);
    expect(await bytesOf('other.npz')).toEqual(before);
    expect((await generated(`${run}0 --overwrite`, 'other.npz')).code).toBe(0);
    expect(await bytesOf('other.npz')).not.toEqual(before);
  });

  it('is made again when it was damaged, if that is asked for', async () => {
    await generated(run, 'damaged.npz');
    const before = await bytesOf('damaged.npz');
    await writeFile(join(folder, 'damaged.npz'), before.subarray(1));
    expect((await generated(run, 'damaged.npz')).code).toBe(2);
    expect((await generated(`${run} --overwrite`, 'damaged.npz')).code).toBe(0);
    expect(await bytesOf('damaged.npz')).toEqual(before);
  });
});
