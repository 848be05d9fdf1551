/** Laws of two protocols beside each other: what both have alike, what is as published, what is concluded from their errors. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';

import { judge, type Report } from '../../src/report/report.ts';
import { jobsFor, titleOf, type Job, type LabelsJob, type LatticeJob } from '../../src/study/job.ts';
import type { Outcomes } from '../../src/study/outcome.ts';
import { presets, type Preset, type PresetName } from '../../src/study/preset.ts';
import type { TestError } from '../../src/study/result.ts';
import { rateAt } from '../../src/training/schedule.ts';
import { errorOf, networkWith } from '../arbitraries/results.ts';
import type { Law } from '../law.ts';

/** The networks of both protocols in a preset. */
export const protocolJobs = (preset: Preset): readonly LatticeJob[] =>
  jobsFor(preset, ['protocols']).flatMap((job) => (job.tag === 'lattice' ? [job] : []));

/** Whether a network of such a figure is trained by the published protocol. */
export const isPublished = ({ train }: LatticeJob): boolean => train.recipe.sampler === 'published';

const sizeOf = ({ recipe }: LabelsJob): number => recipe.sampleShape.at(-1) ?? NaN;

/** How many samples of which N. */
const countsOf = (sets: readonly LabelsJob[]): string =>
  sets.map((set) => `${set.range.count} of ${sizeOf(set)}`).join();

const pointOf = ({ network, plan }: LatticeJob): string =>
  [network.architecture, network.shape.layers, plan.seed].join();

/** All four networks of one to three layers, with three seeds. */
const points = ['efnn', 'dnn', 'resnet', 'densenet'].flatMap((architecture) =>
  [1, 2, 3].flatMap((layers) => [1, 2, 3].map((seed) => [architecture, layers, seed].join())),
);

const areOnce = (jobs: readonly LatticeJob[]): boolean =>
  isDeepStrictEqual(jobs.map(pointOf).toSorted(), points.toSorted());

/** The rates of twenty stairs, from the documents beside the paper: 1,000 epochs have them from 1e-3 to 1e-4, every 50. */
const stairs = Array.from({ length: 20 }, (_, i) => 1e-3 * 0.1 ** (i / 19));

/** Whether a plan has these rates, each for a twentieth of its epochs, be it one more or less where that is no whole number. */
const hasTheStairs = ({ plan: { schedule, epochs } }: LatticeJob): boolean => {
  const rates = Array.from({ length: epochs }, (_, step) =>
    rateAt(schedule)({ step, steps: epochs, stepsPerEpoch: 1 }),
  );
  const lasts = stairs.map((stair) => rates.filter((rate) => Math.abs(rate / stair - 1) < 1e-9).length);
  return (
    lasts.reduce((sum, last) => sum + last, 0) === epochs && lasts.every((last) => Math.abs(last - epochs / 20) < 1)
  );
};

const isAsPublished = ({ network: { shape }, plan, train }: LatticeJob): boolean => {
  const { schedule: _, seed: __, ...rest } = plan;
  return (
    shape.tag === 'lattice' &&
    shape.channels === 3 &&
    shape.kernel === 5 &&
    !shape.pairHead &&
    train.recipe.seed === 100 &&
    !train.recipe.forces &&
    isDeepStrictEqual(rest, {
      ...{ start: 'published', epochs: 50, batch: 50 },
      ...{ weightDecay: 1e-5, clip: null, forceWeight: null, units: 'raw' },
    })
  );
};

const hasHead = ({ network: { shape } }: LatticeJob): boolean => shape.tag === 'lattice' && shape.pairHead;

export const protocolsAreAlike: Law<Preset, null> = {
  statement:
    'the published protocol beside ours trains all four networks of C = 3 and one to three layers with three seeds, each once: kernels of 5 x 5 without a head, ' +
    'on energies alone and as they are, published samples and start, weight decay and twenty stairs of rates; labels, tests, epochs and steps are as many as ' +
    'those of ours, which has all of these networks beside a head; their titles tell them apart',
  cases: fc.constant(null),
  runs: 1,
  holds: (preset) => () => {
    const jobs = protocolJobs(preset);
    const published = jobs.filter(isPublished);
    const ours = jobs.filter((job) => !isPublished(job));
    return (
      areOnce(published) &&
      published.every((job) => isAsPublished(job) && hasTheStairs(job)) &&
      areOnce(
        ours.filter((job) => hasHead(job) && job.network.shape.tag === 'lattice' && job.network.shape.kernel === 3),
      ) &&
      ours.every(({ plan, train }) => plan.forceWeight !== null && train.recipe.forces) &&
      jobs.every(
        ({ plan, train, tests }) =>
          countsOf([train]) === '24000 of 10' &&
          countsOf(tests) === '2000 of 10,500 of 15,300 of 20,100 of 30,100 of 40' &&
          tests.every(({ recipe }) => recipe.sampler === train.recipe.sampler) &&
          plan.epochs === 50 &&
          plan.batch === 50,
      ) &&
      jobs.every((job) => titleOf(job).endsWith(', published protocol in small') === isPublished(job))
    );
  },
};

