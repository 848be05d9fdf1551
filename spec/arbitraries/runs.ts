/** Runs that generate data: plans that are quick to make, divided into shards, with the files that they write. */
import { createHash } from 'node:crypto';

import fc from 'fast-check';

import { configurationOf } from '../../src/dataset/configuration.ts';
import type { DataSet } from '../../src/dataset/data-set.ts';
import { rowsPerConfiguration } from '../../src/dataset/images.ts';
import { dataOf, type Plan } from '../../src/dataset/plan.ts';
import { shard, type Range } from '../../src/dataset/shard.ts';
import type { Digest } from '../../src/file/digest.ts';
import { publishedDoubleExchange } from '../../src/hamiltonian/double-exchange.ts';
import { manifestOf, showManifest, type Part } from '../../src/provenance/manifest.ts';
import { manifestSuffix } from '../../src/provenance/verification.ts';
import { right } from '../right.ts';
import { npzOf } from '../written.ts';

export const digest: Digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

const threeSpinPlans: fc.Arbitrary<Plan> = fc.record({
  system: fc.constantFrom('three-spin-binary', 'three-spin-continuous'),
  sampler: fc.constant('uniform'),
  sites: fc.integer({ min: 3, max: 5 }),
  seed: fc.maxSafeNat(),
  forces: fc.boolean(),
});

export const latticePlans = fc.record({
  system: fc.constant('double-exchange'),
  sampler: fc.constantFrom('sphere', 'angles', 'published'),
  size: fc.constant(3),
  seed: fc.nat({ max: 1e9 }),
  model: fc.constant(publishedDoubleExchange),
  forces: fc.boolean(),
  method: fc.constant('diagonalize'),
  images: fc.boolean(),
});

/** Plans of every system, with and without images. */
export const plans: fc.Arbitrary<Plan> = fc.oneof(threeSpinPlans, latticePlans);

/** A run of a few configurations in n shards. */
export interface ShardedRun {
  readonly plan: Plan;
  readonly configurations: number;
  readonly n: number;
}

export const shardedRuns = (leastShards: number): fc.Arbitrary<ShardedRun> =>
  fc.tuple(plans, fc.integer({ min: leastShards, max: 6 })).chain(([plan, configurations]) =>
    fc.record({
      plan: fc.constant(plan),
      configurations: fc.constant(configurations),
      n: fc.integer({ min: leastShards, max: configurations }),
    }),
  );

/** What a manifest says of piece i. */
export const partOf = ({ plan, configurations, n }: ShardedRun, i: number): Part => {
  const rows = rowsPerConfiguration(right(configurationOf(plan)));
  const { first, count } = rangeOf({ plan, configurations, n }, i);
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
  const configuration = right(configurationOf(run.plan));
  const manifest = manifestOf(digest, '1.2.3')({ kind: 'data-set', configuration, part: partOf(run, i) }, bytes);
  return new Map([
    [path, bytes],
    [path + manifestSuffix, new TextEncoder().encode(showManifest(digest)(manifest))],
  ]);
};

export const dataIn = (run: ShardedRun, i: number): DataSet => right(dataOf(run.plan)(rangeOf(run, i)));

export const pathOf = (i: number): string => `shard-${i}.npz`;

/** The files of all shards, or of these. */
export const folderOf = (run: ShardedRun, shards: readonly number[] = allShards(run)): Files =>
  new Map(shards.flatMap((i) => [...filesOf(pathOf(i), run, i)]));

export const allShards = ({ n }: ShardedRun): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);
