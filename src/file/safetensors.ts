/**
 * The safetensors format: named tensors and string metadata.
 *
 *   header length (8 bytes, little-endian), header (JSON, padded with spaces to a multiple of 8), data
 *
 * The header maps each name to `{ "dtype": "F32", "shape": [..], "data_offsets": [from, to] }`, and `__metadata__` to
 * strings. The tensors cover the data exactly: none overlap, no byte is left over.
 *
 * What the safetensors library reads is read, and what it refuses is refused, but for what is refused here alone: numbers that
 * are not float32 or float64, or not finite; a name that is there twice in one object, or is `__proto__`; a header that does not
 * begin with its brace; a tensor as a list instead of an object; a
 * number that is not written in digits, even where nobody reads it; lists and objects deeper than 64; a shape of more than 2^53
 * entries, zeros not counted.
 *
 * @source https://huggingface.co/docs/safetensors; its library 0.8.0 in `spec/outside/safetensors.json`
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { z } from 'zod';

import { dataError, type DataError } from './data-error.ts';
import { decode } from './decode.ts';
import { finite } from './finite.ts';
import { joinedBytes } from './joined.kernel.ts';
import { decoded, encoded } from './little-endian.kernel.ts';
import { numberNotInDigits } from './json-text.kernel.ts';
import { parseJson, utf8 } from './parse-json.ts';
import { quoted } from './quoted.ts';
import { entriesBesideZeros, storable } from './storable.ts';
import { bytesOf, countOf, showShape, type Dtype, type Tensor } from './tensor.ts';

/** What a file holds: texts and tensors, each under its name. */
export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * The tensors in the bytes of a `.safetensors` file. Fails for names that occur twice, tensors that overlap, leave gaps or do
 * not fill their bytes, and for numbers that are not finite; all but the last before any tensor is made.
 */
export const readSafetensors = (bytes: Uint8Array): E.Either<DataError, TensorFile> =>
  pipe(
    headerOf(bytes),
    E.chain(({ text, dataStart }) =>
      pipe(
        parsedHeader(text),
        E.chainFirst((header) => exactCover(header, bytes.length - dataStart)),
        E.chain(({ metadata, records }) =>
          pipe(
            records,
            E.traverseArray(({ name, dtype, shape, from }) =>
              pipe(
                decoded(dtype, bytes, dataStart + from, countOf(shape)),
                finite(`numbers in ${quoted(name)}`),
                E.map((values): readonly [string, Tensor] => [name, { dtype, shape, values }]),
              ),
            ),
            E.map((tensors) => ({ metadata, tensors: Object.fromEntries(tensors) })),
          ),
        ),
      ),
    ),
  );

/**
 * A `.safetensors` file; the same tensors and metadata, in whatever order, give the same bytes. Fails for numbers that are not
 * finite, as float32 where that is their type, for more or fewer of them than a shape has entries, and for names and texts that
 * the format cannot hold.
 */
