/** What trained networks tell of generalization against their receptive field, and how it is asked for. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { sizeOf } from '../dataset/spin-kind.ts';
import { networkProgram, type Architecture, type Network } from '../network/network.ts';
import { memoize } from '../number/memoize.ts';
import { receptiveField } from '../program/receptive-field.ts';
import { layersOf, type PlannedLattice, type TrainedLattice } from './double-exchange-findings.ts';
import { errorMeasure, quotient, relativeError, type Measure } from './measure.ts';
import { errorAt, isArchitecture, kernelOf, ratioOf } from './outcome.ts';
import type { TestError } from './result.ts';

/** The sizes N on which generalization is measured: that of most trainings, and a larger one. */
export const testedSizes = { small: 10, large: 40 } as const;

/** Where errors of sites are independent, the error of their sum is of order N, and the energy of order N^2. */
export const independentFall = testedSizes.small / testedSizes.large;

/** Programs take long to write down, and networks differ in their seeds alone. */
const widthOfField = memoize(
  1000,
  ({ architecture, shape }: Network) => JSON.stringify({ architecture, shape }),
  (network: Network): number =>
    pipe(
      networkProgram(network),
      E.match(
        () => 0,
        (program) => receptiveField(program).energy ?? 0,
      ),
    ),
);

/** How many sites wide the window is that a network sees around each site. */
export const fieldOf = ({ job }: PlannedLattice): number => widthOfField(job.network);

/** N of the lattices that a network was trained on. */
export const trainedSizeOf = ({ job }: PlannedLattice): number => sizeOf(job.train.recipe.sampleShape);

/** Whether a network saw the lattice of its training wrapped: some spins twice. */
export const sawWrapped = (network: PlannedLattice): boolean => fieldOf(network) > trainedSizeOf(network);

/** Which networks are meant: those alike in what is named. */
export interface Wanted {
  readonly architecture?: Architecture;
  readonly kernel?: number;
  readonly layers?: number;
  readonly trainedSize?: number;
}

/** The networks that are meant. */
export const meant = <N extends PlannedLattice>(
  networks: readonly N[],
  { architecture, kernel, layers, trainedSize }: Wanted,
): readonly N[] =>
  networks.filter(
    (network) =>
      (architecture === undefined || isArchitecture(architecture)(network)) &&
      (kernel === undefined || kernelOf(network.job) === kernel) &&
      (layers === undefined || layersOf(network) === layers) &&
      (trainedSize === undefined || trainedSizeOf(network) === trainedSize),
  );

/** The error at the large size over that at the small one. */
export const fallOfErrors: Measure = quotient(relativeError(testedSizes.large), relativeError(testedSizes.small));

/** The parts of a relative error: what all energies are off by, and what differs from one configuration to the next. */
export interface RelativeParts {
  readonly offset: number;
  readonly spread: number;
}

const relativeParts = ({ rmse, relative, offset, spread }: TestError): RelativeParts | null =>
  rmse === null || rmse === 0 || relative === null || offset === null || spread === null
    ? null
    : { offset: (offset * relative) / rmse, spread: (spread * relative) / rmse };

/** The parts of the relative error of a network at a lattice size; null where they were not recorded. */
export const partsAt =
  (size: number) =>
  ({ result }: TrainedLattice): RelativeParts | null => {
    const error = errorAt(result, size);
    return error === null ? null : relativeParts(error);
  };

/** The spread at a size. */
export const spreadError = (size: number): Measure =>
  errorMeasure((error) => relativeParts(error)?.spread ?? null, size);

/** By how much the offset raises the error at a size: RMSE / spread, 1 where there is no offset. */
export const raisedByOffset = (size: number): Measure =>
  errorMeasure((error) => ratioOf(error.relative, relativeParts(error)?.spread), size);

/** The spread at the large size over that at the small one. */
export const fallOfSpreads: Measure = quotient(spreadError(testedSizes.large), spreadError(testedSizes.small));
