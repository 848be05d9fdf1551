/** The table and the charts of Figs. 4b and 4c: predictors by lattice size. */
import type { Figure, Table } from '../report/report.ts';
import {
  bySeeds,
  comparable,
  generalizationChannels,
  layersOf,
  meanPredictorAt,
  overSeedsAt,
  type Findings,
  type TrainedLattice,
} from './double-exchange-findings.ts';
import { errorAt, familyOf, isArchitecture, kernelOf, widthOf } from './outcome.ts';
import { seedInterval } from './seed-interval.ts';

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

const meanPerDeviation = (size: number, networks: readonly TrainedLattice[]): number | null =>
  seedInterval(networks.flatMap(({ result }) => errorAt(result, size)?.rmsePerDeviation ?? [])).obtained;

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
      relativeAt: (size: number) => overSeedsAt(size, group).obtained,
      perDeviation: meanPerDeviation(first, group),
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

/** Fig. 4b: errors on the training size, by width and depth. */
export const barFigure = (findings: Findings): Figure => {
  const [size = 0] = findings.sizes;
  const groups = bySeeds(findings.networks);
  const shapeOf = ([network]: (typeof groups)[number]): string =>
    `C = ${widthOf(network.job)}, n = ${layersOf(network)}, k = ${kernelOf(network.job)}`;
  const shapes = [...new Set(groups.map(shapeOf))];
  return {
    id: 'figure-4b',
    title: 'Double exchange: errors on the training size (Fig. 4b)',
    caption: `Relative error of the energy on new configurations of N = ${size}, k x k kernels, geometric means over seeds. The head alone is what pairs of spins explain.`,
    chart: {
      tag: 'bars',
      value: { label: 'relative error', scale: 'log' },
      categories: [
        {
          label: 'no network',
          bars: [
            { family: 'mean predictor', value: meanPredictorAt(findings, size) },
            {
              family: 'RKKY head',
              value: findings.head === null ? null : (errorAt(findings.head, size)?.relative ?? null),
            },
          ],
        },
        ...shapes.map((label) => ({
          label,
          bars: groups
            .filter((group) => shapeOf(group) === label)
            .map((group) => ({ family: familyOf(group[0].job), value: overSeedsAt(size, group).obtained })),
        })),
      ],
    },
  };
};

/** `n = 3, 5 x 5`: what tells networks of one family apart. */
const variantOf = (network: TrainedLattice): string =>
  `n = ${layersOf(network)}, ${kernelOf(network.job)} x ${kernelOf(network.job)}`;

/** Fig. 4c: errors against N; none where one size was tested. */
export const generalizationFigure = (findings: Findings): readonly Figure[] => {
  const { networks, head, sizes } = findings;
  const compared = bySeeds(networks.filter((network) => widthOf(network.job) === generalizationChannels));
  const shapes = new Set(compared.map(([network]) => variantOf(network)));
  const points = (errorOf: (size: number) => number | null | undefined) =>
    sizes.flatMap((x) => {
      const y = errorOf(x);
      return y === null || y === undefined ? [] : [{ x, y }];
    });
  return sizes.length < 2
    ? []
    : [
        {
          id: 'figure-4c',
          title: 'Double exchange: larger lattices (Fig. 4c)',
          caption: `Relative error against N for networks of C = ${generalizationChannels} trained on N = ${sizes[0] ?? ''} alone, geometric means over seeds.`,
          chart: {
            tag: 'lines',
            x: { label: 'N', scale: 'linear', ticks: sizes },
            y: { label: 'relative error', scale: 'log' },
            references: [],
            series: [
              { family: 'mean predictor', points: points((size) => meanPredictorAt(findings, size)) },
              ...(head === null
                ? []
                : [{ family: 'RKKY head', points: points((size) => errorAt(head, size)?.relative) }]),
              ...compared.map((group) => ({
                family: familyOf(group[0].job),
                ...(shapes.size > 1 ? { variant: variantOf(group[0]) } : {}),
                points: points((size) => overSeedsAt(size, group).obtained),
              })),
            ],
          },
        },
      ];
};

/** Predicted against exact energies for the best EFNN and its rivals, on the training size. */
export const scatterFigure = ({ networks, sizes }: Findings): Figure => {
  const shown = bySeeds(comparable(networks).filter(isArchitecture('efnn'))).map(([network]) => network);
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
