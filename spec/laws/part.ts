/** Laws of dividing a reproduction among processes, and of joining what they made. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { Shard } from '../../src/dataset/shard.ts';
import { sizeOf } from '../../src/dataset/spin-kind.ts';
import { figures, jobsFor, trains, type Job } from '../../src/study/job.ts';
import type { Assignment } from '../../src/study/list-scheduling.ts';
import type { PartIdentity, ReproductionPart } from '../../src/study/part.ts';
import { presetNames, presets, type JobOrder, type Preset, type PresetName } from '../../src/study/preset.ts';
import type { Law } from '../law.ts';
import { trainingsIn, type Training } from './study.ts';

/** The jobs of a shard, of some jobs that stand for their costs. */
export type ShardOf = (
  shard: Shard,
  costs: readonly Costly[],
) => Either<{ readonly message: string }, readonly Costly[]>;

/** A job by its place and its cost. */
export interface Costly {
  readonly place: number;
  readonly seconds: number;
}

/** Who does which job, and how long each is at it. */
export type Assign = (costs: readonly number[], n: number) => Assignment;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const divided: fc.Arbitrary<{ readonly costs: readonly Costly[]; readonly n: number }> = fc
  .array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 40 })
  .chain((seconds) =>
    fc.record({
      costs: fc.constant(seconds.map((one, place) => ({ place, seconds: one }))),
      n: fc.integer({ min: 1, max: seconds.length }),
    }),
  );

export const workIsAssigned: Law<Assign, { readonly costs: readonly Costly[]; readonly n: number }> = {
  statement:
    'every job has one of the n workers, whose load is the sum of its costs; a job goes to the worker with the least load, so that ' +
    "the largest load is at most the mean and (1 - 1/n) of the longest job: Graham's bound, in any order",
  cases: divided,
  holds:
    (assign) =>
    ({ costs, n }) => {
      const seconds = costs.map((cost) => cost.seconds);
      const { workers, loads } = assign(seconds, n);
      const loadOf = (worker: number, before: number): number =>
        sum(seconds.filter((_, job) => job < before && workers[job] === worker));
      return (
        workers.length === seconds.length &&
        loads.join() === loads.map((_, worker) => loadOf(worker, seconds.length)).join() &&
        loads.length === n &&
        workers.every((worker, job) => loads.every((_, other) => loadOf(worker, job) <= loadOf(other, job))) &&
        Math.max(...loads) <= sum(seconds) / n + (1 - 1 / n) * Math.max(...seconds) + 1e-9
      );
    },
};

export const shardsShareTheWork: Law<ShardOf, { readonly costs: readonly Costly[]; readonly n: number }> = {
  statement:
    'shards 1/n .. n/n have every job once, each in the order of all, none is empty, and the longest takes no longer than ' +
    "a mean shard and (1 - 1/n) of the longest job: Graham's bound",
  cases: divided,
  holds:
    (shardOf) =>
    ({ costs, n }) => {
      const shards = Array.from({ length: n }, (_, i) => shardOf({ i: i + 1, n }, costs));
      const found = shards.flatMap((shard) => (E.isRight(shard) ? [shard.right.map(({ place }) => place)] : []));
      const times = found.map((places) => sum(places.map((place) => costs[place]?.seconds ?? NaN)));
      const longest = Math.max(...costs.map(({ seconds }) => seconds));
      return (
        found.length === n &&
        found.every(
          (places) => places.length > 0 && places.every((place, i) => i === 0 || place > (places[i - 1] ?? NaN)),
        ) &&
        found
          .flat()
          .toSorted((a, b) => a - b)
          .join() === costs.map(({ place }) => place).join() &&
        times.every((time) => time <= sum(times) / n + (1 - 1 / n) * longest + 1e-9)
      );
    },
};

/** Joins two parts. */
export type Join = (one: ReproductionPart, other: ReproductionPart) => Either<unknown, ReproductionPart>;

const identity: PartIdentity = { version: '1.2.3', backend: 'wasm', preset: 'quick', jobs: '0'.repeat(64) };

