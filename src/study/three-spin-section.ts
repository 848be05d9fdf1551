/** Figs. 2b and 2c in the report: the three-spin model. */
import type { ThreeSpinSystem } from '../dataset/three-spin.ts';
import type { Series } from '../report/chart.ts';
import { capitalized } from '../report/notation.ts';
import type { Claim, Prose, Section, Table } from '../report/report.ts';
import { advantageTable } from './advantage-table.ts';
import type { DenseJob } from './job.ts';
import { labelsInWords, learned, otherProtocol } from './other-protocol.ts';
import {
  alone,
  besideThePaper,
  comparedSeeds,
  isAboveOne,
  isBelowOne,
  ofBest,
  ofEvery,
  ofOne,
  ratio,
  reaches,
  rivalries,
  type Finding,
} from './finding.ts';
import { errorMeasure, overSeeds, type Measure } from './measure.ts';
import {
  bySeeds,
  byShape,
  denseNetworks,
  errorAt,
  familyOf,
  isArchitecture,
  trainedOf,
  whatDiverged,
  widthOf,
  type Planned,
  type Study,
  type Trained,
} from './outcome.ts';
import { paperBars, paperLines, paperValues, type PaperValue } from './paper-values.ts';
import type { TestError } from './result.ts';
import { meanBar, meanPoint, meansInWords } from './error-bars.ts';

type TrainedDense = Trained<DenseJob>;
type PlannedDense = Planned<DenseJob>;

/** What differs between the two figures. */
interface ThreeSpinFigure {
  readonly id: '2b' | '2c';
  readonly system: ThreeSpinSystem;
  readonly title: string;
  /** What the paper states of it. */
  readonly paper: PaperValue;
  readonly axis: string;
  readonly measure: (error: TestError) => number | null;
  readonly claims: (networks: readonly PlannedDense[]) => readonly Claim[];
}

const measureOf = ({ measure }: ThreeSpinFigure, samples: TestError['samples'] = 'all'): Measure =>
  errorMeasure(measure, undefined, samples);

const atWidth =
  (least: number) =>
  ({ job }: PlannedDense): boolean =>
    widthOf(job) >= least;

const deep = ({ job }: PlannedDense): boolean => job.network.shape.layers >= 2;

/** The networks of the largest width of a run. */
const widest = (networks: readonly PlannedDense[]): readonly PlannedDense[] => {
  const width = Math.max(...networks.map(({ job }) => widthOf(job)));
  return networks.filter(({ job }) => widthOf(job) === width);
};

const ofDepth =
  (layers: number) =>
  ({ job }: PlannedDense): boolean =>
    job.network.shape.layers === layers;

const atLargestWidth = (networks: readonly PlannedDense[]): Prose =>
  networks.length === 0
    ? 'at the largest width'
    : ['at the largest width of this run, ', Math.max(...networks.map(({ job }) => widthOf(job)))];

const advantageClaims = (figure: ThreeSpinFigure, networks: readonly PlannedDense[]): readonly Claim[] =>
  [2, 3].map((layers) => ({
    id: `${figure.id}-advantage-${layers}`,
    statement: `The ${layers}-layer EFNN has a smaller error than every other ${layers}-layer network of its width (error of the best other / its own)`,
    expected: 'above 1',
    ...ofEvery('least', rivalries(widest(networks).filter(ofDepth(layers)), measureOf(figure))),
    rule: isAboveOne,
    comment: atLargestWidth(networks),
  }));

const depthClaim = (figure: ThreeSpinFigure, networks: readonly PlannedDense[]): Claim => {
  const efnns = widest(networks).filter(isArchitecture('efnn'));
  return {
    id: `${figure.id}-depth`,
    statement: 'The EFNN gains by a third layer (error of the 3-layer EFNN / of the 2-layer EFNN, same width)',
    expected: 'below 1',
    ...ofOne(ratio(efnns.filter(ofDepth(3)), efnns.filter(ofDepth(2)), measureOf(figure))),
    rule: isBelowOne,
    comment: atLargestWidth(networks),
  };
};

