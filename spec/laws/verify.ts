/** Laws of verification: manifests say what they said, and whatever happens to a folder is found. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';

import type { DataSet } from '../../src/dataset/data-set.ts';
import type { Recipe } from '../../src/dataset/recipe.ts';
import type { Range } from '../../src/dataset/shard.ts';
import type { Sample } from '../../src/dataset/source.ts';
import type { DataError } from '../../src/file/data-error.ts';
import { manifestOf, showManifest, type Manifest } from '../../src/provenance/manifest.ts';
import { manifestSuffix, type Finding } from '../../src/provenance/verification.ts';
import { writeCheckpoint } from '../../src/training/checkpoint.ts';
import { metas } from '../arbitraries/data-set.ts';
import {
  allShards,
  dataIn,
  digest,
  filesOf,
  folderOf,
  partOf,
  pathOf,
  shardedRuns,
  type Files,
  type ShardedRun,
} from '../arbitraries/runs.ts';
import { smallNetwork, smallWeights } from '../arbitraries/trainings.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

/** How manifests are written and read. */
export interface ManifestFormat {
  readonly show: (manifest: Manifest) => string;
  readonly read: (bytes: Uint8Array) => Either<DataError, Manifest>;
}

const positive = fc.integer({ min: 1 });

const common = {
  format: fc.constant('efnn-manifest/1' as const),
  program: fc.string({ unit: 'grapheme' }),
  bytes: fc.maxSafeNat(),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
};

const dataSetManifests: fc.Arbitrary<Manifest> = fc
  .constantFrom('three-spin-binary' as const, 'three-spin-continuous' as const, 'double-exchange' as const)
  .chain((system) =>
    fc.record({
      ...common,
      kind: fc.constant('data-set' as const),
      origin: fc
        .tuple(metas(system), fc.array(positive, { maxLength: 3 }), fc.boolean())
        .map(([{ firstIndex: _, ...meta }, sampleShape, forces]) => ({ ...meta, sampleShape, forces })),
      part: fc.record({
        shard: fc.record({ i: positive, n: positive }),
        samples: positive,
        rows: fc.record({ first: fc.nat(), count: positive }),
        checks: fc.oneof(fc.constant(null), fc.record({ every: positive, tolerance: fc.constantFrom(1e-9, 0.5) })),
      }),
    }),
  );

const otherManifests: fc.Arbitrary<Manifest> = fc.record({
  ...common,
  kind: fc.constantFrom('model', 'checkpoint', 'result'),
  origin: fc.dictionary(
    fc.stringMatching(/^[a-z]{1,5}$/),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer())),
    { noNullPrototype: true },
  ),
});

const manifests = fc.oneof(dataSetManifests, otherManifests);

/** Equality of plain data, whatever the order of the keys. */
const same = (a: unknown, b: unknown): boolean => {
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    const [entries, others] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))];
    return (
      entries.length === others.size && entries.every(([key, value]) => others.has(key) && same(value, others.get(key)))
    );
  }
  return a === b;
};

export const manifestsAreReadBack: Law<ManifestFormat, Manifest> = {
  statement: 'a manifest that is written is read back, and written again it is the same text',
  cases: manifests,
  holds:
    ({ show, read }) =>
    (manifest) => {
      const result = read(new TextEncoder().encode(show(manifest)));
      return E.isRight(result) && same(result.right, manifest) && show(result.right) === show(manifest);
    },
};

/** One bit of a file: at a fraction of its length. */
interface Bit {
  readonly place: number;
  readonly bit: number;
}

const bits: fc.Arbitrary<Bit> = fc.record({ place: fc.nat(), bit: fc.nat({ max: 7 }) });

const flipped = (bytes: Uint8Array, { place, bit }: Bit): Uint8Array =>
  bytes.map((byte, at) => (at === place % bytes.length ? byte ^ (1 << bit) : byte));

export const manifestsNoticeEveryBit: Law<ManifestFormat, readonly [Manifest, Bit]> = {
  statement: 'a manifest is read, and one of which a bit was flipped is refused with a reason',
  cases: fc.tuple(manifests, bits),
  holds:
    ({ show, read }) =>
    ([manifest, bit]) => {
      const whole = new TextEncoder().encode(show(manifest));
      const result = read(flipped(whole, bit));
      return E.isRight(read(whole)) && E.isLeft(result) && result.left.message.length > 20;
    },
  runs: 500,
};

