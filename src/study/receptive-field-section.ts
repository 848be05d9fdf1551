/** Generalization against the receptive field, in the report: why a network is right or wrong on larger lattices. */
import type { Section } from '../report/report.ts';
import { hasHead } from './job.ts';
import { kernelGuide, kernelTable } from './kernel-guide.ts';
import { latticeNetworks, trainedOf, whatDiverged, type Study } from './outcome.ts';
import { receptiveFieldClaims } from './receptive-field-claims.ts';
import { receptiveFieldFigures, receptiveFieldTable } from './receptive-field-figures.ts';
import { testedSizes } from './receptive-field.ts';

const title = 'Receptive field and larger lattices';

/** The section of the networks that learned beside a pair head: claims alone where none did. */
export const receptiveFieldSection = (study: Study): readonly Section[] => {
  const planned = latticeNetworks(study).filter(({ job }) => hasHead(job.network));
  const networks = trainedOf(planned);
  const [first] = networks;
  if (first === undefined) {
    return [
      {
        title,
        ...whatDiverged(planned),
        paragraphs: [],
        claims: receptiveFieldClaims(planned),
        tables: [],
        figures: [],
      },
    ];
  }
  const { plan, train } = first.job;
  return [
    {
      title,
      ...whatDiverged(planned),
      paragraphs: [
        [
          'A network sees a window of sites around each site: (2n + 2)(k - 1) + 1 each way for n layers of k x k kernels, (4n + 2)(k - 1) + 1 for the DNN, whose ' +
            'maps follow one another. On a smaller torus it sees some spins twice, by both ways around, and learns from images that ' +
            'are not there on larger lattices. Trained on ',
          train.range.count,
          ' configurations with forces for ',
          plan.epochs,
          ' epochs.',
        ],
        `Where errors of sites are independent, the error of their sum grows as N and the energy as N^2: the relative error falls as 1/N, from N = ${testedSizes.small} to N = ${testedSizes.large} to a quarter. An offset, the same for all configurations, does not fall.`,
      ],
      guide: kernelGuide(planned),
      claims: receptiveFieldClaims(planned),
      tables: [receptiveFieldTable(networks), kernelTable(planned)],
      figures: receptiveFieldFigures(networks),
    },
  ];
};
