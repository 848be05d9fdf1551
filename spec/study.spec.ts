/** The studies: jobs that figures share, tests that are unseen, claims that follow from errors, power laws. */
import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';

import { fitPowerLaw, powerLawErrorAt } from '../src/bench/power-law.ts';
import { recipeOf } from '../src/dataset/recipe.ts';
import { sizeOf } from '../src/dataset/spin-kind.ts';
import type { Architecture } from '../src/network/network.ts';
import { claimsMarkdown } from '../src/report/claims-markdown.ts';
import { judge, type Claim, type Report, type Table } from '../src/report/report.ts';
import { figures, jobsFor, labelsOf, publishedLabels, trains, type Job } from '../src/study/job.ts';
import { checkEvery, samplesOf } from '../src/study/labels.ts';
import { doubleExchangeSections } from '../src/study/double-exchange-section.ts';
import { studyOf, type Outcomes } from '../src/study/outcome.ts';
import { presets, type LatticeTraining, type Preset } from '../src/study/preset.ts';
import { studyReport } from '../src/study/study-report.ts';
import { threeSpinSection } from '../src/study/three-spin-section.ts';
import { unseenSamples } from '../src/study/test-error.ts';
import { verify } from './law.ts';
import { shapesAreCompared } from './laws/advantage-table.ts';
import {
  checksAreAffordable,
  extrapolationHasItsError,
  figuresShareJobs,
  forcesAreLabels,
  jobsGetAllTheirLabels,
  powerLawIsLeastSquares,
  paperIsTrainedAsPublished,
  paperPresetIsTheGrid,
  standardHasTheGrid,
  testsAreUnseen,
  unseenIsNotInTraining,
  trainingsIn,
  type Planning,
  type Training,
  denseJobsHaveThePublishedSplit,
} from './laws/study.ts';
import {
  channelsAreJudged,
  claimsFollowFromErrors,
  depthsAreJudged,
  effectiveModelIsJudged,
  levelsAreReached,
  verdictsFollowTheContest,
  otherProtocolsAreTold,
  rivalsAreCompared,
} from './laws/study-claims.ts';

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

const report = (outcomes: Outcomes) => studyReport('quick', [], outcomes);

/** The jobs of one seed: laws make up results for others. */
const jobs = jobsFor(presets.quick, figures).filter((job) => !('plan' in job) || job.plan.seed === 1);

const exchanged: Readonly<Record<Architecture, Architecture>> = {
  efnn: 'dnn',
  dnn: 'efnn',
  resnet: 'resnet',
  densenet: 'densenet',
};

/** The same job under the name of another architecture. */
const renamed = (job: Job): Job =>
  'network' in job ? { ...job, network: { ...job.network, architecture: exchanged[job.network.architecture] } } : job;

verify(claimsFollowFromErrors(jobs), report, {
  'one rival is left out': (outcomes) =>
    report(outcomes.filter(({ job }) => !('network' in job) || job.network.architecture !== 'resnet')),
  'the DNN is taken for the EFNN': (outcomes) =>
    report(outcomes.map(({ job, result }) => ({ job: renamed(job), result }))),
  'EFNNs of a depth without rivals count too': (outcomes) =>
    report(
      outcomes.map(({ job, result }) =>
        job.tag === 'lattice'
          ? { job: { ...job, network: { ...job.network, shape: { ...job.network.shape, layers: 3 } } }, result }
          : { job, result },
      ),
    ),
  'all configurations pass for unseen ones': (outcomes) =>
    report(
      outcomes.map(({ job, result }) =>
        result.tag === 'network'
          ? {
              job,
              result: {
                ...result,
                errors: result.errors.flatMap((error) =>
                  error.samples === 'all' ? [error, { ...error, samples: 'unseen' as const }] : [],
                ),
              },
            }
          : { job, result },
      ),
    ),
  'the largest lattice alone is tested': (outcomes) =>
    report(
      outcomes.map(({ job, result }) =>
        result.tag === 'network' && job.tag === 'lattice'
          ? { job, result: { ...result, errors: result.errors.slice(-1) } }
          : { job, result },
      ),
    ),
});

/** A report whose tables of advantages are changed. */
const withAdvantages =
  (change: (rows: Table['rows']) => Table['rows']) =>
  (outcomes: Outcomes): Report => {
    const found = report(outcomes);
    return {
      ...found,
      sections: found.sections.map((section) => ({
        ...section,
        tables: section.tables.map((table) =>
          table.id.startsWith('advantage') ? { ...table, rows: change(table.rows) } : table,
        ),
      })),
    };
  };

verify(shapesAreCompared(jobs), report, {
  'a shape is left out': withAdvantages((rows) => rows.slice(1)),
  'the last shape comes first': withAdvantages((rows) => rows.toReversed()),
  'every verdict is that of the first shape': withAdvantages((rows) =>
    rows.map((row) => [...row.slice(0, -1), rows[0]?.at(-1) ?? null]),
  ),
  'the best of all seeds speaks': withAdvantages((rows) =>
    rows.map(([n, W, , from, to, ...rest]) => [n ?? null, W ?? null, to ?? null, from ?? null, to ?? null, ...rest]),
  ),
  'one rival is left out': (outcomes) =>
    report(outcomes.filter(({ job }) => !('network' in job) || job.network.architecture !== 'resnet')),
});

/** A report whose claims are changed before they are judged. */
const withClaims =
  (change: (claim: Claim) => Claim) =>
  (outcomes: Outcomes): Report => {
    const found = report(outcomes);
    return {
      ...found,
      sections: found.sections.map((section) => ({ ...section, claims: section.claims.map(change) })),
    };
  };

