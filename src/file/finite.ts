/** The rule at the edge of every file: numbers are finite, going in and coming out. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { Reals } from '../number/reals.ts';
import { dataError, type DataError } from './data-error.ts';

/** The numbers themselves, if all are finite. Fails with the first that is not, and calls them by `what`. */
export const finite =
  (what: string) =>
  (values: Reals): Either<DataError, Reals> => {
    const at = values.findIndex((x) => !Number.isFinite(x));
    return at === -1
      ? E.right(values)
      : E.left(dataError(`expected finite ${what}, got ${values[at]} at entry ${at}: remove or recompute it`));
  };
