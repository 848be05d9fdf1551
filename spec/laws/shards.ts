/** Laws of runs in pieces: shards, images, cross-checks, and journals of runs that are killed. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import { isNonEmpty } from 'fp-ts/lib/ReadonlyArray.js';

import { sampleCount, type DataSet } from '../../src/dataset/data-set.ts';
import type { Recipe } from '../../src/dataset/recipe.ts';
import type { Range } from '../../src/dataset/shard.ts';
import { generate, sourceOf, type Source } from '../../src/dataset/source.ts';
import { energyAndForcesOf } from '../../src/exact/forces.ts';
import type { DataError } from '../../src/file/data-error.ts';
import { publishedDoubleExchange } from '../../src/hamiltonian/double-exchange.ts';
import { actOnField, pointGroup } from '../../src/lattice/symmetry.ts';
import type { Checks } from '../../src/provenance/agreement.ts';
import type { Recovered } from '../../src/provenance/journal.ts';
import { manifestOf, type Manifest } from '../../src/provenance/manifest.ts';
import type { Remake } from '../../src/provenance/remake.ts';
import { runDescription, type Run } from '../../src/provenance/run.ts';
import { observe, type Observation } from '../../src/provenance/verification.ts';
import {
  allShards,
  digest,
  latticeRecipes,
  partOf,
  rangeOf,
  shardedRuns,
  type ShardedRun,
} from '../arbitraries/runs.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import { npzOf } from '../written.ts';

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const whole = ({ recipe, configurations }: ShardedRun): Uint8Array =>
  npzOf(right(generate(recipe)({ first: 0, count: configurations })));

export type MakeShard = (run: ShardedRun, i: number) => DataSet;

export type Join = (pieces: ReadonlyNonEmptyArray<DataSet>) => Either<DataError, DataSet>;

export const shardsConcatenate: Law<{ readonly make: MakeShard; readonly join: Join }, ShardedRun> = {
  statement: 'shards 1/n .. n/n, one after the other, are the file that was never divided, whatever n is',
  cases: shardedRuns(1),
  holds:
    ({ make, join }) =>
    (run) => {
      const shards = allShards(run).map((i) => make(run, i));
      const joined = isNonEmpty(shards) ? join(shards) : null;
      return joined !== null && E.isRight(joined) && sameBytes(npzOf(joined.right), whole(run));
    },
  runs: 40,
};

const ranges = fc.array(fc.record({ first: fc.nat({ max: 20 }), count: fc.integer({ min: 1, max: 8 }) }), {
  maxLength: 6,
});

const indicesOf = ({ first, count }: Range): readonly number[] => Array.from({ length: count }, (_, i) => first + i);

export type Gaps = (range: Range, covered: readonly Range[]) => readonly Range[];

export const gapsAreWhatIsLeft: Law<Gaps, readonly [Range, readonly Range[]]> = {
  statement: 'gaps are exactly the indices of a range that no other range has, in order, neighbours together',
  cases: fc.tuple(fc.record({ first: fc.nat({ max: 10 }), count: fc.integer({ min: 1, max: 20 }) }), ranges),
  holds:
    (gaps) =>
    ([range, covered]) => {
      const left = indicesOf(range).filter((index) => !covered.some((other) => indicesOf(other).includes(index)));
      const found = gaps(range, covered);
      const ends = found.map(({ first, count }) => first + count);
      return (
        found.flatMap(indicesOf).join() === left.join() &&
        found.every(({ first }, i) => i === 0 || first > (ends[i - 1] ?? 0))
      );
    },
};

export const overlapsAreShared: Law<(ranges: readonly Range[]) => readonly Range[], readonly Range[]> = {
  statement: 'there are overlaps if and only if some index lies in two ranges, and without them there are none',
  cases: ranges,
  holds: (overlaps) => (all) => {
    const indices = all.flatMap(indicesOf);
    const found = overlaps(all);
    const rest = all.filter((range) => !found.includes(range)).flatMap(indicesOf);
    return found.length > 0 === new Set(indices).size < indices.length && new Set(rest).size === rest.length;
  },
};

/** A lattice recipe for images, and which configurations. */
interface Imaged {
  readonly recipe: Recipe;
  readonly range: Range;
}

const imaged: fc.Arbitrary<Imaged> = fc.record({
  recipe: latticeRecipes.map((recipe): Recipe => ({ ...recipe, images: 'C4v', forces: true })),
  range: fc.record({ first: fc.nat({ max: 1000 }), count: fc.integer({ min: 1, max: 3 }) }),
});

type MakeData = (recipe: Recipe) => (range: Range) => Either<DataError, DataSet>;