/** What is wrong with these files. All samples are made again where `samples` says so. */
export type VerifyFiles = (files: Files) => readonly Finding[];

const kinds = (found: readonly Finding[]): string => [...new Set(found.map(({ kind }) => kind))].toSorted().join();

export const intactFoldersPass: Law<VerifyFiles, ShardedRun> = {
  statement: 'nothing is found in a folder with all shards of a run, as they were written',
  cases: shardedRuns(1),
  holds: (verify) => (run) => verify(folderOf(run)).length === 0,
  runs: 60,
};

export const everyFlippedBitIsFound: Law<VerifyFiles, readonly [ShardedRun, number, Bit]> = {
  statement: 'whichever bit of whichever file of a folder is flipped, something is found in that file',
  cases: fc.tuple(shardedRuns(1), fc.nat(), bits),
  holds:
    (verify) =>
    ([run, which, bit]) => {
      const files = folderOf(run);
      const path = [...files.keys()][which % files.size] ?? '';
      const changed = new Map([...files].map(([name, bytes]) => [name, name === path ? flipped(bytes, bit) : bytes]));
      return verify(changed).some((finding) => finding.path === path);
    },
  runs: 200,
};

/** The checkpoint of a training under some name, perhaps with a manifest, perhaps damaged, beside the data of a run. */
interface StoppedTraining {
  readonly run: ShardedRun;
  readonly path: string;
  readonly isDescribed: boolean;
  readonly damage: Bit | null;
}

const stoppedTrainings: fc.Arbitrary<StoppedTraining> = fc
  .record({
    run: shardedRuns(1),
    path: fc.constantFrom('m.st.checkpoint', 'm.safetensors.checkpoint', 'checkpoints/a.safetensors'),
    isDescribed: fc.boolean(),
    damage: fc.option(bits),
  })
  // `train` writes no manifest beside its checkpoint.
  .filter(({ path, isDescribed }) => !isDescribed || path.endsWith('.safetensors'));

const checkpoint = right(
  writeCheckpoint(digest)({
    ...{ network: smallNetwork, run: 'a run' },
    state: {
      ...{ epoch: 1, loss: 0.5, rateFactor: 1, best: null },
      adam: { step: 3, weights: smallWeights, firstMoment: smallWeights, secondMoment: smallWeights },
    },
  }),
);

const checkpointManifest = new TextEncoder().encode(
  showManifest(digest)(manifestOf(digest, '1.2.3')({ kind: 'checkpoint', origin: {} }, checkpoint)),
);

export const stoppedTrainingsAreFound: Law<VerifyFiles, StoppedTraining> = {
  statement:
    'the checkpoint of a training, by its name, its content or its manifest, is an unfinished run, to be gone on with by --resume; a ' +
    'damaged one is a damaged file, and what is called a checkpoint is to be begun anew by --overwrite',
  cases: stoppedTrainings,
  holds:
    (verify) =>
    ({ run, path, isDescribed, damage }) => {
      const files = new Map([
        ...folderOf(run),
        [path, damage === null ? checkpoint : flipped(checkpoint, damage)],
        ...(isDescribed ? [[path + manifestSuffix, checkpointManifest] as const] : []),
      ]);
      const [found, ...others] = verify(files);
      return (
        others.length === 0 &&
        found?.path === path &&
        (damage === null
          ? found.kind === 'unfinished run' && / start it again [^\p{C}]* --resume\)$/u.test(found.message)
          : found.kind === 'damaged file' &&
            (!path.endsWith('.checkpoint') || found.message.endsWith('give --overwrite without --resume')))
      );
    },
};

/** A run of at least two shards, of which some are lost: both files, or one of the two. */
interface Loss {
  readonly run: ShardedRun;
  readonly lost: readonly number[];
  readonly what: 'shard' | 'file' | 'manifest';
}

const losses: fc.Arbitrary<Loss> = shardedRuns(2).chain((run) =>
  fc.record({
    run: fc.constant(run),
    lost: fc.subarray([...allShards(run)], { minLength: 1, maxLength: run.n - 1 }),
    what: fc.constantFrom('shard', 'file', 'manifest'),
  }),
);

/** The rows that a finding names: `rows 3 to 5`, `row 7`. */
const rowsNamed = ({ message }: Finding): readonly number[] => {
  const [, first, last] = /rows? (\d+)(?: to (\d+))?/.exec(message) ?? [];
  return Array.from({ length: Number(last ?? first) - Number(first) + 1 }, (_, i) => Number(first) + i);
};

