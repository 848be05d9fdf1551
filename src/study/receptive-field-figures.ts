/** The table and the charts of generalization against the receptive field. */
import type { Point } from '../report/chart.ts';
import type { Figure, Table } from '../report/report.ts';
import { layersOf, type TrainedLattice } from './double-exchange-findings.ts';
import { architectureName } from './job.ts';
import { overSeeds, relativeError } from './measure.ts';
import { bySeeds, isArchitecture, kernelOf } from './outcome.ts';
import {
  fallOfErrors,
  fieldOf,
  independentFall,
  meant,
  partsAt,
  spreadError,
  testedSizes,
  trainedSizeOf,
} from './receptive-field.ts';
import { seedInterval } from './seed-interval.ts';
import { meanBar, meanPoint, meansInWords } from './error-bars.ts';

const { small, large } = testedSizes;

/** Networks that differ in their seeds alone. */
interface Group {
  readonly name: string;
  readonly kernel: number;
  readonly layers: number;
  readonly field: number;
  readonly trainedSize: number;
  readonly networks: readonly TrainedLattice[];
}

const distinct = <A>(values: readonly A[]): readonly A[] => [...new Set(values)];

const ascending = (values: readonly number[]): readonly number[] => distinct(values).toSorted((a, b) => a - b);

/** Groups by training size, the smallest first. */
const groupsOf = (networks: readonly TrainedLattice[]): readonly Group[] =>
  ascending(networks.map(trainedSizeOf)).flatMap((trainedSize) =>
    bySeeds(meant(networks, { trainedSize })).map((group) => ({
      name: architectureName(group[0].job.network.architecture),
      kernel: kernelOf(group[0].job),
      layers: layersOf(group[0]),
      field: fieldOf(group[0]),
      trainedSize,
      networks: group,
    })),
  );

const known = (values: readonly (number | null)[]): readonly number[] => values.flatMap((value) => value ?? []);

const rootMeanSquare = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

const over = (networks: readonly TrainedLattice[], of: (network: TrainedLattice) => number | null): number | null =>
  rootMeanSquare(known(networks.map(of)));

/** The offset of some networks, of either sign, over their seeds. */
const offsetAt = (size: number, networks: readonly TrainedLattice[]): number | null =>
  over(networks, (network) => partsAt(size)(network)?.offset ?? null);

/** The spread of some networks at a size, times a number, over their seeds. */
const spreadAt = (size: number, networks: readonly TrainedLattice[], times = 1) =>
  seedInterval(known(networks.map(spreadError(size).of)).map((spread) => times * spread));

/** The fall of the errors of a group: the mean over seeds with its interval. */
const fallPoint = (x: number, networks: readonly TrainedLattice[]): readonly Point[] =>
  meanPoint(x, overSeeds(fallOfErrors, networks));

/** All groups: receptive fields, errors, offsets and spreads. */
export const receptiveFieldTable = (networks: readonly TrainedLattice[]): Table => ({
  id: 'table-receptive-field',
  caption:
    `Relative errors of networks beside the RKKY head on N = ${small} and N = ${large} and their parts: the offset, the mean of predicted - exact, and the spread, its standard deviation. ` +
    'All three are root mean squares over seeds, so that error^2 = offset^2 + spread^2; elsewhere errors are geometric means, as is the ratio of the two errors here.',
  columns: [
    { label: 'network' },
    { label: 'k' },
    { label: 'n' },
    { label: 'receptive field' },
    { label: 'trained on N' },
    { label: 'seeds' },
    { label: `error, N = ${small}` },
    { label: `error, N = ${large}` },
    { label: 'ratio, geometric mean' },
    { label: `offset, N = ${small}` },
    { label: `offset, N = ${large}` },
    { label: `spread, N = ${small}` },
    { label: `spread, N = ${large}` },
  ],
  rows: groupsOf(networks).map((group) => [
    ...[group.name, group.kernel, group.layers, group.field, group.trainedSize, group.networks.length],
    ...[small, large].map((size) => over(group.networks, relativeError(size).of)),
    overSeeds(fallOfErrors, group.networks).obtained,
    ...[small, large].map((size) => offsetAt(size, group.networks)),
    ...[small, large].map((size) => over(group.networks, spreadError(size).of)),
  ]),
});

const kernelName = (kernel: number): string => `${kernel} x ${kernel}`;