const always = withClaims((claim) => ({ ...claim, rule: { tag: 'above', bound: -Infinity } }));

const inverted = withClaims(({ spread, ...claim }) => ({
  ...claim,
  obtained: claim.obtained === null ? null : 1 / claim.obtained,
  ...(spread === undefined ? {} : { spread: { ...spread, low: 1 / spread.high, high: 1 / spread.low } }),
}));

verify(verdictsFollowTheContest(jobs), report, {
  'every claim holds': always,
  'ratios are inverted': inverted,
  'one seed decides': withClaims((claim) =>
    claim.rule.tag === 'above' ? { ...claim, rule: { tag: 'above', bound: claim.rule.bound } } : claim,
  ),
  'the best seed speaks for all': withClaims(({ spread, ...claim }) => ({
    ...claim,
    ...(spread === undefined ? {} : { obtained: spread.high, spread: { ...spread, low: spread.high } }),
  })),
  'shapes are mixed': (outcomes) =>
    report(
      outcomes.map(({ job, result }) =>
        job.tag === 'lattice' && job.network.architecture !== 'efnn'
          ? { job: { ...job, network: { ...job.network, shape: { ...job.network.shape, layers: 9 } } }, result }
          : { job, result },
      ),
    ),
});

verify(depthsAreJudged(jobs), report, { 'every claim holds': always, 'ratios are inverted': inverted });

/** The same for the lattices of the preset with all widths. */
const gridJobs = jobsFor(presets.standard, ['4b', '4c']).filter((job) => trains(job) && job.plan.seed === 1);

const gridReport = (outcomes: Outcomes) => studyReport('standard', [], outcomes);

/** A report on those networks alone of which this is true. */
const onThose = (isMeant: (training: Training) => boolean) => (outcomes: Outcomes) =>
  gridReport(outcomes.filter(({ job }) => trainingsIn([job]).every(isMeant)));

verify(channelsAreJudged(gridJobs), gridReport, {
  'every claim holds': (outcomes) => always(outcomes),
  'C = 3 alone is judged': onThose(({ width }) => width === 3),
  'three layers alone are judged': onThose(({ layers }) => layers === 3),
  'the ends speak for all that lies between': onThose(({ width, layers }) => [1, 9].includes(width) && layers !== 2),
});

verify(rivalsAreCompared(gridJobs), gridReport, {
  'kernels of 3 x 3 alone are compared': onThose(({ kernel }) => kernel !== 5),
  'C = 3 alone is compared': onThose(({ width }) => width === 3),
  'networks of one layer are not compared': onThose(({ layers }) => layers > 1),
  'kernels are compared with each other': (outcomes) =>
    gridReport(
      outcomes.map(({ job, result }) =>
        job.tag === 'lattice' && job.network.shape.tag === 'lattice'
          ? { job: { ...job, network: { ...job.network, shape: { ...job.network.shape, kernel: 3 } } }, result }
          : { job, result },
      ),
    ),
});

const tableOn = (planned: readonly Job[]): string =>
  claimsMarkdown(
    judge({
      ...studyReport('paper', [], []),
      sections: [doubleExchangeSections, threeSpinSection('three-spin-continuous')].flatMap((sections) =>
        sections(studyOf([], planned)),
      ),
    }),
  );

/** The table on other jobs than those that are planned. */
const tableOf = (change: (job: Job) => Job) => (planned: readonly Job[]) => tableOn(planned.map(change));

verify(otherProtocolsAreTold(jobsFor(presets.paper, ['2c', '4b', '4c'])), tableOn, {
  'nothing is told': (planned) => tableOn(planned).replaceAll(/; not the protocol[^|]*/g, ''),
  'all is told wherever something is': (planned) =>
    tableOn(planned).replaceAll(
      /(?<=; here )[^|]*/g,
      'sampler sphere, energies and forces, kernels of 3 x 3, RKKY head ',
    ),
  'forces are not told': tableOf((job) => (trains(job) ? { ...job, plan: { ...job.plan, forceWeight: null } } : job)),
  'forces of dense networks are not told': tableOf((job) =>
    job.tag === 'dense' ? { ...job, plan: { ...job.plan, forceWeight: null } } : job,
  ),
  'the sampler of the paper is that of all': tableOf((job) =>
    job.tag === 'lattice'
      ? { ...job, train: { ...job.train, recipe: { ...job.train.recipe, sampler: 'published' } } }
      : job,
  ),
});

verify(levelsAreReached(jobs), report, {
  'every claim holds': always,
  'a claim expects nothing': withClaims((claim) => (claim.id === '4b-depth' ? { ...claim, expected: '' } : claim)),
  'within a factor of two': withClaims((claim) =>
    claim.rule.tag === 'at-most' ? { ...claim, rule: { ...claim.rule, bound: 2 * claim.rule.bound } } : claim,
  ),
  'networks are taken for the effective model': withClaims((claim) =>
    claim.id === '4b-effective-model' ? { ...claim, obtained: 0.017 } : claim,
  ),
});

verify(effectiveModelIsJudged(jobs), report, {
  'nothing is reported': () => report([]),
  'every claim holds': always,
  'the fewest labels speak': (outcomes) =>
    report(
      outcomes.map(({ job, result }) => ({
        job: job.tag === 'effective-model' ? { ...job, labels: -job.labels } : job,
        result,
      })),
    ),
  'the mean predictor is taken for the effective model': (outcomes) =>
    report(
      outcomes.map(({ job, result }) => ({
        job,
        result:
          result.tag === 'effective-model' && result.form === 'tiles'
            ? { ...result, errors: result.errors.map((error) => ({ ...error, relative: error.meanPredictor })) }
            : result,
      })),
    ),
});
