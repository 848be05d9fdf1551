/** What jobs might have found, which takes them minutes: for laws of what is made of results. */
import fc from 'fast-check';

import { sizeOf } from '../../src/dataset/spin-kind.ts';
import type { EffectiveModelJob, Job } from '../../src/study/job.ts';
import type { Outcomes } from '../../src/study/outcome.ts';
import type { Result, ResultOf, TestError } from '../../src/study/result.ts';

/** A network that was trained, with these errors on its tests. */
export const networkWith = (errors: readonly TestError[]): ResultOf<'network'> => ({
  tag: 'network',
  ...{ parameters: 10, epochs: 1, trainingSamples: 1, trainingLoss: 1, rateFactor: 1 },
  errors: [...errors],
  examples: [{ exact: -1.5, predicted: -1.25 }],
});

/** A training that diverged, at half the rate too. */
export const diverged: ResultOf<'diverged'> = {
  tag: 'diverged',
  message: 'expected a finite loss, got none; lower the rate (peak 1)',
};

/** An error on all tests of a size, whose measures are this number; on so many that the tests have no noise. */
export const errorOf = (size: number, error: number): TestError => ({
  ...{ size, samples: 'all', count: Number.MAX_SAFE_INTEGER, meanPredictor: 0.017 },
  ...{ rmse: error, offset: 0, spread: error, relative: error, rmsePerDeviation: error },
});

/** A fit of the effective model with this error. */
export const effectiveFit = ({ form, labels }: EffectiveModelJob, error: TestError): ResultOf<'effective-model'> => ({
  ...{ tag: 'effective-model', form, labels, fitted: labels - 100, parameters: 10, ridge: form === 'pairs' ? null : 1 },
  errors: [error],
});

const positive = fc.double({ min: 1e-6, max: 10, noNaN: true });

const errorOn = (size: number, samples: TestError['samples']): fc.Arbitrary<TestError> =>
  fc.record({
    size: fc.constant(size),
    samples: fc.constant(samples),
    count: fc.constant(10),
    rmse: positive,
    offset: fc.constant(null),
    spread: positive,
    relative: fc.option(positive, { freq: 9 }),
    rmsePerDeviation: positive,
    meanPredictor: positive,
  });

/** What a job might find, with any errors; null where that has no errors. */
const resultFor = (job: Job): fc.Arbitrary<Result> | null => {
  switch (job.tag) {
    case 'dense':
      return fc.tuple(errorOn(15, 'all'), errorOn(15, 'unseen')).map(networkWith);
    case 'lattice':
      return fc.tuple(...job.tests.map(({ recipe }) => errorOn(sizeOf(recipe.sampleShape), 'all'))).map(networkWith);
    case 'pair-head':
      return fc
        .tuple(...job.tests.map(({ recipe }) => errorOn(sizeOf(recipe.sampleShape), 'all')))
        .map((errors) => ({ tag: 'pair-head', energyPerSite: -0.5, couplings: [0.1, 0.2], errors }));
    case 'effective-model':
      return errorOn(10, 'all').map((error) => effectiveFit(job, error));
    case 'exact-reduction':
    case 'resummation':
    case 'speed':
      return null;
  }
};

/** What the jobs that have errors find, with any. */
export const outcomesOf = (jobs: readonly Job[]): fc.Arbitrary<Outcomes> =>
  fc.tuple(
    ...jobs.flatMap((job) => {
      const result = resultFor(job);
      return result === null ? [] : [result.map((found) => ({ job, result: found }))];
    }),
  );

/** The trainings among the jobs, each with several seeds, with errors that a rule gives to architectures. */
export const madeUp = (
  jobs: readonly Job[],
  seeds: readonly number[],
  ruled: (architecture: string, layers: number, size: number, seed: number, width: number) => number,
): Outcomes =>
  jobs.flatMap((job) =>
    job.tag !== 'dense' && job.tag !== 'lattice'
      ? []
      : seeds.map((seed) => {
          const { architecture, shape } = job.network;
          const width = shape.tag === 'dense' ? shape.neurons : shape.channels;
          const sizes = job.tag === 'dense' ? [15] : job.tests.map(({ recipe }) => sizeOf(recipe.sampleShape));
          return {
            job: { ...job, plan: { ...job.plan, seed } },
            result: networkWith(
              sizes.map((size) => errorOf(size, ruled(architecture, shape.layers, size, seed, width))),
            ),
          };
        }),
  );
