/** Laws of file formats: what is written is read back; what is damaged is refused, and never crashes the reader. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';

import type { Law } from '../law.ts';

/** A way to write values as bytes and to read them back. */
export interface Format<A> {
  readonly write: (value: A) => Uint8Array;
  readonly read: (bytes: Uint8Array) => E.Either<{ readonly message: string }, A>;
}

/** Equality of plain data and numbers, with -0 apart from 0. */
const same = (a: unknown, b: unknown): boolean => {
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    const [entries, others] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))];
    return (
      entries.length === others.size && entries.every(([key, value]) => others.has(key) && same(value, others.get(key)))
    );
  }
  return Object.is(a, b);
};

const explained = (result: E.Either<{ readonly message: string }, unknown>): boolean =>
  E.isLeft(result) && result.left.message.length > 20 && !result.left.message.includes('\n');

export const readsWhatItWrote = <A>(name: string, values: fc.Arbitrary<A>): Law<Format<A>, A> => ({
  statement: `${name}: what is written is read back, to the last bit`,
  cases: values,
  holds:
    ({ write, read }) =>
    (value) => {
      const result = read(write(value));
      return E.isRight(result) && same(result.right, value);
    },
});

export const refusesTruncatedFiles = <A>(name: string, values: fc.Arbitrary<A>): Law<Format<A>, A> => ({
  statement: `${name}: a file that ends too early, wherever, is refused with a reason`,
  cases: values,
  holds:
    ({ write, read }) =>
    (value) => {
      const bytes = write(value);
      return Array.from(bytes, (_, end) => bytes.slice(0, end)).every((part) => explained(read(part)));
    },
  runs: 12,
});

/** A value, and where to flip which bits of its file: at a fraction of the length, so near the start is likely. */
interface Damage<A> {
  readonly value: A;
  readonly place: number;
  readonly bits: number;
}

const damages = <A>(values: fc.Arbitrary<A>): fc.Arbitrary<Damage<A>> =>
  fc.record({
    value: values,
    place: fc.oneof(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 5000 })),
    bits: fc.integer({ min: 1, max: 255 }),
  });

const damaged = (bytes: Uint8Array, place: number, bits: number): Uint8Array =>
  bytes.map((byte, i) => (i === place % bytes.length ? byte ^ bits : byte));

export const survivesDamage = <A>(name: string, values: fc.Arbitrary<A>): Law<Format<A>, Damage<A>> => ({
  statement: `${name}: a file with a wrong byte is read or refused with a reason, and the reader never throws`,
  cases: damages(values),
  holds:
    ({ write, read }) =>
    ({ value, place, bits }) => {
      const attempt = E.tryCatch(
        () => read(damaged(write(value), place, bits)),
        () => 'thrown',
      );
      return E.isRight(attempt) && (E.isRight(attempt.right) || explained(attempt.right));
    },
  runs: 500,
});

export const noticesDamage = <A>(name: string, values: fc.Arbitrary<A>): Law<Format<A>, Damage<A>> => ({
  statement: `${name}: a file with a wrong byte is refused, or still holds the same data`,
  cases: damages(values),
  holds:
    ({ write, read }) =>
    ({ value, place, bits }) => {
      const result = read(damaged(write(value), place, bits));
      return E.isLeft(result) || same(result.right, value);
    },
  runs: 500,
});
