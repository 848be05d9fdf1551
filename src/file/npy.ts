/**
 * numpy's array file `.npy`, versions 1 to 3: arrays of float64 or float32 numbers in either byte order and either order of
 * their axes, and 0-d unicode strings. Whatever numpy reads of these is read, and alike; numbers that are not finite are not.
 *
 *   \x93NUMPY, version (2 bytes), header length (2 bytes, from version 2 on 4), header, data
 *
 * The header is a Python dictionary, `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`, padded with spaces
 * and ended by a newline so that the data starts at a multiple of 64.
 *
 * @source numpy.lib.format, NumPy Enhancement Proposal 1
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { dataError, type DataError } from './data-error.ts';
import { finite } from './finite.ts';
import { joinedBytes } from './joined.kernel.ts';
import { decoded, decodedWords, encoded, encodedWords } from './little-endian.kernel.ts';
import { pythonLiteral, type Literal } from './python-literal.kernel.ts';
import { quoted } from './quoted.ts';
import { rowMajor } from './row-major.kernel.ts';
import { storable } from './storable.ts';
import { bytesOf, countOf, showShape, type Dtype, type Tensor } from './tensor.ts';

/**
 * The array in the bytes of a `.npy` file, row-major. Fails for what is no such file, for other types of numbers, for numbers
 * that are not finite, and where the data are shorter or longer than the header says.
 *
 * @example
 * E.chain(readNpy)(writeNpy({ dtype: 'float64', shape: [2], values: Float64Array.of(1, 2) })) // right({ dtype: 'float64', shape: [2], values: [1, 2] })
 */
export const readNpy = (bytes: Uint8Array): E.Either<DataError, Tensor> =>
  pipe(
    readNpyHeader(bytes),
    E.bindTo('header'),
    E.bind('number', ({ header }) => numberOf(header.descr)),
    E.chainFirst(({ header, number }) => wholeData(bytes, header, bytesOf[number.dtype] * countOf(header.shape))),
    E.bind('values', ({ header: { shape, isFortran, dataStart }, number: { dtype, isBigEndian } }) => {
      const stored = decoded(dtype, bytes, dataStart, countOf(shape), isBigEndian);
      return pipe(isFortran ? rowMajor(shape, stored) : stored, finite('numbers'));
    }),
    E.map(({ header: { shape }, number: { dtype }, values }) => ({ dtype, shape, values })),
  );

/** The text of a 0-d unicode string, `numpy.array('..')`, without the NULs at its end, which numpy drops too. */
export const readNpyText = (bytes: Uint8Array): E.Either<DataError, string> =>
  pipe(
    readNpyHeader(bytes),
    E.bindTo('header'),
    E.bind('words', ({ header }) => textWords(header)),
    E.chainFirst(({ header, words: { length } }) => wholeData(bytes, header, 4 * length)),
    E.chain(({ header, words: { isBigEndian } }) => textOf(decodedWords(bytes, header.dataStart, isBigEndian))),
  );

/**
 * A `.npy` file of version 1 with the tensor, in its own dtype. Fails for numbers that are not finite there, for more or fewer of
 * them than the shape has entries, and for a shape that no header holds.
 */
export const writeNpy = (tensor: Tensor): E.Either<DataError, Uint8Array> =>
  pipe(
    storable('numbers')(tensor),
    E.bindTo('stored'),
    E.bind('header', () => shortHeader(headerBytes(descrOf[tensor.dtype], tensor.shape), tensor.shape)),
    E.map(({ stored, header }) => joinedBytes([header, encoded(tensor.dtype, stored)])),
  );

/** A `.npy` file with a 0-d unicode string. numpy drops NUL characters at its end. */
export const writeNpyText = (text: string): Uint8Array => {
  const codePoints = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const words = codePoints.length === 0 ? [0] : codePoints;
  return joinedBytes([headerBytes(`<U${words.length}`, []), encodedWords(words)]);
};

