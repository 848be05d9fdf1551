/** What jobs find in properties of folders that are not about what they find: in an instant, and one of the networks diverges. */
import { initialWeights } from '../src/network/initial-weights.ts';
import { writeModel } from '../src/network/model-file.ts';
import { networkProgram } from '../src/network/network.ts';
import { trains, type Job } from '../src/study/job.ts';
import type { Result } from '../src/study/result.ts';
import { right } from './right.ts';

/** The result of a job: DNNs diverge, and have no model. */
export const foundBy = (job: Job): Result => {
  if (!trains(job)) {
    return { tag: 'resummation', sums: [] };
  }
  return job.network.architecture === 'dnn'
    ? { tag: 'diverged', message: 'expected a finite loss, got none' }
    : {
        tag: 'network',
        parameters: 1,
        epochs: 1,
        trainingSamples: 1,
        trainingLoss: null,
        rateFactor: 1,
        errors: [],
        examples: [],
      };
};

/** The model of a job as a file; none where it has none. */
export const modelOf = (job: Job): readonly Uint8Array[] =>
  trains(job) && foundBy(job).tag === 'network'
    ? [
        right(
          writeModel('float64')({
            network: job.network,
            weights: initialWeights(1)(right(networkProgram(job.network))),
          }),
        ),
      ]
    : [];
