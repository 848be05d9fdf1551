/** The rule at the edge of every file, going out: a tensor has as many numbers as its shape says, finite in its dtype. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { Reals } from '../number/reals.ts';
import { dataError, type DataError } from './data-error.ts';
import { finite } from './finite.ts';
import { countOf, showShape, type Tensor } from './tensor.ts';

/** How many entries a shape has, but for its zeros: beyond 2^53 no product is exact, and none fits into a file. */
export const entriesBesideZeros = (shape: readonly number[]): number => countOf(shape.filter((extent) => extent > 0));

/**
 * The numbers of a tensor as its dtype holds them. Fails where an extent is no whole number, where there are more or fewer
 * numbers than the shape has entries, and for numbers that are not finite; `what` names them.
 *
 * @example
 * E.isLeft(storable('numbers')({ dtype: 'float64', shape: [2], values: Float64Array.of(1) })) // true
 */
export const storable =
  (what: string) =>
  ({ dtype, shape, values }: Tensor): Either<DataError, Reals> => {
    if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
      return E.left(
        dataError(`expected ${what} of a shape in whole numbers, got shape ${showShape(shape)}: correct the shape`),
      );
    }
    if (entriesBesideZeros(shape) > Number.MAX_SAFE_INTEGER || values.length !== countOf(shape)) {
      return E.left(
        dataError(
          `expected ${what} for each entry of shape ${showShape(shape)}, got ${values.length}: ` +
            'correct the shape, or give one number an entry',
        ),
      );
    }
    return pipe(dtype === 'float32' ? Float64Array.from(values, Math.fround) : values, finite(what));
  };