/** Errors at the large size over those at the small one, against the receptive field. */
const fallFigure = (networks: readonly TrainedLattice[]): Figure => {
  const groups = groupsOf(meant(networks, { trainedSize: small }));
  const named = distinct(groups.map(({ name, kernel }) => JSON.stringify([name, kernel])));
  return {
    id: 'figure-receptive-field',
    title: 'Generalization against the receptive field',
    caption:
      `Error at N = ${large} over error at N = ${small} of networks trained on N = ${small}, against the sites that a network sees each way; one curve a kernel, ` +
      'its points the depths. ' +
      `${meansInWords}. ` +
      'Lines: errors of sites that are independent (1/N); the width of the training lattice, beyond which a network sees spins twice.',
    chart: {
      tag: 'lines',
      x: { label: 'receptive field (sites)', scale: 'linear', ticks: ascending(groups.map(({ field }) => field)) },
      y: { label: `error at N = ${large} / at N = ${small}`, scale: 'log' },
      references: [
        { label: '1/N: independent errors', axis: 'y', at: independentFall },
        { label: 'training lattice', axis: 'x', at: small },
      ],
      series: named.flatMap((key) => {
        const own = groups.filter(({ name, kernel }) => JSON.stringify([name, kernel]) === key);
        const [first] = own;
        return first === undefined
          ? []
          : [
              {
                family: first.name,
                variant: kernelName(first.kernel),
                points: own.flatMap((group) => fallPoint(group.field, group.networks)),
              },
            ];
      }),
    },
  };
};

/** Offset and spread apart, for the EFNN. */
const partsFigure = (networks: readonly TrainedLattice[]): Figure => {
  const groups = groupsOf(meant(networks, { architecture: 'efnn', trainedSize: small })).toSorted(
    (one, other) => one.field - other.field || one.kernel - other.kernel,
  );
  return {
    id: 'figure-offset-spread',
    title: `Offset and spread at N = ${large}`,
    caption:
      `The parts of the relative error of EFNNs trained on N = ${small}, by receptive field: the spread beside what independent errors of sites make of ` +
      `the spread at N = ${small}, and the offset (root mean square over seeds). ${meansInWords}.`,
    chart: {
      tag: 'bars',
      value: { label: `relative, N = ${large}`, scale: 'log' },
      categories: groups.map(({ kernel, layers, field, networks: own }) => ({
        label: `${field} x ${field}, k = ${kernel}, n = ${layers}`,
        bars: [
          meanBar('spread', spreadAt(large, own)),
          meanBar('if 1/N', spreadAt(small, own, independentFall)),
          { family: 'offset', value: offsetAt(large, own) },
        ],
      })),
    },
  };
};

/** The same against the receptive field in units of the training lattice; none where one size was trained on. */
const trainingFigure = (networks: readonly TrainedLattice[]): readonly Figure[] => {
  const groups = groupsOf(networks.filter(isArchitecture('efnn')));
  const sizes = ascending(groups.map(({ trainedSize }) => trainedSize));
  return sizes.length < 2
    ? []
    : [
        {
          id: 'figure-training-lattice',
          title: 'Training lattices of several sizes',
          caption: `Error at N = ${large} over error at N = ${small} of EFNNs, against the receptive field over the width of the training lattice; one curve a kernel, its points the depths. Beyond 1 a network sees spins of its training twice. ${meansInWords}.`,
          chart: {
            tag: 'lines',
            x: { label: 'receptive field / N of the training', scale: 'log' },
            y: { label: `error at N = ${large} / at N = ${small}`, scale: 'log' },
            references: [
              { label: '1/N: independent errors', axis: 'y', at: independentFall },
              { label: 'training lattice', axis: 'x', at: 1 },
            ],
            series: sizes.flatMap((trainedSize) => {
              const trained = groups.filter((group) => group.trainedSize === trainedSize);
              return ascending(trained.map(({ kernel }) => kernel)).map((kernel) => ({
                family: `trained on N = ${trainedSize}`,
                variant: kernelName(kernel),
                points: trained
                  .filter((group) => group.kernel === kernel)
                  .toSorted((one, other) => one.field - other.field)
                  .flatMap((group) => fallPoint(group.field / trainedSize, group.networks)),
              }));
            }),
          },
        },
      ];
};

/** The charts: the fall of errors, training lattices, and the parts of errors, whose many rows stand beside no other chart. */
export const receptiveFieldFigures = (networks: readonly TrainedLattice[]): readonly Figure[] => {
  const tested = networks.filter((network) => relativeError(large).of(network) !== null);
  const onSmall = tested.filter((network) => relativeError(small).of(network) !== null);
  return onSmall.length === 0 ? [] : [fallFigure(onSmall), ...trainingFigure(onSmall), partsFigure(onSmall)];
};
