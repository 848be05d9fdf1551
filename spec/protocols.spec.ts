/** Two protocols beside each other: what is trained by each, and what is concluded. */
import type { Claim, Report } from '../src/report/report.ts';
import { expectedSeconds } from '../src/study/job-cost.ts';
import type { LatticeJob } from '../src/study/job.ts';
import type { Outcomes } from '../src/study/outcome.ts';
import { presets, type DoubleExchangeStudy, type Preset } from '../src/study/preset.ts';
import { studyReport } from '../src/study/study-report.ts';
import { verify } from './law.ts';
import {
  isPublished,
  protocolJobs,
  protocolsAreAlike,
  protocolsAreJudged,
  protocolsAreTold,
  publishedIsAffordable,
  whatWasNotRunIsNotTested,
  type Reporting,
} from './laws/protocols.ts';

const { standard } = presets;

/** `standard` with another published protocol. */
const withPublished = (change: (study: DoubleExchangeStudy) => Partial<DoubleExchangeStudy>): Preset => ({
  ...standard,
  publishedProtocol:
    standard.publishedProtocol === null
      ? null
      : { ...standard.publishedProtocol, ...change(standard.publishedProtocol) },
});

verify(protocolsAreAlike, standard, {
  'there is none': { ...standard, publishedProtocol: null },
  'the preset paper, whose own protocol it is': presets.paper,
  'forces are labels': withPublished(({ plan }) => ({ plan: (run) => ({ ...plan(run), forceWeight: 'balanced' }) })),
  'spins are drawn evenly': withPublished(() => ({ sampler: 'sphere' })),
  'more labels': withPublished(() => ({ train: { size: 10, samples: 48_000 } })),
  'more epochs': withPublished(({ plan }) => ({ plan: (run) => ({ ...plan(run), epochs: 100 }) })),
  'a stair lasts as long as in 1,000 epochs': withPublished(({ plan }) => ({
    plan: (run) => ({ ...plan(run), schedule: { tag: 'staircase', first: 1e-3, last: 1e-4, every: 50 } }),
  })),
  'every epoch is a stair': withPublished(({ plan }) => ({
    plan: (run) => ({ ...plan(run), schedule: { tag: 'staircase', first: 1e-3, last: 1e-4, every: 1 } }),
  })),
  'weights do not decay': withPublished(({ plan }) => ({ plan: (run) => ({ ...plan(run), weightDecay: 0 }) })),
  'the pair head is fitted first': withPublished(({ trainings }) => ({
    trainings: trainings.map((run) => ({ ...run, pairHead: true })),
  })),
  'kernels of 3 x 3': withPublished(({ trainings }) => ({
    trainings: trainings.map((run) => ({ ...run, kernel: 3 })),
  })),
  'all have one seed': withPublished(({ plan }) => ({ plan: (run) => ({ ...plan(run), seed: 1 }) })),
  'DNNs are left out': withPublished(({ trainings }) => ({
    trainings: trainings.filter(({ architecture }) => architecture !== 'dnn'),
  })),
  'tests of one size': withPublished(({ tests }) => ({ tests: tests.slice(0, 1) })),
});

verify(publishedIsAffordable, expectedSeconds, {
  'thrice as dear': (jobs, threads) => 3 * expectedSeconds(jobs, threads),
  'for nothing': () => 0,
});

const report: Reporting = (preset, outcomes, planned) => studyReport(preset, [], outcomes, new Map(), planned);

const withClaims =
  (change: (claim: Claim) => Claim): Reporting =>
  (preset, outcomes, planned) => {
    const found = report(preset, outcomes, planned);
    return {
      ...found,
      sections: found.sections.map((section) => ({ ...section, claims: section.claims.map(change) })),
    };
  };

const withOutcomes =
  (change: (outcomes: Outcomes) => Outcomes): Reporting =>
  (preset, outcomes, planned) =>
    report(preset, change(outcomes), planned);

