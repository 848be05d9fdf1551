/** Runs that generate data: plans that are quick to make, divided into shards, with the files that they write. */
import { createHash } from 'node:crypto';

import fc from 'fast-check';

import type { DataSet } from '../../src/dataset/data-set.ts';
import { rowsPerConfiguration } from '../../src/dataset/images.ts';
import { recipeOf, type Recipe } from '../../src/dataset/recipe.ts';
import { shard, type Range } from '../../src/dataset/shard.ts';
import { generate } from '../../src/dataset/source.ts';
import type { Digest } from '../../src/file/digest.ts';
import { manifestOf, showManifest, type DataSetPart } from '../../src/provenance/manifest.ts';
import { manifestSuffix } from '../../src/provenance/verification.ts';
import { right } from '../right.ts';
import { npzOf } from '../written.ts';

export const digest: Digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

const threeSpinRecipes: fc.Arbitrary<Recipe> = fc
  .record({
    system: fc.constantFrom('three-spin-binary', 'three-spin-continuous'),
    size: fc.integer({ min: 3, max: 5 }),
    seed: fc.maxSafeNat(),
    forces: fc.boolean(),
  })
  .map((order) => right(recipeOf(order)));

/** Recipes of 3 x 3 lattices. */
export const latticeRecipes: fc.Arbitrary<Recipe> = fc
  .record({
    system: fc.constant('double-exchange'),
    sampler: fc.constantFrom('sphere', 'angles', 'published'),
    size: fc.constant(3),
    seed: fc.nat({ max: 1e9 }),
    forces: fc.boolean(),
    images: fc.boolean(),
  })
  .map((order) => right(recipeOf(order)));

/** Recipes of every system, with and without images. */
export const recipes: fc.Arbitrary<Recipe> = fc.oneof(threeSpinRecipes, latticeRecipes);

/** A run of a few configurations in n shards. */
export interface ShardedRun {
  readonly recipe: Recipe;
  readonly configurations: number;
  readonly n: number;
}

export const shardedRuns = (leastShards: number): fc.Arbitrary<ShardedRun> =>
  fc.tuple(recipes, fc.integer({ min: leastShards, max: 6 })).chain(([recipe, configurations]) =>
    fc.record({
      recipe: fc.constant(recipe),
      configurations: fc.constant(configurations),
      n: fc.integer({ min: leastShards, max: configurations }),
    }),
  );

/** What a manifest says of piece i. */
export const partOf = ({ recipe, configurations, n }: ShardedRun, i: number): DataSetPart => {
  const rows = rowsPerConfiguration(recipe);
  const { first, count } = rangeOf({ recipe, configurations, n }, i);
  return {
    shard: { i, n },
    samples: rows * configurations,
    rows: { first: rows * first, count: rows * count },
    checks: null,
  };
};

export const rangeOf = ({ configurations, n }: ShardedRun, i: number): Range => right(shard(configurations, i, n));

/** Files by their paths. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** A data file, and the manifest beside it. */
export const filesOf = (path: string, run: ShardedRun, i: number, data: DataSet = dataIn(run, i)): Files => {
  const bytes = npzOf(data);
  const manifest = manifestOf(digest, '1.2.3')({ kind: 'data-set', origin: run.recipe, part: partOf(run, i) }, bytes);
  return new Map([
    [path, bytes],
    [path + manifestSuffix, new TextEncoder().encode(showManifest(digest)(manifest))],
  ]);
};

export const dataIn = (run: ShardedRun, i: number): DataSet => right(generate(run.recipe)(rangeOf(run, i)));

export const pathOf = (i: number): string => `shard-${i}.npz`;

/** The files of all shards, or of these. */
export const folderOf = (run: ShardedRun, shards: readonly number[] = allShards(run)): Files =>
  new Map(shards.flatMap((i) => [...filesOf(pathOf(i), run, i)]));

export const allShards = ({ n }: ShardedRun): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);
