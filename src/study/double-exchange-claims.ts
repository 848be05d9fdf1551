/** The claims of Figs. 4b and 4c: the double exchange model, on the training size and beyond. */
import { groupBy } from 'fp-ts/lib/NonEmptyArray.js';

import type { Claim } from '../report/report.ts';
import {
  atSize,
  comparable,
  latticeTraits,
  layersOf,
  ofKernel,
  relativeAt,
  shapeInWords,
  withOneHead,
  type Findings,
  type PlannedLattice,
  type TrainedLattice,
} from './double-exchange-findings.ts';
import { generalizationChannels } from './job.ts';
import { otherProtocol } from './other-protocol.ts';
import {
  advantage,
  besideThePaper,
  contestants,
  errorAt,
  greatest,
  isAboveOne,
  isArchitecture,
  isBelowOne,
  kernelOf,
  least,
  ofAll,
  ofBest,
  ratioOf,
  reaches,
  widthOf,
} from './outcome.ts';
import { paperValues } from './paper-values.ts';

/** The kernels of the paper's networks, beside those that generalize better here: of both a network is claimed to be the best. */
const comparedKernels = [
  { kernel: 3, suffix: '' },
  { kernel: 5, suffix: '-5' },
];

/** The EFNN against the best other network of the same width, depth and kernel, seed by seed: a claim for each kernel. */
const advantageClaims = (
  id: string,
  statement: string,
  networks: readonly PlannedLattice[],
  size: number | undefined,
): readonly Claim[] =>
  comparedKernels.map(({ kernel, suffix }) => {
    const peers = contestants(withOneHead(networks).filter(ofKernel(kernel)));
    return {
      id: `${id}${suffix}`,
      statement: `${statement} (error of the best other / the EFNN's, same width and depth, ${shapeInWords(kernel, networks)}; the least of the shapes)`,
      expected: 'above 1',
      ...ofAll(peers, (sameSeed) => advantage(sameSeed, relativeAt(size)), size),
      rule: isAboveOne,
      comment:
        peers.length === 0
          ? 'not all four networks have such kernels in this preset'
          : 'as many labels, steps and seeds for all; paired seed by seed, with the interval of 95 percent',
    };
  });

/** Of each two neighbours the larger error of the second over the first, at a size. */
const greatestStep = (
  pairs: readonly (readonly [TrainedLattice, TrainedLattice])[],
  size: number | undefined,
): number | null => greatest(pairs.map(([less, more]) => ratioOf(relativeAt(size)(more), relativeAt(size)(less))));

/** Networks of several widths; none where all have one. */
const ofSeveralWidths = (networks: readonly PlannedLattice[]): readonly PlannedLattice[] =>
  new Set(networks.map(({ job }) => widthOf(job))).size > 1 ? networks : [];

const channelsOf = ({ job }: TrainedLattice): number => widthOf(job);

const oneWidth = 'EFNNs of one width have been planned alone';

/** What the paper says of the training size, with what was obtained. */
export const fig4bClaims = ({ planned, head, sizes }: Findings): readonly Claim[] => {
  const [size] = sizes;
  const efnns = planned.filter(isArchitecture('efnn'));
  const best = ofBest(efnns, (sameSeed) => least(atSize(sameSeed, size)), size);
  const pairs = head === null ? null : errorAt(head, size)?.relative;
  const alike = comparable(efnns);
  const shape = alike[0] === undefined ? '' : `, ${shapeInWords(kernelOf(alike[0].job), alike)}`;
  const ofOneWidth = alike.filter(({ job }) => widthOf(job) === generalizationChannels);
  const wide = ofSeveralWidths(alike);
  return [
    {
      id: '4b-level',
      statement: 'Networks reach relative errors of 1e-3 (the best EFNN here)',
      expected: paperValues.trainingSize.value,
      ...besideThePaper(best, paperValues.trainingSize.value, 'no EFNN was trained'),
      rule: reaches(paperValues.trainingSize.value),
      ...otherProtocol(latticeTraits)(efnns),
    },
    {
      id: '4b-beyond-pairs',
      statement: 'Networks learn more than two-body interactions (error of the fitted RKKY head alone / best EFNN)',
      expected: 'about 6 against the effective model',
      ...ofBest(efnns, (sameSeed) => ratioOf(pairs, least(atSize(sameSeed, size))), size),
      rule: isAboveOne,
      comment: 'the head has one constant a shell of neighbours, fitted by linear least squares in milliseconds',
    },
    ...advantageClaims('4b-advantage', 'The EFNN is the best network', planned, size),
    {
      id: '4b-depth',
      statement: `At C = ${generalizationChannels} the error falls with every layer (EFNNs${shape}: the largest error of n + 1 layers / of n)`,
      expected: 'below 1',
      ...ofAll(ofOneWidth, (sameSeed) => greatestStep(steps(sameSeed, channelsOf, layersOf), size), size),
      rule: isBelowOne,
    },
    {
      id: '4b-depth-all',
      statement: `At every C the error falls with every layer (EFNNs${shape}: the largest error of n + 1 layers / of n)`,
      expected: 'below 1',
      ...ofAll(wide, (sameSeed) => greatestStep(steps(sameSeed, channelsOf, layersOf), size), size),
      rule: isBelowOne,
      ...(wide.length === 0 ? { comment: oneWidth } : {}),
    },
    {
      id: '4b-channels',
      statement: `The error falls with C at every n (EFNNs${shape}: the largest error of a C / of the next smaller one)`,
      expected: 'below 1',
      ...ofAll(wide, (sameSeed) => greatestStep(steps(sameSeed, layersOf, channelsOf), size), size),
      rule: isBelowOne,
      ...(wide.length === 0 ? { comment: oneWidth } : {}),
    },
  ];
};

