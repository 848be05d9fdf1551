/** Shards: consecutive pieces of a run, as equal as whole samples allow; and what pieces leave out or hold twice. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';

import { dataError, type DataError } from '../file/data-error.ts';

/** Consecutive indices: first, .. first + count - 1. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

/** Piece i of n, 1 <= i <= n: of a data set, or of other work that is divided. */
export interface Shard {
  readonly i: number;
  readonly n: number;
}

/** Piece i of n (1 <= i <= n) of `total` samples, or of other units. Fails where a piece would be empty. */
export const shard = (total: number, i: number, n: number, units = 'samples'): E.Either<DataError, Range> => {
  if (!(i >= 1 && i <= n)) {
    return E.left(dataError(`expected a shard i/n with 1 <= i <= n, got ${i}/${n}: count shards from 1`));
  }
  if (n > total) {
    return E.left(dataError(`expected at most ${total} shards of ${total} ${units}, got ${n}: ask for fewer shards`));
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

/** The index after the last one of a range. */
export const endOf = ({ first, count }: Range): number => first + count;

/** What others leave uncovered of a range, in order. */
export const gaps = (range: Range, covered: readonly Range[]): readonly Range[] => {
  const sorted = covered.toSorted((a, b) => a.first - b.first);
  const ends = reached(range.first, sorted);
  return [...sorted, { first: endOf(range), count: 0 }].flatMap(({ first }, i) => {
    const from = ends[i] ?? range.first;
    const count = Math.min(first, endOf(range)) - from;
    return count > 0 ? [{ first: from, count }] : [];
  });
};

/** Ranges that begin before those in front of them have ended: the indices that occur again. */
export const overlaps = <R extends Range>(ranges: readonly R[]): readonly R[] => {
  const sorted = ranges.toSorted((a, b) => a.first - b.first);
  const ends = reached(-Infinity, sorted);
  return sorted.filter(({ first }, i) => first < (ends[i] ?? -Infinity));
};

/** How far the ranges before each one, and before the end, reach. */
const reached = (from: number, sorted: readonly Range[]): readonly number[] =>
  pipe(
    sorted,
    RA.scanLeft(from, (end, range) => Math.max(end, endOf(range))),
  );
