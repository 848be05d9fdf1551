/** Fig. 1 in the report: exact reductions. */
import type { Section } from '../report/report.ts';
import { resultOf, type Study } from './outcome.ts';

/** How many cases are behind a claim. */
const sampleOf = (cases: number | undefined): string => (cases === undefined ? 'none' : `${cases} configurations`);

/** The claims that an EFNN equals the models of Fig. 1, with the number of cases compared. */
export const exactSection = (study: Study): readonly Section[] => {
  const found = resultOf('exact-reduction')(study);
  return [
    {
      title: 'Exact reductions (Fig. 1, Eq. 1)',
      paragraphs: [
        'Energies by EFNN and by formula, compared as exact rational numbers on random configurations: there is no ' +
          'tolerance. A linear EFNN of two layers and width 91 is the three-spin model on 15 sites; linear networks of the other kinds stay of degree 1 at any depth.',
      ],
      claims: [
        {
          id: 'ising-exact',
          statement: 'The one-layer EFNN of Fig. 1 evaluates the 2D Ising energy exactly (configurations that differ)',
          expected: 0,
          obtained: found?.isingMismatches ?? null,
          sample: sampleOf(found?.isingCases),
          rule: { tag: 'equals', value: 0, tolerance: 0 },
          comment: 'random couplings and configurations on lattices of 3 x 3 to 6 x 6',
        },
        {
          id: 'three-spin-exact',
          statement:
            'A two-layer linear EFNN of width 91 is the three-spin energy (1) exactly (configurations that differ)',
          expected: 'not stated in the paper',
          obtained: found?.threeSpinMismatches ?? null,
          sample: sampleOf(found?.threeSpinCases),
          rule: { tag: 'equals', value: 0, tolerance: 0 },
          comment: 'random coupling sets and configurations',
        },
      ],
      tables: [],
      figures: [],
    },
  ];
};
