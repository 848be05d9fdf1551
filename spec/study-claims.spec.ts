/** The claims of the studies follow from errors: what is compared with what, and what that lets them say. */
import type { Architecture } from '../src/network/network.ts';
import { claimsMarkdown } from '../src/report/claims-markdown.ts';
import { judge, type Claim, type Report, type Table } from '../src/report/report.ts';
import { doubleExchangeSections } from '../src/study/double-exchange-section.ts';
import { figures, jobsFor, trains, type Job } from '../src/study/job.ts';
import { studyOf, type Outcomes } from '../src/study/outcome.ts';
import { presets } from '../src/study/preset.ts';
import { studyReport } from '../src/study/study-report.ts';
import { threeSpinSection } from '../src/study/three-spin-section.ts';
import { verify } from './law.ts';
import { shapesAreCompared } from './laws/advantage-table.ts';
import {
  channelsAreJudged,
  claimsFollowFromErrors,
  depthsAreJudged,
  effectiveModelIsJudged,
  fig4cHasItsWidth,
  largerNetworksStandForThemselves,
  levelsAreReached,
  verdictsFollowTheContest,
  otherProtocolsAreTold,
  rivalsAreCompared,
  tablesTellIntervals,
} from './laws/study-claims.ts';
import { trainingsIn, type Training } from './laws/study.ts';

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
  'one seed has the ends of its number': withAdvantages((rows) =>
    rows.map(([n, W, found, from, to, ...rest]) => [
      ...[n ?? null, W ?? null, found ?? null, from ?? found ?? null, to ?? found ?? null],
      ...rest,
    ]),
  ),
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

// Large reports: fewer runs.
verify({ ...shapesAreCompared(gridJobs), runs: 8 }, gridReport, {
  'kernels of 3 x 3 alone are compared': onThose(({ kernel }) => kernel !== 5),
  'C = 3 alone is compared': onThose(({ width }) => width === 3),
});

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

/** As if networks had other widths. */
const ofWidths = (widthOf: (width: number) => number) => (outcomes: Outcomes) =>
  gridReport(
    outcomes.map(({ job, result }) =>
      job.tag === 'lattice' && job.network.shape.tag === 'lattice'
        ? {
            job: {
              ...job,
              network: {
                ...job.network,
                shape: { ...job.network.shape, channels: widthOf(job.network.shape.channels) },
              },
            },
            result,
          }
        : { job, result },
    ),
  );

verify(fig4cHasItsWidth(gridJobs), gridReport, {
  'the widest network speaks': ofWidths((width) => (width === 9 ? 3 : width === 3 ? 9 : width)),
  'the best of all speaks': ofWidths(() => 3),
  'two layers speak': onThose(({ layers }) => layers !== 3),
});

/** A report whose claims on the largest networks are changed. */
const withLarge = (change: (claim: Claim) => Claim) => (outcomes: Outcomes) => {
  const found = gridReport(outcomes);
  return {
    ...found,
    sections: found.sections.map((section) => ({
      ...section,
      claims: section.claims.map((claim) => (claim.id.startsWith('large-') ? change(claim) : claim)),
    })),
  };
};

verify(largerNetworksStandForThemselves(gridJobs), gridReport, {
  'they are of three layers': (outcomes) =>
    gridReport(
      outcomes.map(({ job, result }) =>
        job.tag === 'lattice'
          ? {
              job: {
                ...job,
                network: {
                  ...job.network,
                  shape: { ...job.network.shape, layers: Math.min(3, job.network.shape.layers) },
                },
              },
              result,
            }
          : { job, result },
      ),
    ),
  'they are left out': onThose(({ layers }) => layers <= 3),
  'every claim holds': (outcomes) => always(outcomes),
  'the others speak for them': (outcomes) => {
    const [errors] = outcomes.flatMap(({ job, result }) =>
      'network' in job && job.network.shape.layers === 3 && result.tag === 'network' ? [result.errors] : [],
    );
    return gridReport(
      outcomes.map(({ job, result }) =>
        'network' in job && job.network.shape.layers > 3 && result.tag === 'network' && errors !== undefined
          ? { job, result: { ...result, errors } }
          : { job, result },
      ),
    );
  },
  'the largest lattice speaks for both': withLarge((claim) => ({ ...claim, obtained: (claim.obtained ?? NaN) / 4 })),
});

const tell = (outcomes: Outcomes) => {
  const found = report(outcomes);
  return { report: found, table: claimsMarkdown(judge(found)) };
};

/** What is told with the table of a report whose claims are changed. */
const telling = (change: (claim: Claim) => Claim) => (outcomes: Outcomes) => ({
  ...tell(outcomes),
  table: claimsMarkdown(judge(withClaims(change)(outcomes))),
});

verify(tablesTellIntervals(jobs), tell, {
  'comments are left out': telling(({ comment: _, ...claim }) => claim),
  'intervals are left out': telling(({ spread: _, ...claim }) => claim),
  'the mean is all that is told': telling(({ spread, obtained, ...claim }) => ({
    ...claim,
    obtained,
    ...(spread === undefined || obtained === null ? {} : { spread: { ...spread, low: obtained / 2, high: obtained } }),
  })),
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
