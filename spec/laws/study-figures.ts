/** Laws of the figures of a study, on results that are made up: what their points are over seeds. */
import fc from 'fast-check';

import type { Chart } from '../../src/report/chart.ts';
import type { Interval } from '../../src/report/interval.ts';
import type { Figure, Report } from '../../src/report/report.ts';
import { figures, jobsFor, trains, type Job } from '../../src/study/job.ts';
import type { Outcomes } from '../../src/study/outcome.ts';
import { presets, type PresetName } from '../../src/study/preset.ts';
import { interval } from '../arbitraries/interval.ts';
import { madeUp } from '../arbitraries/results.ts';
import type { Law } from '../law.ts';

/** The report of a preset on some outcomes. */
export type Reporting = (preset: PresetName, outcomes: Outcomes) => Report;

/** Networks that a figure shows, of one seed: those of `quick`, and of `standard` with several channels and one width. */
export const networksOf = {
  quick: jobsFor(presets.quick, figures).filter((job) => trains(job) && job.plan.seed === 1),
  standard: jobsFor(presets.standard, figures).filter(
    (job) =>
      trains(job) &&
      job.plan.seed === 1 &&
      (job.network.shape.tag === 'dense' ? job.network.shape.neurons === 105 : job.network.shape.channels < 5) &&
      job.network.shape.layers === 3,
  ),
} satisfies Partial<Record<PresetName, readonly Job[]>>;

/** Networks of one seed beside which stand those of other kernels and training sizes. */
const kernelsOf = {
  quick: networksOf.quick,
  standard: jobsFor(presets.standard, figures).filter(
    (job) =>
      trains(job) &&
      job.plan.seed === 1 &&
      (job.network.shape.tag === 'dense' ? job.network.shape.neurons === 105 : job.network.shape.channels === 3),
  ),
} satisfies Partial<Record<PresetName, readonly Job[]>>;

/** A value in a figure, at its x or in its category. */
interface Value {
  readonly family: string;
  /** Of its curve. */
  readonly variant?: string;
  readonly at: number | string;
  readonly value: number | null;
  readonly interval?: Interval;
}

/** All values in a chart, whatever its kind. */
export const valuesIn = (chart: Chart): readonly Value[] =>
  chart.tag === 'bars'
    ? chart.categories.flatMap(({ label, bars }) => bars.map((bar) => ({ ...bar, at: label })))
    : chart.series.flatMap(({ family, variant, points }) =>
        points.map(({ x, y, ...point }) => ({
          ...point,
          family,
          ...(variant === undefined ? {} : { variant }),
          at: x,
          value: y,
        })),
      );

const figuresIn = ({ sections }: Report): readonly Figure[] => sections.flatMap(({ figures: drawn }) => drawn);

/** Errors of seeds: of size s they are multiplied by `luck` to the power of s / 10. */
interface Seeds {
  readonly preset: keyof typeof networksOf;
  readonly luck: readonly number[];
  readonly scale: number;
}

/** Which power of its luck a seed multiplies a value by; null for what no network has found. */
const powerOf = (id: string, { family, variant, at }: Value): number | null => {
  if (['mean predictor', 'RKKY head', 'offset', ...sources].includes(family)) {
    return null;
  }
  switch (id) {
    case 'figure-2b':
    case 'figure-2c':
      return 1.5;
    case 'figure-4c':
    case 'figure-protocols':
      return Number(at) / 10;
    case 'figure-4-parameters':
      return Number(/N = (\d+)/.exec(variant ?? '')?.[1]) / 10;
    case 'figure-receptive-field':
    case 'figure-training-lattice':
      return 3;
    case 'figure-offset-spread':
      return family === 'spread' ? 4 : 1;
    default:
      return 1;
  }
};

/** 97.5 percent quantiles of Student's t in closed form, for one and two degrees of freedom. */
const student = [Math.tan(Math.PI * 0.475), 0.95 * Math.sqrt(2 / (4 * 0.975 * 0.025))];

const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

const near = (one: number, other: number): boolean => Math.abs(one - other) < 1e-4 * Math.max(1, Math.abs(other));