export const lossesAreFound: Law<VerifyFiles, Loss> = {
  statement: 'lost shards are found, with exactly their rows; so are lost files and lost manifests',
  cases: losses,
  holds:
    (verify) =>
    ({ run, lost, what }) => {
      const isLost = (path: string): boolean =>
        lost.some(
          (i) =>
            (path === pathOf(i) && what !== 'manifest') || (path === pathOf(i) + manifestSuffix && what !== 'file'),
        );
      const found = verify(new Map([...folderOf(run)].filter(([path]) => !isLost(path))));
      const rowsLost = lost.flatMap((i) => {
        const { first, count } = partOf(run, i).rows;
        return Array.from({ length: count }, (_, k) => first + k);
      });
      const missing = found.filter(({ kind }) => kind === 'missing rows').flatMap(rowsNamed);
      const expected = { shard: 'missing rows', file: 'missing file', manifest: 'missing rows,no manifest' }[what];
      return kinds(found) === expected && (what === 'file' || missing.join() === rowsLost.join());
    },
  runs: 60,
};

/** Shards of a run, and one of another. */
interface Stranger {
  readonly run: ShardedRun;
  readonly i: number;
  readonly other: Recipe;
}

const strangers: fc.Arbitrary<Stranger> = shardedRuns(2).chain((run) =>
  fc.record({
    run: fc.constant(run),
    i: fc.integer({ min: 1, max: run.n }),
    other: fc.constantFrom<Recipe>(
      { ...run.recipe, seed: run.recipe.seed === 0 ? 1 : run.recipe.seed - 1 },
      { ...run.recipe, forces: !run.recipe.forces },
      run.recipe.system === 'double-exchange'
        ? { ...run.recipe, parameters: { ...run.recipe.parameters, mu: -8 } }
        : { ...run.recipe, sampleShape: run.recipe.sampleShape.map((sites) => sites + 1) },
    ),
  }),
);

export const strangersAreFound: Law<VerifyFiles, Stranger> = {
  statement: 'a shard of another configuration among all those of a run is found, and nothing else is',
  cases: strangers,
  holds:
    (verify) =>
    ({ run, i, other }) => {
      const stranger = filesOf('stranger.npz', { ...run, recipe: other }, i);
      const found = verify(new Map([...stranger, ...folderOf(run)]));
      return kinds(found) === 'foreign shard' && found.every(({ path }) => path === 'stranger.npz');
    },
  runs: 40,
};

/** Shards of a run, perhaps not all, and whole data sets of other recipes, which may have many more rows. */
interface Company {
  readonly run: ShardedRun;
  readonly there: readonly number[];
  readonly whole: readonly ShardedRun[];
}

const companies: fc.Arbitrary<Company> = shardedRuns(2).chain((run) =>
  fc.record({
    run: fc.constant(run),
    there: fc.subarray([...allShards(run)], { minLength: 1 }),
    whole: fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }).map((counts) =>
      counts.map((configurations, k) => ({
        recipe: { ...run.recipe, seed: (run.recipe.seed + k + 1) % 2 ** 30 },
        configurations,
        n: 1,
      })),
    ),
  }),
);

export const wholeFilesAreNoShards: Law<VerifyFiles, Company> = {
  statement:
    'whole data sets beside the shards of one run are never foreign, however many rows they have, nor are the shards: all that is ' +
    'found is which shards are missing',
  cases: companies,
  holds:
    (verify) =>
    ({ run, there, whole }) => {
      const others = whole.flatMap((one, k) => [...filesOf(`a-whole-${k}.npz`, one, 1)]);
      const found = verify(new Map([...others, ...folderOf(run, there)]));
      return (
        kinds(found) === (there.length === run.n ? '' : 'missing rows') &&
        found.every(({ path }) => there.map(pathOf).includes(path))
      );
    },
  runs: 40,
};

/** A run that is divided once into n and once into m shards. */
interface Divisions {
  readonly run: ShardedRun;
  readonly m: number;
  readonly taken: readonly number[];
}

const divisions: fc.Arbitrary<Divisions> = shardedRuns(2).chain((run) =>
  fc.integer({ min: 1, max: run.configurations }).chain((m) =>
    fc.record({
      run: fc.constant(run),
      m: fc.constant(m),
      taken: fc.subarray(
        Array.from({ length: m }, (_, i) => i + 1),
        { minLength: 1 },
      ),
    }),
  ),
);