/** The outcomes as if one measure of their errors were another. */
const measuredBy = (measure: 'relative' | 'rmsePerDeviation') =>
  withOutcomes((outcomes) =>
    outcomes.map(({ job, result }) => ({
      job,
      result:
        result.tag === 'network'
          ? {
              ...result,
              errors: result.errors.map((error) => ({
                ...error,
                relative: error[measure],
                rmsePerDeviation: error[measure],
              })),
            }
          : result,
    })),
  );

/** As if the networks of some seeds, sizes or architectures alone had been trained. */
const only = (isKept: (job: LatticeJob) => boolean) =>
  withOutcomes((outcomes) => outcomes.filter(({ job }) => job.tag !== 'lattice' || isKept(job)));

const always = withClaims((claim) => ({ ...claim, rule: { tag: 'above', bound: -Infinity } }));

verify(protocolsAreJudged, report, {
  'every claim holds': always,
  'one seed decides': withClaims((claim) => ({ ...claim, rule: { ...claim.rule, leastSeeds: 1 } })),
  'within a factor of two': withClaims((claim) =>
    claim.rule.tag === 'at-most' ? { ...claim, rule: { ...claim.rule, bound: 2 * claim.rule.bound } } : claim,
  ),
  'relative errors on two samplers are compared': measuredBy('relative'),
  'levels are in units of the deviation': measuredBy('rmsePerDeviation'),
  'the training size speaks for all': withOutcomes((outcomes) =>
    outcomes.map(({ job, result }) => ({
      job,
      result:
        result.tag === 'network'
          ? { ...result, errors: result.errors.map((error) => ({ ...error, ...result.errors[0], size: error.size })) }
          : result,
    })),
  ),
  'ours are taken for published': (preset, outcomes, planned) => {
    const both = planned.flatMap((job) => (job.tag === 'lattice' ? [job] : []));
    const of = (wanted: boolean) => both.find((job) => isPublished(job) === wanted);
    return report(
      preset,
      outcomes.map(({ job, result }) => ({
        job: job.tag === 'lattice' ? { ...job, train: of(!isPublished(job))?.train ?? job.train } : job,
        result,
      })),
      [],
    );
  },
});

verify(whatWasNotRunIsNotTested, report, {
  'what is missing is 1': withClaims((claim) => ({ ...claim, obtained: claim.obtained ?? 1 })),
  'jobs that are not finished were never planned': (preset, outcomes) =>
    report(
      preset,
      outcomes,
      outcomes.map(({ job }) => job),
    ),
  'every preset has both': (_, outcomes, planned) =>
    report('standard', outcomes, [...planned, ...protocolJobs(standard)]),
  'networks of a protocol are of Fig. 4 as well': withOutcomes((outcomes) => {
    const [ours] = protocolJobs(standard);
    return outcomes.flatMap(({ job, result }) =>
      job.tag === 'lattice' && ours !== undefined
        ? [
            { job, result },
            { job: { ...job, train: ours.train }, result },
          ]
        : [{ job, result }],
    );
  }),
});

/** The report with what is said in its sections changed. */
const withSections =
  (change: (section: Report['sections'][number]) => Report['sections'][number]): Reporting =>
  (preset, outcomes, planned) => {
    const found = report(preset, outcomes, planned);
    return { ...found, sections: found.sections.map(change) };
  };

verify(protocolsAreTold, report, {
  'nothing is said': () => report('quick', [], []),
  'no word of the preset paper': withSections((section) => ({ ...section, paragraphs: [] })),
  'in small is taken for in full': withSections((section) => ({
    ...section,
    tables: section.tables.map((table) => ({
      ...table,
      rows: table.rows.map(([label = null, full = null, small = null, ...ours]) => [label, small, full, ...ours]),
    })),
  })),
  'networks of three layers by one protocol alone': only((job) => !isPublished(job) || job.network.shape.layers < 3),
  'no DNN of ours': only((job) => isPublished(job) || job.network.architecture !== 'dnn'),
});
