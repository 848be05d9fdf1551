/** What the published protocol gives in small, beside ours, as claims: their rules stand before any run. */
import type { Claim } from '../report/report.ts';
import { comparable, type PlannedLattice } from './double-exchange-findings.ts';
import {
  alone,
  besideThePaper,
  isAboveOne,
  ofBest,
  ofEvery,
  ofOne,
  ratio,
  reaches,
  rivalries,
  type Finding,
} from './finding.ts';
import { deviationError, relativeError, type Measure } from './measure.ts';
import { isArchitecture } from './outcome.ts';
import { paperValues } from './paper-values.ts';
import { comparedLayers, deepOf, type Protocols } from './protocol-findings.ts';

/** The sizes N of which claims speak: that of the training, and the one of which the paper tells a number. */
const sizes = { trained: 10, large: 40 } as const;

const advantageClaim = (id: string, statement: string, published: readonly PlannedLattice[], size: number): Claim => ({
  id,
  statement: `${statement} (error of another / the EFNN's at N = ${size}, same depth, the least of the networks and depths)`,
  expected: 'above 1',
  ...ofEvery('least', rivalries(comparable(published), relativeError(size)), size),
  rule: isAboveOne,
  comment:
    'as many labels, steps and seeds for all, and the published rates, chosen for none of them; paired seed by seed, each network and depth with an interval of its own',
});

const gainClaim = (id: string, statement: string, protocols: Protocols, size: number): Claim => {
  const { published, ours } = deepOf(protocols);
  const [theirs, own] = [published, ours].map((networks) => networks.filter(isArchitecture('efnn')));
  // Two samplers have two means, and spread energies about them differently.
  const gain = (measure: Measure): Finding => ofOne(ratio(theirs ?? [], own ?? [], measure), size);
  const relative = gain(relativeError(size)).obtained;
  return {
    id,
    statement: `${statement} (RMSE / std of the energies at N = ${size}: published / ours, EFNN of ${comparedLayers} layers)`,
    expected: 'not stated in the paper',
    ...gain(deviationError(size)),
    rule: isAboveOne,
    comment: [
      'each with its own labels, kernels and head, tested on its own sampler',
      ...(relative === null ? [] : ['; of relative errors ', relative]),
    ],
  };
};

/** All claims of the section. */
export const protocolClaims = (protocols: Protocols): readonly Claim[] => {
  const { published } = protocols;
  const efnns = published.filter(isArchitecture('efnn'));
  const deep = deepOf(protocols).published.filter(isArchitecture('efnn'));
  const best = ofBest(alone(efnns, relativeError(sizes.trained)), 'an upper bound', sizes.trained);
  const large = ofBest(alone(deep, relativeError(sizes.large)), 'an upper bound', sizes.large);
  return [
    {
      id: 'protocol-level',
      statement:
        'By the published protocol in small, networks reach relative errors of 1e-3 (the best EFNN here, on the training size)',
      expected: paperValues.trainingSize.value,
      ...besideThePaper(best, paperValues.trainingSize.value, 'no EFNN was trained'),
      rule: reaches(paperValues.trainingSize.value),
    },
    {
      id: 'protocol-level-large',
      statement: 'By the published protocol in small, the 3-layer EFNN reaches 4e-4 at N = 40',
      expected: paperValues.largestLattice.value,
      ...besideThePaper(large, paperValues.largestLattice.value, 'no such EFNN has been tested at N = 40'),
      rule: reaches(paperValues.largestLattice.value),
    },
    advantageClaim(
      'protocol-advantage',
      'By the published protocol in small, the EFNN is the best network',
      published,
      sizes.trained,
    ),
    advantageClaim(
      'protocol-advantage-large',
      'By the published protocol in small, the EFNN is the best network on the largest lattice',
      published,
      sizes.large,
    ),
    gainClaim(
      'protocol-gain',
      'From as many configurations and steps, our protocol, with forces, leaves a smaller error than the published one',
      protocols,
      sizes.trained,
    ),
    gainClaim(
      'protocol-gain-large',
      'From as many configurations and steps, our protocol, with forces, leaves a smaller error on the largest lattice too',
      protocols,
      sizes.large,
    ),
  ];
};
