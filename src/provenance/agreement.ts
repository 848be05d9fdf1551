/**
 * Whether two computations of a sample agree: the same spins, and labels within what two exact methods may differ by.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import { sampleCount, type DataSet } from '../dataset/data-set.ts';
import { rowsPerConfiguration } from '../dataset/images.ts';
import type { Recipe } from '../dataset/recipe.ts';
import type { Sample, Source } from '../dataset/source.ts';
import { siteCountOf } from '../dataset/spin-kind.ts';
import { defaultTolerance } from '../exact/pole-expansion.ts';
import { dataError, type DataError } from '../file/data-error.ts';
import { countOf } from '../file/tensor.ts';
import type { Reals } from '../number/reals.ts';

/**
 * How far apart a site the energy of a data set and that of diagonalization may be: what its method promises, and what
 * rounding adds: 2 levels a site of order 10, each within some 100 units in the last place.
 */
export const labelTolerance = ({ method, parameters }: Pick<Recipe, 'method' | 'parameters'>): number =>
  (method === 'poles' ? (parameters['tolerance'] ?? defaultTolerance) : 0) + 1e-11;

/** A force is a derivative of the energy: for poles its error was 6 times that of the energy a site at most. */
const forceFactor = 100;

/** Energies of great couplings are great, and so is their rounding. */
const relativeTolerance = 1e-12;

/** Sines and cosines may differ by their last bits between engines; other samplers do not differ at all. */
const spinTolerance = 1e-12;

/** Sample `row` of a data set, counted from 0. */
export const rowOf =
  ({ sampleShape, spins, energies, forces, couplings }: DataSet) =>
  (row: number): Sample => {
    const size = countOf(sampleShape);
    const part = (values: Reals): Reals => values.slice(row * size, (row + 1) * size);
    return { spins: part(spins), energy: energies[row] ?? NaN, forces: O.map(part)(forces), couplings };
  };

/** How far two samples are apart where they disagree, in words; the tolerance is that of the energy a site. */
export const disagreement =
  (tolerance: number, sampleShape: readonly number[]) =>
  (expected: Sample, got: Sample): O.Option<string> => {
    const sites = siteCountOf(sampleShape);
    const spins = distance(expected.spins, got.spins);
    const energy = Math.abs(expected.energy - got.energy);
    const forces = distance(O.toUndefined(expected.forces) ?? [], O.toUndefined(got.forces) ?? []);
    if (!(spins <= spinTolerance)) {
      return O.some(`other spins than its seed and index give, ${spins.toPrecision(2)} apart`);
    }
    if (O.isSome(got.couplings) && !(distance(O.toUndefined(expected.couplings) ?? [], got.couplings.value) === 0)) {
      return O.some('other couplings than its seed gives');
    }
    const rounding = relativeTolerance * Math.abs(expected.energy);
    if (!(energy <= tolerance * sites + rounding)) {
      return O.some(
        `energy ${got.energy}, exact ${expected.energy}: ${energy.toPrecision(2)} apart, ` +
          `beyond ${tolerance} for each of ${sites} sites`,
      );
    }
    return forces <= forceFactor * tolerance + rounding
      ? O.none
      : O.some(`forces ${forces.toPrecision(2)} from the exact ones, beyond ${forceFactor * tolerance}`);
  };

/** The greatest difference of two entries; infinite where one list is longer. */
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length
    ? Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? NaN))), 0)
    : Infinity;

/** Which configurations of a run are compared: `from`, `from + every`, .. */
export interface Checks {
  readonly from: number;
  readonly every: number;
  /** For each site. */
  readonly tolerance: number;
}

/** The data set itself, if every configuration that is to be checked agrees with the reference. */
export const crossChecked =
  (reference: Source, { from, every, tolerance }: Checks) =>
  (data: DataSet): Either<DataError, DataSet> => {
    const perConfiguration = rowsPerConfiguration(data.meta);
    const first = data.meta.firstIndex / perConfiguration;
    const chosen = Array.from({ length: sampleCount(data) / perConfiguration }, (_, i) => first + i).filter(
      (index) => (index - from) % every === 0,
    );
    return pipe(
      chosen,
      E.traverseArray((index) =>
        pipe(
          reference.sample(index),
          E.chain((expected) =>
            pipe(
              disagreement(tolerance, data.sampleShape)(expected, rowOf(data)((index - first) * perConfiguration)),
              O.match(
                () => E.right(undefined),
                (difference) => E.left(mismatch(data, reference, index, difference)),
              ),
            ),
          ),
        ),
      ),
      E.map(() => data),
    );
  };

const mismatch = (data: DataSet, reference: Source, index: number, difference: string): DataError =>
  dataError(
    `expected ${data.meta.method} to agree with ${reference.recipe.method}, sample ${index} has ${difference}: ` +
      `report these options, and use --method ${reference.recipe.method}`,
  );
