/** Finished jobs, and the questions that the report asks them. */
import { groupBy } from 'fp-ts/lib/NonEmptyArray.js';

import type { ThreeSpinSystem } from '../dataset/three-spin.ts';
import { architectures, type Architecture } from '../network/network.ts';
import { architectureName, type DenseJob, type Job, type LatticeJob } from './job.ts';
import type { Spread } from '../report/verdict.ts';
import type { Result, ResultOf, TestError } from './result.ts';
import { seedInterval } from './seed-interval.ts';

/** A job and what it found. */
export interface Outcome {
  readonly job: Job;
  readonly result: Result;
}

/** The finished jobs of a reproduction, which may be a part of them. */
export type Outcomes = readonly Outcome[];

/** The first result of a kind. */
export const resultOf =
  <Tag extends Result['tag']>(tag: Tag) =>
  (outcomes: Outcomes): ResultOf<Tag> | null => {
    const isWanted = (result: Result): result is ResultOf<Tag> => result.tag === tag;
    return outcomes.map(({ result }) => result).find(isWanted) ?? null;
  };

/** The outcome of a job that trained a network. */
export interface Trained<J extends DenseJob | LatticeJob> {
  readonly job: J;
  readonly result: ResultOf<'network'>;
}

/** The dense networks that were trained on a three-spin system. */
export const denseOutcomes =
  (system: ThreeSpinSystem) =>
  (outcomes: Outcomes): readonly Trained<DenseJob>[] =>
    outcomes.flatMap(({ job, result }) =>
      job.tag === 'dense' && job.system === system && result.tag === 'network' ? [{ job, result }] : [],
    );

/** The networks that were trained on the double exchange model. */
export const latticeOutcomes = (outcomes: Outcomes): readonly Trained<LatticeJob>[] =>
  outcomes.flatMap(({ job, result }) => (job.tag === 'lattice' && result.tag === 'network' ? [{ job, result }] : []));

/** `EFNN`, `RKKY head + DNN`: how charts and tables call the network of a job. */
export const familyOf = ({ network: { architecture, shape } }: DenseJob | LatticeJob): string =>
  shape.tag === 'lattice' && shape.pairHead
    ? `RKKY head + ${architectureName(architecture)}`
    : architectureName(architecture);

/** W of a dense network, C of one on a lattice. */
export const widthOf = ({ network: { shape } }: DenseJob | LatticeJob): number =>
  shape.tag === 'dense' ? shape.neurons : shape.channels;

/** Whether a trained network has this architecture, with the pair head or without. */
export const isArchitecture =
  (architecture: Architecture) =>
  ({ job }: Trained<DenseJob> | Trained<LatticeJob>): boolean =>
    job.network.architecture === architecture;

/** The error on all tests of one size; of the first size where none is named. */
export const errorAt = (
  { errors }: { readonly errors: readonly TestError[] },
  size?: number,
  samples: TestError['samples'] = 'all',
): TestError | null =>
  errors.find((error) => error.samples === samples && (size === undefined || error.size === size)) ?? null;

/** The smallest of some numbers; null where there are none. */
export const least = (values: readonly (number | null | undefined)[]): number | null => {
  const known = values.flatMap((value) => (value === null || value === undefined ? [] : [value]));
  return known.length === 0 ? null : Math.min(...known);
};

/** The seeds of trained networks: of their start and their shuffles. */
export const seedsOf = (networks: readonly Trained<DenseJob | LatticeJob>[]): readonly number[] => [
  ...new Set(networks.map(({ job }) => job.plan.seed)),
];

/** `2 seeds, 500 configurations of N = 10`: how much is behind a number. */
export const sampleOf = (networks: readonly Trained<DenseJob | LatticeJob>[], size?: number): string => {
  const seeds = seedsOf(networks).length;
  return seeds === 0 ? 'none' : `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}, ${testsOf(networks, size)}`;
};

/** `500 configurations of N = 10`: what all of these networks were tested on. */
export const testsOf = (networks: readonly Trained<DenseJob | LatticeJob>[], size?: number): string => {
  const tested = networks.flatMap(({ result }) => errorAt(result, size) ?? [])[0];
  return tested === undefined ? 'no tests' : `${tested.count} configurations of ${sizeName(networks)} = ${tested.size}`;
};

/** What a size is called: N of a lattice, L of a chain. */
const sizeName = (networks: readonly Trained<DenseJob | LatticeJob>[]): string =>
  networks.some(({ job }) => job.tag === 'lattice') ? 'N' : 'L';

/** How many seeds a comparison of trained networks asks for: fewer show no spread. */
export const comparedSeeds = 3;

/** What a number of networks that share a seed is over all seeds, as a claim states it: its mean and interval. */
export const overSeeds = <J extends DenseJob | LatticeJob>(
  networks: readonly Trained<J>[],
  of: (sameSeed: readonly Trained<J>[]) => number | null,
): { readonly obtained: number | null; readonly spread?: Spread } =>
  seedInterval(seedsOf(networks).flatMap((seed) => of(networks.filter(({ job }) => job.plan.seed === seed)) ?? []));

/** The kernel k of a network on a lattice; 0 for a dense one. */
export const kernelOf = ({ network: { shape } }: DenseJob | LatticeJob): number =>
  shape.tag === 'dense' ? 0 : shape.kernel;

/** Networks of one width, depth and kernel: to them alone another network is compared. */
export const byShape = <J extends DenseJob | LatticeJob>(
  networks: readonly Trained<J>[],
): readonly (readonly Trained<J>[])[] =>
  Object.values(
    groupBy<Trained<J>>(({ job }) => `${widthOf(job)}, ${job.network.shape.layers}, ${kernelOf(job)}`)([...networks]),
  );

/**
 * The best other network's error over the best EFNN's, the least over the shapes of which every architecture was trained: with a
 * rival missing none is the best of all.
 */
export const advantage = <J extends DenseJob | LatticeJob>(
  networks: readonly Trained<J>[],
  errorOf: (network: Trained<J>) => number | null,
): number | null => {
  const isEfnn = ({ job }: Trained<J>): boolean => job.network.architecture === 'efnn';
  return least(
    byShape(networks)
      .filter(hasAll)
      .map((peers) =>
        ratioOf(least(peers.filter((peer) => !isEfnn(peer)).map(errorOf)), least(peers.filter(isEfnn).map(errorOf))),
      ),
  );
};

const hasAll = (peers: readonly Trained<DenseJob | LatticeJob>[]): boolean =>
  architectures.every((architecture) => peers.some(({ job }) => job.network.architecture === architecture));

/** The largest of some numbers; null where there are none. */
export const greatest = (values: readonly (number | null | undefined)[]): number | null => {
  const known = values.flatMap((value) => (value === null || value === undefined ? [] : [value]));
  return known.length === 0 ? null : Math.max(...known);
};

/** a / b, where both are known. */
export const ratioOf = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a === null || a === undefined || b === null || b === undefined || b === 0 ? null : a / b;
