/** The study of receptive fields: which networks it trains, what it concludes from their errors. */
import type { Claim, Table } from '../src/report/report.ts';
import { expectedSeconds } from '../src/study/job-cost.ts';
import { architectureName, type LatticeJob } from '../src/study/job.ts';
import { kernelGuide } from '../src/study/kernel-guide.ts';
import { overSeeds, relativeError } from '../src/study/measure.ts';
import { kernelOf, latticeNetworks, studyOf, trainedOf, type Outcomes } from '../src/study/outcome.ts';
import { presets } from '../src/study/preset.ts';
import { trainedSizeOf } from '../src/study/receptive-field.ts';
import { studyReport } from '../src/study/study-report.ts';
import { verify } from './law.ts';
import {
  fieldGridIsWhole,
  fieldIsAffordable,
  fieldJobs,
  figuresKeepTheirNetworks,
  guideFollowsTheErrors,
  guideNamesWhatDiverged,
  guideWaitsForAll,
  partsMakeUpErrors,
  spreadsAreJudged,
  verdictsFollowTheCause,
  whatWasNotRunIsNotTested,
} from './laws/receptive-field-study.ts';

const { standard, paper } = presets;

verify(fieldGridIsWhole, standard, {
  'the quick preset': presets.quick,
  'one depth is left out': {
    ...standard,
    receptiveField: {
      ...standard.receptiveField,
      trainings: standard.receptiveField.trainings.filter(({ layers }) => layers !== 2),
    },
  },
  'all are trained on one size': {
    ...standard,
    receptiveField: {
      ...standard.receptiveField,
      trainings: standard.receptiveField.trainings.map((training) => ({ ...training, size: 10 })),
    },
  },
  'on energies alone': {
    ...standard,
    receptiveField: {
      ...standard.receptiveField,
      plan: (run) => ({ ...standard.receptiveField.plan(run), forceWeight: null }),
    },
  },
});

verify(fieldGridIsWhole, paper, {
  'nothing is trained for it': { ...paper, receptiveField: { ...paper.receptiveField, trainings: [] } },
});

verify(fieldIsAffordable(presets), expectedSeconds, {
  'twice as dear': (jobs, threads) => 2 * expectedSeconds(jobs, threads),
  'nothing is shared': (jobs, threads) => jobs.length * 10 + expectedSeconds(jobs, threads),
});

const report = (outcomes: Outcomes) => studyReport('standard', [], outcomes);

const jobs = fieldJobs(standard);

const withClaims = (change: (claim: Claim) => Claim) => (outcomes: Outcomes) => {
  const found = report(outcomes);
  return {
    ...found,
    sections: found.sections.map((section) => ({ ...section, claims: section.claims.map(change) })),
  };
};

/** The outcomes as if their jobs were others. */
const asIf =
  (change: (job: LatticeJob) => LatticeJob) =>
  (outcomes: Outcomes): Outcomes =>
    outcomes.map(({ job, result }) => ({ job: job.tag === 'lattice' ? change(job) : job, result }));

const withKernels =
  (exchange: (kernel: number) => number) =>
  (job: LatticeJob): LatticeJob =>
    job.network.shape.tag === 'lattice'
      ? {
          ...job,
          network: { ...job.network, shape: { ...job.network.shape, kernel: exchange(job.network.shape.kernel) } },
        }
      : job;

const always = withClaims((claim) => ({ ...claim, rule: { tag: 'above', bound: -Infinity } }));

