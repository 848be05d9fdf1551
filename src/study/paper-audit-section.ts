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
        "What a reader of the authors' figures should know. These findings are ours, and no claims of the paper: they are in no count of verdicts.",
      ],
      claims: [],
      tables: [
        {
          id: 'audit',
          caption:
            'Recomputed: from the numbers of their generators. From their scripts, their table: arithmetic on numbers published there.',
          columns: [
            { label: 'finding' },
            { label: 'what the text lets one expect' },
            { label: 'found' },
            { label: 'of' },
            { label: 'how' },
          ],
          rows: [
            [
              'Every published spin lies on one curve of the sphere, phi = 2 theta: the generator is seeded again before phi (largest distance)',
              'random directions',
              offCurve,
              `${spins} spins`,
              'recomputed',
            ],
            [
              'Binary test samples that also occur among the training samples (fraction); the tables here give the error on the others too',
              'new samples',
              repeated,
              '4000 samples, of 32,768 configurations',
              'recomputed',
            ],
            [
              'At N = 10 the test seeds 100 .. 40,099 lie inside the training seeds 100 .. 160,099 by their scripts: the point of Fig. 4c there would be of samples that were trained on (fraction)',
              'new samples',
              sharedSeeds,
              'all seeds; the files are not public',
              'from their scripts',
            ],
            [
              'Eq. (3) was fitted to fewer samples than it has parameters (160,000 or 16,000 for 213,201; the larger over them)',
              'not stated in the paper',
              samplesPerParameter,
              'both files',
              'from their scripts',
            ],
            [
              'The published times of the EFNN are of single calls without a warm-up: N = 20 takes longer than N = 40 with four times the sites (ratio). Diagonalization was timed with eigenvectors, which energies do not need',
              'growing with N',
              timeAgainstSize,
              'means of 17 calls',
              'from their table',
            ],
          ],
        },
      ],
      figures: [],
    },
  ];
};
