/** A reproduction in parts: shards that share the work, parts that are joined in any order, and what is never joined. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { afterAll, describe, expect, it } from 'vitest';

import { openFolder } from '../scripts/reproduction/folder.ts';
import { save } from '../scripts/reproduction/jobs.ts';
import { mergeParts, writeIdentity } from '../scripts/reproduction/parts.ts';
import { sha256 } from '../scripts/sha256.ts';
import type { Shard } from '../src/dataset/shard.ts';
import { expectedSeconds, secondsOf } from '../src/study/job-cost.ts';
import { inOrder } from '../src/study/job-order.ts';
import { figures, jobsFor, trains, type Job } from '../src/study/job.ts';
import { assignInTurn } from '../src/study/list-scheduling.ts';
import { computedBy, identityOf, joinedParts, type ReproductionPart } from '../src/study/part.ts';
import { presets, type JobOrder, type Preset } from '../src/study/preset.ts';
import { shardOf } from '../src/study/shard.ts';
import { captured } from './captured.ts';
import { verify, type Law } from './law.ts';
import {
  identitiesTellOptions,
  joiningIsAUnion,
  ordersAreKept,
  shardsShareTheWork,
  standardTakesADay,
  strangersAreRefused,
  workIsAssigned,
  type Costly,
} from './laws/part.ts';
import { foundBy, modelOf } from './finished-jobs.ts';
import { right } from './right.ts';

const divide = shardOf<Costly>(({ seconds }) => seconds);

verify(workIsAssigned, assignInTurn, {
  'in turns, whatever they cost': (costs, n) => {
    const workers = costs.map((_, job) => job % n);
    return {
      workers,
      loads: Array.from({ length: n }, (_, i) =>
        costs.reduce((sum, x, job) => (workers[job] === i ? sum + x : sum), 0),
      ),
    };
  },
  'the first worker does all': (costs, n) => ({
    workers: costs.map(() => 0),
    loads: Array.from({ length: n }, (_, i) => (i === 0 ? costs.reduce((sum, x) => sum + x, 0) : 0)),
  }),
  'the last job is in no load': (costs, n) => ({
    ...assignInTurn(costs, n),
    loads: assignInTurn(costs.slice(0, -1), n).loads,
  }),
  'the longest first': (costs, n) =>
    assignInTurn(
      costs.toSorted((a, b) => b - a),
      n,
    ),
});

verify(shardsShareTheWork, divide, {
  'in turns, whatever they cost': ({ i, n }, costs) => E.right(costs.filter((_, place) => place % n === i - 1)),
  'consecutive jobs': ({ i, n }, costs) =>
    E.right(costs.filter((_, place) => Math.floor((place * n) / costs.length) === i - 1)),
  'the last job is forgotten': (shard, costs) => divide(shard, costs.slice(0, -1)),
  'the longest comes first in its shard': (shard, costs) =>
    pipe(
      divide(shard, costs),
      E.map((some) => some.toSorted((a, b) => b.seconds - a.seconds)),
    ),
  'the first shard does all': ({ i }, costs) => E.right(i === 1 ? costs : []),
});

const first = (one: ReproductionPart, other: ReproductionPart): ReproductionPart => ({
  identity: one.identity,
  files: new Map([...other.files, ...one.files]),
});

verify(joiningIsAUnion, joinedParts, {
  'the first part is believed': (one, other) => E.right(first(one, other)),
  'the files of one are lost': (one, other) =>
    pipe(
      joinedParts(one, other),
      E.map(() => one),
    ),
  'a file that both have is refused': (one, other) =>
    [...one.files.keys()].some((name) => other.files.has(name)) ? E.left('twice') : joinedParts(one, other),
});

verify(strangersAreRefused, joinedParts, {
  'anything is joined': (one, other) => E.right(first(one, other)),
  'the version alone is looked at': (one, other) =>
    one.identity.version === other.identity.version ? E.right(first(one, other)) : joinedParts(one, other),
  'no reason is given': (one, other) =>
    pipe(
      joinedParts(one, other),
      E.mapLeft(() => 'refused'),
    ),
});

const identify = (preset: Preset) => identityOf(sha256)('1.2.3', 'wasm', preset);

verify(identitiesTellOptions, identify, {
  'the name of the preset is all': (preset) => ({
    ...identify(preset),
    jobs: sha256(new TextEncoder().encode(preset.name)),
  }),
  'timings do not count': (preset) => identify({ ...preset, speed: presets.quick.speed }),
});

/** The most telling first, but for jobs that are changed as they are compared. */
const tellingBy =
  (seenAs: (job: Job) => Job) =>
  (order: JobOrder) =>
  <J extends Job>(all: readonly J[]): readonly J[] => {
    if (order === 'longest first') {
      return inOrder(order)(all);
    }
    const seen = new Map<Job, J>(all.map((job) => [seenAs(job), job]));
    return inOrder(order)([...seen.keys()]).flatMap((key) => seen.get(key) ?? []);
  };