/** Few names, and contents that seldom differ, so that parts have files together and sometimes disagree. */
const part: fc.Arbitrary<ReproductionPart> = fc
  .dictionary(
    fc.constantFrom('results/a', 'results/b', 'models/a', 'labels/a'),
    fc.oneof({ arbitrary: fc.constant('same'), weight: 6 }, fc.constant('other')),
  )
  .map((files) => ({ identity, files: new Map(Object.entries(files)) }));

const textOf = (joined: Either<unknown, ReproductionPart>): string | null =>
  E.isRight(joined) ? JSON.stringify([joined.right.identity, [...joined.right.files].toSorted()]) : null;

export const joiningIsAUnion: Law<Join, readonly [ReproductionPart, ReproductionPart, ReproductionPart]> = {
  statement:
    'joining parts is commutative, associative and idempotent, gives the files of both, and fails exactly where both have a ' +
    'file of two contents',
  cases: fc.tuple(part, part, part),
  holds:
    (join) =>
    ([a, b, c]) => {
      const all = [...a.files, ...b.files];
      const agree = all.every(([name, content]) => all.every(([other, its]) => other !== name || its === content));
      const expected = agree ? JSON.stringify([identity, [...new Map(all)].toSorted()]) : null;
      const left = E.isRight(join(a, b)) ? E.chain((ab: ReproductionPart) => join(ab, c))(join(a, b)) : join(a, b);
      const right = E.isRight(join(b, c)) ? E.chain((bc: ReproductionPart) => join(a, bc))(join(b, c)) : join(b, c);
      return (
        textOf(join(a, b)) === expected &&
        textOf(join(a, b)) === textOf(join(b, a)) &&
        textOf(left) === textOf(right) &&
        textOf(join(a, a)) === textOf(E.right(a))
      );
    },
};

const otherIdentity: fc.Arbitrary<readonly [string, PartIdentity]> = fc.constantFrom(
  ['version', { ...identity, version: '1.2.4' }] as const,
  ['backend', { ...identity, backend: 'reference' }] as const,
  ['preset', { ...identity, preset: 'paper' }] as const,
  ['options or seeds', { ...identity, jobs: '1'.repeat(64) }] as const,
);

export const strangersAreRefused: Law<
  Join,
  readonly [ReproductionPart, ReproductionPart, readonly [string, PartIdentity]]
> = {
  statement:
    'parts of another version, backend, preset, options or seeds are never joined, and the reason says which of them',
  cases: fc.tuple(part, part, otherIdentity),
  holds:
    (join) =>
    ([one, other, [difference, stranger]]) =>
      [join(one, { ...other, identity: stranger }), join({ ...other, identity: stranger }, one)].every(
        (joined) => E.isLeft(joined) && JSON.stringify(joined.left).includes(difference),
      ),
};

/** The identity of the parts of a preset. */
export type IdentityOf = (preset: Preset) => PartIdentity;

const changes: readonly ((preset: Preset) => Preset)[] = [
  (preset) => ({ ...preset, exactCases: preset.exactCases + 1 }),
  (preset) => ({ ...preset, threeSpin: { ...preset.threeSpin, seeds: [9] } }),
  (preset) => ({
    ...preset,
    doubleExchange: {
      ...preset.doubleExchange,
      plan: (run) => ({ ...preset.doubleExchange.plan(run), epochs: 7 }),
    },
  }),
  (preset) => ({ ...preset, speed: { ...preset.speed, repetitions: 99 } }),
];

export const identitiesTellOptions: Law<IdentityOf, readonly [PresetName, number]> = {
  statement: 'the identity of a preset changes with every option and seed of its jobs, and with nothing else',
  cases: fc.tuple(fc.constantFrom(...presetNames), fc.nat({ max: changes.length - 1 })),
  runs: 12,
  holds:
    (identityOf) =>
    ([name, index]) => {
      const preset = presets[name];
      const change = changes[index] ?? ((same: Preset) => same);
      const found = identityOf(preset);
      return (
        JSON.stringify(identityOf({ ...preset })) === JSON.stringify(found) &&
        identityOf(change(preset)).jobs !== found.jobs
      );
    },
};

/** The order in which jobs are begun. */
export type InOrder = (order: JobOrder) => (jobs: readonly Job[]) => readonly Job[];