/** The EFNNs that the paper names: of 2 and 3 layers, from W = 105 on. */
const named = (networks: readonly PlannedDense[]): readonly PlannedDense[] =>
  networks.filter(isArchitecture('efnn')).filter(deep).filter(atWidth(105));

/** All of some networks are meant: the one with the largest error speaks. */
const largestError = (networks: readonly PlannedDense[], measure: Measure): Finding =>
  ofEvery(
    'greatest',
    bySeeds(networks).map((group) => alone(group, measure)),
  );

const binary: ThreeSpinFigure = {
  id: '2b',
  system: 'three-spin-binary',
  title: 'Three spins, binary (Fig. 2b)',
  paper: paperValues.binary,
  axis: 'relative error',
  measure: ({ relative }) => relative,
  claims: (networks) => [
    {
      id: '2b-level',
      statement: 'EFNNs of 2 and 3 layers reach a relative error below 5e-3 from W = 105 on',
      expected: paperValues.binary.value,
      ...besideThePaper(
        largestError(named(networks), measureOf(binary)),
        paperValues.binary.value,
        'no such network was trained',
      ),
      rule: { tag: 'below', bound: paperValues.binary.value, leastSeeds: comparedSeeds },
    },
    {
      id: '2b-unseen',
      statement:
        'They reach it on configurations too that were in no training sample (the largest of their errors on those)',
      expected: paperValues.binary.value,
      ...besideThePaper(
        largestError(named(networks), measureOf(binary, 'unseen')),
        paperValues.binary.value,
        'their errors on such configurations are not known',
      ),
      rule: { tag: 'below', bound: paperValues.binary.value, leastSeeds: comparedSeeds },
      remark: 'the paper tests on all configurations, of which 39 % are in the training set',
    },
    ...advantageClaims(binary, networks),
    depthClaim(binary, networks),
  ],
};

const continuous: ThreeSpinFigure = {
  id: '2c',
  system: 'three-spin-continuous',
  title: 'Three spins, continuous (Fig. 2c)',
  paper: paperValues.continuous,
  axis: 'root mean square error',
  measure: ({ rmse }) => rmse,
  claims: (networks) => {
    const level = networks.filter(isArchitecture('efnn')).filter(ofDepth(3)).filter(atWidth(150));
    return [
      {
        id: '2c-level',
        statement: 'The 3-layer EFNN of W = 150 has an RMSE of 4e-2',
        expected: paperValues.continuous.value,
        ...besideThePaper(
          ofBest(alone(level, measureOf(continuous)), 'an upper bound'),
          paperValues.continuous.value,
          'no such network was trained',
        ),
        rule: reaches(paperValues.continuous.value),
        ...otherProtocol<DenseJob>([learned])(level),
      },
      ...advantageClaims(continuous, networks),
      depthClaim(continuous, networks),
    ];
  },
};

const seriesOf = (figure: ThreeSpinFigure, networks: readonly TrainedDense[]): readonly Series[] => {
  const names = new Map(
    networks.map(({ job }) => [
      `${familyOf(job)}/${job.network.shape.layers}`,
      { family: familyOf(job), layers: job.network.shape.layers },
    ]),
  );
  return [...names.values()].map(({ family, layers }) => ({
    family,
    variant: `n = ${layers}`,
    points: byShape(
      networks.filter(({ job }) => familyOf(job) === family && job.network.shape.layers === layers),
    ).flatMap((sameShape) =>
      sameShape.slice(0, 1).flatMap(({ job }) => meanPoint(widthOf(job), overSeeds(measureOf(figure), sameShape))),
    ),
  }));
};

