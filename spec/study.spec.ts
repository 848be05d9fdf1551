/** The studies: jobs that figures share, tests that are unseen, power laws. */
import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';

import { fitPowerLaw, powerLawErrorAt } from '../src/bench/power-law.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { sizeOf } from '../src/dataset/spin-kind.ts';
import { figures, jobsFor, labelsOf, publishedLabels, toldJobs, type Job } from '../src/study/job.ts';
import { checkEvery, samplesOf } from '../src/study/labels.ts';
import { presets, type LatticeTraining, type Preset } from '../src/study/preset.ts';
import { unseenSamples } from '../src/study/test-error.ts';
import { verify } from './law.ts';
import {
  checksAreAffordable,
  extrapolationHasItsError,
  figuresShareJobs,
  forcesAreLabels,
  jobsGetAllTheirLabels,
  powerLawIsLeastSquares,
  reportsTellWholeFigures,
  paperIsTrainedAsPublished,
  paperPresetIsTheGrid,
  standardHasTheGrid,
  testsAreUnseen,
  unseenIsNotInTraining,
  type Planning,
  denseJobsHaveThePublishedSplit,
} from './laws/study.ts';

const changed =
  (change: (job: Job) => readonly Job[]): Planning =>
  (preset, wanted) =>
    jobsFor(preset, wanted).flatMap(change);

verify(figuresShareJobs, jobsFor, {
  'nothing is planned': () => [],
  'figures 4b and 4c train their networks twice': (preset, wanted) =>
    wanted.flatMap((figure) => jobsFor(preset, [figure])),
  'the first figure alone is planned': (preset, wanted) => jobsFor(preset, wanted.slice(0, 1)),
  'figure 2c takes the binary samples': (preset, wanted) =>
    wanted.length > 1 ? jobsFor(preset, wanted).filter((job) => job.tag !== 'dense') : jobsFor(preset, wanted),
});

verify(reportsTellWholeFigures, toldJobs, {
  'figures that are wanted alone': (preset, wanted) => jobsFor(preset, wanted),
  'finished jobs alone': (_preset, _wanted, finished) => finished,
  'other figures by their finished jobs': (preset, wanted, finished) => [
    ...new Map([...jobsFor(preset, wanted), ...finished].map((job) => [JSON.stringify(job), job])).values(),
  ],
  'every figure': (preset) => jobsFor(preset, figures),
  'figures that share a job with those that are wanted': (preset, wanted, finished) =>
    jobsFor(
      preset,
      figures.filter((figure) => {
        const known = new Set([...finished, ...jobsFor(preset, wanted)].map((job) => JSON.stringify(job)));
        return jobsFor(preset, [figure]).some((job) => known.has(JSON.stringify(job)));
      }),
    ),
});

verify(paperPresetIsTheGrid, presets.paper, {
  'another preset': presets.standard,
  'widths end at 120': { ...presets.paper, threeSpin: { ...presets.paper.threeSpin, neurons: [15, 120] } },
  'one network is trained twice': {
    ...presets.paper,
    doubleExchange: {
      ...presets.paper.doubleExchange,
      trainings: presets.paper.doubleExchange.trainings.map((training, i, all) =>
        i === 0 ? (all[1] ?? training) : training,
      ),
    },
  },
  'all samples are for training': {
    ...presets.paper,
    doubleExchange: { ...presets.paper.doubleExchange, tests: [] },
  },
  'the tests are few': {
    ...presets.paper,
    doubleExchange: { ...presets.paper.doubleExchange, tests: [{ size: 10, samples: 100 }] },
  },
  'spins are drawn evenly': {
    ...presets.paper,
    doubleExchange: { ...presets.paper.doubleExchange, sampler: 'sphere' },
  },
});

/** A preset of which some lattice networks alone are trained. */
const training = (preset: Preset, isKept: (run: LatticeTraining) => boolean): Preset => ({
  ...preset,
  doubleExchange: { ...preset.doubleExchange, trainings: preset.doubleExchange.trainings.filter(isKept) },
});

