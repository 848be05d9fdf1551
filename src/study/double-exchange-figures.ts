/** The table and the charts of Figs. 4b and 4c: predictors by lattice size. */
import type { Figure, Table } from '../report/report.ts';
import {
  generalizationChannels,
  layersOf,
  meanPredictorAt,
  relativeAt,
  type Findings,
} from './double-exchange-findings.ts';
import { errorAt, familyOf, isArchitecture, widthOf } from './outcome.ts';
import type { TestError } from './result.ts';

/** One row for each predictor: its name, width, depth, parameters, and errors size by size. */
interface Row {
  readonly name: string;
  readonly width: number | null;
  readonly layers: number | null;
  readonly parameters: number | null;
  readonly errorAt: (size: number) => TestError | null;
}

const rowsOf = ({ networks, head }: Findings): readonly Row[] => [
  ...(head === null
    ? []
    : [
        {
          name: 'RKKY head',
          width: null,
          layers: null,
          parameters: head.couplings.length + 1,
          errorAt: (size: number) => errorAt(head, size),
        },
      ]),
  ...networks.map((network) => ({
    name: familyOf(network.job),
    width: widthOf(network.job),
    layers: layersOf(network),
    parameters: network.result.parameters,
    errorAt: (size: number) => errorAt(network.result, size),
  })),
];

/** Relative errors of all predictors, one column a lattice size. */
export const tableOf = (findings: Findings): Table => {
  const { sizes } = findings;
  return {
    id: 'table-4',
    caption:
      'Relative errors, RMSE / |mean energy|, by lattice size; the last column is RMSE / std at the training size, where 1 is no better than the mean.',
    columns: [
      { label: 'predictor' },
      { label: 'C' },
      { label: 'n' },
      { label: 'parameters' },
      ...sizes.map((size) => ({ label: `N = ${size}` })),
      { label: `RMSE / std, N = ${sizes[0] ?? ''}` },
    ],
    rows: [
      ['mean predictor', null, null, 1, ...sizes.map((size) => meanPredictorAt(findings, size)), 1],
      ...rowsOf(findings).map((row) => [
        row.name,
        row.width,
        row.layers,
        row.parameters,
        ...sizes.map((size) => row.errorAt(size)?.relative ?? null),
        row.errorAt(sizes[0] ?? 0)?.rmsePerDeviation ?? null,
      ]),
    ],
  };
};

/** Fig. 4b: errors on the training size, by width and depth. */
export const barFigure = (findings: Findings): Figure => {
  const [size = 0] = findings.sizes;
  const shapes = [
    ...new Set(findings.networks.map((network) => `C = ${widthOf(network.job)}, n = ${layersOf(network)}`)),
  ];
  return {
    id: 'figure-4b',
    title: 'Double exchange: errors on the training size (Fig. 4b)',
    caption: `Relative error of the energy on new configurations of N = ${size}. The head alone is what pairs of spins explain.`,
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
          bars: findings.networks
            .filter((network) => label === `C = ${widthOf(network.job)}, n = ${layersOf(network)}`)
            .map((network) => ({ family: familyOf(network.job), value: relativeAt(size)(network) })),
        })),
      ],
    },
  };
};

/** Fig. 4c: errors against N; none where one size was tested. */
export const generalizationFigure = (findings: Findings): readonly Figure[] => {
  const { networks, head, sizes } = findings;
  const compared = networks.filter((network) => widthOf(network.job) === generalizationChannels);
  const depths = new Set(compared.map(layersOf));
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
          caption: `Relative error against N for networks of C = ${generalizationChannels} trained on N = ${sizes[0] ?? ''} alone.`,
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
              ...compared.map((network) => ({
                family: familyOf(network.job),
                ...(depths.size > 1 ? { variant: `n = ${layersOf(network)}` } : {}),
                points: points((size) => relativeAt(size)(network)),
              })),
            ],
          },
        },
      ];
};

/** Predicted against exact energies for the best EFNN and its rivals, on the training size. */
export const scatterFigure = ({ networks, sizes }: Findings): Figure => {
  const shown = networks.filter(isArchitecture('efnn'));
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
