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

/** A way to write values that may be none, and to read what was written. */
export interface Writer<A> {
  readonly write: (value: A) => E.Either<{ readonly message: string }, Uint8Array>;
  readonly read: Format<A>['read'];
}

/** A message says what was expected, what was got, and what to do. */
const threeParts = /expected .+, got .+[:;] .+/;

export const writesWhatIsRead = <A>(name: string, values: fc.Arbitrary<A>, least: number): Law<Writer<A>, A> => ({
  statement:
    `${name}: of values that may be none, what is written is read back, and what no reader would take is refused with what was ` +
    'expected, what was got, and what to do',
  cases: values,
  holds:
    ({ write, read }) =>
    (value) => {
      const written = write(value);
      if (E.isLeft(written)) {
        return explained(written) && threeParts.test(written.left.message);
      }
      const found = read(written.right);
      return E.isRight(found) && same(found.right, value);
    },
  acceptance: { isAccepted: (format) => (value) => E.isRight(format.write(value)), least },
  runs: 300,
});

/** What is said of damaged files says little of a reader that refuses whole ones. */
const readsWhole = <A>({ write, read }: Format<A>, value: A): boolean => E.isRight(read(write(value)));

export const refusesTruncatedFiles = <A>(name: string, values: fc.Arbitrary<A>): Law<Format<A>, A> => ({
  statement: `${name}: a whole file is read, and one that ends too early, wherever, is refused with a reason`,
  cases: values,
  holds: (format) => (value) => {
    const bytes = format.write(value);
    return (
      readsWhole(format, value) &&
      Array.from(bytes, (_, end) => bytes.slice(0, end)).every((part) => explained(format.read(part)))
    );
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
  statement: `${name}: a whole file is read, one with a wrong byte is read or refused with a reason, and the reader never throws`,
  cases: damages(values),
  holds:
    (format) =>
    ({ value, place, bits }) => {
      const attempt = E.tryCatch(
        () => format.read(damaged(format.write(value), place, bits)),
        () => 'thrown',
      );
      return readsWhole(format, value) && E.isRight(attempt) && (E.isRight(attempt.right) || explained(attempt.right));
    },
  runs: 500,
});

export const noticesDamage = <A>(name: string, values: fc.Arbitrary<A>): Law<Format<A>, Damage<A>> => ({
  statement: `${name}: a whole file is read, and one with a wrong byte is refused, or still holds the same data`,
  cases: damages(values),
  holds:
    (format) =>
    ({ value, place, bits }) => {
      const result = format.read(damaged(format.write(value), place, bits));
      return readsWhole(format, value) && (E.isLeft(result) || same(result.right, value));
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

const npyFile = ({ header, version, data }: Omit<NumpyHeader, 'read'>): Uint8Array => {
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

type ReadArray = NpyReader['array'];

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const numbersFile = (shape: string, isFortran: boolean, values: readonly number[], surplus: readonly number[] = []) =>
  npyFile({
    header: `{'descr': '<f8', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': ${shape}, }`,
    version: 1,
    data: hex(Uint8Array.of(...new Uint8Array(Float64Array.from(values).buffer), ...surplus)),
  });

const numbers = fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1, maxLength: 6 });

export const refusesSurplusBytes: Law<
  ReadArray,
  { readonly values: readonly number[]; readonly surplus: readonly number[] }
> = {
  statement: 'numbers are read whole and alone: bytes behind the last one are refused with a reason',
  cases: fc.record({ values: numbers, surplus: fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 8 }) }),
  holds:
    (read) =>
    ({ values, surplus }) =>
      E.isRight(read(numbersFile(`(${values.length},)`, false, values))) &&
      explained(read(numbersFile(`(${values.length},)`, false, values, surplus))),
};

export const oneAxisHasOneOrder: Law<ReadArray, readonly number[]> = {
  statement: 'the order of axes matters from two of them on: one axis is read alike, two are transposed',
  cases: numbers.filter((values) => new Set(values).size > 1),
  holds: (read) => (values) => {
    const valuesOf = (shape: string, isFortran: boolean, all: readonly number[]): string => {
      const result = read(numbersFile(shape, isFortran, all));
      return E.isRight(result) ? Array.from(result.right.values).join() : result.left.message;
    };
    const twice = [...values, ...values.toReversed()];
    const transposed = values.flatMap((_, i) => [twice[i], twice[i + values.length]]);
    return (
      valuesOf(`(${values.length},)`, true, values) === values.join() &&
      valuesOf(`(${values.length}, 2)`, true, twice) === transposed.join() &&
      valuesOf(`(${values.length}, 2)`, false, twice) === twice.join()
    );
  },
};

export const codePointsEnd: Law<NpyReader['text'], number> = {
  statement: 'a text holds the code points up to 0x10ffff, and none above is read',
  cases: fc.constantFrom(0x41, 0x10fffe, 0x10ffff, 0x110000, 0x110001, 0x7fffffff),
  holds: (read) => (point) => {
    const result = read(
      npyFile({
        header: `{'descr': '<U1', 'fortran_order': False, 'shape': (), }`,
        version: 1,
        data: hex(new Uint8Array(Uint32Array.of(point).buffer)),
      }),
    );
    return point <= 0x10ffff
      ? E.isRight(result) && result.right === String.fromCodePoint(point)
      : E.isLeft(result) && explained(result);
  },
};

/** Reads a JSON text from outside. */
export type ReadJson = (text: string) => E.Either<{ readonly message: string }, unknown>;

interface WrittenNumber {
  readonly numeral: string;
  readonly before: string;
  readonly after: string;
}

export const numbersAreReadOrRefused: Law<ReadJson, WrittenNumber> = {
  statement:
    'a number in JSON is read wherever it stands, and as nothing else; one that float64 does not reach is refused as it is written, and ' +
    'in a string it is text',
  cases: fc
    .record({
      numeral: fc
        .tuple(
          fc.constantFrom('', '-'),
          fc.constantFrom('1', '1.7976931348623157', '1.7976931348623159', '9.99', '0', '12345678901234567890'),
          fc.oneof(
            fc.constant(''),
            fc.integer({ min: -400, max: 400 }).map((n) => `e${n}`),
            fc.constantFrom('e308', 'E+308', 'e309'),
          ),
        )
        .map((parts) => parts.join('')),
      before: fc.constantFrom('', '[', '{"a": ', '[1, {"1e999": [', '"'),
    })
    .map(({ numeral, before }) => ({
      numeral,
      before,
      after: Array.from(before.replaceAll(/"[^"]+"/g, ''))
        .reverse()
        .map((one) => ({ '[': ']', '{': '}', '"': '"' })[one] ?? '')
        .join(''),
    })),
  holds:
    (read) =>
    ({ numeral, before, after }) => {
      const found = read(before + numeral + after);
      const isText = before === '"';
      const isReached = Math.abs(Number(numeral)) <= 1.7976931348623157e308;
      return isText || isReached
        ? E.isRight(found) && JSON.stringify(found.right).includes(isText ? numeral : JSON.stringify(Number(numeral)))
        : explained(found) &&
            E.isLeft(found) &&
            found.left.message.includes(`got the number ${numeral}, which is too large`);
    },
  runs: 400,
};