export type Cost = (jobs: readonly Job[], threads: number) => number;

export const publishedIsAffordable: Law<Cost, null> = {
  statement:
    'the published protocol in small is expected to take between ten minutes and an hour of one core in standard, and nothing in quick and paper',
  cases: fc.constant(null),
  runs: 1,
  holds: (expected) => () => {
    const seconds = expected(protocolJobs(presets.standard).filter(isPublished), 1);
    return (
      seconds > 600 &&
      seconds < 3600 &&
      [presets.quick, presets.paper].every((preset) => {
        const others = new Set(jobsFor(preset, ['4c']).map((job) => JSON.stringify(job)));
        return protocolJobs(preset).every((job) => others.has(JSON.stringify(job)));
      })
    );
  },
};

// Results that are made up.

/** Reports outcomes of a preset, of jobs that were planned. */
export type Reporting = (preset: PresetName, outcomes: Outcomes, planned: readonly Job[]) => Report;

type Measures = Pick<TestError, 'relative' | 'rmsePerDeviation'>;

/** The networks, each with these seeds, with errors that a rule gives them. */
const outcomesBy = (
  jobs: readonly LatticeJob[],
  seeds: readonly number[],
  measuresOf: (job: LatticeJob, size: number) => Measures,
): Outcomes =>
  jobs
    .filter(({ plan }) => plan.seed === 1)
    .flatMap((job) =>
      seeds.map((seed) => ({
        job: { ...job, plan: { ...job.plan, seed } },
        result: networkWith(
          job.tests.map((test) => ({ ...errorOf(sizeOf(test), 1), ...measuresOf(job, sizeOf(test)) })),
        ),
      })),
    );

const verdictsOf = (report: Report): ReadonlyMap<string, string> =>
  new Map(judge(report).sections.flatMap(({ claims }) => claims.map(({ id, verdict }) => [id, verdict] as const)));

/** The claims of the section, in its order. */
const ids = [
  ...['protocol-level', 'protocol-level-large', 'protocol-advantage', 'protocol-advantage-large'],
  ...['protocol-gain', 'protocol-gain-large'],
];

interface Match {
  /** The relative error of the published EFNNs on N = 10; it falls as 1/N. */
  readonly error: number;
  /** That of the other networks over it, at N = 10 and beyond. */
  readonly ratio: readonly [number, number];
  /** RMSE / std, published over ours. */
  readonly gain: readonly [number, number];
  readonly seeds: number;
}

const contest = fc.oneof(
  fc.double({ min: 0.3, max: 0.97, noNaN: true }),
  fc.double({ min: 1.03, max: 3, noNaN: true }),
);

export const protocolsAreJudged: Law<Reporting, Match> = {
  statement:
    'each claim on the protocols follows from its networks alone: levels from relative errors of the published EFNNs, the best network from those of all four, ' +
    'ours against published from RMSE / std; fewer than three seeds decide nothing',
  cases: fc.record({
    error: fc.double({ min: 1e-4, max: 1e-2, noNaN: true }),
    ratio: fc.tuple(contest, contest),
    gain: fc.tuple(contest, contest),
    seeds: fc.integer({ min: 1, max: 4 }),
  }),
  runs: 60,
  holds:
    (report) =>
    ({ error, ratio, gain, seeds }) => {
      const numbers = Array.from({ length: seeds }, (_, seed) => seed + 1);
      const outcomes = outcomesBy(protocolJobs(presets.standard), numbers, (job, size) => {
        const end = size > 10 ? 1 : 0;
        const own = ((error * 10) / size) * (job.network.architecture === 'efnn' ? 1 : ratio[end]);
        // Relative errors of ours say the contrary of what is compared.
        return isPublished(job)
          ? { relative: own, rmsePerDeviation: 40 * own }
          : { relative: own * gain[end], rmsePerDeviation: (40 * own) / gain[end] };
      });
      const found = verdictsOf(
        report(
          'standard',
          outcomes,
          outcomes.map(({ job }) => job),
        ),
      );
      const kept = [error <= 1e-3, error / 4 <= 4e-4, ratio[0] > 1, ratio[1] > 1, gain[0] > 1, gain[1] > 1];
      return ids.every(
        (id, i) => found.get(id) === (seeds < 3 ? 'undecided' : kept[i] === true ? 'holds' : 'does not hold'),
      );
    },
};

interface Part {
  readonly preset: PresetName;
  readonly done: 'ours' | 'published' | 'all but a DNN' | 'nothing';
}

