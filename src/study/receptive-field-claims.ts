/** What an explanation of generalization by the receptive field says, as claims: their rules stand before any run. */
import { architectures, type Architecture } from '../network/network.ts';
import type { Claim } from '../report/report.ts';
import type { Rule } from '../report/verdict.ts';
import type { PlannedLattice } from './double-exchange-findings.ts';
import { alone, comparedSeeds, ofEvery, ofOne, ratio, type Finding } from './finding.ts';
import type { Measure } from './measure.ts';
import { bySeeds, kernelOf } from './outcome.ts';
import {
  fallOfErrors,
  fallOfSpreads,
  fieldOf,
  independentFall,
  meant,
  raisedByOffset,
  sawWrapped,
  testedSizes,
  trainedSizeOf,
  type Wanted,
} from './receptive-field.ts';

/** The rule of a comparison, which several seeds decide. */
const side = (tag: 'above' | 'below'): Rule => ({ tag, bound: 1, leastSeeds: comparedSeeds });

/** By which factor numbers may differ that are called alike. */
const alikeFactor = 1.2;

/** The rule of what is at most as large as errors of independent sites make it, be it by a factor that is called alike. */
const isIndependent: Rule = { tag: 'at-most', bound: independentFall, leastSeeds: comparedSeeds, reach: alikeFactor };

/** A measure of one network over that of another, both with the same seed. */
const comparison = (networks: readonly PlannedLattice[], measure: Measure, over: Wanted, under: Wanted): Finding =>
  ofOne(ratio(meant(networks, over), meant(networks, under), measure), testedSizes.large);

/** The EFNN of three layers on the training size of the paper. */
const deep: Wanted = { architecture: 'efnn', layers: 3, trainedSize: testedSizes.small };

const notStated = 'not stated in the paper';

const fall = `error at N = ${testedSizes.large} / at N = ${testedSizes.small}`;

const fieldsOf = (networks: readonly PlannedLattice[], wanted: Wanted): string => {
  const [network] = meant(networks, wanted);
  return network === undefined ? 'not trained' : `${fieldOf(network)} x ${fieldOf(network)}`;
};

/** Whether one kernel generalizes better than another. */
const kernelClaim = (
  networks: readonly PlannedLattice[],
  {
    id,
    narrow,
    wide,
    statement,
  }: { readonly id: string; readonly narrow: number; readonly wide: number; readonly statement: string },
): Claim => ({
  id,
  statement: `${statement} (${fall}, ${narrow} x ${narrow} over ${wide} x ${wide}, EFNN of 3 layers)`,
  expected: notStated,
  ...comparison(networks, fallOfErrors, { ...deep, kernel: narrow }, { ...deep, kernel: wide }),
  rule: side('below'),
  comment: `receptive fields: ${fieldsOf(networks, { ...deep, kernel: narrow })} and ${fieldsOf(networks, { ...deep, kernel: wide })}`,
});

/** A claim on every one of some networks: the one whose measure is the largest speaks. */
const worst = (networks: readonly PlannedLattice[], measure: Measure): Finding =>
  ofEvery(
    'greatest',
    bySeeds(networks).map((group) => alone(group, measure)),
    testedSizes.large,
  );

/** Networks of several kernels; none where all have one. */
const ofSeveralKernels = (networks: readonly PlannedLattice[]): readonly PlannedLattice[] =>
  new Set(networks.map(({ job }) => kernelOf(job))).size > 1 ? networks : [];

/** The smallest and the largest training lattice of some networks. */
const sizeEnds = (networks: readonly PlannedLattice[]): readonly [number, number] => {
  const sizes = networks.map(trainedSizeOf);
  return [Math.min(...sizes), Math.max(...sizes)];
};

const trainingClaim = (networks: readonly PlannedLattice[]): Claim => {
  const wide: Wanted = { architecture: 'efnn', layers: 3, kernel: 5 };
  const [smallest, largest] = sizeEnds(meant(networks, wide));
  const isCompared = smallest < largest;
  return {
    id: 'field-training',
    statement: `Networks of wide kernels that are trained on a larger lattice generalize better (${fall}, the largest training lattice over the smallest, 5 x 5, EFNN of 3 layers)`,
    expected: notStated,
    ...comparison(
      isCompared ? networks : [],
      fallOfErrors,
      { ...wide, trainedSize: largest },
      { ...wide, trainedSize: smallest },
    ),
    rule: side('below'),
    comment: isCompared ? ['trained on N = ', largest, ' over N = ', smallest] : 'trained on one size at most',
  };
};