verify(ordersAreKept(secondsOf), inOrder, {
  'what trains nothing comes last': (order) => (all) =>
    order === 'longest first'
      ? inOrder(order)(all)
      : [...inOrder(order)(all.filter(trains)), ...inOrder(order)(all.filter((job) => !trains(job)))],
  'every architecture is an EFNN': tellingBy((job) =>
    'network' in job ? { ...job, network: { ...job.network, architecture: 'efnn' } } : job,
  ),
  'every kernel is of 3 x 3': tellingBy((job) =>
    job.tag === 'lattice' && job.network.shape.tag === 'lattice'
      ? { ...job, network: { ...job.network, shape: { ...job.network.shape, kernel: 3 } } }
      : job,
  ),
  'the seeds do not matter': tellingBy((job) => (trains(job) ? { ...job, plan: { ...job.plan, seed: 1 } } : job)),
  'the published protocol is nothing of its own': tellingBy((job) =>
    job.tag === 'lattice'
      ? { ...job, train: { ...job.train, recipe: { ...job.train.recipe, sampler: 'sphere' } } }
      : job,
  ),
  'EFNNs without a head count as those with one': tellingBy((job) =>
    job.tag === 'lattice' && job.network.shape.tag === 'lattice'
      ? { ...job, network: { ...job.network, shape: { ...job.network.shape, pairHead: true } } }
      : job,
  ),
  'as they come': () => (jobs) => jobs,
  'the shortest first': (order) => (jobs) => inOrder(order)(jobs).toReversed(),
  'the longest first, always': () => inOrder('longest first'),
  'one seed is enough': (order) => (jobs) => inOrder(order)(jobs.filter((job) => !trains(job) || job.plan.seed === 1)),
});

verify(standardTakesADay, expectedSeconds, {
  'every job alone': (jobs) => expectedSeconds(jobs, 1) * 1.5,
  'threads share every job': (jobs, threads) => expectedSeconds(jobs, 1) / threads ** 2,
  'the jobs with labels alone': (jobs, threads) =>
    expectedSeconds(
      jobs.filter(({ tag }) => tag === 'pair-head'),
      threads,
    ),
  'everything twice, on the second thread': (jobs, threads) => threads * 2 * expectedSeconds(jobs, threads),
});

// The very folders.

const place = await mkdtemp(join(tmpdir(), 'efnn-parts-'));

afterAll(() => rm(place, { recursive: true }));

/** Networks of an instant: what stands finished in a folder is read, not made. */
const tiny: Preset = {
  ...presets.quick,
  threeSpin: { ...presets.quick.threeSpin, neurons: [2], layers: [1] },
  doubleExchange: { ...presets.quick.doubleExchange, trainings: [] },
  effectiveModel: { ...presets.quick.effectiveModel, labels: [] },
};

const jobs = jobsFor(tiny, ['ising', '2b', '2c', 'resummation']);

const identity = identify(tiny);

/** Leaves what these jobs leave, in a folder of its own. */
const leave = async (path: string, some: readonly Job[]): Promise<void> => {
  const folder = right(await openFolder(path, computedBy(identity))());
  right(await writeIdentity(path, identity)());
  for (const job of some) {
    for (const model of modelOf(job)) {
      right(await folder.write('models', job)(model)());
    }
    right(await folder.write('runs', job)(new TextEncoder().encode('{"seconds":1,"machine":"one"}\n'))());
    right(await save(folder, job, foundBy(job))());
  }
};

const merge = async (paths: readonly string[], out: string): Promise<void> => {
  const into = right(await openFolder(out, computedBy(identity))());
  right(await mergeParts(identity, tiny, paths, into)());
  right(await writeIdentity(out, identity)());
};

const contentOf = async (path: string): Promise<string> => {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = files.toSorted().map(async (file) => `${file.slice(path.length)} ${sha256(await readFile(file))}`);
  return (await Promise.all(contents)).join('\n');
};

const whole = join(place, 'whole');
await leave(whole, jobs);

