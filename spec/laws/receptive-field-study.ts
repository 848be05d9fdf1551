/** Laws of the study of receptive fields: its grid, its verdicts and its guide, on results that are made up from a cause. */
import fc from 'fast-check';

import type { Architecture } from '../../src/network/network.ts';
import { judge, type Prose, type Report } from '../../src/report/report.ts';
import { figures, jobsFor, titleOf, type Job, type LatticeJob } from '../../src/study/job.ts';
import type { Outcome, Outcomes, Planned, Trained } from '../../src/study/outcome.ts';
import type { Preset, PresetName } from '../../src/study/preset.ts';
import { diverged, errorOf, networkWith } from '../arbitraries/results.ts';
import type { Law } from '../law.ts';
import { widthByHand } from './receptive-field.ts';

/** The lattice networks of a preset that are for the receptive field. */
export const fieldJobs = (preset: Preset): readonly LatticeJob[] =>
  jobsFor(preset, ['receptive-field']).flatMap((job) => (job.tag === 'lattice' ? [job] : []));

const kernelOf = ({ network: { shape } }: LatticeJob): number => (shape.tag === 'lattice' ? shape.kernel : NaN);

const trainedSize = ({ train }: LatticeJob): number => train.recipe.sampleShape.at(-1) ?? NaN;

export const fieldGridIsWhole: Law<Preset, null> = {
  statement:
    'all four networks with kernels of 3, 5 and 7, one to three layers, trained on N = 6, 8, 10 and 14 with five seeds, each once: C = 3 beside a head, ' +
    'on 6,000 configurations with forces, 24 epochs, tested on N = 10 and 40',
  cases: fc.constant(null),
  runs: 1,
  holds: (preset) => () => {
    const jobs = fieldJobs(preset);
    const points = new Set(
      jobs.map((job) =>
        [job.network.architecture, kernelOf(job), job.network.shape.layers, trainedSize(job), job.plan.seed].join(),
      ),
    );
    const wanted = ['efnn', 'dnn', 'resnet', 'densenet'].flatMap((architecture) =>
      [3, 5, 7].flatMap((kernel) =>
        [1, 2, 3].flatMap((layers) =>
          [6, 8, 10, 14].flatMap((size) =>
            [1, 2, 3, 4, 5].map((seed) => [architecture, kernel, layers, size, seed].join()),
          ),
        ),
      ),
    );
    return (
      jobs.length === wanted.length &&
      wanted.every((point) => points.has(point)) &&
      jobs.every(
        ({ network: { shape }, plan, train, tests }) =>
          shape.tag === 'lattice' &&
          shape.channels === 3 &&
          shape.pairHead &&
          plan.epochs === 24 &&
          plan.forceWeight !== null &&
          train.recipe.forces &&
          train.range.count === 6000 &&
          tests.map(({ recipe }) => recipe.sampleShape.at(-1)).join() === '10,40',
      )
    );
  },
};

/** What a preset is expected to take for it, in seconds of one core. */
export type FieldCost = (jobs: readonly Job[], threads: number) => number;

export const fieldIsAffordable = (presets: Readonly<Record<PresetName, Preset>>): Law<FieldCost, null> => ({
  statement:
    'the receptive field is expected to take at most six hours of one core in standard, and in quick at most 20 seconds of two cores beside the rest',
  cases: fc.constant(null),
  runs: 1,
  holds: (expected) => () => {
    const rest = jobsFor(
      presets.quick,
      figures.filter((figure) => figure !== 'receptive-field'),
    );
    const whole = jobsFor(presets.quick, figures);
    const [before, after] = [expected(rest, 2), expected(whole, 2)];
    return (
      expected(jobsFor(presets.standard, ['receptive-field']), 1) <= 6 * 3600 && after > before && after - before <= 20
    );
  },
});

// Results that are made up.

interface Cause {
  /** What makes offsets: windows wider than the training lattice, narrow ones, or nothing. */
  readonly of: 'wide windows' | 'narrow windows' | 'nothing';
  readonly strength: number;
  readonly seeds: number;
}

/** The offset per energy, beside a spread of 1 / N. */
const offsetBy = ({ of, strength }: Cause, width: number, trained: number): number => {
  switch (of) {
    case 'wide windows':
      return 0.02 * strength * Math.max(0, width / trained - 1);
    case 'narrow windows':
      return (0.02 * strength * trained) / width;
    case 'nothing':
      return 0;
  }
};

