/** The table and the charts of Figs. 4b and 4c: predictors by lattice size. */
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';

import { fitPowerLaw } from '../bench/power-law.ts';
import type { Chart, Point, Series } from '../report/chart.ts';
import type { Figure, Table } from '../report/report.ts';
import {
  comparable,
  layersOf,
  meanPredictorAt,
  type Findings,
  type TrainedLattice,
} from './double-exchange-findings.ts';
import { generalizationChannels } from './job.ts';
import { deviationError, overSeeds, relativeError } from './measure.ts';
import { bySeeds, errorAt, familyOf, isArchitecture, kernelOf, widthOf } from './outcome.ts';
import { paperBars, paperLines, paperValues, type PaperValue } from './paper-values.ts';
import { meanBar, meanPoint, meansInWords } from './error-bars.ts';

/** Networks that differ in their seeds alone. */
type SameNetwork = ReadonlyNonEmptyArray<TrainedLattice>;

/** One row for each predictor: its name, width, depth, kernel, seeds, parameters, and errors size by size. */
interface Row {
  readonly name: string;
  readonly width: number | null;
  readonly layers: number | null;
  readonly kernel: number | null;
  readonly seeds: number | null;
  readonly parameters: number | null;
  readonly relativeAt: (size: number) => number | null;
  readonly perDeviation: number | null;
}

const rowsOf = ({ networks, head, sizes }: Findings): readonly Row[] => {
  const [first = 0] = sizes;
  return [
    ...(head === null
      ? []
      : [
          {
            ...{ name: 'RKKY head', width: null, layers: null, kernel: null, seeds: null },
            parameters: head.couplings.length + 1,
            relativeAt: (size: number) => errorAt(head, size)?.relative ?? null,
            perDeviation: errorAt(head, first)?.rmsePerDeviation ?? null,
          },
        ]),
    ...bySeeds(networks).map((group) => ({
      name: familyOf(group[0].job),
      width: widthOf(group[0].job),
      layers: layersOf(group[0]),
      kernel: kernelOf(group[0].job),
      seeds: group.length,
      parameters: group[0].result.parameters,
      relativeAt: (size: number) => overSeeds(relativeError(size), group).obtained,
      perDeviation: overSeeds(deviationError(first), group).obtained,
    })),
  ];
};

/** Relative errors of all predictors, one column a lattice size. */
export const tableOf = (findings: Findings): Table => {
  const { sizes } = findings;
  return {
    id: 'table-4',
    caption:
      'Relative errors, RMSE / |mean energy|, by lattice size, geometric means over seeds; the last column is RMSE / std at the training size, where 1 is no better than the mean.',
    columns: [
      { label: 'predictor' },
      { label: 'C' },
      { label: 'n' },
      { label: 'k' },
      { label: 'seeds' },
      { label: 'parameters' },
      ...sizes.map((size) => ({ label: `N = ${size}` })),
      { label: `RMSE / std, N = ${sizes[0] ?? ''}` },
    ],
    rows: [
      ['mean predictor', null, null, null, null, 1, ...sizes.map((size) => meanPredictorAt(findings, size)), 1],
      ...rowsOf(findings).map((row) => [
        row.name,
        row.width,
        row.layers,
        row.kernel,
        row.seeds,
        row.parameters,
        ...sizes.map(row.relativeAt),
        row.perDeviation,
      ]),
    ],
  };
};

/** A predictor without a network, and its error at a size. */
interface Baseline {
  readonly family: string;
  readonly errorAt: (size: number) => number | null;
}

/** Always answering the mean energy, and the head alone. */
const baselinesOf = (findings: Findings): readonly Baseline[] => [
  { family: 'mean predictor', errorAt: (size) => meanPredictorAt(findings, size) },
  {
    family: 'RKKY head',
    errorAt: (size) => (findings.head === null ? null : (errorAt(findings.head, size)?.relative ?? null)),
  },
];

/** `n = 3, 5 x 5`: what tells networks of one family and width apart. */
const variantOf = ([{ job }]: SameNetwork): string =>
  `n = ${job.network.shape.layers}, ${kernelOf(job)} x ${kernelOf(job)}`;

