/** Figs. 4b and 4c in the report: the double exchange model, on the training size and beyond. */
import { sizeOf } from '../dataset/spin-kind.ts';
import type { Claim, Figure, Prose, Section, Table } from '../report/report.ts';
import type { LatticeJob } from './job.ts';
import {
  advantage,
  byShape,
  comparedSeeds,
  errorAt,
  familyOf,
  isArchitecture,
  greatest,
  latticeOutcomes,
  least,
  overSeeds,
  ratioOf,
  resultOf,
  sampleOf,
  testsOf,
  widthOf,
  type Outcomes,
  type Trained,
} from './outcome.ts';
import type { ResultOf, TestError } from './result.ts';

type TrainedLattice = Trained<LatticeJob>;

/** All that the section speaks of. */
interface Findings {
  readonly networks: readonly TrainedLattice[];
  readonly head: ResultOf<'pair-head'> | null;
  /** Tested lattice sizes, the training size first. */
  readonly sizes: readonly number[];
}

/** The channels whose networks Fig. 4c compares across sizes. */
const generalizationChannels = 3;

const relativeAt =
  (size: number | undefined) =>
  ({ result }: TrainedLattice): number | null =>
    errorAt(result, size)?.relative ?? null;

const hasHead = ({ job: { network } }: TrainedLattice): boolean =>
  network.shape.tag === 'lattice' && network.shape.pairHead;

const layersOf = ({ job }: TrainedLattice): number => job.network.shape.layers;

/** Networks that were trained alike: with the head where there are any, otherwise alone. */
const comparable = (networks: readonly TrainedLattice[]): readonly TrainedLattice[] =>
  networks.some(hasHead) ? networks.filter(hasHead) : networks;

const atSize = (networks: readonly TrainedLattice[], size: number | undefined): readonly (number | null)[] =>
  networks.map(relativeAt(size));

const meanPredictorAt = ({ networks }: Findings, size: number | undefined): number | null =>
  networks.map(({ result }) => errorAt(result, size)?.meanPredictor).find((error) => error !== undefined) ?? null;

/** How a number of the paper compares: the ratio, whatever the verdict. */
const timesThePaper = (obtained: number | null, paper: number, where: string): Prose =>
  obtained === null ? `not tested: ${where}` : [obtained / paper, ' times the number of the paper'];

/** The EFNN against the best other network of the same width and depth, seed by seed. */
const advantageClaim = (
  id: string,
  statement: string,
  networks: readonly TrainedLattice[],
  size: number | undefined,
): Claim => {
  const peers = byShape(comparable(networks)).filter(
    (sameShape) => sameShape.some(isArchitecture('efnn')) && !sameShape.every(isArchitecture('efnn')),
  );
  return {
    id,
    statement: `${statement} (error of the best other / the EFNN's, same width and depth, the least of the shapes)`,
    expected: 'above 1',
    ...overSeeds(peers.flat(), 'least', (sameSeed) => advantage(sameSeed, relativeAt(size))),
    sample: sampleOf(peers.flat(), size),
    rule: { tag: 'above', bound: 1, leastSeeds: comparedSeeds },
    comment: 'all trained alike',
  };
};

const fig4bClaims = (findings: Findings): readonly Claim[] => {
  const { networks, head, sizes } = findings;
  const [size] = sizes;
  const efnns = networks.filter(isArchitecture('efnn'));
  const best = least(atSize(efnns, size));
  const ofOneWidth = comparable(efnns).filter(({ job }) => widthOf(job) === generalizationChannels);
  return [
    {
      id: '4b-effective-model',
      statement: 'The effective model (3) with 213,201 parameters has a relative error of 2e-2',
      expected: 2e-2,
      obtained: null,
      sample: 'none',
      rule: { tag: 'at-most', bound: 2e-2 },
      comment: 'not tested: Eq. (3) is not fitted here',
    },
    {
      id: '4b-mean-predictor',
      statement: 'Answering the mean energy, whatever the spins, has no larger error than that of the effective model',
      expected: 'not stated in the paper',
      obtained: meanPredictorAt(findings, size),
      sample: testsOf(networks, size),
      rule: { tag: 'at-most', bound: 2e-2 },
      comment: 'the standard deviation of the energies over their mean; no network, no fit',
    },
    {
      id: '4b-level',
      statement: 'Networks reach relative errors of 1e-3 (the best EFNN here)',
      expected: 1e-3,
      obtained: best,
      sample: sampleOf(efnns, size),
      rule: { tag: 'at-most', bound: 1e-3 },
      comment: timesThePaper(best, 1e-3, 'no EFNN was trained'),
    },
    {
      id: '4b-beyond-pairs',
      statement: 'Networks learn more than two-body interactions (error of the fitted RKKY head alone / best EFNN)',
      expected: 'about 6 against the effective model',
      obtained: ratioOf(head === null ? null : errorAt(head, size)?.relative, best),
      sample: sampleOf(efnns, size),
      rule: { tag: 'above', bound: 1 },
      comment: 'the head has one constant a shell of neighbours, fitted by linear least squares in milliseconds',
    },
    advantageClaim('4b-advantage', 'The EFNN is the best network', networks, size),
    {
      id: '4b-depth',
      statement: 'The error falls with every layer (EFNNs of one width: the largest error of n + 1 layers / of n)',
      expected: 'below 1',
      ...overSeeds(ofOneWidth, 'greatest', (sameSeed) =>
        greatest(steps(sameSeed).map(([fewer, more]) => ratioOf(relativeAt(size)(more), relativeAt(size)(fewer)))),
      ),
      sample: sampleOf(ofOneWidth, size),
      rule: { tag: 'below', bound: 1, leastSeeds: comparedSeeds },
    },
  ];
};

