/** The sizes of labels that can be learned and compared: beyond them squares, which errors are made of, leave float64. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';

import { dataError, type DataError } from '../file/data-error.ts';
import type { Reals } from '../number/reals.ts';
import type { LabelledData } from './data-set.ts';

/**
 * A square of the largest, of which 10^9 are added for lattices of several sizes, is finite; and deviations of 10^-13 of the
 * smallest, which are those of rounding, have a square that is not 0.
 */
const sizes = { least: 1e-140, most: 1e140 };

const largestOf = (values: Reals): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/**
 * The same data, if the largest energy is of a size from 1e-140 to 1e140, or all are 0, and no force is larger. Fails for others:
 * they are to be written in other units.
 */
export const withModerateLabels = <Data extends Pick<LabelledData, 'energies' | 'forces'>>(
  data: Data,
): Either<DataError, Data> => {
  const energy = largestOf(data.energies);
  const force = O.isSome(data.forces) ? largestOf(data.forces.value) : 0;
  if (energy > sizes.most || (energy > 0 && energy < sizes.least)) {
    return refused(`energies of which the largest is of a size from ${sizes.least} to ${sizes.most}`, energy);
  }
  return force > sizes.most ? refused(`forces of a size of at most ${sizes.most}`, force) : E.right(data);
};

const refused = (expected: string, got: number): Either<DataError, never> =>
  E.left(
    dataError(`expected ${expected}, got ${got}: write energies and forces in units in which they are of order 1`),
  );
