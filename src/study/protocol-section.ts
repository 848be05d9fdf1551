/** The published protocol beside ours, in the report: where the preset trains networks by both. */
import type { Section } from '../report/report.ts';
import { trainedOf, whatDiverged, type Study } from './outcome.ts';
import { protocolClaims } from './protocol-claims.ts';
import { protocolErrors, protocolFigure, protocolTable } from './protocol-figures.ts';
import { protocolsOf } from './protocol-findings.ts';

/** The section of networks of both protocols; none where none is to be trained by the published one. */
export const protocolSections = (study: Study): readonly Section[] => {
  const protocols = protocolsOf(study);
  return protocols.published.length === 0
    ? []
    : [
        {
          title: 'The published protocol beside ours',
          ...whatDiverged(study.filter(({ job }) => protocols.published.some((network) => network.job === job))),
          paragraphs: [
            'The published protocol in full, 160,000 labels, 1,000 epochs in batches of 1,000, is the preset paper, and none of these networks was trained by it. ' +
              'Here it is in small: data, loss, shape of the schedule, weight decay and kernels are the published ones, and there is no head, as published; it has as many configurations and steps as ours, whose labels are energies and forces. ' +
              'All networks have the published rates, which were chosen for none of them; with ours each has its own (results/rates.json).',
            'Relative errors are RMSE / |mean energy| of the tests. The published sampler spreads energies more than ours, as the mean predictors show: protocols are compared by RMSE / standard deviation.',
          ],
          claims: protocolClaims(protocols),
          tables: [
            protocolTable(protocols),
            ...(trainedOf([...protocols.published, ...protocols.ours]).length === 0 ? [] : [protocolErrors(protocols)]),
          ],
          figures: protocolFigure(protocols),
        },
      ];
};
