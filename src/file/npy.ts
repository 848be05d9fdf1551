/**
 * numpy's array file `.npy`, versions 1 to 3: float64 and float32 arrays in C order, and 0-d unicode strings.
 *
 *   \x93NUMPY, version (2 bytes), header length (2 bytes, from version 2 on 4), header, data
 *
 * The header is a Python dictionary, `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`, padded with spaces
 * and ended by a newline so that the data starts at a multiple of 64.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { dataError, type DataError } from './data-error.ts';
import { joinedBytes } from './joined.kernel.ts';
import { decoded, decodedWords, encoded, encodedWords } from './little-endian.kernel.ts';
import { bytesOf, countOf, showShape, type Dtype, type Tensor } from './tensor.ts';

/**
 * The array in the bytes of a `.npy` file.
 *
 * @example
 * readNpy(writeNpy({ dtype: 'float64', shape: [2], values: Float64Array.of(1, 2) })) // right({ dtype: 'float64', shape: [2], values: [1, 2] })
 */
export const readNpy = (bytes: Uint8Array): E.Either<DataError, Tensor> =>
  pipe(
    headerOf(bytes),
    E.chain((header) =>
      pipe(
        dtypeOf(header.descr),
        E.chainFirst((dtype) => wholeData(bytes, header, bytesOf[dtype] * countOf(header.shape))),
        E.map((dtype) => ({
          dtype,
          shape: header.shape,
          values: decoded(dtype, bytes, header.dataStart, countOf(header.shape)),
        })),
      ),
    ),
  );

/** The text of a 0-d unicode string, `numpy.array('..')`. */
export const readNpyText = (bytes: Uint8Array): E.Either<DataError, string> =>
  pipe(
    headerOf(bytes),
    E.chain((header) =>
      pipe(
        textLength(header),
        E.chain((length) => wholeData(bytes, header, 4 * length)),
        E.chain(() => textOf(decodedWords(bytes, header.dataStart))),
      ),
    ),
  );

/** A `.npy` file of version 1 with the tensor, in its own dtype. */
export const writeNpy = ({ dtype, shape, values }: Tensor): Uint8Array =>
  joinedBytes([headerBytes(descrOf[dtype], shape), encoded(dtype, values)]);

/** A `.npy` file with a 0-d unicode string. numpy drops NUL characters at its end. */
export const writeNpyText = (text: string): Uint8Array => {
  const codePoints = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const words = codePoints.length === 0 ? [0] : codePoints;
  return joinedBytes([headerBytes(`<U${words.length}`, []), encodedWords(words)]);
};

interface Header {
  readonly descr: string;
  readonly shape: readonly number[];
  readonly dataStart: number;
}

const magic = [0x93, ...new TextEncoder().encode('NUMPY')];

const descrOf: Readonly<Record<Dtype, string>> = { float64: '<f8', float32: '<f4' };

const headerBytes = (descr: string, shape: readonly number[]): Uint8Array => {
  const extents = shape.length === 1 ? `${shape.join()},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${extents}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const header = `${dictionary.padEnd(length - 1)}\n`;
  return Uint8Array.of(...magic, 1, 0, length & 0xff, length >> 8, ...new TextEncoder().encode(header));
};

const headerOf = (bytes: Uint8Array): E.Either<DataError, Header> =>
  pipe(
    headerText(bytes),
    E.chain(({ text, dataStart }) => {
      const descr = entry(text, 'descr', /'([^']*)'|\[/);
      const order = entry(text, 'fortran_order', /(True|False)/);
      const extents = entry(text, 'shape', /\(([\d, ]*)\)/);
      if (descr === undefined || order === undefined || extents === undefined) {
        return E.left(dataError('the header of the .npy file is damaged: write it again with numpy.save'));
      }
      const shape = extents.split(',').flatMap((extent) => (extent.trim() === '' ? [] : [Number(extent)]));
      if (order === 'True' && shape.length > 1) {
        return E.left(dataError('expected C order, came Fortran order: save numpy.ascontiguousarray(array)'));
      }
      return E.right({ descr, shape, dataStart });
    }),
  );

/** What stands at a key of the dictionary, whatever the order of the keys. */
const entry = (dictionary: string, key: string, value: RegExp): string | undefined => {
  const found = new RegExp(`['"]${key}['"] *: *(?:${value.source})`).exec(dictionary);
  return found === null ? undefined : (found[1] ?? 'a record');
};

const headerText = (bytes: Uint8Array): E.Either<DataError, { readonly text: string; readonly dataStart: number }> => {
  if (!magic.slice(0, bytes.length).every((byte, i) => bytes[i] === byte) || bytes.length === 0) {
    return E.left(dataError('expected a .npy file, came something else: write it with numpy.save'));
  }
  const version = bytes[6] ?? 1;
  if (version < 1 || version > 3) {
    return E.left(
      dataError(`expected a .npy file of version 1, 2 or 3, came version ${version}: write it with numpy.save`),
    );
  }
  const lengthBytes = version === 1 ? 2 : 4;
  const textStart = 8 + lengthBytes;
  const length = bytes.slice(8, textStart).reduceRight((high, byte) => high * 256 + byte, 0);
  const dataStart = textStart + length;
  return bytes.length < textStart || bytes.length < dataStart
    ? E.left(truncated(dataStart, bytes.length))
    : E.right({ text: new TextDecoder('latin1').decode(bytes.subarray(textStart, dataStart)), dataStart });
};

const truncated = (expected: number, came: number): DataError =>
  dataError(`expected at least ${expected} bytes, came ${came}: the .npy file is truncated, copy or write it again`);

const dtypeOf = (descr: string): E.Either<DataError, Dtype> => {
  switch (descr) {
    case '<f8':
      return E.right('float64');
    case '<f4':
      return E.right('float32');
    default:
      return E.left(
        dataError(`expected little-endian float64 or float32, came '${descr}': save array.astype('float64')`),
      );
  }
};

const textLength = ({ descr, shape }: Header): E.Either<DataError, number> => {
  const length = /^<U(\d+)$/.exec(descr)?.[1];
  return length === undefined || shape.length > 0
    ? E.left(
        dataError(
          `expected a 0-d unicode string, came '${descr}' of shape ${showShape(shape)}: save numpy.array(text)`,
        ),
      )
    : E.right(Number(length));
};

const wholeData = (bytes: Uint8Array, { dataStart, shape }: Header, expected: number): E.Either<DataError, void> => {
  const came = bytes.length - dataStart;
  if (came < expected) {
    return E.left(truncated(dataStart + expected, bytes.length));
  }
  return came !== expected
    ? E.left(
        dataError(
          `expected ${expected} bytes of data for shape ${showShape(shape)}, came ${came}: write one array a file`,
        ),
      )
    : E.right(undefined);
};

const textOf = (codePoints: readonly number[]): E.Either<DataError, string> =>
  codePoints.some((point) => point > 0x10ffff)
    ? E.left(
        dataError('expected unicode text, came code points above 0x10ffff: the .npy file is damaged, write it again'),
      )
    : E.right(
        codePoints
          .map((point) => String.fromCodePoint(point))
          .join('')
          .replace(/\0+$/, ''),
      );
