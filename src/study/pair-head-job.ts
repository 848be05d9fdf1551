/** The pair head alone: what is left for networks to learn, beyond translation-invariant pairs of spins. */
import { fitPairs, pairEnergies } from '../training/pair-fit.ts';
import type { PairHeadJob } from './job.ts';
import type { StudySamples } from './network-job.ts';
import type { ResultOf } from './result.ts';
import { testError } from './test-error.ts';

/** The head fitted by least squares to the training samples, and its errors on each set of test samples. */
export const pairHeadResult = ({ kernel }: PairHeadJob, { train, tests }: StudySamples): ResultOf<'pair-head'> => {
  const fit = fitPairs(kernel)([train]);
  return {
    tag: 'pair-head',
    energyPerSite: fit.energyPerSite,
    couplings: [...fit.couplings],
    errors: tests.map((test) => testError(test.latticeSize, 'all', test.energies, pairEnergies(kernel, fit)(test))),
  };
};