export const imagesAreExact: Law<MakeData, Imaged> = {
  statement:
    'row 8 c + k is image k of configuration c under C4v: its spins are those of the configuration carried along, and ' +
    'its energy and forces those that diagonalization gives for the image',
  cases: imaged,
  holds:
    (make) =>
    ({ recipe, range }) => {
      const data = right(make(recipe)(range));
      const exact = energyAndForcesOf(publishedDoubleExchange);
      const symmetries = pointGroup({ size: 3 });
      return (
        sampleCount(data) === 8 * range.count &&
        data.meta.firstIndex === 8 * range.first &&
        Array.from(data.energies).every((energy, b) => {
          const row = data.meta.firstIndex + b;
          const symmetry = symmetries[row % 8];
          const original = right(right(sourceOf(recipe)).sample(Math.floor(row / 8))).spins;
          const spins = data.spins.slice(27 * b, 27 * (b + 1));
          const forces = (O.toUndefined(data.forces) ?? new Float64Array()).slice(27 * b, 27 * (b + 1));
          const again = right(exact({ size: 3, components: spins }));
          // Diagonalizing 18 levels of order 20 errs by about 1e-14 each; eigenvectors share gaps of order 0.1.
          return (
            symmetry !== undefined &&
            actOnField(symmetry)(original).every((s, i) => s === spins[i]) &&
            Math.abs(again.energy - energy) < 1e-11 &&
            forces.length === 27 &&
            again.forces.every((force, i) => Math.abs(force - (forces[i] ?? NaN)) < 1e-9)
          );
        })
      );
    },
  runs: 30,
};

/** Labels of which one is wrong. */
interface WrongLabel {
  readonly recipe: Recipe;
  readonly range: Range;
  readonly checks: Checks;
  /** Which configuration is wrong, in the range. */
  readonly wrong: number;
  readonly label: 'energy' | 'force';
  readonly error: number;
}

const wrongLabels: fc.Arbitrary<WrongLabel> = fc
  .record({
    recipe: latticeRecipes.map((recipe): Recipe => ({ ...recipe, forces: true })),
    range: fc.record({ first: fc.nat({ max: 10 }), count: fc.integer({ min: 1, max: 5 }) }),
    every: fc.integer({ min: 1, max: 3 }),
    ahead: fc.nat({ max: 10 }),
    place: fc.nat(),
    label: fc.constantFrom('energy' as const, 'force' as const),
    // The tolerance of 9 sites is 9e-9, and that of forces 1e-7.
    error: fc.constantFrom(0, 1e-9, 1e-6, -1e-6, 0.01),
  })
  .map(({ range, every, ahead, place, ...rest }) => ({
    ...rest,
    range,
    checks: { from: Math.max(0, range.first - ahead), every, tolerance: 1e-9 },
    wrong: range.first + (place % range.count),
  }));

export type CrossCheck = (reference: Source, checks: Checks) => (data: DataSet) => Either<DataError, DataSet>;

export const crossChecksFindErrors: Law<CrossCheck, WrongLabel> = {
  statement: 'a label beyond the tolerance is found if and only if its configuration is one of those to be checked',
  cases: wrongLabels,
  holds:
    (crossChecked) =>
    ({ recipe, range, checks, wrong, label, error }) => {
      const rows = recipe.images === 'C4v' ? 8 : 1;
      const row = (wrong - range.first) * rows;
      const data = right(generate(recipe)(range));
      const off = (values: DataSet['spins'], at: number): DataSet['spins'] =>
        values.map((x, i) => (i === at ? x + error : x));
      const got: DataSet =
        label === 'energy'
          ? { ...data, energies: off(data.energies, row) }
          : { ...data, forces: O.map((forces: DataSet['spins']) => off(forces, 27 * row + 4))(data.forces) };
      const isFound = Math.abs(error) > 9e-9 && (wrong - checks.from) % checks.every === 0;
      const result = crossChecked(right(sourceOf(recipe)), checks)(got);
      return E.isLeft(result) === isFound && (E.isRight(result) || result.left.message.includes(`sample ${wrong} `));
    },
  runs: 60,
};

/** How a journal is written, read and gone on from. */
export interface Journal {
  readonly start: (run: Run) => Uint8Array;
  readonly entry: (piece: DataSet) => Uint8Array;
  readonly recovered: (run: Run, journal: Uint8Array) => Either<DataError, Recovered>;
  readonly remaining: (range: Range, done: readonly DataSet[], most: number) => readonly Range[];
  readonly assembled: (done: readonly DataSet[]) => Either<DataError, DataSet>;
}

