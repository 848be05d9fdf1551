/** Laws of dividing a reproduction among processes, and of joining what they made. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { figures, jobsFor, trains, type Job } from '../../src/study/job.ts';
import type { Part, PartIdentity } from '../../src/study/part.ts';
import { presetNames, presets, type JobOrder, type Preset, type PresetName } from '../../src/study/preset.ts';
import type { Shard } from '../../src/study/shard.ts';
import type { Law } from '../law.ts';

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

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const divided: fc.Arbitrary<{ readonly costs: readonly Costly[]; readonly n: number }> = fc
  .array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 40 })
  .chain((seconds) =>
    fc.record({
      costs: fc.constant(seconds.map((one, place) => ({ place, seconds: one }))),
      n: fc.integer({ min: 1, max: seconds.length }),
    }),
  );

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
export type Join = (one: Part, other: Part) => Either<unknown, Part>;

const identity: PartIdentity = { version: '1.2.3', backend: 'wasm', preset: 'quick', jobs: '0'.repeat(64) };

/** Few names, and contents that seldom differ, so that parts have files together and sometimes disagree. */
const part: fc.Arbitrary<Part> = fc
  .dictionary(
    fc.constantFrom('results/a', 'results/b', 'models/a', 'labels/a'),
    fc.oneof({ arbitrary: fc.constant('same'), weight: 6 }, fc.constant('other')),
  )
  .map((files) => ({ identity, files: new Map(Object.entries(files)) }));

const textOf = (joined: Either<unknown, Part>): string | null =>
  E.isRight(joined) ? JSON.stringify([joined.right.identity, [...joined.right.files].toSorted()]) : null;