type Errors = (job: LatticeJob, size: number, seed: number) => { readonly spread: number; readonly offset: number };

/** What networks are tested on: as many configurations as their jobs say, or so many that the tests have no noise. */
type Tests = 'their tests' | 'any number of tests';

const outcomesBy = (
  jobs: readonly LatticeJob[],
  seeds: readonly number[],
  errors: Errors,
  tests: Tests = 'any number of tests',
): readonly Trained<LatticeJob>[] =>
  jobs
    .filter(({ plan }) => plan.seed === 1)
    .flatMap((job) =>
      seeds.map((seed) => ({
        job: { ...job, plan: { ...job.plan, seed } },
        result: networkWith(
          job.tests.map(({ recipe, range }) => {
            const size = recipe.sampleShape.at(-1) ?? NaN;
            const { spread, offset } = errors(job, size, seed);
            const relative = Math.hypot(spread, offset);
            // Energies of order -N^2 / 2, in whose units the error and its parts are.
            const unit = (size * size) / 2;
            return {
              ...errorOf(size, relative),
              ...(tests === 'their tests' ? { count: range.count } : {}),
              ...{ rmse: unit * relative, offset: unit * offset, spread: unit * spread },
            };
          }),
        ),
      })),
    );

export type Reporting = (outcomes: Outcomes) => Report;

const verdictsOf = (report: Report): ReadonlyMap<string, string> =>
  new Map(judge(report).sections.flatMap(({ claims }) => claims.map(({ id, verdict }) => [id, verdict] as const)));

/** Claims that hold where windows wider than the training lattice make offsets, and not where narrow ones do. */
const ofWideWindows = [
  '4c-kernel',
  'field-kernel-7',
  'field-depth',
  'field-offset',
  'field-training',
  'field-networks',
];

export const verdictsFollowTheCause = (jobs: readonly LatticeJob[]): Law<Reporting, Cause> => ({
  statement:
    'the claims hold where networks err by offsets that grow with their windows beyond the training lattice, and do not where narrow windows ' +
    'make them; where nothing does, ratios of 1 decide nothing, nor do two seeds',
  cases: fc.record({
    of: fc.constantFrom('wide windows', 'narrow windows', 'nothing'),
    strength: fc.double({ min: 1, max: 3, noNaN: true }),
    seeds: fc.integer({ min: 2, max: 4 }),
  }),
  runs: 12,
  holds: (report) => (cause) => {
    const seeds = Array.from({ length: cause.seeds }, (_, i) => i + 1);
    const outcomes = outcomesBy(jobs, seeds, (job, size, seed) => ({
      spread: (1 + seed / 10) / size,
      offset: (1 + seed / 10) * offsetBy(cause, widthByHand(job.network), trainedSize(job)) * (seed % 2 === 0 ? 1 : -1),
    }));
    const verdicts = verdictsOf(report(outcomes));
    const judged = (holds: boolean) => (cause.seeds < 3 ? 'undecided' : holds ? 'holds' : 'does not hold');
    const compared = cause.of === 'nothing' ? 'undecided' : judged(cause.of === 'wide windows');
    return (
      ofWideWindows.every((id) => verdicts.get(id) === compared) &&
      verdicts.get('field-fits') === judged(cause.of !== 'narrow windows') &&
      verdicts.get('field-same') === judged(true) &&
      verdicts.get('field-spread') === judged(true)
    );
  },
});

export const partsMakeUpErrors = (jobs: readonly LatticeJob[]): Law<Reporting, readonly number[]> => ({
  statement:
    'in each row of the table of receptive fields error^2 = offset^2 + spread^2 at both sizes, whichever errors and offsets the seeds have',
  cases: fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 1, maxLength: 3 }),
  runs: 6,
  holds: (report) => (factors) => {
    const outcomes = outcomesBy(
      jobs,
      factors.map((_, i) => i + 1),
      (job, size, seed) => ({
        spread: (factors[seed - 1] ?? NaN) / size,
        offset: (factors.at(-seed) ?? NaN) * 0.01 * (seed % 2 === 0 ? kernelOf(job) : -1),
      }),
    );
    const table = report(outcomes)
      .sections.flatMap(({ tables }) => tables)
      .find(({ id }) => id === 'table-receptive-field');
    const { columns = [], rows = [] } = table ?? {};
    const valueAt = (row: (typeof rows)[number], label: string): number =>
      Number(row[columns.findIndex((column) => column.label === label)] ?? NaN);
    return (
      rows.length > 0 &&
      rows.every((row) =>
        [10, 40].every((size) => {
          const [error, offset, spread] = ['error', 'offset', 'spread'].map((name) =>
            valueAt(row, `${name}, N = ${size}`),
          );
          return Math.abs(Math.hypot(offset ?? NaN, spread ?? NaN) / (error ?? NaN) - 1) < 1e-9;
        }),
      )
    );
  },
});