verify(standardHasTheGrid, presets.standard, {
  'another preset': presets.quick,
  'chains are trained with one seed': {
    ...presets.standard,
    threeSpin: { ...presets.standard.threeSpin, seeds: [1] },
  },
  'ResNets have one seed': training(
    presets.standard,
    ({ architecture, seed }) => architecture !== 'resnet' || seed === 1,
  ),
  'nine channels are too many': training(presets.standard, ({ channels }) => channels < 9),
  'the published kernels alone': training(presets.standard, ({ kernel }) => kernel === 5),
});

verify(paperIsTrainedAsPublished, presets.paper, {
  'the standard preset': presets.standard,
  'nothing is trained': {
    ...training(presets.paper, () => false),
    threeSpin: { ...presets.paper.threeSpin, neurons: [] },
  },
  'the pair head is fitted first': {
    ...presets.paper,
    doubleExchange: {
      ...presets.paper.doubleExchange,
      trainings: presets.paper.doubleExchange.trainings.map((run) => ({ ...run, pairHead: true })),
    },
  },
  'forces are labels': {
    ...presets.paper,
    doubleExchange: {
      ...presets.paper.doubleExchange,
      plan: (run) => ({ ...presets.paper.doubleExchange.plan(run), forceWeight: 1 }),
    },
  },
  'energies of lattices are learned in units of their deviation': {
    ...presets.paper,
    doubleExchange: {
      ...presets.paper.doubleExchange,
      plan: (run) => {
        const { units: _, ...plan } = presets.paper.doubleExchange.plan(run);
        return plan;
      },
    },
  },
  'forces are labels of chains': {
    ...presets.paper,
    threeSpin: {
      ...presets.paper.threeSpin,
      plan: (system, architecture) => ({
        ...presets.paper.threeSpin.plan(system, architecture),
        forceWeight: system === 'three-spin-continuous' ? 1 : null,
      }),
    },
  },
  'every system decays as the continuous one': {
    ...presets.paper,
    threeSpin: {
      ...presets.paper.threeSpin,
      plan: (_, architecture) => presets.paper.threeSpin.plan('three-spin-continuous', architecture),
    },
  },
});

verify(testsAreUnseen, jobsFor, {
  'nothing is planned': () => [],
  'no lattice network is tested': changed((job) => (job.tag === 'lattice' ? [{ ...job, tests: [] }] : [job])),
  'tests are drawn with the seed of training': changed((job) =>
    job.tag === 'lattice'
      ? [{ ...job, tests: job.tests.map((test) => ({ ...test, recipe: job.train.recipe, range: job.train.range })) }]
      : [job],
  ),
  'the published test samples begin one too early': changed((job) =>
    job.tag === 'lattice'
      ? [
          {
            ...job,
            tests: job.tests.map((test) => ({
              ...test,
              recipe: { ...test.recipe, seed: job.train.recipe.seed },
              range: { first: job.train.range.count - 1, count: 1 },
            })),
          },
        ]
      : [job],
  ),
  'a network of no layers is planned': changed((job) =>
    job.tag === 'dense' ? [{ ...job, network: { ...job.network, shape: { ...job.network.shape, layers: 0 } } }] : [job],
  ),
});

verify(checksAreAffordable, checkEvery, {
  'nothing is checked': () => null,
  'labels of every size are checked': (job) => (job.recipe.method === 'poles' ? 200 : null),
  'the reference is checked against itself': ({ recipe }) => (sizeOf(recipe.sampleShape) <= 20 ? 200 : null),
  'every tenth is checked': (job) => (checkEvery(job) === null ? null : 10),
});

verify(jobsGetAllTheirLabels(jobsFor(presets.quick, figures)), samplesOf, {
  'nothing is given': () => () => null,
  'tests that are missing are left out': (labels) => (job) =>
    'tests' in job
      ? samplesOf(labels)({ ...job, tests: job.tests.filter((test) => labels(test) !== null) })
      : samplesOf(labels)(job),
  'the last test is trained on': (labels) => (job) => {
    const found = samplesOf(labels)(job);
    return found === null ? null : { ...found, train: found.tests.at(-1) ?? found.train };
  },
});