/** Curves of networks, by family and variant: the points of each group of seeds. */
const curvesOf = (
  groups: readonly SameNetwork[],
  pointsOf: (group: SameNetwork) => readonly Point[],
): readonly Series[] => {
  const variants = new Set(groups.map(variantOf));
  const nameOf = (group: SameNetwork) => ({
    family: familyOf(group[0].job),
    ...(variants.size > 1 ? { variant: variantOf(group) } : {}),
  });
  const names = new Map(groups.map((group) => [JSON.stringify(nameOf(group)), nameOf(group)]));
  return [...names].map(([key, name]) => ({
    ...name,
    points: groups.filter((group) => JSON.stringify(nameOf(group)) === key).flatMap(pointsOf),
  }));
};

/** Curves of what has no network: at each x the error at the size that it stands for. */
const baselineCurves = (
  findings: Findings,
  places: readonly { readonly x: number; readonly size: number }[],
): readonly Series[] =>
  baselinesOf(findings)
    .map(({ family, errorAt: at }) => ({
      family,
      points: places.flatMap(({ x, size }) => meanPoint(x, { obtained: at(size) })),
    }))
    .filter(({ points }) => points.length > 0);

/** The sampler that the networks are tested on, where it is not that of the authors. */
const otherSampler = ({ networks: [first] }: Findings): string | null => {
  const sampler = first?.job.train.recipe.sampler;
  return sampler === undefined || sampler === 'published' ? null : sampler;
};

/** What the paper states of the training size; what it states of another sampler says so. */
const trainingSizeValues = (findings: Findings): readonly PaperValue[] => {
  const { effectiveModel, trainingSize } = paperValues;
  return [
    otherSampler(findings) === null
      ? effectiveModel
      : { ...effectiveModel, of: `${effectiveModel.of}, sampler published` },
    trainingSize,
  ];
};

/** Of which samples published numbers are, where those of the networks are others. */
const samplersInWords = (findings: Findings): readonly (string | number)[] => {
  const sampler = otherSampler(findings);
  const { publishedMean, sizes } = findings;
  const ownMean = meanPredictorAt(findings, sizes[0]);
  return sampler === null
    ? []
    : [
        ' Published numbers are of the sampler published',
        ...(publishedMean === null ? [] : [', whose mean predictor has an error of ', publishedMean]),
        `; all else is of the sampler ${sampler}`,
        ...(ownMean === null ? [] : [', whose mean predictor has an error of ', ownMean]),
        '.',
      ];
};

/** Errors on the training size against C, as in the paper. */
const channelsChart = (findings: Findings, size: number, channels: readonly number[]): Chart => ({
  tag: 'lines',
  x: { label: 'channels C', scale: 'linear', ticks: channels },
  y: { label: 'relative error', scale: 'log' },
  references: paperLines(trainingSizeValues(findings)),
  series: [
    ...baselineCurves(
      findings,
      channels.map((x) => ({ x, size })),
    ),
    ...curvesOf(bySeeds(findings.networks), (group) =>
      meanPoint(widthOf(group[0].job), overSeeds(relativeError(size), group)),
    ),
  ],
});

/** The same for networks of one C, whose curves would be points. */
const shapesChart = (findings: Findings, size: number): Chart => {
  const groups = bySeeds(findings.networks);
  const shapeOf = ([network]: SameNetwork): string =>
    `C = ${widthOf(network.job)}, n = ${layersOf(network)}, k = ${kernelOf(network.job)}`;
  return {
    tag: 'bars',
    value: { label: 'relative error', scale: 'log' },
    categories: [
      {
        label: 'no network',
        bars: baselinesOf(findings).map(({ family, errorAt: at }) => ({ family, value: at(size) })),
      },
      ...[...new Set(groups.map(shapeOf))].map((label) => ({
        label,
        bars: groups
          .filter((group) => shapeOf(group) === label)
          .map((group) => meanBar(familyOf(group[0].job), overSeeds(relativeError(size), group))),
      })),
      ...paperBars(trainingSizeValues(findings)),
    ],
  };
};

/** Fig. 4b: errors on the training size, by width and depth. */
export const trainingSizeFigure = (findings: Findings): Figure => {
  const [size = 0] = findings.sizes;
  const channels = [...new Set(findings.networks.map(({ job }) => widthOf(job)))].toSorted((a, b) => a - b);
  return {
    id: 'figure-4b',
    title: 'Double exchange: errors on the training size (Fig. 4b)',
    caption: [
      `Relative error of the energy on new configurations of N = ${size}, k x k kernels. ${meansInWords}. The head alone is what pairs of spins explain.`,
      ...samplersInWords(findings),
    ],
    chart: channels.length > 1 ? channelsChart(findings, size, channels) : shapesChart(findings, size),
  };
};

