/**
 * Recipes: how the samples of a data set are made, each from its index alone. Whoever makes them, in whatever pieces
 * and order, makes the same data set.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import { dataError, type DataError } from '../file/data-error.ts';
import { joinedReals } from '../file/joined.kernel.ts';
import type { Reals } from '../number/reals.ts';
import type { DataSet } from './data-set.ts';
import type { Meta } from './meta.ts';

export interface Sample {
  readonly spins: Reals;
  /** The total energy. */
  readonly energy: number;
  /** dE/ds. */
  readonly forces: O.Option<Reals>;
}

export interface Recipe {
  readonly meta: Omit<Meta, 'firstIndex'>;
  readonly sampleShape: readonly number[];
  /** Samples 0 .. available - 1 exist. */
  readonly available: number;
  readonly sample: (index: number) => E.Either<DataError, Sample>;
}

/** The data set of samples first .. first + count - 1. */
export const generate =
  (recipe: Recipe) =>
  (first: number, count: number): E.Either<DataError, DataSet> =>
    pipe(
      indices(recipe.available, first, count),
      E.chain(E.traverseArray(recipe.sample)),
      E.map((samples) => ({
        meta: { ...recipe.meta, firstIndex: first },
        sampleShape: recipe.sampleShape,
        spins: joinedReals(samples.map(({ spins }) => spins)),
        energies: Float64Array.from(samples, ({ energy }) => energy),
        forces: pipe(
          samples.map(({ forces }) => forces),
          O.sequenceArray,
          O.map(joinedReals),
        ),
      })),
    );

const indices = (available: number, first: number, count: number): E.Either<DataError, readonly number[]> =>
  Number.isSafeInteger(first) && Number.isSafeInteger(count) && first >= 0 && count >= 1 && first + count <= available
    ? E.right(Array.from({ length: count }, (_, i) => first + i))
    : E.left(
        dataError(
          `expected at least 1 sample, of indices 0 to ${available - 1}, came ${count} from index ${first}: ` +
            'ask for others',
        ),
      );