const tableOf = (figure: ThreeSpinFigure, networks: readonly TrainedDense[]): Table => {
  const binarySpins = figure.system === 'three-spin-binary';
  return {
    id: `table-${figure.id}`,
    caption: binarySpins
      ? 'Errors on the last 4,000 of the 20,000 published samples, relative to the mean energy of the training samples; unseen: without the test configurations that also occur in the training set.'
      : 'Errors on the last 4,000 of the 20,000 published samples.',
    columns: [
      { label: 'network' },
      { label: 'W' },
      { label: 'n' },
      { label: 'seed' },
      { label: 'parameters' },
      { label: figure.axis },
      ...(binarySpins ? [{ label: 'unseen' }] : []),
      { label: 'RMSE / std' },
    ],
    rows: networks.map((network) => [
      familyOf(network.job),
      widthOf(network.job),
      network.job.network.shape.layers,
      network.job.plan.seed,
      network.result.parameters,
      measureOf(figure).of(network),
      ...(binarySpins ? [measureOf(figure, 'unseen').of(network)] : []),
      errorAt(network.result)?.rmsePerDeviation ?? null,
    ]),
  };
};

const chartOf = (figure: ThreeSpinFigure, networks: readonly TrainedDense[]): Section['figures'][number] => {
  const widths = [...new Set(networks.map(({ job }) => widthOf(job)))];
  const y = { label: figure.axis, scale: 'log' } as const;
  const caption = `${capitalized(figure.axis)} on test samples, lower is better. ${meansInWords}. The paper trains widths 15 to 150 for 8,000 to 16,000 epochs.`;
  return widths.length > 1
    ? {
        id: `figure-${figure.id}`,
        title: figure.title,
        caption,
        chart: {
          tag: 'lines',
          x: { label: 'neurons W', scale: 'linear', ticks: widths },
          y,
          series: seriesOf(figure, networks),
          references: paperLines([figure.paper]),
        },
      }
    : {
        id: `figure-${figure.id}`,
        title: figure.title,
        caption,
        chart: {
          tag: 'bars',
          value: y,
          categories: [
            ...[...new Set(networks.map(({ job }) => job.network.shape.layers))].map((layers) => ({
              label: `n = ${layers}`,
              bars: [...new Set(networks.map(({ job }) => familyOf(job)))].map((family) =>
                meanBar(
                  family,
                  overSeeds(
                    measureOf(figure),
                    networks.filter(({ job }) => familyOf(job) === family && job.network.shape.layers === layers),
                  ),
                ),
              ),
            })),
            ...paperBars([figure.paper]),
          ],
        },
      };
};

/** On what the networks were trained, and how long. */
const trainingOf = ({ job, result }: TrainedDense): Prose => [
  "Dense networks on the authors' own 20,000 samples (regenerated from their seed), trained on ",
  result.trainingSamples,
  ' for ',
  result.epochs,
  ` epochs on ${labelsInWords(job.plan)}.`,
];

const repeats: Prose =
  'There are only 32,768 binary configurations, so many test configurations were seen in training; the table gives the error on the others too.';

/** The claims on the networks of one system, with a table and a chart of those that were trained. */
export const threeSpinSection =
  (system: ThreeSpinSystem) =>
  (study: Study): readonly Section[] => {
    const figure = threeSpinFigures[system];
    const planned = denseNetworks(system)(study);
    const networks = trainedOf(planned);
    const [first] = networks;
    return [
      {
        title: figure.title,
        ...whatDiverged(planned),
        paragraphs: [
          ...(first === undefined ? [] : [trainingOf(first)]),
          ...(system === 'three-spin-binary' ? [repeats] : []),
        ],
        claims: figure.claims(planned),
        tables:
          first === undefined
            ? []
            : [
                advantageTable({ id: `advantage-${figure.id}`, width: 'W' }, planned, measureOf(figure)),
                tableOf(figure, networks),
              ],
        figures: first === undefined ? [] : [chartOf(figure, networks)],
      },
    ];
  };

const threeSpinFigures: Readonly<Record<ThreeSpinSystem, ThreeSpinFigure>> = {
  'three-spin-binary': binary,
  'three-spin-continuous': continuous,
};
