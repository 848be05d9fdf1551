/** Fig. 1 in the report: exact reductions. */
import type { Section } from '../report/report.ts';
import { resultOf, type Outcomes } from './outcome.ts';

/**
 * The claims that an EFNN equals the models of Fig. 1, with the number of cases compared; no section where none were.
 */
export const exactSection = (outcomes: Outcomes): readonly Section[] => {
  const found = resultOf('exact-reduction')(outcomes);
  if (found === null) {
    return [];
  }
  return [
    {
      title: 'Exact reductions (Fig. 1, Eq. 1)',
      paragraphs: [
        [
          'Energies by EFNN and by formula, compared as exact rational numbers on random configurations: there is no ' +
            'tolerance. A linear EFNN of two layers and width ',
          found.threeSpinWidth,
          ' is the three-spin model on 15 sites; linear networks of the other kinds stay of degree 1 at any depth.',
        ],
      ],
      claims: [
        {
          id: 'ising-exact',
          statement: 'The one-layer EFNN of Fig. 1 evaluates the 2D Ising energy exactly (configurations that differ)',
          expected: 0,
          obtained: found.isingMismatches,
          sample: `${found.isingCases} configurations`,
          rule: { tag: 'equals', value: 0, tolerance: 0 },
          comment: [found.isingCases, ' random couplings and configurations on lattices of 3 x 3 to 6 x 6'],
        },
        {
          id: 'three-spin-exact',
          statement:
            'A two-layer linear EFNN of width 91 is the three-spin energy (1) exactly (configurations that differ)',
          expected: 'not stated in the paper',
          obtained: found.threeSpinMismatches,
          sample: `${found.threeSpinCases} configurations`,
          rule: { tag: 'equals', value: 0, tolerance: 0 },
          comment: [found.threeSpinCases, ' random coupling sets and configurations'],
        },
      ],
      tables: [],
      figures: [],
    },
  ];
};