export const seedsAreShown: Law<Reporting, Seeds> = {
  statement:
    "every value of a network in a figure is in the middle of the interval of 95 percent of its seeds, by Student's t of their logarithms; one " +
    'seed has no interval, and what has no seeds has none',
  cases: fc.record({
    preset: fc.constantFrom('quick', 'standard'),
    luck: fc
      .array(interval(0.7, 1.4), { minLength: 1, maxLength: 3 })
      .filter((luck) => luck.length === 1 || Math.max(...luck) > 1.05 * Math.min(...luck)),
    scale: interval(1e-4, 1e-2),
  }),
  runs: 20,
  holds:
    (report) =>
    ({ preset, luck, scale }) => {
      const seeds = luck.map((_, seed) => seed + 1);
      const outcomes = madeUp(
        networksOf[preset],
        seeds,
        (_, layers, size, seed) => ((scale * layers) / size) * (luck[seed - 1] ?? NaN) ** (size / 10),
      );
      const drawn = figuresIn(report(preset, outcomes)).filter(({ chart }) => chart.tag !== 'scatter');
      const logs = luck.map(Math.log);
      const deviation = Math.sqrt(
        logs.reduce((sum, x) => sum + (x - meanOf(logs)) ** 2, 0) / Math.max(1, luck.length - 1),
      );
      const half = ((student[luck.length - 2] ?? 0) * deviation) / Math.sqrt(luck.length);
      const isShown = (id: string) => (one: Value) => {
        const power = powerOf(id, one);
        if (power === null || luck.length === 1) {
          return one.interval === undefined;
        }
        const [low, high] = [one.interval?.low ?? NaN, one.interval?.high ?? NaN].map((end) =>
          Math.log(end / (one.value ?? NaN)),
        );
        return near(low ?? NaN, -power * half) && near(high ?? NaN, power * half);
      };
      const networks = drawn.flatMap(({ id, chart }) => valuesIn(chart).filter((one) => powerOf(id, one) !== null));
      return (
        ['figure-2b', 'figure-2c', 'figure-4b', 'figure-4c', 'figure-receptive-field', 'figure-offset-spread'].every(
          (id) => drawn.some((figure) => figure.id === id),
        ) &&
        ['figure-protocols', 'figure-4-parameters'].every(
          (id) => drawn.some((figure) => figure.id === id) === (preset === 'standard'),
        ) &&
        networks.length > drawn.length &&
        drawn.every(({ id, chart }) => valuesIn(chart).every(isShown(id)))
      );
    },
};

type Stated = Readonly<Record<string, readonly (readonly [string, number])[]>>;

/** What is stated of each figure, with its source: the text of the paper, or the authors' scripts. */
const stated: Stated = {
  'figure-2b': [['paper', 5e-3]],
  'figure-2c': [['paper', 4e-2]],
  'figure-4b': [
    ["authors' scripts", 1.92e-2],
    ['paper', 1e-3],
  ],
  'figure-4c': [['paper', 4e-4]],
};

/** And of figures that one preset has. */
const statedIn: Readonly<Record<keyof typeof networksOf, Stated>> = {
  quick: {},
  standard: {
    'figure-protocols': [
      ['paper', 1e-3],
      ['paper', 4e-4],
    ],
  },
};

const sources = ['paper', "authors' scripts"];

/** The values in a chart that are told with a source. */
const sourcedIn = (chart: Chart): readonly (readonly [string, number])[] => [
  ...(chart.tag === 'lines'
    ? chart.references.flatMap(({ label, axis, at }) =>
        sources.flatMap((source) => (label.startsWith(`${source}: `) && axis === 'y' ? [[source, at] as const] : [])),
      )
    : []),
  ...valuesIn(chart).flatMap(({ family, value }) =>
    sources.includes(family) && value !== null ? [[family, value] as const] : [],
  ),
];

export const figuresHaveThePapersNumbers: Law<Reporting, keyof typeof networksOf> = {
  statement:
    'a figure of which numbers are published shows each of them under its source, the paper or the scripts of its authors, as a line or as a bar; they are ' +
    'what claims expect',
  cases: fc.constantFrom('quick', 'standard'),
  runs: 8,
  holds: (report) => (preset) => {
    const found = report(
      preset,
      madeUp(networksOf[preset], [1], (_, layers, size) => (1e-3 * layers) / size),
    );
    const expected = new Set(found.sections.flatMap(({ claims }) => claims.map((claim) => claim.expected)));
    const drawn = figuresIn(found);
    return Object.entries({ ...stated, ...statedIn[preset] }).every(([id, numbers]) => {
      const shown = drawn.filter((figure) => figure.id === id).flatMap(({ chart }) => sourcedIn(chart));
      return shown.join() === numbers.join() && numbers.every(([, number]) => expected.has(number));
    });
  },
};

/** Errors that fall as a power of the number of parameters, the same at every size but for 1 / N. */
interface Scaling {
  readonly exponent: number;
  readonly luck: readonly number[];
}

