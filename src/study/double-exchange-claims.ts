/** The claims of Figs. 4b and 4c: the double exchange model, on the training size and beyond. */
import type { Claim } from '../report/report.ts';
import {
  atSize,
  comparable,
  layersOf,
  relativeAt,
  type Findings,
  type PlannedLattice,
  type TrainedLattice,
} from './double-exchange-findings.ts';
import { generalizationChannels } from './job.ts';
import {
  advantage,
  besideThePaper,
  comparedSeeds,
  contestants,
  errorAt,
  isArchitecture,
  greatest,
  least,
  ofAll,
  ofBest,
  ratioOf,
  reaches,
  widthOf,
} from './outcome.ts';
import { paperValues } from './paper-values.ts';

/** The EFNN against the best other network of the same width, depth and kernel, seed by seed. */
const advantageClaim = (
  id: string,
  statement: string,
  networks: readonly PlannedLattice[],
  size: number | undefined,
): Claim => ({
  id,
  statement: `${statement} (error of the best other / the EFNN's, same width, depth and kernel, the least of the shapes)`,
  expected: 'above 1',
  ...ofAll(contestants(comparable(networks)), (sameSeed) => advantage(sameSeed, relativeAt(size)), size),
  rule: { tag: 'above', bound: 1, leastSeeds: comparedSeeds },
  comment:
    'as many labels, steps and seeds for all, each network at its own rate (results/rates.json); paired seed by seed, with the interval of 95 percent',
});

/** What the paper says of the training size, with what was obtained. */
export const fig4bClaims = ({ planned, head, sizes }: Findings): readonly Claim[] => {
  const [size] = sizes;
  const efnns = planned.filter(isArchitecture('efnn'));
  const best = ofBest(efnns, (sameSeed) => least(atSize(sameSeed, size)), size);
  const pairs = head === null ? null : errorAt(head, size)?.relative;
  const ofOneWidth = comparable(efnns).filter(({ job }) => widthOf(job) === generalizationChannels);
  return [
    {
      id: '4b-level',
      statement: 'Networks reach relative errors of 1e-3 (the best EFNN here)',
      expected: paperValues.trainingSize.value,
      ...besideThePaper(best, paperValues.trainingSize.value, 'no EFNN was trained'),
      rule: reaches(paperValues.trainingSize.value),
    },
    {
      id: '4b-beyond-pairs',
      statement: 'Networks learn more than two-body interactions (error of the fitted RKKY head alone / best EFNN)',
      expected: 'about 6 against the effective model',
      ...ofBest(efnns, (sameSeed) => ratioOf(pairs, least(atSize(sameSeed, size))), size),
      rule: { tag: 'above', bound: 1 },
      comment: 'the head has one constant a shell of neighbours, fitted by linear least squares in milliseconds',
    },
    advantageClaim('4b-advantage', 'The EFNN is the best network', planned, size),
    {
      id: '4b-depth',
      statement: 'The error falls with every layer (EFNNs of one width: the largest error of n + 1 layers / of n)',
      expected: 'below 1',
      ...ofAll(
        ofOneWidth,
        (sameSeed) =>
          greatest(steps(sameSeed).map(([fewer, more]) => ratioOf(relativeAt(size)(more), relativeAt(size)(fewer)))),
        size,
      ),
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

/** The error at the largest size over that at the training size. */
const fall =
  (sizes: readonly number[]) =>
  (network: TrainedLattice): number | null =>
    ratioOf(relativeAt(Math.max(...sizes))(network), relativeAt(sizes[0])(network));

/** What the paper says of larger lattices, with what was obtained. */
export const fig4cClaims = ({ planned, sizes }: Findings): readonly Claim[] => {
  const largest = Math.max(...sizes);
  const efnns = comparable(planned).filter(isArchitecture('efnn'));
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
      statement:
        'The error falls on lattices larger than the training size (every EFNN: the largest error at the largest N / at the training N)',
      expected: 'below 1',
      // Each network against itself; the one whose error falls least speaks for all.
      ...ofAll(sizes.length > 1 ? efnns : [], (sameSeed) => greatest(sameSeed.map(fall(sizes))), largest),
      rule: { tag: 'below', bound: 1 },
      comment:
        sizes.length === 0
          ? 'the mean predictor falls too, as 1/N'
          : ['largest N tested: ', largest, '; the mean predictor falls too, as 1/N'],
    },
    advantageClaim(
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
    },
    {
      id: '4c-depth',
      statement:
        'Three layers have the lowest error at every N (EFNNs of one width: the largest over N of the error of 3 layers / the best of fewer)',
      expected: 'below 1',
      ...ofAll(ofOneWidth, deepestAtLeast, largest),
      rule: { tag: 'below', bound: 1, leastSeeds: comparedSeeds },
    },
  ];
};