export const joiningIsAUnion: Law<Join, readonly [Part, Part, Part]> = {
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
      const left = E.isRight(join(a, b)) ? E.chain((ab: Part) => join(ab, c))(join(a, b)) : join(a, b);
      const right = E.isRight(join(b, c)) ? E.chain((bc: Part) => join(a, bc))(join(b, c)) : join(b, c);
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

export const strangersAreRefused: Law<Join, readonly [Part, Part, readonly [string, PartIdentity]]> = {
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

/** 0 for what trains nothing, 1 and 2 for EFNNs and others of which the paper tells numbers, 3 for the networks around them. */
const stageOf = (job: Job): number => {
  if (!trains(job)) {
    return 0;
  }
  const { shape, architecture } = job.network;
  const isTold =
    shape.tag === 'dense'
      ? shape.layers >= 2 && shape.neurons % 45 === 15 && shape.neurons > 100
      : shape.channels === 3;
  const isWide = shape.tag === 'lattice' && shape.kernel > 3;
  return isTold && !isWide ? (architecture === 'efnn' ? 1 : 2) : 3;
};

const isSorted = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value >= (values[i - 1] ?? NaN));

export const ordersAreKept = (seconds: (job: Job) => number): Law<InOrder, readonly Job[]> => ({
  statement:
    'every job is begun once: the longest first, or first what trains no network, then the EFNNs of W = 105 and 150 and of ' +
    'C = 3 with 3 x 3 with all their seeds, then the others of these shapes, then all other networks, seed by seed',
  cases: fc.shuffledSubarray([...jobsFor(presets.standard, figures)], { minLength: 100, maxLength: 120 }),
  runs: 10,
  holds: (inOrder) => (jobs) => {
    const [longest, telling] = [inOrder('longest first')(jobs), inOrder('most telling first')(jobs)];
    const texts = (some: readonly Job[]): string =>
      some
        .map((job) => JSON.stringify(job))
        .toSorted()
        .join();
    return (
      texts(longest) === texts(jobs) &&
      texts(telling) === texts(jobs) &&
      isSorted(longest.map((job) => -seconds(job))) &&
      isSorted(telling.map(stageOf)) &&
      isSorted(telling.filter((job) => stageOf(job) === 3).map((job) => ('plan' in job ? job.plan.seed : NaN)))
    );
  },
});

/** What `reproduce --list` says that a preset takes. */
export type Expected = (jobs: readonly Job[], threads: number) => number;

export const standardTakesADay: Law<Expected, null> = {
  statement:
    'standard trains all four networks at every width, depth and number of channels of the paper with three seeds, and is expected to ' +
    'take at most 24 hours on two cores, and no less than half as long as on one',
  cases: fc.constant(null),
  runs: 1,
  holds: (expected) => () => {
    const jobs = jobsFor(presets.standard, figures);
    const trained = new Set(
      jobs.flatMap((job) =>
        trains(job)
          ? [
              [
                job.tag === 'dense' ? job.system : 'lattice',
                job.network.architecture,
                job.network.shape.layers,
                job.network.shape.tag === 'dense' ? job.network.shape.neurons : job.network.shape.channels,
                job.plan.seed,
              ].join(),
            ]
          : [],
      ),
    );
    const widths = { lattice: [1, 3, 5, 7, 9], dense: Array.from({ length: 10 }, (_, i) => 15 * (i + 1)) };
    const wanted = ['lattice', 'three-spin-binary', 'three-spin-continuous'].flatMap((system) =>
      ['efnn', 'dnn', 'resnet', 'densenet'].flatMap((architecture) =>
        [1, 2, 3].flatMap((layers) =>
          (system === 'lattice' ? widths.lattice : widths.dense).flatMap((width) =>
            [1, 2, 3].map((seed) => [system, architecture, layers, width, seed].join()),
          ),
        ),
      ),
    );
    return (
      wanted.every((one) => trained.has(one)) &&
      expected(jobs, 2) <= 24 * 3600 &&
      expected(jobs, 2) >= expected(jobs, 1) / 2 &&
      expected(jobs, 1) > 3600
    );
  },
};

/** The protocol of the authors' code in numbers, from the documents beside the paper: nothing of it is read from the presets. */
export const paperIsAsPublished: Law<Preset, null> = {
  statement:
    'paper is the published protocol: 160,000 training samples and 40,000 tests of each size, energies alone, 1,000 epochs in batches of 1,000 with rates ' +
    '1e-3 to 1e-4 every 50 and decay 1e-5, kernels of 5 x 5 without a head; dense networks 8,000 or 16,000 epochs with their rates and decays',
  cases: fc.constant(null),
  runs: 1,
  holds: (preset) => () => {
    const jobs = jobsFor(preset, figures);
    const lattice = jobs.flatMap((job) => (job.tag === 'lattice' ? [job] : []));
    const dense = jobs.flatMap((job) => (job.tag === 'dense' ? [job] : []));
    const protocolOf = ({ plan }: { readonly plan: object }): string => JSON.stringify(plan);
    const latticePlan = {
      ...{ start: 'published', seed: 1, epochs: 1000, batch: 1000 },
      ...{
        schedule: { tag: 'staircase', first: 1e-3, last: 1e-4, every: 50 },
        weightDecay: 1e-5,
        clip: null,
        forceWeight: null,
      },
    };
    const stairs = { tag: 'staircase', first: 1e-3, last: 1e-5, every: 400 };
    const densePlan = (system: string, isEfnn: boolean) => ({
      ...{ start: 'published', seed: 1, epochs: isEfnn && system === 'three-spin-binary' ? 8000 : 16_000, batch: 1000 },
      schedule:
        isEfnn && system === 'three-spin-binary' ? { tag: 'decay', rate: 1e-3, factor: 0.9, every: 100 } : stairs,
      weightDecay: isEfnn ? (system === 'three-spin-binary' ? 1e-2 : 1e-4) : 1e-3,
      ...{ clip: null, forceWeight: null },
    });
    const sizes = [10, 15, 20, 25, 30, 35, 40];
    return (
      lattice.length === 60 &&
      dense.length === 240 &&
      lattice.every(
        (job) =>
          protocolOf(job) === JSON.stringify(latticePlan) &&
          job.network.shape.tag === 'lattice' &&
          job.network.shape.kernel === 5 &&
          !job.network.shape.pairHead &&
          job.train.range.count === 160_000 &&
          job.train.recipe.sampler === 'published' &&
          job.train.recipe.seed === 100 &&
          job.tests.map(({ recipe, range }) => [recipe.sampleShape[1], range.count].join()).join() ===
            sizes.map((size) => [size, 40_000].join()).join(),
      ) &&
      dense.every(
        (job) => protocolOf(job) === JSON.stringify(densePlan(job.system, job.network.architecture === 'efnn')),
      )
    );
  },
};
