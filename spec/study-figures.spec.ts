/** The figures of a study: what they show of seeds. */
import type { Bar, Chart, Point } from '../src/report/chart.ts';
import type { Figure } from '../src/report/report.ts';
import type { Outcomes } from '../src/study/outcome.ts';
import type { PresetName } from '../src/study/preset.ts';
import { studyReport } from '../src/study/study-report.ts';
import { verify } from './law.ts';
import {
  errorsAgainstParametersAreShown,
  figuresHaveThePapersNumbers,
  figuresSayWhatTheyShow,
  seedsAreShown,
} from './laws/study-figures.ts';

const report = (preset: PresetName, outcomes: Outcomes) => studyReport(preset, [], outcomes);

/** The report with another chart for each. */
const withCharts = (change: (chart: Chart) => Chart) => (preset: PresetName, outcomes: Outcomes) => {
  const found = report(preset, outcomes);
  return {
    ...found,
    sections: found.sections.map((section) => ({
      ...section,
      figures: section.figures.map((figure) => ({ ...figure, chart: change(figure.chart) })),
    })),
  };
};

const withValues = (change: <A extends Point | Bar>(one: A, value: number) => A) =>
  withCharts((chart) =>
    chart.tag === 'bars'
      ? {
          ...chart,
          categories: chart.categories.map((category) => ({
            ...category,
            bars: category.bars.map((bar) => change(bar, bar.value ?? NaN)),
          })),
        }
      : {
          ...chart,
          series: chart.series.map((one) => ({ ...one, points: one.points.map((point) => change(point, point.y)) })),
        },
  );

verify(seedsAreShown, report, {
  'lines have no error bars': withCharts((chart) =>
    chart.tag === 'lines'
      ? {
          ...chart,
          series: chart.series.map((one) => ({ ...one, points: one.points.map(({ x, y }) => ({ x, y })) })),
        }
      : chart,
  ),
  'bars have none': withCharts((chart) =>
    chart.tag === 'bars'
      ? {
          ...chart,
          categories: chart.categories.map((category) => ({
            ...category,
            bars: category.bars.map(({ family, value }) => ({ family, value })),
          })),
        }
      : chart,
  ),
  'one seed has an interval': withValues((one, value) => ({ interval: { low: value / 2, high: 2 * value }, ...one })),
  'as far below as above': withValues((one, value) =>
    one.interval === undefined ? one : { ...one, interval: { ...one.interval, low: 2 * value - one.interval.high } },
  ),
  'one seed alone is reported': (preset, outcomes) =>
    report(
      preset,
      outcomes.filter(({ job }) => !('plan' in job) || job.plan.seed === 1),
    ),
});

verify(figuresHaveThePapersNumbers, report, {
  'lines are left out': withCharts((chart) => (chart.tag === 'lines' ? { ...chart, references: [] } : chart)),
  'bars are left out': withCharts((chart) =>
    chart.tag === 'bars'
      ? {
          ...chart,
          categories: chart.categories.filter(({ bars }) =>
            bars.every(({ family }) => family !== 'paper' && family !== "authors' scripts"),
          ),
        }
      : chart,
  ),
  'a number is rounded': withCharts((chart) =>
    chart.tag === 'lines'
      ? { ...chart, references: chart.references.map((line) => ({ ...line, at: Number(line.at.toPrecision(1)) })) }
      : chart,
  ),
  "all bars are called the paper's": withCharts((chart) =>
    chart.tag === 'bars'
      ? {
          ...chart,
          categories: chart.categories.map((category) => ({
            ...category,
            bars: category.bars.map((bar) => ({
              ...bar,
              family: bar.family === "authors' scripts" ? 'paper' : bar.family,
            })),
          })),
        }
      : chart,
  ),
  "all lines are called the paper's": withCharts((chart) =>
    chart.tag === 'lines'
      ? {
          ...chart,
          references: chart.references.map((line) => ({
            ...line,
            label: line.label.replace(/^authors' scripts/, 'paper'),
          })),
        }
      : chart,
  ),
  'nobody says whose they are': withCharts((chart) =>
    chart.tag === 'lines'
      ? { ...chart, references: chart.references.map((line) => ({ ...line, label: 'aim' })) }
      : chart,
  ),
});

verify(errorsAgainstParametersAreShown, report, {
  'against channels': withCharts((chart) =>
    chart.tag === 'lines' && chart.x.label === 'parameters'
      ? {
          ...chart,
          series: chart.series.map((one) => ({
            ...one,
            points: one.points.map((point) => ({ ...point, x: point.x ** 0.5 })),
          })),
        }
      : chart,
  ),
  'the training size alone': withCharts((chart) =>
    chart.tag === 'lines' && chart.x.label === 'parameters'
      ? { ...chart, series: chart.series.filter(({ variant }) => variant?.endsWith('N = 10')) }
      : chart,
  ),
  'the largest size is told as the training size': withCharts((chart) =>
    chart.tag === 'lines' && chart.x.label === 'parameters'
      ? { ...chart, series: chart.series.map((one) => ({ ...one, points: chart.series[0]?.points ?? [] })) }
      : chart,
  ),
  'three layers are the most': (preset, outcomes) =>
    report(
      preset,
      outcomes.filter(({ job }) => !('network' in job) || job.network.shape.layers <= 3),
    ),
  'deep networks are in Fig. 4b': withCharts((chart) =>
    chart.tag === 'lines' && chart.x.label === 'channels C'
      ? {
          ...chart,
          series: chart.series.map((one) => ({ ...one, variant: one.variant?.replace(/n = 3,/, 'n = 6,') ?? '' })),
        }
      : chart,
  ),
});

/** The report with other figures. */
const withFigures = (change: (figure: Figure) => Figure) => (preset: PresetName, outcomes: Outcomes) => {
  const found = report(preset, outcomes);
  return { ...found, sections: found.sections.map((one) => ({ ...one, figures: one.figures.map(change) })) };
};

verify(figuresSayWhatTheyShow, report, {
  'captions begin with the name of an axis': withFigures((figure) => ({
    ...figure,
    caption: [figure.caption].flat().map((part, i) => (i === 0 ? String(part).toLowerCase() : part)),
  })),
  'titles begin with a name': withFigures((figure) => ({ ...figure, title: figure.title.toLowerCase() })),
  'all kernels are on one line': withFigures((figure) =>
    figure.chart.tag === 'lines'
      ? {
          ...figure,
          chart: {
            ...figure.chart,
            series: figure.chart.series.slice(0, 1).map((one) => ({
              ...one,
              points: figure.chart.tag === 'lines' ? figure.chart.series.flatMap(({ points }) => points) : [],
            })),
          },
        }
      : figure,
  ),
  'nothing is said of samplers': withFigures((figure) => ({
    ...figure,
    caption: [figure.caption].flat().filter((part) => !String(part).includes('sampler')),
  })),
  'labels do not name them': withCharts((chart) => {
    const short = <A extends { readonly label: string }>(one: A): A => ({
      ...one,
      label: one.label.replace(', sampler published', ''),
    });
    return chart.tag === 'lines'
      ? { ...chart, references: chart.references.map(short) }
      : chart.tag === 'bars'
        ? { ...chart, categories: chart.categories.map(short) }
        : chart;
  }),
});