/** A process that is killed: after so many pieces, with a part of the next one on disk. */
interface Kill {
  readonly pieces: number;
  /** How much of the next entry was written. */
  readonly percent: number;
  /** Whether the disk had made room for the rest, which then reads as zeros. */
  readonly zeros: boolean;
}

interface KilledRun {
  readonly sharded: ShardedRun;
  readonly i: number;
  readonly most: number;
  readonly kills: readonly Kill[];
  /** The order in which threads finish: by these numbers. */
  readonly order: readonly number[];
}

const killedRuns: fc.Arbitrary<KilledRun> = shardedRuns(1).chain((sharded) =>
  fc.record({
    sharded: fc.constant(sharded),
    i: fc.integer({ min: 1, max: sharded.n }),
    most: fc.integer({ min: 1, max: 2 }),
    kills: fc.array(
      fc.record({
        pieces: fc.nat({ max: 2 }),
        percent: fc.nat({ max: 99 }),
        zeros: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
    order: fc.array(fc.nat({ max: 100 }), { minLength: 6, maxLength: 6 }),
  }),
);

const runOf = (sharded: ShardedRun, i: number): Run => ({
  program: '1.2.3',
  recipe: sharded.recipe,
  part: partOf(sharded, i),
});

/** What is on disk, and which pieces were finished there, in the order of their making. */
interface Disk {
  readonly journal: Uint8Array;
  readonly finished: readonly Range[];
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** One life of the process, as the program lives it. */
const live =
  (journal: Journal, { sharded, i, most, order }: KilledRun, kill: Kill | null) =>
  (disk: Disk): Disk & { readonly done: readonly DataSet[] } => {
    const run = runOf(sharded, i);
    const { pieces, wholeBytes } = right(journal.recovered(run, disk.journal));
    const begun = wholeBytes === 0 ? journal.start(run) : disk.journal.slice(0, wholeBytes);
    const left = journal
      .remaining(rangeOf(sharded, i), pieces, most)
      .toSorted((a, b) => (order[a.first] ?? 0) - (order[b.first] ?? 0));
    const now = left.slice(0, kill?.pieces ?? left.length);
    const made = now.map((range) => right(generate(sharded.recipe)(range)));
    const next = left[now.length];
    const entry = next === undefined ? new Uint8Array() : journal.entry(right(generate(sharded.recipe)(next)));
    const torn = kill === null ? new Uint8Array() : tornEntry(entry, kill);
    return {
      journal: joined(begun, ...made.map(journal.entry), torn),
      // An entry may end with zeros, and then be whole without its end.
      finished: [...disk.finished, ...now, ...(next !== undefined && sameBytes(torn, entry) ? [next] : [])],
      done: [...pieces, ...made],
    };
  };

const tornEntry = (entry: Uint8Array, { percent, zeros }: Kill): Uint8Array => {
  const written = Math.floor((percent / 100) * entry.length);
  return entry.slice(0, zeros ? entry.length : written).map((byte, at) => (at < written ? byte : 0));
};

export const killedRunsGoOn: Law<Journal, KilledRun> = {
  statement:
    'a run that is killed, however often and wherever in its journal, ends with the file of the run that was not, and ' +
    'makes no finished piece twice',
  cases: killedRuns,
  holds: (journal) => (killed) => {
    const lives = killed.kills.map((kill) => live(journal, killed, kill));
    const disk = lives.reduce<Disk>((before, life) => life(before), { journal: new Uint8Array(), finished: [] });
    const { finished, done } = live(journal, killed, null)(disk);
    const result = journal.assembled(done);
    const range = rangeOf(killed.sharded, killed.i);
    return (
      E.isRight(result) &&
      sameBytes(npzOf(result.right), npzOf(right(generate(killed.sharded.recipe)(range)))) &&
      finished
        .flatMap(indicesOf)
        .toSorted((a, b) => a - b)
        .join() === indicesOf(range).join()
    );
  },
  runs: 60,
};

/** A run, and the same with one option changed. */
interface Changed {
  readonly sharded: ShardedRun;
  readonly key: string;
  readonly change: (run: Run) => Run;
}

const changed = (key: string, change: (run: Run) => Run): Pick<Changed, 'key' | 'change'> => ({ key, change });

const changes: fc.Arbitrary<Pick<Changed, 'key' | 'change'>> = fc.constantFrom(
  changed('seed', (run) => ({ ...run, recipe: { ...run.recipe, seed: run.recipe.seed + 1 } })),
  changed('forces', (run) => ({ ...run, recipe: { ...run.recipe, forces: !run.recipe.forces } })),
  changed('samples', (run) => ({ ...run, part: { ...run.part, samples: run.part.samples + 1 } })),
  changed('shard', (run) => ({ ...run, part: { ...run.part, shard: { i: 1, n: run.part.shard.n + 1 } } })),
  changed('checks', (run) => ({ ...run, part: { ...run.part, checks: { every: 5, tolerance: 1e-9 } } })),
  changed('efnn', (run) => ({ ...run, program: '1.2.4' })),
);

/** Whether a manifest is of the file that a run writes. */
export type IsOfRun = (run: Run) => (manifest: Manifest) => boolean;

export const manifestsBelongToARun: Law<IsOfRun, Changed> = {
  statement:
    'a manifest is of the run that wrote its file, by whatever version, and of none with another option; those of models are of none',
  cases: fc.tuple(shardedRuns(1), changes).map(([sharded, { key, change }]) => ({ sharded, key, change })),
  holds:
    (isOfRun) =>
    ({ sharded, key, change }) => {
      const run = runOf(sharded, 1);
      const of = manifestOf(digest, '1.2.3');
      const manifest = of(runDescription(run), Uint8Array.of(1, 2));
      const model = of({ kind: 'model', origin: { job: 'another' } }, Uint8Array.of(1, 2));
      return isOfRun(run)(manifest) && isOfRun(change(run))(manifest) === (key === 'efnn') && !isOfRun(run)(model);
    },
  runs: 40,
};

export const journalsBelongToARun: Law<Journal, Changed> = {
  statement: 'the journal of a run is refused with other options, and the reason names the option',
  cases: fc.tuple(shardedRuns(1), changes).map(([sharded, { key, change }]) => ({ sharded, key, change })),
  holds:
    (journal) =>
    ({ sharded, key, change }) => {
      const run = runOf(sharded, 1);
      const bytes = joined(journal.start(run), journal.entry(right(generate(sharded.recipe)(rangeOf(sharded, 1)))));
      const own = journal.recovered(run, bytes);
      const other = journal.recovered(change(run), bytes);
      return E.isRight(own) && own.right.pieces.length === 1 && E.isLeft(other) && other.left.message.includes(key);
    },
  runs: 40,
};

/** Which stored samples are made again, and how. */
export type RemakesOf = (
  manifests: ReadonlyMap<string, Either<DataError, Manifest>>,
  files: ReadonlyMap<string, Observation>,
) => readonly Remake[];

interface StoredRows {
  readonly sharded: ShardedRun;
  readonly i: number;
  readonly chosen: readonly number[];
}

const storedRows: fc.Arbitrary<StoredRows> = shardedRuns(1).chain((sharded) =>
  fc.integer({ min: 1, max: sharded.n }).chain((i) => {
    const { first, count } = partOf(sharded, i).rows;
    return fc.record({
      sharded: fc.constant(sharded),
      i: fc.constant(i),
      chosen: fc.uniqueArray(fc.integer({ min: first, max: first + count - 1 }), { minLength: 1, maxLength: 4 }),
    });
  }),
);

export const remakesAreWhatWasStored: Law<RemakesOf, StoredRows> = {
  statement:
    'the chosen rows of a whole file are made again, each as the image of its configuration that stands there, by the method that ' +
    'judges the others; nothing of a file that was changed, or that has no manifest',
  cases: storedRows,
  holds:
    (remakesOf) =>
    ({ sharded, i, chosen }) => {
      const { recipe } = sharded;
      const bytes = npzOf(right(generate(recipe)(rangeOf(sharded, i))));
      const manifest = manifestOf(digest, '1.2.3')(runDescription({ recipe, part: partOf(sharded, i) }), bytes);
      const others = manifestOf(digest, '1.2.3')(runDescription({ recipe, part: partOf(sharded, i) }), bytes.slice(1));
      const files = new Map([['a.npz', observe(digest, new Map())('a.npz', bytes, chosen)]]);
      const images = recipe.images === 'C4v' ? 8 : 1;
      const found = remakesOf(new Map([['a.npz', E.right(manifest)]]), files);
      return (
        found
          .map(({ row }) => row)
          .toSorted((a, b) => a - b)
          .join() === chosen.toSorted((a, b) => a - b).join() &&
        found.every(({ path, row, stored, index, image, recipe: again }) => {
          if (path !== 'a.npz' || E.isLeft(again) || again.right.method === 'poles') {
            return false;
          }
          const { spins } = right(generate(again.right)({ first: index, count: 1 }));
          const length = spins.length / images;
          return (
            row === index * images + image &&
            image >= 0 &&
            image < images &&
            spins.slice(image * length, (image + 1) * length).every((spin, k) => spin === stored.spins[k])
          );
        }) &&
        remakesOf(new Map([['a.npz', E.right(others)]]), files).length === 0 &&
        remakesOf(new Map(), files).length === 0
      );
    },
  runs: 40,
};
