/** Figs. 4b and 4c in the report: the double exchange model, on the training size and beyond. */
import { sizeOf } from '../dataset/spin-kind.ts';
import type { Prose, Section, Table } from '../report/report.ts';
import { advantageTable } from './advantage-table.ts';
import { fig4bClaims, fig4cClaims, largeClaims } from './double-exchange-claims.ts';
import {
  comparedKernels,
  isOfThePaper,
  ofKernel,
  shapeInWords,
  withOneHead,
  type Findings,
} from './double-exchange-findings.ts';
import {
  generalizationFigure,
  parametersFigure,
  scatterFigure,
  tableOf,
  trainingSizeFigure,
} from './double-exchange-figures.ts';
import type { LatticeJob } from './job.ts';
import { relativeError } from './measure.ts';
import { labelsInWords } from './other-protocol.ts';
import { errorAt, latticeNetworks, resultOf, trainedOf, whatDiverged, type Study } from './outcome.ts';

/**
 * The claims on lattice networks, with tables and charts of those that were trained; `all` that was found has the samples of the authors'
 * sampler.
 */
export const doubleExchangeSections = (study: Study, all: Study = study): readonly Section[] => {
  const planned = latticeNetworks(study);
  const networks = trainedOf(planned);
  const [first] = networks;
  const fitted = resultOf('effective-model')(all);
  const findings: Findings = {
    planned,
    networks,
    head: resultOf('pair-head')(study),
    publishedMean: fitted === null ? null : (errorAt(fitted)?.meanPredictor ?? null),
    sizes: [...new Set(planned[0]?.job.tests.map(({ recipe }) => sizeOf(recipe.sampleShape)))],
  };
  const ofThePaper = { ...findings, planned: planned.filter(isOfThePaper), networks: networks.filter(isOfThePaper) };
  return [
    {
      title: 'Double exchange (Figs. 4b and 4c)',
      ...whatDiverged(planned),
      paragraphs: [
        ...(first === undefined ? [] : [trainingOf(first.job)]),
        'The RKKY head is a two-body interaction, one constant a shell of neighbours, fitted before the network learns the remainder.',
      ],
      claims: [...fig4bClaims(ofThePaper), ...fig4cClaims(ofThePaper), ...largeClaims(findings)],
      tables: first === undefined ? [] : [tableOf(findings), ...advantageTables(findings)],
      figures:
        first === undefined
          ? []
          : [
              trainingSizeFigure(ofThePaper),
              ...generalizationFigure(ofThePaper),
              ...parametersFigure(findings),
              scatterFigure(ofThePaper),
            ],
    },
  ];
};

/** The EFNN beside its rivals on the training size, shape by shape, for each kernel that all four networks have. */
const advantageTables = ({ planned, sizes: [size] }: Findings): readonly Table[] =>
  comparedKernels
    .map(({ kernel, suffix }) =>
      advantageTable(
        { id: `advantage-4b${suffix}`, width: 'C', which: `N = ${size ?? ''}, ${shapeInWords(kernel, planned)}` },
        withOneHead(planned).filter(ofKernel(kernel)),
        relativeError(size),
      ),
    )
    .filter(({ rows }) => rows.length > 0);

/** On what the networks were trained, and how long. */
const trainingOf = ({ plan, train }: LatticeJob): Prose => [
  'Monte Carlo energies of the double exchange model at t = 1, J = 16, mu = -8.3, T = 0.1, spins drawn by the sampler ',
  `${train.recipe.sampler}. Trained on `,
  train.range.count,
  ` configurations of N = ${sizeOf(train.recipe.sampleShape)}`,
  `, ${labelsInWords(plan)}, for `,
  plan.epochs,
  ' epochs. The paper trains on energies of at least 160,000 configurations for 1,000 epochs.',
];