/** What a header says. */
export interface NpyHeader {
  /** The type of the entries in numpy's words; `a record` where it is no string. */
  readonly descr: string;
  readonly shape: readonly number[];
  /** Whether the first index runs fastest; of one axis or none both orders are the same. */
  readonly isFortran: boolean;
  /** Where the data start. */
  readonly dataStart: number;
}

const magic = [0x93, ...new TextEncoder().encode('NUMPY')];

/** As many characters as numpy's own reader allows in a header. */
const longestHeader = 10_000;

/** How many bytes hold every header that is read, whatever follows. */
export const mostHeaderBytes = 12 + longestHeader;

/** The header of a `.npy` file, of which more than `mostHeaderBytes` are never needed. */
export const readNpyHeader = (bytes: Uint8Array): E.Either<DataError, NpyHeader> =>
  pipe(
    headerText(bytes),
    E.chain(({ text, version, dataStart }) => {
      const literal = pythonLiteral(text, version < 3);
      const entries = literal !== null && typeof literal === 'object' && 'entries' in literal ? literal.entries : null;
      const descr = entries?.get('descr');
      const order = entries?.get('fortran_order');
      const shape = extentsOf(entries?.get('shape'));
      return entries?.size === 3 && descr !== undefined && typeof order === 'boolean' && shape !== null
        ? E.right({
            descr: typeof descr === 'string' ? descr : 'a record',
            shape,
            isFortran: order && shape.length > 1,
            dataStart,
          })
        : E.left(
            dataError(
              "expected a header with descr, fortran_order (True or False) and shape (a tuple of whole numbers), as numpy's, " +
                `got ${quoted(text.trim())}: write the .npy file again with numpy.save`,
            ),
          );
    }),
  );

/** The extents of a tuple; null for anything else, and for numbers that no array has. */
const extentsOf = (shape: Literal | undefined): readonly number[] | null => {
  if (shape === undefined || shape === null || typeof shape !== 'object' || shape.tag !== 'tuple') {
    return null;
  }
  const extents = shape.items.flatMap((item) => (typeof item === 'bigint' ? [Number(item)] : []));
  return extents.length === shape.items.length && extents.every((n) => n >= 0 && Number.isSafeInteger(n))
    ? extents
    : null;
};

const descrOf: Readonly<Record<Dtype, string>> = { float64: '<f8', float32: '<f4' };

