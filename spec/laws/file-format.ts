/** Laws of file formats: what is written is read back; what is damaged is refused, and never crashes the reader. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';

import type { Tensor } from '../../src/file/tensor.ts';
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

/** A header, the data behind it, and what numpy reads; null where it refuses, or reads what no reader here is for. */
export interface NumpyHeader {
  readonly header: string;
  readonly version: number;
  /** Hexadecimal digits. */
  readonly data: string;
  readonly read:
    | { readonly shape: readonly number[]; readonly values: readonly number[]; readonly text?: undefined }
    | { readonly text: string; readonly shape?: undefined; readonly values?: undefined }
    | null;
}

interface NpyReader {
  readonly array: (bytes: Uint8Array) => E.Either<{ readonly message: string }, Tensor>;
  readonly text: (bytes: Uint8Array) => E.Either<{ readonly message: string }, string>;
}

const npyFile = ({ header, version, data }: NumpyHeader): Uint8Array => {
  const text = new Uint8Array(Buffer.from(header, version === 3 ? 'utf8' : 'latin1'));
  const length = Array.from({ length: version === 1 ? 2 : 4 }, (_, i) => (text.length >> (8 * i)) & 0xff);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from('\u0093NUMPY', 'latin1'),
      Uint8Array.of(version, 0, ...length),
      text,
      Buffer.from(data, 'hex'),
    ]),
  );
};

export const headersAreNumpys = (headers: readonly NumpyHeader[]): Law<NpyReader, readonly NumpyHeader[]> => ({
  statement: `${headers.length} headers of .npy files are read as numpy reads them, and refused where it refuses them`,
  cases: fc.constant(headers),
  holds: (reader) => (all) =>
    all.every((file) => {
      const [array, text] = [reader.array(npyFile(file)), reader.text(npyFile(file))];
      if (file.read === null) {
        return explained(array) && explained(text);
      }
      return file.read.text === undefined
        ? E.isRight(array) && same([array.right.shape, [...array.right.values]], [file.read.shape, file.read.values])
        : E.isRight(text) && text.right === file.read.text;
    }),
  runs: 1,
});