/** Networks of neighbouring depths, the shallower one first. */
const steps = (networks: readonly TrainedLattice[]): readonly (readonly [TrainedLattice, TrainedLattice])[] => {
  const byDepth = networks.toSorted((one, other) => layersOf(one) - layersOf(other));
  return byDepth.slice(1).flatMap((more, index) => {
    const fewer = byDepth[index];
    return fewer === undefined ? [] : [[fewer, more] as const];
  });
};

const fig4cClaims = (findings: Findings): readonly Claim[] => {
  const { networks, sizes } = findings;
  const largest = Math.max(...sizes);
  const efnns = comparable(networks).filter(isArchitecture('efnn'));
  // Each network against itself; the one whose error falls least speaks for all.
  const ratio = greatest(efnns.map((efnn) => ratioOf(relativeAt(largest)(efnn), relativeAt(sizes[0])(efnn))));
  const level = efnns.filter((efnn) => layersOf(efnn) === 3);
  const reached = least(atSize(level, 40));
  const ofOneWidth = efnns.filter(({ job }) => widthOf(job) === generalizationChannels);
  const deepestAtLeast = (sameSeed: readonly TrainedLattice[]): number | null =>
    greatest(
      sizes.map((size) =>
        ratioOf(
          least(
            atSize(
              sameSeed.filter((efnn) => layersOf(efnn) === 3),
              size,
            ),
          ),
          least(
            atSize(
              sameSeed.filter((efnn) => layersOf(efnn) !== 3),
              size,
            ),
          ),
        ),
      ),
    );
  return [
    {
      id: '4c-generalizes',
      statement:
        'The error falls on lattices larger than the training size (every EFNN: the largest error at the largest N / at the training N)',
      expected: 'below 1',
      obtained: sizes.length > 1 ? ratio : null,
      sample: sampleOf(efnns, largest),
      rule: { tag: 'below', bound: 1 },
      comment: ['largest N tested: ', largest, '; the mean predictor falls too, as 1/N'],
    },
    advantageClaim(
      '4c-advantage',
      'The EFNN is the best network on the largest lattice',
      sizes.length > 1 ? networks : [],
      largest,
    ),
    {
      id: '4c-level',
      statement: 'The 3-layer EFNN reaches 4e-4 at N = 40',
      expected: 4e-4,
      obtained: reached,
      sample: sampleOf(level, 40),
      rule: { tag: 'at-most', bound: 4e-4 },
      comment: timesThePaper(reached, 4e-4, 'this preset has no exact energies at N = 40'),
    },
    {
      id: '4c-depth',
      statement:
        'Three layers have the lowest error at every N (EFNNs of one width: the largest over N of the error of 3 layers / the best of fewer)',
      expected: 'below 1',
      ...overSeeds(ofOneWidth, 'greatest', deepestAtLeast),
      sample: sampleOf(ofOneWidth, largest),
      rule: { tag: 'below', bound: 1, leastSeeds: comparedSeeds },
    },
  ];
};

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

const tableOf = (findings: Findings): Table => {
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

const barFigure = (findings: Findings): Figure => {
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

const generalizationFigure = (findings: Findings): readonly Figure[] => {
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
const scatterFigure = ({ networks, sizes }: Findings): Figure => {
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

/** The claims, tables and charts of the trained lattice networks; no section where none was trained. */
export const doubleExchangeSections = (outcomes: Outcomes): readonly Section[] => {
  const networks = latticeOutcomes(outcomes);
  const [first] = networks;
  if (first === undefined) {
    return [];
  }
  const findings: Findings = {
    networks,
    head: resultOf('pair-head')(outcomes),
    sizes: [...new Set(first.result.errors.map(({ size }) => size))],
  };
  const { plan, train } = first.job;
  return [
    {
      title: 'Double exchange (Figs. 4b and 4c)',
      paragraphs: [
        [
          'Monte Carlo energies of the double exchange model at t = 1, J = 16, mu = -8.3, T = 0.1, spins drawn by the sampler ',
          `${train.recipe.sampler}. Trained on `,
          train.range.count,
          ` configurations of N = ${sizeOf(train.recipe.sampleShape)}`,
          `, ${plan.forceWeight === null ? 'energies alone' : 'energies and forces'}, for `,
          plan.epochs,
          ' epochs. The paper trains on energies of at least 160,000 configurations for 1,000 epochs.',
        ],
        'The RKKY head is a two-body interaction, one constant a shell of neighbours, fitted before the network learns the remainder.',
      ],
      claims: [...fig4bClaims(findings), ...fig4cClaims(findings)],
      tables: [tableOf(findings)],
      figures: [barFigure(findings), ...generalizationFigure(findings), scatterFigure(findings)],
    },
  ];
};