/** Of every network how much less the errors of wide kernels fall; all of them have to be planned with both. */
const everyNetworkClaim = (networks: readonly PlannedLattice[]): Claim => {
  const ofShape = (architecture: Architecture, kernel: number): readonly PlannedLattice[] =>
    meant(networks, { architecture, kernel, layers: 3, trainedSize: testedSizes.small });
  const compared = architectures.map((architecture) => [ofShape(architecture, 5), ofShape(architecture, 3)] as const);
  const areAllPlanned = compared.every((pair) => pair.every((some) => some.length > 0));
  return {
    id: 'field-networks',
    statement: `For each of the four networks wide kernels generalize worse (${fall}, 5 x 5 over 3 x 3, 3 layers, the least of the networks)`,
    expected: notStated,
    ...ofEvery(
      'least',
      areAllPlanned ? compared.map(([wide, narrow]) => ratio(wide, narrow, fallOfErrors)) : [],
      testedSizes.large,
    ),
    rule: side('above'),
  };
};

/** All claims of the section. */
export const receptiveFieldClaims = (networks: readonly PlannedLattice[]): readonly Claim[] => {
  const small = meant(networks, { trainedSize: testedSizes.small });
  const independent = ['1/N is ', independentFall] as const;
  return [
    {
      id: 'field-fits',
      statement: `Where the receptive field fits on the training lattice, errors of sites are independent: the error falls as 1/N or faster (${fall}, the largest of the networks that saw no spin twice)`,
      expected: notStated,
      ...worst(
        small.filter((network) => !sawWrapped(network)),
        fallOfErrors,
      ),
      rule: isIndependent,
      comment: independent,
    },
    kernelClaim(networks, {
      ...{ id: '4c-kernel', narrow: 3, wide: 5 },
      statement:
        'Kernels of 3 x 3 generalize better than those of 5 x 5, which see the training lattice wrapped further',
    }),
    kernelClaim(networks, {
      ...{ id: 'field-kernel-7', narrow: 3, wide: 7 },
      statement: 'Kernels of 3 x 3 generalize better than those of 7 x 7',
    }),
    {
      id: 'field-same',
      statement: `What counts is the receptive field and not the kernel: 17 x 17 by one layer of 5 x 5 and by three of 3 x 3 generalize alike (${fall}, the one over the other, EFNN)`,
      expected: notStated,
      ...comparison(networks, fallOfErrors, { ...deep, layers: 1, kernel: 5 }, { ...deep, kernel: 3 }),
      rule: { tag: 'alike', factor: alikeFactor, leastSeeds: comparedSeeds },
    },
    {
      id: 'field-depth',
      statement: `More layers of the same kernels widen the receptive field as well, and generalize worse (${fall}, 3 layers over 1, 3 x 3, EFNN)`,
      expected: notStated,
      ...comparison(networks, fallOfErrors, { ...deep, kernel: 3 }, { ...deep, layers: 1, kernel: 3 }),
      rule: side('above'),
    },
    {
      id: 'field-offset',
      statement: `Wide kernels add an offset of all energies on larger lattices (RMSE / spread at N = ${testedSizes.large}, 5 x 5 over 3 x 3, EFNN of 3 layers)`,
      expected: notStated,
      ...comparison(networks, raisedByOffset(testedSizes.large), { ...deep, kernel: 5 }, { ...deep, kernel: 3 }),
      rule: side('above'),
      comment: 'RMSE / spread is 1 where there is no offset',
    },
    {
      id: 'field-spread',
      statement: `Apart from the offset errors of sites are independent for every kernel: the spread falls as 1/N or faster (spread at N = ${testedSizes.large} / at N = ${testedSizes.small}, the largest of the EFNNs)`,
      expected: notStated,
      ...worst(ofSeveralKernels(meant(small, { architecture: 'efnn' })), fallOfSpreads),
      rule: isIndependent,
      comment: independent,
    },
    trainingClaim(networks),
    everyNetworkClaim(networks),
  ];
};
