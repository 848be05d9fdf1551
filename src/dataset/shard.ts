/** Shards: consecutive pieces of a run, as equal as whole samples allow. */
import * as E from 'fp-ts/lib/Either.js';

import { dataError, type DataError } from './data-error.ts';

export interface Range {
  readonly first: number;
  readonly count: number;
}

/** Piece i of n (1 <= i <= n) of `total` samples. Fails where a piece would be empty. */
export const shard = (total: number, i: number, n: number): E.Either<DataError, Range> => {
  if (!(i >= 1 && i <= n)) {
    return E.left(dataError(`expected a shard i/n with 1 <= i <= n, came ${i}/${n}: count shards from 1`));
  }
  if (n > total) {
    return E.left(dataError(`expected at most ${total} shards of ${total} samples, came ${n}: ask for fewer shards`));
  }
  const first = start(total, i - 1, n);
  return E.right({ first, count: start(total, i, n) - first });
};

/** floor(total i / n), from the quotient first, so that the product stays exact for any number of samples. */
const start = (total: number, i: number, n: number): number =>
  Math.floor(total / n) * i + Math.floor(((total % n) * i) / n);

/** A range in consecutive pieces of at most `most` samples. */
export const pieces = ({ first, count }: Range, most: number): readonly Range[] =>
  Array.from({ length: Math.ceil(count / most) }, (_, i) => ({
    first: first + i * most,
    count: Math.min(most, count - i * most),
  }));