/** Errors of EFNNs of all widths and depths against the number of their parameters, and the power law of each size in words. */
interface Scaling {
  readonly series: Series;
  readonly law: string;
}

const scalingAt = (groups: readonly SameNetwork[], size: number): Scaling => {
  const points = groups.flatMap((group) =>
    meanPoint(group[0].result.parameters, overSeeds(relativeError(size), group)),
  );
  const law = fitPowerLaw(points);
  return {
    series: { family: 'EFNN', variant: `N = ${size}`, points: points.toSorted((one, other) => one.x - other.x) },
    law:
      law === null
        ? ''
        : ` At N = ${size} a power law through all points has the exponent ${law.exponent.toFixed(3)}, with a standard error of ${law.exponentError.toFixed(3)}.`,
  };
};

/** Errors against parameters, at the training size and at the largest; none where all networks have one width. */
export const parametersFigure = ({ networks, sizes }: Findings): readonly Figure[] => {
  const groups = bySeeds(comparable(networks).filter(isArchitecture('efnn')));
  const ends = [...new Set([sizes[0] ?? 0, Math.max(...sizes)])].map((size) => scalingAt(groups, size));
  return new Set(groups.map(([{ job }]) => widthOf(job))).size < 2
    ? []
    : [
        {
          id: 'figure-4-parameters',
          title: 'Double exchange: how large a network has to be',
          caption: `Relative error of EFNNs of all widths and depths against the number of their parameters, trained on N = ${sizes[0] ?? ''}. ${meansInWords}.${ends.map(({ law }) => law).join('')}`,
          chart: {
            tag: 'lines',
            x: { label: 'parameters', scale: 'log' },
            y: { label: 'relative error', scale: 'log' },
            references: [],
            series: ends.map(({ series }) => series),
          },
        },
      ];
};

/** Fig. 4c: errors against N; none where one size was tested. */
export const generalizationFigure = (findings: Findings): readonly Figure[] => {
  const { networks, sizes } = findings;
  const compared = bySeeds(networks.filter((network) => widthOf(network.job) === generalizationChannels));
  return sizes.length < 2
    ? []
    : [
        {
          id: 'figure-4c',
          title: 'Double exchange: larger lattices (Fig. 4c)',
          caption: `Relative error against N for networks of C = ${generalizationChannels} trained on N = ${sizes[0] ?? ''} alone. ${meansInWords}.`,
          chart: {
            tag: 'lines',
            x: { label: 'N', scale: 'linear', ticks: sizes },
            y: { label: 'relative error', scale: 'log' },
            references: paperLines([paperValues.largestLattice]),
            series: [
              ...baselineCurves(
                findings,
                sizes.map((size) => ({ x: size, size })),
              ),
              ...curvesOf(compared, (group) => sizes.flatMap((x) => meanPoint(x, overSeeds(relativeError(x), group)))),
            ],
          },
        },
      ];
};

/** Predicted against exact energies for the best EFNN and its rivals, on the training size. */
export const scatterFigure = ({ networks, sizes }: Findings): Figure => {
  const efnns = comparable(networks).filter(isArchitecture('efnn'));
  const ofOneWidth = efnns.filter(({ job }) => widthOf(job) === generalizationChannels);
  const shown = bySeeds(ofOneWidth).map(([network]) => network);
  const depths = new Set(shown.map(layersOf));
  return {
    id: 'figure-4-scatter',
    title: 'Predicted against exact energies',
    caption: `Test configurations of N = ${sizes[0] ?? ''}; points on the diagonal are exact.`,
    chart: {
      tag: 'scatter',
      exact: { label: 'exact energy', unit: 't', scale: 'linear' },
      predicted: { label: 'predicted energy', unit: 't', scale: 'linear' },
      series: shown.map((network) => ({
        family: familyOf(network.job),
        ...(depths.size > 1 ? { variant: `n = ${layersOf(network)}` } : {}),
        points: network.result.examples.flatMap(({ exact, predicted }) =>
          predicted === null ? [] : [{ x: exact, y: predicted }],
        ),
      })),
    },
  };
};
