/** Finished jobs, and the questions that the report asks them. */
import type { ThreeSpinSystem } from '../dataset/three-spin.ts';
import type { Architecture } from '../network/network.ts';
import { architectureName, type DenseJob, type Job, type LatticeJob } from './job.ts';
import type { Result, ResultOf, TestError } from './result.ts';

export interface Outcome {
  readonly job: Job;
  readonly result: Result;
}

export type Outcomes = readonly Outcome[];

/** The first result of a kind. */
export const resultOf =
  <Tag extends Result['tag']>(tag: Tag) =>
  (outcomes: Outcomes): ResultOf<Tag> | null => {
    const isWanted = (result: Result): result is ResultOf<Tag> => result.tag === tag;
    return outcomes.map(({ result }) => result).find(isWanted) ?? null;
  };

export interface Trained<J extends DenseJob | LatticeJob> {
  readonly job: J;
  readonly result: ResultOf<'network'>;
}

export const denseOutcomes =
  (system: ThreeSpinSystem) =>
  (outcomes: Outcomes): readonly Trained<DenseJob>[] =>
    outcomes.flatMap(({ job, result }) =>
      job.tag === 'dense' && job.system === system && result.tag === 'network' ? [{ job, result }] : [],
    );

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

/** a / b, where both are known. */
export const ratioOf = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a === null || a === undefined || b === null || b === undefined || b === 0 ? null : a / b;
