/** Jobs as if they were finished, for properties of folders, which are not about what is found: in an instant, and DNNs diverge. */
import { initialWeights } from '../src/network/initial-weights.ts';
import { writeModel } from '../src/network/model-file.ts';
import { networkProgram, type Network } from '../src/network/network.ts';
import { trains, type Job } from '../src/study/job.ts';
import type { Result } from '../src/study/result.ts';
import { diverged, networkWith } from './arbitraries/results.ts';
import { right } from './right.ts';

/** The result of a job: DNNs diverge, and have no model. */
export const foundBy = (job: Job): Result => {
  if (!trains(job)) {
    return { tag: 'resummation', sums: [] };
  }
  return job.network.architecture === 'dnn' ? diverged : networkWith([]);
};

/** A model of a network as a file: that of its start. */
export const startOf = (network: Network): Uint8Array =>
  right(writeModel('float64')({ network, weights: initialWeights(1)(right(networkProgram(network))) }));

/** The model of a job as a file; none where it has none. */
export const modelOf = (job: Job): readonly Uint8Array[] =>
  trains(job) && foundBy(job).tag === 'network' ? [startOf(job.network)] : [];