verify(denseJobsHaveThePublishedSplit(jobsFor(presets.quick, ['2b', '2c'])), samplesOf, {
  'all samples are tests': (labels) => (job) => {
    const all = job.tag === 'dense' ? labels(publishedLabels(job)) : null;
    return all === null ? null : { train: all, tests: [all] };
  },
  'the last are trained on': (labels) =>
    samplesOf((wanted) => {
      const all = labels(wanted);
      return all === null
        ? null
        : {
            ...all,
            spins: Float64Array.from(all.spins).reverse(),
            energies: Float64Array.from(all.energies).reverse(),
          };
    }),
  'of the other system': (labels) => (job) =>
    samplesOf(labels)(job.tag === 'dense' ? { ...job, system: 'three-spin-binary' } : job),
  'energies alone': (labels) =>
    samplesOf((wanted) => {
      const all = labels(wanted);
      return all === null ? null : { ...all, forces: null };
    }),
});

/** The labels of every job, with forces where that is said. */
const withForces = (isTold: (job: Job) => boolean) => (job: Job) =>
  labelsOf(job).map((labels) => ({ ...labels, recipe: { ...labels.recipe, forces: isTold(job) } }));

verify(forcesAreLabels(Object.values(presets).flatMap((preset) => jobsFor(preset, figures))), labelsOf, {
  'there are none': () => [],
  'nobody has forces': withForces(() => false),
  'everybody has forces': withForces(() => true),
  'forces are for lattices alone': withForces(({ tag }) => tag === 'lattice'),
});

it.each(['three-spin-binary', 'three-spin-continuous'] as const)(
  'the labels of dense networks are those of the authors: %s',
  (system) => {
    const job = jobsFor(presets.quick, figures).find((one) => one.tag === 'dense' && one.system === system);
    const [all] = job === undefined ? [] : labelsOf(job);
    const forces = system === 'three-spin-continuous';
    expect(E.right(all?.recipe)).toEqual(recipeOf({ system, sampler: 'published', forces }));
    expect(all?.range).toEqual({ first: 0, count: 20_000 });
  },
);

verify(powerLawIsLeastSquares, fitPowerLaw, {
  'the scatter is divided by n': (points) => {
    const fit = fitPowerLaw(points);
    const shrink = Math.sqrt((points.length - 2) / points.length);
    return fit === null ? null : { ...fit, exponentError: fit.exponentError * shrink };
  },
  'the largest size alone decides': (points) => fitPowerLaw(points.slice(0, -1)),
  'the prefactor belongs to the mean size': (points) => {
    const fit = fitPowerLaw(points);
    return fit === null ? null : { ...fit, logPrefactor: fit.logPrefactor + fit.exponent };
  },
});

verify(extrapolationHasItsError, powerLawErrorAt, {
  'as certain far away as at the points': (points, law) => () => powerLawErrorAt(points, law)(points[0]?.x ?? 1),
  'the error of the line without the scatter of a number': (points, law) => (x) => {
    const logX = points.map((point) => Math.log(point.x));
    const centre = logX.reduce((sum, value) => sum + value, 0) / points.length;
    const squares = logX.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    return law.exponentError * Math.sqrt(squares / points.length + (Math.log(x) - centre) ** 2);
  },
  'the error of the exponent alone':
    (_, { exponentError }) =>
    (x) =>
      exponentError * Math.abs(Math.log(x)),
});

verify(unseenIsNotInTraining, unseenSamples, {
  'every test sample counts': (_, test) => Array.from({ length: test.count }, (__, i) => i),
  'the first training sample alone is compared': (train, test) =>
    unseenSamples({ ...train, count: 1, spins: train.spins.subarray(0, 3) }, test),
  'samples in training are the ones that count': (train, test) => {
    const unseen = new Set(unseenSamples(train, test));
    return Array.from({ length: test.count }, (_, i) => i).filter((i) => !unseen.has(i));
  },
});
