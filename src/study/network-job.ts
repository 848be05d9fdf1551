/** The jobs that train a network: their samples, and what the trained network achieves on the tests. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { Backend, BackendError } from '../backend/backend.ts';
import type { Reals } from '../number/reals.ts';
import { declarations, type TypedProgram } from '../program/typecheck.ts';
import { lengthOf } from '../program/value-type.ts';
import type { LabelledSamples } from '../training/batch.ts';
import { meanOf } from '../number/mean.ts';
import { compilePrediction } from '../training/prediction.ts';
import type { TrainingState } from '../training/train.ts';
import type { DenseJob, LatticeJob } from './job.ts';
import type { ResultOf, TestError } from './result.ts';
import { testError, unseenSamples } from './test-error.ts';

/** What a network is trained and tested on. */
export interface StudySamples {
  readonly train: LabelledSamples;
  /** Test samples, one set for each lattice size. */
  readonly tests: readonly LabelledSamples[];
}

/** How many points of the first test set a scatter chart shows. */
const exampleCount = 100;

const sizeOf = (job: DenseJob | LatticeJob, test: LabelledSamples): number =>
  job.network.shape.tag === 'dense' ? job.network.shape.sites : test.latticeSize;

/**
 * The errors on one test set. The binary error is relative to the training samples' mean, as in the paper; and since only
 * 2^15 binary configurations exist, it is also given for those that were not trained on.
 */
const errorsOn = (
  job: DenseJob | LatticeJob,
  train: LabelledSamples,
  test: LabelledSamples,
  predicted: Reals,
): readonly TestError[] => {
  const size = sizeOf(job, test);
  if (job.tag === 'lattice' || job.system === 'three-spin-continuous') {
    return [testError(size, 'all', test.energies, predicted)];
  }
  const reference = Math.abs(meanOf(train.energies));
  const unseen = unseenSamples(train, test);
  const at = (values: Reals): Reals => Float64Array.from(unseen, (sample) => values[sample] ?? NaN);
  return [
    testError(size, 'all', test.energies, predicted, reference),
    testError(size, 'unseen', at(test.energies), at(predicted), reference),
  ];
};

const countParameters = (program: TypedProgram): number =>
  Object.values(declarations('parameter')(program)).reduce((sum, type) => sum + lengthOf(1)(type), 0);

const examplesOf = (test: LabelledSamples | undefined, predicted: Reals | undefined) =>
  Array.from({ length: Math.min(exampleCount, test?.count ?? 0) }, (_, sample) => ({
    exact: test?.energies[sample] ?? NaN,
    predicted: predicted?.[sample] ?? null,
  }));

/** Tests a trained network: the errors on each test set. */
export const networkResult =
  (backend: Backend) =>
  (
    job: DenseJob | LatticeJob,
    program: TypedProgram,
    state: TrainingState,
    samples: StudySamples,
  ): TaskEither<BackendError, ResultOf<'network'>> =>
    pipe(
      compilePrediction(backend, { forces: false })(program),
      TE.chain((predict) =>
        pipe(
          samples.tests,
          TE.traverseSeqArray((test) => predict(state.adam.weights)(test)),
        ),
      ),
      TE.map((predictions) => {
        const energies = predictions.map((prediction) => prediction.energies);
        return {
          tag: 'network',
          parameters: countParameters(program),
          epochs: state.epoch,
          trainingSamples: samples.train.count,
          trainingLoss: Number.isFinite(state.loss) ? state.loss : null,
          rateFactor: state.rateFactor,
          errors: samples.tests.flatMap((test, i) => [
            ...errorsOn(job, samples.train, test, energies[i] ?? new Float64Array(0)),
          ]),
          examples: examplesOf(samples.tests[0], energies[0]),
        };
      }),
    );
