/** The tables and the chart of two protocols beside each other. */
import type { Series } from '../report/chart.ts';
import type { Figure, Table } from '../report/report.ts';
import { peakOf } from '../training/schedule.ts';
import { sizeOf } from '../dataset/spin-kind.ts';
import { comparable, layersOf, type TrainedLattice } from './double-exchange-findings.ts';
import { meanPoint, meansInWords } from './error-bars.ts';
import { architectureName, generalizationChannels, hasHead, jobsFor, type LatticeJob } from './job.ts';
import { deviationError, overSeeds, relativeError } from './measure.ts';
import { bySeeds, errorAt, familyOf, isArchitecture, kernelOf, trainedOf } from './outcome.ts';
import { paperLines, paperValues } from './paper-values.ts';
import { presets } from './preset.ts';
import { comparedLayers, deepOf, type Protocols } from './protocol-findings.ts';

/** How the protocols are called, in the order in which they are shown. */
const names = { published: 'published, in small', ours: 'ours' } as const;

const protocols = ['published', 'ours'] as const;

/** What a protocol is: one value a row of the table. */
const rows: readonly (readonly [string, (job: LatticeJob) => string | number])[] = [
  ['sampler', ({ train }) => train.recipe.sampler],
  ['N of the training', ({ train }) => sizeOf(train.recipe.sampleShape)],
  ['configurations', ({ train }) => train.range.count],
  ['labels of each', ({ plan }) => (plan.forceWeight === null ? 'energy' : 'energy and forces')],
  ['epochs', ({ plan }) => plan.epochs],
  ['configurations a step', ({ plan }) => plan.batch],
  ['steps', ({ plan, train }) => plan.epochs * Math.ceil(train.range.count / plan.batch)],
  ['schedule', ({ plan }) => (plan.schedule.tag === 'oneCycle' ? 'one cycle' : plan.schedule.tag)],
  ['highest rate of the EFNN', ({ plan }) => peakOf(plan.schedule)],
  ['weight decay', ({ plan }) => plan.weightDecay],
  ['energies', ({ plan }) => (plan.units === 'raw' ? 'as they are' : 'shifted and scaled')],
  ['start', ({ plan }) => (plan.start === 'published' ? 'as published' : 'unit variance')],
  ['kernels, k', (job) => kernelOf(job)],
  ['RKKY head', ({ network }) => (hasHead(network) ? 'fitted first' : 'none')],
];

/** What the protocols are, that of the authors in full beside them. */
export const protocolTable = (found: Protocols): Table => {
  const deep = deepOf(found);
  const jobs = [
    jobsFor(presets.paper, ['protocols']).find(
      (job): job is LatticeJob => job.tag === 'lattice' && job.network.architecture === 'efnn',
    ),
    ...protocols.map((protocol) => deep[protocol].find(isArchitecture('efnn'))?.job),
  ];
  return {
    id: 'table-protocols',
    caption:
      'The protocols. In full, that of the authors is the preset paper. In small it has as many configurations and steps as ours; its data, its loss, ' +
      'the shape of its schedule, its weight decay and its kernels are the published ones, and it has no head, as published.',
    columns: [
      { label: '' },
      { label: 'published, in full' },
      ...protocols.map((protocol) => ({ label: names[protocol] })),
    ],
    rows: rows.map(([label, valueOf]) => [label, ...jobs.map((job) => (job === undefined ? null : valueOf(job)))]),
  };
};

/** What was tested, the training size first. */
export const sizesOf = ({ published }: Protocols): readonly number[] => [
  ...new Set(published[0]?.job.tests.map(({ recipe }) => sizeOf(recipe.sampleShape))),
];

/** Relative errors of the networks of both protocols, one column a lattice size. */
export const protocolErrors = (found: Protocols): Table => {
  const sizes = sizesOf(found);
  return {
    id: 'table-protocol-errors',
    caption: `Relative errors of networks of C = ${generalizationChannels} by lattice size, geometric means over seeds, each on the sampler of its training; the last columns are RMSE / std of the energies.`,
    columns: [
      ...['protocol', 'network', 'n', 'k', 'seeds'].map((label) => ({ label })),
      ...sizes.map((size) => ({ label: `N = ${size}` })),
      ...endsOf(sizes).map((size) => ({ label: `RMSE / std, N = ${size}` })),
    ],
    rows: protocols.flatMap((protocol) =>
      bySeeds(trainedOf(found[protocol])).map((group) => [
        names[protocol],
        familyOf(group[0].job),
        layersOf(group[0]),
        kernelOf(group[0].job),
        group.length,
        ...sizes.map((size) => overSeeds(relativeError(size), group).obtained),
        ...endsOf(sizes).map((size) => overSeeds(deviationError(size), group).obtained),
      ]),
    ),
  };
};

const endsOf = (sizes: readonly number[]): readonly number[] => [
  ...new Set([...sizes.slice(0, 1), ...sizes.slice(-1)]),
];

/** Always answering the mean energy: on the samples of each protocol another error. */
const meanCurve = (networks: readonly TrainedLattice[], variant: string, sizes: readonly number[]): Series => ({
  ...{ family: 'mean predictor', variant },
  points: sizes.flatMap((size) =>
    networks
      .slice(0, 1)
      .flatMap(({ result }) => meanPoint(size, { obtained: errorAt(result, size)?.meanPredictor ?? null })),
  ),
});

/** Errors against N of both protocols: none where no network was trained by the published one. */
export const protocolFigure = (found: Protocols): readonly Figure[] => {
  const sizes = sizesOf(found);
  const deep = deepOf(found);
  const curves = protocols.flatMap((protocol) => {
    const networks = trainedOf(comparable(deep[protocol]));
    return [
      meanCurve(networks, names[protocol], sizes),
      ...bySeeds(networks).map((group): Series => ({
        family: architectureName(group[0].job.network.architecture),
        variant: names[protocol],
        points: sizes.flatMap((x) => meanPoint(x, overSeeds(relativeError(x), group))),
      })),
    ].filter(({ points }) => points.length > 0);
  });
  return trainedOf(deep.published).length === 0
    ? []
    : [
        {
          id: 'figure-protocols',
          title: 'Two protocols, as many configurations and steps',
          caption: `Relative error against N for networks of C = ${generalizationChannels} and ${comparedLayers} layers trained on N = ${sizes[0] ?? ''} alone, by the published protocol in small and by ours, each on the sampler of its training. ${meansInWords}.`,
          chart: {
            tag: 'lines',
            x: { label: 'N', scale: 'linear', ticks: sizes },
            y: { label: 'relative error', scale: 'log' },
            references: paperLines([paperValues.trainingSize, paperValues.largestLattice]),
            series: curves,
          },
        },
      ];
};