verify(verdictsFollowTheCause(jobs), report, {
  'every claim holds': always,
  'wide kernels are taken for narrow ones': (outcomes) => report(asIf(withKernels((kernel) => 10 - kernel))(outcomes)),
  'one seed decides': withClaims((claim) =>
    'leastSeeds' in claim.rule ? { ...claim, rule: { ...claim.rule, leastSeeds: 1 } } : claim,
  ),
  'networks of every training lattice are compared alike': (outcomes) => {
    const train = jobs[0]?.train;
    return report(asIf((job) => ({ ...job, train: train ?? job.train }))(outcomes));
  },
  'errors have no parts': (outcomes) =>
    report(
      outcomes.map(({ job, result }) => ({
        job,
        result:
          result.tag === 'network'
            ? { ...result, errors: result.errors.map((error) => ({ ...error, spread: error.rmse, offset: 0 })) }
            : result,
      })),
    ),
});

/** The table of receptive fields with the geometric means of errors, as figures have them. */
const withGeometricMeans = (outcomes: Outcomes) => {
  const found = report(outcomes);
  const networks = trainedOf(latticeNetworks(studyOf(outcomes, [])));
  const meanOf = (row: Table['rows'][number], size: number): number | null =>
    overSeeds(
      relativeError(size),
      networks.filter(
        (network) =>
          architectureName(network.job.network.architecture) === row[0] &&
          kernelOf(network.job) === row[1] &&
          network.job.network.shape.layers === row[2] &&
          trainedSizeOf(network) === row[4],
      ),
    ).obtained;
  return {
    ...found,
    sections: found.sections.map((section) => ({
      ...section,
      tables: section.tables.map((table) => ({
        ...table,
        rows: table.rows.map((row) =>
          row.map((value, i) => {
            const size = /^error, N = (\d+)$/.exec(table.columns[i]?.label ?? '')?.[1];
            return size === undefined ? value : meanOf(row, Number(size));
          }),
        ),
      })),
    })),
  };
};

verify(partsMakeUpErrors(jobs), report, {
  'errors are geometric means': withGeometricMeans,
  'there is no such table': () => report([]),
});

verify(figuresKeepTheirNetworks(jobs), report, {
  'Fig. 4 has whatever is trained on N = 10': (outcomes) => studyReport('quick', [], outcomes),
  'nothing is reported': () => report([]),
});

verify(spreadsAreJudged(jobs), report, {
  'every claim holds': always,
  'the bound is widened': withClaims((claim) =>
    claim.rule.tag === 'at-most' ? { ...claim, rule: { ...claim.rule, bound: 2 * claim.rule.bound } } : claim,
  ),
  'no seed is enough': withClaims((claim) => ({ ...claim, obtained: null })),
});

verify(whatWasNotRunIsNotTested(jobs), report, {
  'nothing is tested': withClaims((claim) => ({ ...claim, obtained: null })),
  'what is missing is 1': withClaims((claim) => ({ ...claim, obtained: claim.obtained ?? 1 })),
});

verify(guideFollowsTheErrors(jobs), kernelGuide, {
  'always 3 x 3': () => 'For lattices of that size take 3 x 3: so. For larger ones take 3 x 3: so.',
  'never decided': () => 'For lattices of that size it is not yet decided. For larger ones it is not yet decided.',
  'one seed is enough': (networks) => kernelGuide(networks.filter(({ job }) => job.plan.seed > 1)),
  'the training size speaks for all': (networks) => {
    const prose = [kernelGuide(networks)].flat().join('');
    const [start = '', small = ''] = /^(.*)(For lattices.*)For larger/.exec(prose)?.slice(1) ?? [];
    return start + small + small.replace('For lattices', 'For larger lattices');
  },
});

verify(guideWaitsForAll(jobs), kernelGuide, {
  'those that are trained decide': (networks) => kernelGuide(trainedOf(networks)),
  'what is missing is as bad as nothing': (networks) =>
    networks.some(({ result }) => result === null) ? kernelGuide([]) : kernelGuide(networks),
});

verify(guideNamesWhatDiverged(jobs), kernelGuide, {
  'the others decide': (networks) => kernelGuide(trainedOf(networks)),
  'it is taken for one that is not finished': (networks) =>
    kernelGuide(networks.map((one) => (one.result?.tag === 'diverged' ? { ...one, result: null } : one))),
});
