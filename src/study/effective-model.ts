/**
 * The job behind the first bar of Fig. 4b: Eq. (3) fitted to exact energies, as published and with the lattice's symmetries,
 * beside the pair head on the very same samples. Four fifths of the labels are fitted, the others choose the ridge.
 *
 * @eq 3
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { effectiveDesign } from '../hamiltonian/effective-design.ts';
import { tiles, type EffectiveModelError } from '../hamiltonian/effective-model.ts';
import { symmetricDesign } from '../hamiltonian/symmetric-effective-model.ts';
import type { SpinConfiguration } from '../lattice/spins.ts';
import { heldOutFit, predictedBy, type Design } from '../linear/ridge.ts';
import type { LabelledSamples } from '../training/batch.ts';
import { fitPairs, pairEnergies } from '../training/pair-fit.ts';
import type { EffectiveModelJob } from './job.ts';
import type { StudySamples } from './network-job.ts';
import type { ResultOf } from './result.ts';
import { testError } from './test-error.ts';

/** The width of the tiles in the paper, of the windows, and of the head's kernel: what a term can reach is the same for all. */
const width = 5;

/** The residual that ends a fit lies far below what held-out samples can tell apart. */
const patience = { tolerance: 1e-3, most: 100 };

/** Of the labels, the paper trains on as many. */
const fittedShare = 0.8;

const between = (samples: LabelledSamples, from: number, to: number): LabelledSamples => {
  const length = samples.spins.length / samples.count;
  return {
    count: to - from,
    latticeSize: samples.latticeSize,
    spins: samples.spins.slice(from * length, to * length),
    energies: samples.energies.slice(from, to),
    forces: null,
  };
};

const configurations = ({ count, latticeSize, spins }: LabelledSamples): readonly SpinConfiguration[] => {
  const length = 3 * latticeSize * latticeSize;
  return Array.from({ length: count }, (_, sample) => ({
    size: latticeSize,
    components: spins.slice(sample * length, (sample + 1) * length),
  }));
};

const designs = {
  tiles: (size: number) => pipe(tiles(width)({ size }), E.map(effectiveDesign)),
  symmetric: (size: number) => E.right(symmetricDesign(width, { size })),
} satisfies Readonly<
  Record<
    Exclude<EffectiveModelJob['form'], 'pairs'>,
    (size: number) => Either<EffectiveModelError, (spins: readonly SpinConfiguration[]) => Design>
  >
>;

/** The fitted model and its errors on the tests, which are of the training size. */
export const effectiveModelResult = (
  { form, labels }: EffectiveModelJob,
  { train, tests }: StudySamples,
): Either<EffectiveModelError, ResultOf<'effective-model'>> => {
  const cut = Math.round(fittedShare * labels);
  const fitted = between(train, 0, cut);
  const common = { tag: 'effective-model', form, labels, fitted: cut } as const;
  if (form === 'pairs') {
    const fit = fitPairs(width)([fitted]);
    return E.right({
      ...{ ...common, parameters: fit.couplings.length + 1, ridge: null },
      errors: tests.map((test) => testError(test.latticeSize, 'all', test.energies, pairEnergies(width, fit)(test))),
    });
  }
  const heldOut = between(train, cut, labels);
  return pipe(
    designs[form](train.latticeSize),
    E.map((design) => {
      const samplesOf = (samples: LabelledSamples) => ({
        design: design(configurations(samples)),
        values: samples.energies,
      });
      const known = samplesOf(fitted);
      const fit = heldOutFit(patience)(known, samplesOf(heldOut));
      return {
        // The constant is a column of the one design, and beside the other.
        ...{ ...common, parameters: known.design.columns + (form === 'tiles' ? 0 : 1), ridge: fit.ridge },
        errors: tests.map((test) =>
          testError(test.latticeSize, 'all', test.energies, predictedBy(fit)(samplesOf(test).design)),
        ),
      };
    }),
  );
};