const headerBytes = (descr: string, shape: readonly number[]): Uint8Array => {
  const extents = shape.length === 1 ? `${shape.join()},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${extents}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const header = `${dictionary.padEnd(length - 1)}\n`;
  return Uint8Array.of(...magic, 1, 0, length & 0xff, length >> 8, ...new TextEncoder().encode(header));
};

/** The bytes of a header, if readers take so many: of thousands of axes they take none. */
const shortHeader = (header: Uint8Array, shape: readonly number[]): E.Either<DataError, Uint8Array> =>
  header.length <= longestHeader
    ? E.right(header)
    : E.left(
        dataError(
          `expected a header of at most ${longestHeader} bytes, got ${header.length} for a shape of ${shape.length} axes: ` +
            'join axes',
        ),
      );

interface HeaderText {
  readonly text: string;
  readonly version: number;
  readonly dataStart: number;
}

const headerText = (bytes: Uint8Array): E.Either<DataError, HeaderText> => {
  if (!magic.slice(0, bytes.length).every((byte, i) => bytes[i] === byte) || bytes.length === 0) {
    return E.left(dataError('expected a .npy file, got something else: write it with numpy.save'));
  }
  const [version, minor] = [bytes[6] ?? 1, bytes[7] ?? 0];
  if (version < 1 || version > 3 || minor !== 0) {
    return E.left(
      dataError(
        `expected a .npy file of version 1.0, 2.0 or 3.0, got version ${version}.${minor}: write it with numpy.save`,
      ),
    );
  }
  const lengthBytes = version === 1 ? 2 : 4;
  const textStart = 8 + lengthBytes;
  const length = bytes.slice(8, textStart).reduceRight((high, byte) => high * 256 + byte, 0);
  const dataStart = textStart + length;
  if (bytes.length >= textStart && length > longestHeader) {
    return E.left(
      dataError(
        `expected a header of at most ${longestHeader} characters, as numpy does, got ${length}: ` +
          'write the .npy file again with numpy.save',
      ),
    );
  }
  return bytes.length < textStart || bytes.length < dataStart
    ? E.left(truncated(dataStart, bytes.length))
    : E.right({
        text: new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(textStart, dataStart)),
        version,
        dataStart,
      });
};

const truncated = (expected: number, got: number): DataError =>
  dataError(`expected at least ${expected} bytes, got ${got}: the .npy file is truncated, copy or write it again`);

/** numpy's names for the two types: kind and bytes, one character, or a word; the last without a byte order. */
const dtypes: Readonly<Record<string, Dtype>> = {
  f8: 'float64',
  d: 'float64',
  f4: 'float32',
  f: 'float32',
};

const dtypeWords: Readonly<Record<string, Dtype>> = {
  float64: 'float64',
  double: 'float64',
  float: 'float64',
  float32: 'float32',
  single: 'float32',
};

/** The byte order, which is little where the type says none, and the type without it. */
const ordered = (descr: string): { readonly isBigEndian: boolean; readonly type: string } => ({
  isBigEndian: descr.startsWith('>'),
  type: '<>=|'.includes(descr.charAt(0)) ? descr.slice(1) : descr,
});

const entryOf = <A>(table: Readonly<Record<string, A>>, key: string): A | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

const numberOf = (descr: string): E.Either<DataError, { readonly dtype: Dtype; readonly isBigEndian: boolean }> => {
  const { isBigEndian, type } = ordered(descr);
  const dtype = entryOf(dtypes, type) ?? entryOf(dtypeWords, descr);
  return dtype === undefined
    ? E.left(dataError(`expected numbers of float64 or float32, got ${quoted(descr)}: ${advice(type)}`))
    : E.right({ dtype, isBigEndian });
};

/** How an array of another type becomes one: of complex numbers a cast keeps the real parts alone, and texts may have none. */
const advice = (type: string): string => {
  if (/^(c\d|complex|[FDG]$)/.test(type)) {
    return 'save array.real, if array.imag is 0 everywhere';
  }
  return /^([biuf]\d|u?int|float|bool|[?bBhHiIlLqQpPeg]$)/.test(type)
    ? "save array.astype('float64')"
    : 'save an array of real numbers';
};

const textWords = ({
  descr,
  shape,
}: NpyHeader): E.Either<DataError, { readonly length: number; readonly isBigEndian: boolean }> => {
  const { isBigEndian, type } = ordered(descr);
  const length = /^U(\d{0,10})$/.exec(type)?.[1];
  return length === undefined || shape.length > 0
    ? E.left(
        dataError(
          `expected a 0-d unicode string, got ${quoted(descr)} of shape ${showShape(shape)}: save numpy.array(text)`,
        ),
      )
    : E.right({ length: Number(length), isBigEndian });
};

const wholeData = (bytes: Uint8Array, { dataStart, shape }: NpyHeader, expected: number): E.Either<DataError, void> => {
  const got = bytes.length - dataStart;
  if (got < expected) {
    return E.left(truncated(dataStart + expected, bytes.length));
  }
  return got !== expected
    ? E.left(
        dataError(
          `expected ${expected} bytes of data for shape ${showShape(shape)}, got ${got}: write one array a file`,
        ),
      )
    : E.right(undefined);
};

/** Characters of one string are put together so many at a time: a call takes no million arguments. */
const charactersAtOnce = 4096;

const textOf = (codePoints: readonly number[]): E.Either<DataError, string> => {
  const end = codePoints.findLastIndex((point) => point !== 0) + 1;
  return codePoints.some((point) => point > 0x10ffff)
    ? E.left(
        dataError('expected unicode text, got code points above 0x10ffff: the .npy file is damaged, write it again'),
      )
    : E.right(
        Array.from({ length: Math.ceil(end / charactersAtOnce) }, (_, i) =>
          String.fromCodePoint(...codePoints.slice(i * charactersAtOnce, Math.min((i + 1) * charactersAtOnce, end))),
        ).join(''),
      );
};