/** How shards are made and in which order they are joined, two of them first. */
interface Merging {
  readonly n: number;
  readonly order: readonly number[];
}

const mergings: fc.Arbitrary<Merging> = fc.integer({ min: 2, max: jobs.length }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    order: fc.shuffledSubarray(
      Array.from({ length: n }, (_, i) => i + 1),
      { minLength: n },
    ),
  }),
);

type Shards = (shard: Shard, all: readonly Job[]) => readonly Job[];

const shardsMakeTheWhole: Law<Shards, Merging> = {
  statement:
    'the folders of shards, merged two first and then the others in any order, are the folder of the whole to the last bit',
  cases: mergings,
  runs: 6,
  holds:
    (shards) =>
    async ({ n, order }) => {
      const under = await mkdtemp(join(place, 'merging-'));
      const paths = order.map((i) => join(under, `${i}`));
      for (const [index, i] of order.entries()) {
        await leave(paths[index] ?? '', shards({ i, n }, jobs));
      }
      await merge(paths.slice(0, 2), join(under, 'two'));
      await merge([join(under, 'two'), ...paths.slice(2)], join(under, 'all'));
      return (await contentOf(join(under, 'all'))) === (await contentOf(whole));
    },
};

verify(shardsMakeTheWhole, (shard, all) => right(shardOf<Job>(secondsOf)(shard, all)), {
  'a job is in no shard': (shard, all) =>
    right(shardOf<Job>(secondsOf)({ i: shard.i, n: shard.n + 1 }, [...all, ...all])).slice(1),
});

describe('efnn reproduce --merge', () => {
  it('leaves a damaged file out, and says which', async () => {
    const under = await mkdtemp(join(place, 'damaged-'));
    await leave(join(under, 'a'), jobs);
    const models = await readdir(join(under, 'a', 'models'));
    await rm(join(under, 'a', 'models', models.find((name) => !name.endsWith('.manifest.json')) ?? ''));
    await merge([join(under, 'a')], join(under, 'out'));
    expect((await readdir(join(under, 'out', 'models'))).length).toBe(models.length - 2);
  });

  it.each([
    [['--merge', join(place, 'nowhere'), '--out', join(place, 'x')], 'with part.json'],
    [['--merge', whole, '--out', join(place, 'x')], 'got one of 1.2.3'],
    [['--merge', whole, '--shard', '1/2'], '--shard: expected none'],
    [['ising', '--shard', '1/2'], 'at most 1 shards of 1 jobs'],
    [['--shard', '2'], '--shard: expected i/n'],
  ])('%j is refused', async (args, reason) => {
    const { code, stderr } = await captured(['reproduce', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
    expect(stderr.trimEnd().split('\n').length).toBe(1);
    expect(await readdir(place)).not.toContain('x');
  });

  it('joins what shards made, and reports it', async () => {
    const under = await mkdtemp(join(place, 'real-'));
    const paths = [1, 2].map((i) => join(under, `${i}`));
    for (const path of paths) {
      const args = ['reproduce', 'ising', '--shard', '1/1', '--threads', '1', '--out', path];
      expect((await captured(args)).code).toBe(0);
    }
    const merged = await captured(['reproduce', '--merge', ...paths, '--out', join(under, 'all'), '--json']);
    expect([merged.code, merged.stderr]).toEqual([0, expect.stringContaining('merged 2 parts: 1 of ')]);
    expect(JSON.parse(merged.stdout)).toMatchObject({ verdicts: { holds: 2 }, partial: { done: 1 } });
    const named = await captured(['reproduce', 'ising', '--merge', ...paths, '--out', join(under, 'named'), '--json']);
    expect(named.stderr).toContain('merged 2 parts: 1 of 1 jobs are done');
    expect(JSON.parse(named.stdout)).not.toHaveProperty('partial');
  }, 60_000);
});

describe('efnn reproduce --list', () => {
  it('prints every job with its cost, and does none', async () => {
    const { code, stdout } = await captured(['reproduce', '--preset', 'paper', '--list', '--threads', '2', '--json']);
    const list: unknown = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(list).toMatchObject({ preset: 'paper', threads: 2 });
    expect(list).toHaveProperty('jobs.length', jobsFor(presets.paper, figures).length);
    const { stdout: table } = await captured(['reproduce', '2b', '--list', '--shard', '2/3']);
    expect(table).toMatch(/^preset quick: 5 jobs, expected to take \d+:\d\d on \d+ threads$/m);
  });
});
