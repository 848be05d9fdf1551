/** Numbers of trained networks, with the errors on tests that they are made of: whose noise they have. */
import type { DenseJob, LatticeJob } from './job.ts';
import { errorAt, ratioOf, type Trained } from './outcome.ts';
import type { TestError } from './result.ts';
import { seedInterval, type SeedMean } from './seed-interval.ts';

/** A network that is trained, whatever it was trained on. */
type TrainedNetwork = Trained<DenseJob | LatticeJob>;

/** A number that each trained network has; null where it has none. */
export interface Measure {
  readonly of: (network: TrainedNetwork) => number | null;
  /** The errors that are factors of it or divisors. */
  readonly errors: (network: TrainedNetwork) => readonly TestError[];
}

/** A measure of the error on the tests of a size; on those of the first size where none is named. */
export const errorMeasure = (
  pick: (error: TestError) => number | null,
  size?: number,
  samples: TestError['samples'] = 'all',
): Measure => {
  const errors = ({ result }: TrainedNetwork): readonly TestError[] => {
    const error = errorAt(result, size, samples);
    return error === null ? [] : [error];
  };
  return { of: (network) => errors(network).map(pick)[0] ?? null, errors };
};

/** The relative error at a lattice size. */
export const relativeError = (size: number | undefined): Measure => errorMeasure(({ relative }) => relative, size);

/** RMSE / standard deviation of the energies, at a lattice size: 1 is no better than the mean, whatever the samples. */
export const deviationError = (size: number): Measure => errorMeasure(({ rmsePerDeviation }) => rmsePerDeviation, size);

/** A measure of networks that differ in their seeds alone: the mean and its interval, on these very tests. */
export const overSeeds = ({ of }: Measure, networks: readonly TrainedNetwork[]): SeedMean =>
  seedInterval(networks.flatMap((network) => of(network) ?? []));

/** One measure over another, of the same network. */
export const quotient = (one: Measure, other: Measure): Measure => ({
  of: (network) => ratioOf(one.of(network), other.of(network)),
  errors: (network) => [...one.errors(network), ...other.errors(network)],
});

/** The variance of the logarithm of an RMSE over so many tests whose errors are normal, or of a product of several. */
export const noiseOf = (errors: readonly TestError[]): number =>
  errors.reduce((sum, { count }) => sum + 1 / (2 * count), 0);

/**
 * Which part of that noise the errors of two networks have in common, as they were tested on the same configurations: the square of the
 * correlation of their errors, for normal ones. It is taken from the examples of their first tests, and that of other sizes is taken for the
 * same; 0 where the tests are not the same.
 */
export const sharedNoise = (one: TrainedNetwork, other: TrainedNetwork): number => {
  const pairs = one.result.examples.flatMap(({ exact, predicted }, i) => {
    const peer = other.result.examples[i];
    return predicted === null || peer?.exact !== exact || peer.predicted === null
      ? []
      : [{ mine: predicted - exact, theirs: peer.predicted - exact }];
  });
  const sum = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((total, pair) => total + of(pair), 0);
  const product = sum(({ mine, theirs }) => mine * theirs);
  const squares = sum(({ mine }) => mine * mine) * sum(({ theirs }) => theirs * theirs);
  return pairs.length < fewestExamples || squares === 0 ? 0 : (product * product) / squares;
};

/** Fewer examples say too little of a correlation. */
const fewestExamples = 50;