export const repeatedRowsAreFound: Law<VerifyFiles, Divisions> = {
  statement: 'rows that are in two files are found, however the run was divided in each; missing ones are not invented',
  cases: divisions,
  holds:
    (verify) =>
    ({ run, m, taken }) => {
      const again = { ...run, n: m };
      const others = taken.flatMap((i) => [...filesOf(`again-${i}.npz`, again, i)]);
      return kinds(verify(new Map([...folderOf(run), ...others]))) === 'overlapping rows';
    },
  runs: 40,
};

export const divisionsCombine: Law<VerifyFiles, Divisions> = {
  statement: 'shards of different divisions that have each row once are a whole data set',
  cases: divisions.filter(({ run }) => run.configurations % 2 === 0).map((all) => ({ ...all, m: 2 })),
  holds:
    (verify) =>
    ({ run }) => {
      const halves = { ...run, n: 2 };
      const ones = { ...run, n: run.configurations };
      const second = allShards(ones).filter((i) => i > run.configurations / 2);
      return verify(new Map([...filesOf('half.npz', halves, 1), ...folderOf(ones, second)])).length === 0;
    },
  runs: 20,
};

/** A shard that was written with a wrong sample in it, and whose hashes are right. */
interface WrongSample {
  readonly run: ShardedRun;
  readonly i: number;
  readonly row: number;
  readonly what: 'energy' | 'spin';
}

const wrongSamples: fc.Arbitrary<WrongSample> = shardedRuns(1).chain((run) =>
  fc.record({
    run: fc.constant(run),
    i: fc.integer({ min: 1, max: run.n }),
    row: fc.nat(),
    what: fc.constantFrom('energy', 'spin'),
  }),
);

export const wrongSamplesAreFound: Law<VerifyFiles, WrongSample> = {
  statement: 'a sample that does not follow from seed and index is found when it is made again, right hashes or not',
  cases: wrongSamples,
  holds:
    (verify) =>
    ({ run, i, row, what }) => {
      const data = dataIn(run, i);
      const size = data.spins.length / data.energies.length;
      const wrong = row % data.energies.length;
      const changed: DataSet =
        what === 'energy'
          ? { ...data, energies: data.energies.map((x, b) => (b === wrong ? x + 1e-6 : x)) }
          : { ...data, spins: data.spins.map((x, at) => (at === wrong * size + 1 ? x + 1e-6 : x)) };
      const found = verify(new Map([...folderOf(run), ...filesOf(pathOf(i), run, i, changed)]));
      const place = data.meta.firstIndex + wrong;
      return found.length === 1 && kinds(found) === 'wrong sample' && found.flatMap(rowsNamed)[0] === place;
    },
  runs: 60,
};

interface Choice {
  readonly seed: number;
  readonly count: number;
  readonly ranges: readonly Range[];
}

export type ChooseRows = (seed: number, count: number) => (ranges: readonly Range[]) => readonly (readonly number[])[];