/** Errors with which every claim holds. */
const good = (job: LatticeJob, size: number): Measures => {
  const own = (job.network.architecture === 'efnn' ? 1e-3 : 2e-3) / size;
  return { relative: own, rmsePerDeviation: isPublished(job) ? own : own / 2 };
};

export const whatWasNotRunIsNotTested: Law<Reporting, Part> = {
  statement:
    'with nothing run by the published protocol none of its claims is tested, without ours none on ours against it, without a rival none on the best; networks of this protocol ' +
    'are in no claim of another section; presets that have one protocol say nothing of two',
  cases: fc.record({
    preset: fc.constantFrom('quick', 'standard', 'paper'),
    done: fc.constantFrom('ours', 'published', 'all but a DNN', 'nothing'),
  }),
  runs: 24,
  holds:
    (report) =>
    ({ preset, done }) => {
      const planned = protocolJobs(presets[preset]);
      const isDone: Readonly<Record<Part['done'], (job: LatticeJob) => boolean>> = {
        ours: (job) => !isPublished(job),
        published: isPublished,
        'all but a DNN': ({ network, plan }) => network.architecture !== 'dnn' || plan.seed > 1,
        nothing: () => false,
      };
      const outcomes = planned.filter(isDone[done]).map((job) => ({
        job,
        result: networkWith(job.tests.map((test) => ({ ...errorOf(sizeOf(test), 1), ...good(job, sizeOf(test)) }))),
      }));
      const found = verdictsOf(report(preset, outcomes, planned));
      if (preset !== 'standard') {
        return ids.every((id) => !found.has(id));
      }
      const expected = {
        ours: Array.from(ids, () => 'not tested'),
        published: ['holds', 'holds', 'holds', 'holds', 'not tested', 'not tested'],
        'all but a DNN': ['holds', 'holds', 'undecided', 'undecided', 'holds', 'holds'],
        nothing: Array.from(ids, () => 'not tested'),
      }[done];
      return (
        ids.every((id, i) => found.get(id) === expected[i]) &&
        (done !== 'published' ||
          [...found].every(([id, verdict]) => id.startsWith('protocol-') || verdict === 'not tested'))
      );
    },
};

/** What stands in the table of the protocols: the published one in full, in small, and ours. */
const told: Readonly<Record<string, readonly (string | number)[]>> = {
  sampler: ['published', 'published', 'sphere'],
  configurations: [160_000, 24_000, 24_000],
  'labels of each': ['energy', 'energy', 'energy and forces'],
  epochs: [1000, 50, 50],
  'configurations a step': [1000, 50, 50],
  steps: [160_000, 24_000, 24_000],
  'highest rate of the EFNN': [1e-3, 1e-3, 1e-2],
  'weight decay': [1e-5, 1e-5, 0],
  'kernels, k': [5, 5, 3],
  'RKKY head': ['none', 'none', 'fitted first'],
};

export const protocolsAreTold: Law<Reporting, null> = {
  statement:
    'the section says before any run that the published protocol in full is the preset paper, and has the numbers of both beside those of ours; where networks are trained it has their ' +
    'errors by both, and a curve of each network of three layers by each protocol',
  cases: fc.constant(null),
  runs: 1,
  holds: (report) => () => {
    const planned = protocolJobs(presets.standard);
    const sectionOf = (outcomes: Outcomes) =>
      report('standard', outcomes, planned).sections.find(
        ({ title }) => title === 'The published protocol beside ours',
      );
    const [before, after] = [[], outcomesBy(planned, [1, 2, 3], good)].map(sectionOf);
    const rows = before?.tables.find(({ id }) => id === 'table-protocols')?.rows ?? [];
    const chart = after?.figures[0]?.chart;
    const curves =
      chart?.tag === 'lines'
        ? chart.series.flatMap(({ family, variant, points: shown }) =>
            shown.length === 5 ? [`${family}, ${variant}`] : [],
          )
        : [];
    return (
      before?.paragraphs.flat().join('').includes('is the preset paper') === true &&
      before.figures.length === 0 &&
      Object.entries(told).every(([label, values]) =>
        isDeepStrictEqual(rows.find(([name]) => name === label)?.slice(1), values),
      ) &&
      // Four networks of three depths: published; ours of both kernels, and EFNNs of both without a head.
      after?.tables.find(({ id }) => id === 'table-protocol-errors')?.rows.length === 3 * (4 + 2 * 5) &&
      isDeepStrictEqual(
        curves.toSorted(),
        ['EFNN', 'DNN', 'ResNet', 'DenseNet', 'mean predictor']
          .flatMap((family) => [`${family}, published, in small`, `${family}, ours`])
          .toSorted(),
      )
    );
  },
};