/** A number of parameters for each width and depth. */
const parametersFor = (width: number, layers: number): number => 100 * width ** 2 * layers;

const latticeJobs = jobsFor(presets.standard, ['4b']).filter(trains);

export const errorsAgainstParametersAreShown: Law<Reporting, Scaling> = {
  statement:
    'errors of EFNNs of all widths and depths are shown against their numbers of parameters, at the training size and at the largest; the exponent of ' +
    'a power law is told; networks of more layers than the paper has stand there and not in Fig. 4b',
  cases: fc.record({
    exponent: interval(0.1, 0.6),
    luck: fc.array(interval(0.9, 1.1), { minLength: 1, maxLength: 3 }),
  }),
  runs: 10,
  holds:
    (report) =>
    ({ exponent, luck }) => {
      const outcomes = madeUp(
        latticeJobs,
        luck.map((_, seed) => seed + 1),
        (architecture, layers, size, seed, width) =>
          ((architecture === 'efnn' ? 0.1 : 0.2) *
            parametersFor(width, layers) ** -exponent *
            (luck[seed - 1] ?? NaN)) /
          size,
      ).map((outcome) => {
        const { job, result } = outcome;
        return job.tag === 'lattice' && job.network.shape.tag === 'lattice' && result.tag === 'network'
          ? {
              job,
              result: { ...result, parameters: parametersFor(job.network.shape.channels, job.network.shape.layers) },
            }
          : outcome;
      });
      const drawn = figuresIn(report('standard', outcomes));
      const figureOf = (id: string): Figure | undefined => drawn.find((figure) => figure.id === id);
      const [figure, channels] = [figureOf('figure-4-parameters'), figureOf('figure-4b')];
      const values = figure === undefined ? [] : valuesIn(figure.chart);
      const shapes = new Map(
        latticeJobs.flatMap(({ network: { architecture, shape } }) =>
          shape.tag === 'lattice' && architecture === 'efnn' && shape.kernel === 3 && shape.pairHead
            ? [[`${shape.channels} ${shape.layers}`, shape] as const]
            : [],
        ),
      );
      const caption = JSON.stringify(figure?.caption ?? '');
      return (
        values.length === 2 * shapes.size &&
        [...shapes.values()].every(({ channels: width, layers }) =>
          [10, 40].every((size) =>
            values.some(
              ({ variant, at, value }) =>
                variant === `N = ${size}` &&
                at === parametersFor(width, layers) &&
                near(
                  Math.log(value ?? NaN),
                  Math.log(0.1 / size) - exponent * Math.log(at) + meanOf(luck.map(Math.log)),
                ),
            ),
          ),
        ) &&
        caption.split(`has the exponent ${(-exponent).toFixed(3)}`).length === 3 &&
        channels !== undefined &&
        valuesIn(channels.chart).every(({ variant }) => !/n = (?![123],)/.test(variant ?? ''))
      );
    },
};

/** A text without its numbers. */
const wordsOf = (prose: Figure['caption']): string => [prose].flat().join('');

export const figuresSayWhatTheyShow: Law<Reporting, keyof typeof networksOf> = {
  statement:
    'titles and captions of figures begin as sentences do; no line of a chart joins two points at one x; and where published numbers are of another ' +
    'sampler than the networks, their label and the caption say so, with the mean predictor of each',
  cases: fc.constantFrom('quick', 'standard'),
  runs: 8,
  holds: (report) => (preset) => {
    const drawn = figuresIn(
      report(
        preset,
        madeUp(kernelsOf[preset], [1, 2], (_, layers, size) => (1e-3 * layers) / size),
      ),
    );
    const isSentence = (text: string): boolean => /^[^a-z]/.test(text);
    const isFunction = ({ id, chart }: Figure): boolean =>
      id === 'figure-4-parameters' ||
      chart.tag !== 'lines' ||
      chart.series.every(({ points }) => new Set(points.map(({ x }) => x)).size === points.length);
    const errors = drawn.find(({ id }) => id === 'figure-4b');
    return (
      drawn.length > 4 &&
      drawn.every((figure) => isSentence(figure.title) && isSentence(wordsOf(figure.caption)) && isFunction(figure)) &&
      errors !== undefined &&
      JSON.stringify(errors.chart).includes('effective model, sampler published') &&
      /Published numbers are of the sampler published.*all else is of the sampler \w+, whose mean predictor has an error of \d/.test(
        wordsOf(errors.caption),
      )
    );
  },
};