/** The networks of which the paper tells numbers, by system, width and depth; on lattices of N = 10, with kernels of 3 x 3 or as EFNN. */
const told: ReadonlySet<string> = new Set([
  ...['three-spin-binary', 'three-spin-continuous'].flatMap((system) =>
    [105, 150].flatMap((width) => [2, 3].map((layers) => [system, width, layers].join())),
  ),
  ...[1, 2, 3].map((layers) => ['lattice', 3, layers].join()),
]);

/** By the published protocol, on a few of its samples. */
const isInSmall = ({ job }: Training): boolean => job.tag === 'lattice' && job.train.recipe.sampler === 'published';

const isTold = (training: Training): boolean =>
  !isInSmall(training) &&
  (training.job.tag === 'dense' ||
    ((training.kernel === 3 || training.architecture === 'efnn') &&
      sizeOf(training.job.train.recipe.sampleShape) === 10)) &&
  (told.has([training.system, training.width, training.layers].join()) ||
    (training.architecture === 'efnn' &&
      training.system === 'three-spin-binary' &&
      training.width > 105 &&
      training.layers > 1));

/** EFNNs of any C, by which claims tell how errors fall: with kernels of 3 x 3 and a head, trained on N = 10. */
const isOfTrends = ({ job, architecture, kernel }: Training): boolean =>
  job.tag === 'lattice' &&
  architecture === 'efnn' &&
  kernel === 3 &&
  job.network.shape.tag === 'lattice' &&
  job.network.shape.pairHead &&
  sizeOf(job.train.recipe.sampleShape) === 10;

/** Whether all of one kind come before all of another: what stands after one of the others is none of the first. */
const precede = <A>(all: readonly A[], isEarly: (a: A) => boolean, isLate: (a: A) => boolean): boolean => {
  const firstLate = all.findIndex(isLate);
  return firstLate === -1 || !all.slice(firstLate).some(isEarly);
};

const isSorted = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value >= (values[i - 1] ?? NaN));

export const ordersAreKept = (seconds: (job: Job) => number): Law<InOrder, readonly Job[]> => ({
  statement:
    'every job is begun once: the longest first, or first what trains no network, then the EFNNs of W = 105 and 150, on binary spins from W = 105 on, and of ' +
    'C = 3 on N = 10 with all their seeds, then the others of W = 105, 150 and C = 3, those of 3 x 3, then the EFNNs of every C, of 3 x 3 with a head, then all other networks, seed by seed; the published protocol in small, with ' +
    'all its seeds, after the first seed of these and before the second',
  cases: fc.shuffledSubarray([...jobsFor(presets.standard, figures)], { minLength: 100, maxLength: 120 }),
  runs: 10,
  holds: (inOrder) => (jobs) => {
    const [longest, telling] = [inOrder('longest first')(jobs), inOrder('most telling first')(jobs)];
    const trained = trainingsIn(telling);
    const texts = (some: readonly Job[]): string =>
      some
        .map((job) => JSON.stringify(job))
        .toSorted()
        .join();
    return (
      texts(longest) === texts(jobs) &&
      texts(telling) === texts(jobs) &&
      isSorted(longest.map((job) => -seconds(job))) &&
      precede(telling, (job) => !trains(job), trains) &&
      precede(trained, isTold, (training) => !isTold(training)) &&
      precede(
        trained.filter(isTold),
        ({ architecture }) => architecture === 'efnn',
        ({ architecture }) => architecture !== 'efnn',
      ) &&
      isSorted(
        trained
          .filter((training) => !isTold(training))
          .map((training) => (isInSmall(training) ? 1.5 : isOfTrends(training) ? 0 : training.seed)),
      )
    );
  },
});

/** What `reproduce --list` says that a preset takes. */
export type Expected = (jobs: readonly Job[], threads: number) => number;

export const standardTakesADay: Law<Expected, null> = {
  statement:
    'standard is expected to take more than an hour on one core, at most 24 hours on two, and no less than half as long there as on one',
  cases: fc.constant(null),
  runs: 1,
  holds: (expected) => () => {
    const jobs = jobsFor(presets.standard, figures);
    const [one, two] = [expected(jobs, 1), expected(jobs, 2)];
    return one > 3600 && two <= 24 * 3600 && two >= one / 2;
  },
};