export const figuresKeepTheirNetworks = (jobs: readonly LatticeJob[]): Law<Reporting, null> => ({
  statement: 'networks that are trained for the receptive field alone are in no claim of another figure',
  cases: fc.constant(null),
  runs: 1,
  holds: (report) => () => {
    const verdicts = verdictsOf(report(outcomesBy(jobs, [1], (_, size) => ({ spread: 1 / size, offset: 0 }))));
    const ids = [...verdicts.keys()];
    return ids.includes('field-same') && ids.every((id) => id.startsWith('field-') || id === '4c-kernel');
  },
});

export const spreadsAreJudged = (jobs: readonly LatticeJob[]): Law<Reporting, number> => ({
  statement:
    'spreads fall as 1/N or faster, by what is called alike and beyond the noise of 2,000 and 100 tests, or they do not, by more than the noise makes of nine networks; between ' +
    'it is undecided; where results have no parts, claims on them are not tested',
  cases: fc.oneof(
    fc.double({ min: 0.5, max: 1.03, noNaN: true }),
    fc.double({ min: 1.05, max: 1.2, noNaN: true }),
    fc.double({ min: 1.25, max: 3, noNaN: true }),
  ),
  runs: 12,
  holds: (report) => (excess) => {
    const outcomes = outcomesBy(
      jobs,
      [1, 2, 3],
      (_, size) => ({ spread: (size > 10 ? excess : 1) / size, offset: 0.001 }),
      'their tests',
    );
    const bare: readonly Outcome[] = outcomes.map(({ job, result }) => ({
      job,
      result: { ...result, errors: result.errors.map((error) => ({ ...error, offset: null, spread: null })) },
    }));
    const verdicts = verdictsOf(report(bare));
    return (
      verdictsOf(report(outcomes)).get('field-spread') ===
        (excess < 1.04 ? 'holds' : excess < 1.22 ? 'undecided' : 'does not hold') &&
      verdicts.get('field-spread') === 'not tested' &&
      verdicts.get('field-offset') === 'not tested' &&
      // Of two ratios of errors the noise reaches further than what is called alike.
      verdicts.get('field-same') === 'undecided'
    );
  },
});

export const whatWasNotRunIsNotTested = (jobs: readonly LatticeJob[]): Law<Reporting, Architecture> => ({
  statement:
    'without one of the networks nothing is said of all four; without kernels of 7 x 7 or other training lattices nothing of them, nor of every kernel where there is one',
  cases: fc.constantFrom('dnn', 'resnet', 'densenet'),
  runs: 3,
  holds: (report) => (missing) => {
    const some = jobs.filter(
      (job) => job.network.architecture !== missing && kernelOf(job) < 7 && trainedSize(job) === 10,
    );
    const outcomes = outcomesBy(some, [1, 2, 3], (_, size) => ({ spread: 1 / size, offset: 0 }));
    const verdicts = verdictsOf(report(outcomes));
    const ofOneKernel = verdictsOf(report(outcomes.filter(({ job }) => kernelOf(job) === 3)));
    // Seeds without one of the kernels say nothing of all.
    const inParts = verdictsOf(report(outcomes.filter(({ job }) => kernelOf(job) === 3 || job.plan.seed === 1)));
    return (
      ofOneKernel.get('field-spread') === 'not tested' &&
      inParts.get('field-spread') === 'undecided' &&
      verdicts.get('field-spread') === 'holds' &&
      ['field-networks', 'field-kernel-7', 'field-training'].every((id) => verdicts.get(id) === 'not tested') &&
      verdicts.get('field-same') === 'holds'
    );
  },
});

export type Guide = (networks: readonly Planned<LatticeJob>[]) => Prose;

