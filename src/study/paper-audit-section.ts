/** The audit of the paper in the report: what its data and code imply, beside what its text lets one expect. */
import type { Section } from '../report/report.ts';
import type { Outcomes } from './outcome.ts';
import { paperAudit } from './paper-audit.ts';

/** The section, in every report of jobs that are compared with the paper; none where there are none. */
export const paperAuditSection = (outcomes: Outcomes): readonly Section[] => {
  if (outcomes.length === 0) {
    return [];
  }
  const { offCurve, spins, repeated, sharedSeeds, samplesPerParameter, timeAgainstSize } = paperAudit();
  return [
    {
      title: 'Audit of the published data and code',
      paragraphs: [
        "Recomputed from the authors' generators and tables. The claims here are ours: what a reader of their figures should know.",
      ],
      claims: [
        {
          id: 'audit-one-curve',
          statement:
            'Every published spin lies on one curve of the sphere, phi = 2 theta: the generator is seeded again before phi (largest distance)',
          expected: 'random directions',
          obtained: offCurve,
          sample: `${spins} spins`,
          // Components are products of sines and cosines near 1: a few roundings.
          rule: { tag: 'below', bound: 1e-12 },
        },
        {
          id: 'audit-repeated',
          statement: 'About 39 % of the 4,000 binary test samples also occur among the training samples (fraction)',
          expected: 'new samples',
          obtained: repeated,
          sample: '4000 samples',
          rule: { tag: 'equals', value: 0.39, tolerance: 0.005 },
          comment: 'there are only 32,768 configurations; the tables here give the error on the others too',
        },
        {
          id: 'audit-seeds',
          statement:
            'At N = 10 the test seeds 100 .. 40,099 lie inside the training seeds 100 .. 160,099: Fig. 4c shows a training error there (fraction)',
          expected: 'new samples',
          obtained: sharedSeeds,
          sample: 'all seeds of the committed generators; the files are not public',
          rule: { tag: 'equals', value: 1, tolerance: 0 },
        },
        {
          id: 'audit-effective-model',
          statement:
            'Eq. (3) was fitted to fewer samples than it has parameters (160,000 or 16,000 for 213,201; the larger over them)',
          expected: 'not stated in the paper',
          obtained: samplesPerParameter,
          sample: "the authors' scripts",
          rule: { tag: 'below', bound: 1 },
        },
        {
          id: 'audit-times',
          statement:
            'The published times of the EFNN are of single calls without a warm-up: N = 20 takes longer than N = 40 with four times the sites (ratio)',
          expected: 'growing with N',
          obtained: timeAgainstSize,
          sample: 'means of 17 calls, their table',
          rule: { tag: 'above', bound: 1 },
          comment: 'diagonalization was timed with eigenvectors (eigh), which energies do not need',
        },
      ],
      tables: [],
      figures: [],
    },
  ];
};