export const writeSafetensors = ({ metadata, tensors }: TensorFile): E.Either<DataError, Uint8Array> =>
  pipe(
    [tensors, metadata].flatMap(Object.keys),
    E.traverseArray(free),
    E.chain((names) => pipe([...names, ...Object.values(metadata)], E.traverseArray(unicode))),
    E.chain(() =>
      pipe(
        Object.entries(tensors).toSorted(
          ([a, { dtype: x }], [b, { dtype: y }]) => bytesOf[y] - bytesOf[x] || (a < b ? -1 : 1),
        ),
        E.traverseArray(([name, tensor]) =>
          pipe(
            storable(`numbers in ${quoted(name)}`)(tensor),
            E.map((stored) => ({ name, tensor, data: encoded(tensor.dtype, stored) })),
          ),
        ),
      ),
    ),
    E.map((sorted) => {
      const ends = sorted.reduce<readonly number[]>(
        (sums, { data }) => [...sums, (sums.at(-1) ?? 0) + data.length],
        [],
      );
      const records = sorted.map(({ name, tensor: { dtype, shape } }, i) => [
        name,
        { dtype: codeOf[dtype], shape, data_offsets: [i === 0 ? 0 : ends[i - 1], ends[i]] },
      ]);
      const sortedMetadata = Object.fromEntries(Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      const json = new TextEncoder().encode(
        JSON.stringify({ __metadata__: sortedMetadata, ...Object.fromEntries(records) }),
      );
      const header = joinedBytes([json, new Uint8Array(-json.length & 7).fill(0x20)]);
      const length = new Uint8Array(8);
      new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
      return joinedBytes([length, header, ...sorted.map(({ data }) => data)]);
    }),
  );

/** A name, if it is not one that the format keeps for itself, or that no reader here takes. */
const free = (name: string): E.Either<DataError, string> =>
  name === '__metadata__' || name === '__proto__'
    ? E.left(dataError(`expected names that the format leaves free, got ${quoted(name)}: choose another`))
    : E.right(name);

/** A text, if UTF-8 can hold it. */
const unicode = (text: string): E.Either<DataError, string> =>
  /\p{Surrogate}/u.test(text)
    ? E.left(dataError(`expected names and texts in Unicode, got half of a character in ${quoted(text)}: remove it`))
    : E.right(text);

/** One tensor as the header describes it. */
interface TensorRecord {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

interface Header {
  readonly metadata: Readonly<Record<string, string>>;
  readonly records: readonly TensorRecord[];
}

const codeOf: Readonly<Record<Dtype, 'F64' | 'F32'>> = { float64: 'F64', float32: 'F32' };

const count = z.number().int().min(0);

const noMetadata: Readonly<Record<string, string>> = {};

const headerSchema = z
  .object({
    __metadata__: z
      .record(z.string(), z.string())
      .nullish()
      .transform((metadata) => metadata ?? noMetadata),
  })
  .catchall(z.object({ dtype: z.string(), shape: z.array(count), data_offsets: z.tuple([count, count]) }));

const headerOf = (bytes: Uint8Array): E.Either<DataError, { readonly text: string; readonly dataStart: number }> => {
  if (bytes.length < 8) {
    return E.left(dataError(`expected a safetensors file of at least 8 bytes, got ${bytes.length}: ${again}`));
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const dataStart = 8 + Number(length);
  if (dataStart > bytes.length) {
    return E.left(dataError(`expected a safetensors header of ${length} bytes, got ${bytes.length - 8}: ${again}`));
  }
  return pipe(
    utf8('a safetensors header', bytes.subarray(8, dataStart)),
    E.filterOrElse(
      (text) => text.startsWith('{'),
      (text) =>
        dataError(`expected a safetensors header that begins with {, got ${quoted(text.slice(0, 40))}: ${again}`),
    ),
    E.map((text) => ({ text, dataStart })),
  );
};

const again = 'the file is truncated or no safetensors file, copy or write it again';

const parsedHeader = (text: string): E.Either<DataError, Header> =>
  pipe(
    parseJson('a safetensors header, in which every name is there once')(text),
    E.chainFirst(() => {
      const number = numberNotInDigits(text);
      return number === null
        ? E.right(text)
        : E.left(dataError(`expected shapes and offsets in digits alone, got ${quoted(number)}: write the file again`));
    }),
    E.chain(decode(headerSchema, (issue) => `safetensors header: ${issue}: write the file again`)),
    E.chain(({ __metadata__: metadata, ...tensors }) =>
      pipe(
        Object.entries(tensors),
        E.traverseArray(
          ([
            name,
            {
              dtype,
              shape,
              data_offsets: [from, to],
            },
          ]) =>
            pipe(
              dtypeOf(name, dtype),
              E.map((known): TensorRecord => ({ name, dtype: known, shape, from, to })),
            ),
        ),
        E.map((records) => ({ metadata, records })),
      ),
    ),
  );

const dtypeOf = (name: string, code: string): E.Either<DataError, Dtype> =>
  code === 'F64' || code === 'F32'
    ? E.right(code === 'F64' ? 'float64' : 'float32')
    : E.left(dataError(`expected tensor ${quoted(name)} to be F32 or F64, got ${quoted(code)}: convert it`));

/** Whether the tensors, in the order of their offsets, cover the data from the first byte to the last. */
const exactCover = ({ records }: Header, dataLength: number): E.Either<DataError, void> => {
  const misfit = records.find(
    ({ dtype, shape, from, to }) =>
      to - from !== bytesOf[dtype] * countOf(shape) || entriesBesideZeros(shape) > Number.MAX_SAFE_INTEGER,
  );
  if (misfit !== undefined) {
    const { name, dtype, shape, from, to } = misfit;
    return E.left(
      dataError(
        `expected ${quoted(name)}, ${dtype} of shape ${showShape(shape)}, to fill its bytes, got ${to - from}: ${again}`,
      ),
    );
  }
  const sorted = records.toSorted((a, b) => a.from - b.from || a.to - b.to);
  const stray = sorted.find(({ from }, i) => from !== (sorted[i - 1]?.to ?? 0));
  if (stray !== undefined) {
    return E.left(
      dataError(`expected ${quoted(stray.name)} to start where the tensor before it ends, it does not: ${again}`),
    );
  }
  const end = sorted.at(-1)?.to ?? 0;
  return end === dataLength
    ? E.right(undefined)
    : E.left(dataError(`expected ${end} bytes of tensors, got ${dataLength}: ${again}`));
};