export const rowsAreChosenFairly: Law<ChooseRows, Choice> = {
  statement: 'as many rows are chosen as were asked for, or all; each once, in its range; every row for some seed',
  cases: fc.record({
    seed: fc.nat(),
    count: fc.integer({ min: 1, max: 8 }),
    ranges: fc.array(fc.record({ first: fc.nat(), count: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  holds:
    (choose) =>
    ({ seed, count, ranges }) => {
      const total = ranges.reduce((sum, range) => sum + range.count, 0);
      const chosen = choose(seed, count)(ranges);
      const inRange = chosen.every((rows, i) =>
        rows.every((row) => row >= (ranges[i]?.first ?? 0) && row < (ranges[i]?.first ?? 0) + (ranges[i]?.count ?? 0)),
      );
      // One row of at most 12 is missed by 300 seeds with probability (11/12)^300 < 1e-11.
      const everyRow = new Set(
        Array.from({ length: 300 }, (_, k) => choose(seed + k, count)(ranges)).flatMap((rows) =>
          rows.flatMap((some, i) => some.map((row) => `${i} ${row}`)),
        ),
      );
      return (
        inRange &&
        chosen.flat().length === Math.min(count, total) &&
        chosen.every((rows) => new Set(rows).size === rows.length) &&
        everyRow.size === total
      );
    },
  runs: 20,
};

const seedsIn = (text: string): unknown => {
  const json: unknown = JSON.parse(text);
  return typeof json === 'object' && json !== null && 'seeds' in json ? json.seeds : null;
};

/** With images a configuration has eight rows, one for each element of C4v. */
const rowsEach = (manifest: Manifest): bigint => ('images' in Object(manifest.origin) ? 8n : 1n);

export const manifestsNameTheirIndices: Law<(manifest: Manifest) => string, Manifest> = {
  statement: 'the manifest of a data set names its seed, and the first and the last index that were drawn with it',
  cases: dataSetManifests,
  holds: (show) => (manifest) => {
    if (manifest.kind !== 'data-set') {
      return false;
    }
    const { origin, part } = manifest;
    const [first, count] = [BigInt(part.rows.first), BigInt(part.rows.count)];
    return same(seedsIn(show(manifest)), {
      seed: origin.seed,
      first: Number(first / rowsEach(manifest)),
      last: Number((first + count - 1n) / rowsEach(manifest)),
    });
  },
};

/** How far two samples are apart, in words; none where they agree. */
export type Disagreement = (
  tolerance: number,
  sampleShape: readonly number[],
) => (expected: Sample, got: Sample) => O.Option<string>;

interface Agreement {
  readonly sampleShape: readonly number[];
  readonly sites: number;
  readonly tolerance: number;
  readonly sign: number;
}

export const toleranceIsThatOfASite: Law<Disagreement, Agreement> = {
  statement:
    'energies may be apart by the tolerance times the number of sites, of a chain as of a lattice, and no more',
  cases: fc
    .tuple(
      fc.oneof(
        fc.integer({ min: 2, max: 40 }).map((L) => ({ sampleShape: [L], sites: L })),
        fc.integer({ min: 2, max: 12 }).map((N) => ({ sampleShape: [3, N, N], sites: N * N })),
      ),
      fc.constantFrom(1e-9, 1e-3, 2),
      fc.constantFrom(1, -1),
    )
    .map(([shape, tolerance, sign]) => ({ ...shape, tolerance, sign })),
  holds:
    (disagreement) =>
    ({ sampleShape, sites, tolerance, sign }) => {
      const spins = new Float64Array(sampleShape.reduce((product, extent) => product * extent, 1));
      const sample = (energy: number): Sample => ({ spins, energy, forces: O.none, couplings: O.none });
      const compared = (times: number): O.Option<string> =>
        disagreement(tolerance, sampleShape)(sample(0), sample(sign * times * tolerance * sites));
      return O.isNone(compared(0.99)) && O.isSome(compared(1.01));
    },
};

interface ManyRows {
  readonly seed: number;
  readonly ranges: readonly Range[];
}

const manyChosen = 64;

export const manyRowsAreChosenFairly: Law<ChooseRows, ManyRows> = {
  statement: 'of more than a million rows as many are chosen as were asked for: distinct, in order, in every quarter',
  cases: fc.record({
    seed: fc.nat(),
    ranges: fc.array(fc.record({ first: fc.nat({ max: 1e9 }), count: fc.integer({ min: 600_000, max: 1e9 }) }), {
      minLength: 2,
      maxLength: 3,
    }),
  }),
  holds:
    (choose) =>
    ({ seed, ranges }) => {
      const chosen = choose(seed, manyChosen)(ranges);
      const total = ranges.reduce((sum, { count }) => sum + count, 0);
      const places = chosen.flatMap((rows, i) => {
        const before = ranges.slice(0, i).reduce((sum, { count }) => sum + count, 0);
        return rows.map((row) => row - (ranges[i]?.first ?? 0) + before);
      });
      const isInRange = chosen.every((rows, i) =>
        rows.every((row) => row >= (ranges[i]?.first ?? 0) && row < (ranges[i]?.first ?? 0) + (ranges[i]?.count ?? 0)),
      );
      // A quarter of 64 fair draws is empty with a probability of (3/4)^64 = 1e-8.
      const quarters = new Set(places.map((place) => Math.floor((4 * place) / total)));
      return (
        isInRange &&
        places.length === manyChosen &&
        quarters.size === 4 &&
        places.every((place, i) => i === 0 || place > (places[i - 1] ?? Infinity))
      );
    },
  runs: 100,
};
