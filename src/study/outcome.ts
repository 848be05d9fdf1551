/** Planned and finished jobs, and the questions that the report asks them. */
import { groupBy } from 'fp-ts/lib/NonEmptyArray.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';

import type { ThreeSpinSystem } from '../dataset/three-spin.ts';
import { architectures, type Architecture } from '../network/network.ts';
import {
  architectureName,
  hasHead,
  jobText,
  titleOf,
  trains,
  type DenseJob,
  type Job,
  type LatticeJob,
} from './job.ts';
import type { Section } from '../report/report.ts';
import type { DivergedNetwork } from '../report/verdict.ts';
import type { Result, ResultOf, TestError } from './result.ts';

/** A job and what it found. */
export interface Outcome {
  readonly job: Job;
  readonly result: Result;
}

/** The finished jobs of a reproduction, which may be a part of them. */
export type Outcomes = readonly Outcome[];

/** A planned job, and what it found: null while it is not finished. */
export interface PlannedOutcome {
  readonly job: Job;
  readonly result: Result | null;
}

/** All jobs that a report speaks of, finished or not. */
export type Study = readonly PlannedOutcome[];

/** A network whose energies are not finite on one of its tests has diverged, if late: it has no error to compare. */
const asTested = (result: Result): Result =>
  result.tag === 'network' && result.errors.some(({ rmse }) => rmse === null)
    ? { tag: 'diverged', message: 'expected finite energies on all tests, got others: lower the rate' }
    : result;

/** The study of some finished jobs among all that are planned: the finished ones first, in their order. */
export const studyOf = (outcomes: Outcomes, planned: readonly Job[]): Study => {
  const done = new Set(outcomes.map(({ job }) => jobText(job)));
  const finished = outcomes.map(({ job, result }) => ({ job, result: asTested(result) }));
  return [...finished, ...planned.flatMap((job) => (done.has(jobText(job)) ? [] : [{ job, result: null }]))];
};

/** The first result of a kind. */
export const resultOf =
  <Tag extends Result['tag']>(tag: Tag) =>
  (study: Study): ResultOf<Tag> | null => {
    const isWanted = (result: Result | null): result is ResultOf<Tag> => result?.tag === tag;
    return study.map(({ result }) => result).find(isWanted) ?? null;
  };

/** A network that is planned, and what its job found, be it that it diverged: null while it is not finished. */
export interface Planned<J extends DenseJob | LatticeJob> {
  readonly job: J;
  readonly result: ResultOf<'network'> | ResultOf<'diverged'> | null;
}

/** The outcome of a job that trained a network. */
export interface Trained<J extends DenseJob | LatticeJob> extends Planned<J> {
  readonly result: ResultOf<'network'>;
}

const networkIn = ({ result }: PlannedOutcome): Planned<DenseJob | LatticeJob>['result'] =>
  result?.tag === 'network' || result?.tag === 'diverged' ? result : null;

/** The dense networks that are planned on a three-spin system. */
export const denseNetworks =
  (system: ThreeSpinSystem) =>
  (study: Study): readonly Planned<DenseJob>[] =>
    study.flatMap((one) =>
      one.job.tag === 'dense' && one.job.system === system ? [{ job: one.job, result: networkIn(one) }] : [],
    );

/** The networks that are planned on the double exchange model. */
export const latticeNetworks = (study: Study): readonly Planned<LatticeJob>[] =>
  study.flatMap((one) => (one.job.tag === 'lattice' ? [{ job: one.job, result: networkIn(one) }] : []));

/** Those of the planned networks that are trained. */
export const trainedOf = <J extends DenseJob | LatticeJob>(networks: readonly Planned<J>[]): readonly Trained<J>[] =>
  networks.flatMap(({ job, result }) => (result?.tag === 'network' ? [{ job, result }] : []));

/** Those of the networks in a study whose trainings diverged, as reports name them. */
export const divergedOf = (study: Study): readonly DivergedNetwork[] =>
  study.flatMap(({ job, result }) =>
    trains(job) && result?.tag === 'diverged' ? [{ network: titleOf(job), seed: job.plan.seed }] : [],
  );

/** What a section says of its networks that diverged, where any did. */
export const whatDiverged = (networks: Study): Pick<Section, 'diverged'> => {
  const diverged = divergedOf(networks);
  return diverged.length === 0 ? {} : { diverged };
};

/** `EFNN`, `RKKY head + DNN`: how charts and tables call the network of a job. */
export const familyOf = ({ network }: DenseJob | LatticeJob): string =>
  `${hasHead(network) ? 'RKKY head + ' : ''}${architectureName(network.architecture)}`;

/** W of a dense network, C of one on a lattice. */
export const widthOf = ({ network: { shape } }: DenseJob | LatticeJob): number =>
  shape.tag === 'dense' ? shape.neurons : shape.channels;

/** Whether a network has this architecture, with the pair head or without. */
export const isArchitecture =
  (architecture: Architecture) =>
  ({ job }: Planned<DenseJob | LatticeJob>): boolean =>
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

/** The seeds of networks: of their start and their shuffles. */
export const seedsOf = (networks: readonly Planned<DenseJob | LatticeJob>[]): readonly number[] => [
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

/** Whether a network has this seed. */
export const withSeed =
  (seed: number) =>
  ({ job }: Planned<DenseJob | LatticeJob>): boolean =>
    job.plan.seed === seed;

/** The kernel k of a network on a lattice; 0 for a dense one. */
export const kernelOf = ({ network: { shape } }: DenseJob | LatticeJob): number =>
  shape.tag === 'dense' ? 0 : shape.kernel;

/** Networks that differ in their seeds alone. */
export const bySeeds = <N extends Planned<DenseJob | LatticeJob>>(
  networks: readonly N[],
): readonly ReadonlyNonEmptyArray<N>[] =>
  Object.values(groupBy<N>(({ job }) => JSON.stringify(job.network))([...networks]));

/** Networks of one width, depth and kernel: to them alone another network is compared. */
export const byShape = <N extends Planned<DenseJob | LatticeJob>>(networks: readonly N[]): readonly (readonly N[])[] =>
  Object.values(
    groupBy<N>(({ job }) => `${widthOf(job)}, ${job.network.shape.layers}, ${kernelOf(job)}`)([...networks]),
  );

/** Networks of whose width, depth, kernel and seed every architecture is planned: between them alone one is the best. */
export const contestants = <N extends Planned<DenseJob | LatticeJob>>(networks: readonly N[]): readonly N[] =>
  seedsOf(networks).flatMap((seed) =>
    byShape(networks.filter(withSeed(seed)))
      .filter(hasAll)
      .flat(),
  );

const hasAll = (peers: readonly Planned<DenseJob | LatticeJob>[]): boolean =>
  architectures.every((architecture) => peers.some(({ job }) => job.network.architecture === architecture));

/** The largest of some numbers; null where there are none. */
export const greatest = (values: readonly (number | null | undefined)[]): number | null => {
  const known = values.flatMap((value) => (value === null || value === undefined ? [] : [value]));
  return known.length === 0 ? null : Math.max(...known);
};

/** a / b, where both are known. */
export const ratioOf = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a === null || a === undefined || b === null || b === undefined || b === 0 ? null : a / b;