/** Pairs of networks that have one number alike and are neighbours in another, the lesser one first: in depth, or in width. */
const steps = (
  networks: readonly TrainedLattice[],
  alike: (network: TrainedLattice) => number,
  rising: (network: TrainedLattice) => number,
): readonly (readonly [TrainedLattice, TrainedLattice])[] =>
  Object.values(groupBy((network: TrainedLattice) => `${alike(network)}`)([...networks])).flatMap((group) => {
    const inOrder = group.toSorted((one, other) => rising(one) - rising(other));
    return inOrder.slice(1).flatMap((more, index) => {
      const less = inOrder[index];
      return less === undefined ? [] : [[less, more] as const];
    });
  });

/** The error at the largest size over that at the training size. */
const fall =
  (sizes: readonly number[]) =>
  (network: TrainedLattice): number | null =>
    ratioOf(relativeAt(Math.max(...sizes))(network), relativeAt(sizes[0])(network));

/** What the paper says of larger lattices, with what was obtained. */
export const fig4cClaims = ({ planned, sizes }: Findings): readonly Claim[] => {
  const largest = Math.max(...sizes);
  const efnns = comparable(planned).filter(isArchitecture('efnn'));
  const shape = efnns[0] === undefined ? '' : `, ${shapeInWords(kernelOf(efnns[0].job), efnns)}`;
  const level = efnns.filter((efnn) => layersOf(efnn) === 3);
  const reached = ofBest(level, (sameSeed) => least(atSize(sameSeed, 40)), 40);
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
      statement: `The error falls on lattices larger than the training size (every EFNN${shape}: the largest error at the largest N / at the training N)`,
      expected: 'below 1',
      // Each network against itself; the one whose error falls least speaks for all.
      ...ofAll(sizes.length > 1 ? efnns : [], (sameSeed) => greatest(sameSeed.map(fall(sizes))), largest),
      rule: isBelowOne,
      comment:
        sizes.length === 0
          ? 'the mean predictor falls too, as 1/N'
          : ['largest N tested: ', largest, '; the mean predictor falls too, as 1/N'],
    },
    ...advantageClaims(
      '4c-advantage',
      'The EFNN is the best network on the largest lattice',
      sizes.length > 1 ? planned : [],
      largest,
    ),
    {
      id: '4c-level',
      statement: 'The 3-layer EFNN reaches 4e-4 at N = 40',
      expected: paperValues.largestLattice.value,
      ...besideThePaper(reached, paperValues.largestLattice.value, 'no such EFNN has been tested at N = 40'),
      rule: reaches(paperValues.largestLattice.value),
      ...otherProtocol(latticeTraits)(level),
    },
    {
      id: '4c-depth',
      statement: `At C = ${generalizationChannels} three layers have the lowest error at every N (EFNNs${shape}: the largest over N of the error of 3 layers / the best of fewer)`,
      expected: 'below 1',
      ...ofAll(ofOneWidth, deepestAtLeast, largest),
      rule: isBelowOne,
    },
  ];
};