interface Race {
  /** The kernels by their errors, the best first, on the training size; on the large size they come in another order. */
  readonly order: readonly number[];
  readonly gap: number;
  readonly seeds: number;
  /** Whether with the last seed the second is better than the first. */
  readonly turns: boolean;
  readonly kernels: number;
}

export const guideFollowsTheErrors = (jobs: readonly LatticeJob[]): Law<Guide, Race> => ({
  statement:
    'the guide names the kernel whose error is the smallest with every one of three seeds, for the training size and for larger lattices; ' +
    'otherwise, and where one kernel alone was trained, it says that this is not yet decided',
  cases: fc.record({
    order: fc.shuffledSubarray([3, 5, 7], { minLength: 3 }),
    gap: fc.double({ min: 1.1, max: 2, noNaN: true }),
    seeds: fc.integer({ min: 1, max: 5 }),
    turns: fc.boolean(),
    kernels: fc.integer({ min: 1, max: 3 }),
  }),
  runs: 60,
  holds: (guide) => (race) => {
    const order = race.order.slice(0, race.kernels);
    const rotated = [...order.slice(1), ...order.slice(0, 1)];
    const errorOf = (places: readonly number[], kernel: number, seed: number): number => {
      const place = places.indexOf(kernel);
      const swapped = race.turns && seed === 1 && place < 2 ? 1 - place : place;
      return (1 + seed / 10) * race.gap ** swapped;
    };
    const networks = outcomesBy(
      jobs.filter((job) => order.includes(kernelOf(job))),
      Array.from({ length: race.seeds }, (_, i) => i + 1),
      (job, size, seed) => ({ spread: errorOf(size > 10 ? rotated : order, kernelOf(job), seed), offset: 0 }),
    );
    const prose = guide(networks);
    const text = typeof prose === 'string' ? prose : prose.join('');
    const [, small = '', large = ''] = /(For lattices.*)(For larger.*)/.exec(text) ?? [];
    const isDecided = race.kernels > 1 && race.seeds >= 3 && !race.turns;
    const saysOf = (part: string, best: number | undefined): boolean =>
      isDecided
        ? part.includes(`take ${best} x ${best}:`) && !part.includes('not yet decided')
        : part.includes('not yet decided') && !part.includes(` take ${best}`);
    return saysOf(small, order[0]) && saysOf(large, rotated[0]);
  },
});

/** The networks that the guide compares, all trained: kernels of 3 x 3 are the best with every seed. */
const decided = (jobs: readonly LatticeJob[]) =>
  outcomesBy(
    jobs.filter(
      (job) => job.network.architecture === 'efnn' && job.network.shape.layers === 3 && trainedSize(job) === 10,
    ),
    [1, 2, 3, 4, 5],
    (job, _, seed) => ({ spread: (1 + seed / 10) * kernelOf(job), offset: 0 }),
  );

export const guideWaitsForAll = (jobs: readonly LatticeJob[]): Law<Guide, number> => ({
  statement:
    'while one of the networks that the guide compares is not trained, it decides nothing, and says how many are',
  cases: fc.nat(),
  runs: 20,
  holds: (guide) => (place) => {
    const networks = decided(jobs);
    const textOf = (some: readonly Planned<LatticeJob>[]): string => [guide(some)].flat().join('');
    const left = textOf(networks.map((one, i) => (i === place % networks.length ? { ...one, result: null } : one)));
    const share = `not yet decided which kernel to take: ${networks.length - 1} of ${networks.length} networks`;
    return textOf(networks).includes(' take 3 x 3:') && left.includes(share) && !left.includes(' take 3 x 3:');
  },
});

export const guideNamesWhatDiverged = (jobs: readonly LatticeJob[]): Law<Guide, number> => ({
  statement:
    'where one of the networks that the guide compares diverged, it decides nothing, and names that network with its seed',
  cases: fc.nat(),
  runs: 20,
  holds: (guide) => (place) => {
    const networks = decided(jobs);
    const at = place % networks.length;
    const text = [guide(networks.map((one, i) => (i === at ? { ...one, result: diverged } : one)))].flat().join('');
    const { job } = networks[at] ?? {};
    return (
      job !== undefined &&
      text.includes(`diverged: ${titleOf(job)}, seed ${job.plan.seed}.`) &&
      !text.includes(' take 3 x 3:')
    );
  },
});
