/**
 * Whether two computations of a sample agree: the same spins, and labels within what two exact methods may differ by.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import type { Reals } from '../number/reals.ts';
import { dataError, type DataError } from './data-error.ts';
import { sampleCount, type DataSet } from './data-set.ts';
import type { Recipe, Sample } from './generate.ts';
import { rowsPerConfiguration } from './images.ts';
import { countOf } from './tensor.ts';

/** Exact energies agree within this much a site; the poles are chosen to keep it, diagonalization is far better. */
export const labelTolerance = 1e-9;

/** Sines and cosines may differ by their last bits between engines; other samplers do not differ at all. */
const spinTolerance = 1e-12;

/** Sample `row` of a data set, counted from 0. */
export const rowOf =
  ({ sampleShape, spins, energies, forces }: DataSet) =>
  (row: number): Sample => {
    const size = countOf(sampleShape);
    const part = (values: Reals): Reals => values.slice(row * size, (row + 1) * size);
    return { spins: part(spins), energy: energies[row] ?? NaN, forces: O.map(part)(forces) };
  };

/** How far two samples are apart where they disagree, in words. Forces are held to the tolerance of the energy. */
export const disagreement =
  (tolerance: number, sampleShape: readonly number[]) =>
  (expected: Sample, came: Sample): O.Option<string> => {
    const sites = sampleShape.length === 1 ? countOf(sampleShape) : countOf(sampleShape.slice(1));
    const spins = distance(expected.spins, came.spins);
    const energy = Math.abs(expected.energy - came.energy);
    const forces = distance(O.toUndefined(expected.forces) ?? [], O.toUndefined(came.forces) ?? []);
    if (!(spins <= spinTolerance)) {
      return O.some(`other spins than its seed and index give, ${spins.toPrecision(2)} apart`);
    }
    if (!(energy <= tolerance * sites)) {
      return O.some(
        `energy ${came.energy}, exact ${expected.energy}: ${energy.toPrecision(2)} apart, ` +
          `beyond ${tolerance} for each of ${sites} sites`,
      );
    }
    return forces <= tolerance * sites
      ? O.none
      : O.some(`forces ${forces.toPrecision(2)} from the exact ones, beyond ${tolerance} for each of ${sites} sites`);
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
  (reference: Recipe, { from, every, tolerance }: Checks) =>
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

const mismatch = (data: DataSet, reference: Recipe, index: number, difference: string): DataError =>
  dataError(
    `expected ${data.meta.method} to agree with ${reference.meta.method}, sample ${index} has ${difference}: ` +
      `report these options, and use --method ${reference.meta.method}`,
  );
