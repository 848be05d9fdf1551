/**
 * The safetensors format: named tensors and string metadata.
 *
 *   header length (8 bytes, little-endian), header (JSON, padded with spaces to a multiple of 8), data
 *
 * The header maps each name to `{ "dtype": "F32", "shape": [..], "data_offsets": [from, to] }`, and `__metadata__` to
 * strings. The tensors cover the data exactly: none overlap, no byte is left over. Here float32 and float64 are read.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { z } from 'zod';

import { dataError, type DataError } from './data-error.ts';
import { joinedBytes } from './joined.kernel.ts';
import { decoded, encoded } from './little-endian.kernel.ts';
import { bytesOf, countOf, showShape, type Dtype, type Tensor } from './tensor.ts';

export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** The tensors in the bytes of a `.safetensors` file. */
export const readSafetensors = (bytes: Uint8Array): E.Either<DataError, TensorFile> =>
  pipe(
    headerOf(bytes),
    E.chain(({ text, dataStart }) =>
      pipe(
        parsedHeader(text),
        E.chainFirst((header) => exactCover(header, bytes.length - dataStart)),
        E.map(({ metadata, records }) => ({
          metadata,
          tensors: Object.fromEntries(
            records.map(({ name, dtype, shape, from }) => [
              name,
              { dtype, shape, values: decoded(dtype, bytes, dataStart + from, countOf(shape)) },
            ]),
          ),
        })),
      ),
    ),
  );

/** A `.safetensors` file; the same tensors and metadata, in whatever order, give the same bytes. */
export const writeSafetensors = ({ metadata, tensors }: TensorFile): Uint8Array => {
  if (Object.hasOwn(tensors, '__metadata__')) {
    throw new RangeError('no tensor can be named __metadata__: the format keeps that name for the metadata');
  }
  const sorted = Object.entries(tensors).toSorted(
    ([a, { dtype: x }], [b, { dtype: y }]) => bytesOf[y] - bytesOf[x] || (a < b ? -1 : 1),
  );
  const ends = sorted.reduce<readonly number[]>(
    (sums, [, { dtype, shape }]) => [...sums, (sums.at(-1) ?? 0) + bytesOf[dtype] * countOf(shape)],
    [],
  );
  const records = sorted.map(([name, { dtype, shape }], i) => [
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
  return joinedBytes([length, header, ...sorted.map(([, { dtype, values }]) => encoded(dtype, values))]);
};

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

const headerSchema = z
  .object({ __metadata__: z.record(z.string(), z.string()).default({}) })
  .catchall(z.object({ dtype: z.string(), shape: z.array(count), data_offsets: z.tuple([count, count]) }));

const headerOf = (bytes: Uint8Array): E.Either<DataError, { readonly text: string; readonly dataStart: number }> => {
  if (bytes.length < 8) {
    return E.left(dataError(`expected a safetensors file of at least 8 bytes, came ${bytes.length}: ${again}`));
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const dataStart = 8 + Number(length);
  return dataStart > bytes.length
    ? E.left(dataError(`expected a safetensors header of ${length} bytes, came ${bytes.length - 8}: ${again}`))
    : E.right({ text: new TextDecoder().decode(bytes.subarray(8, dataStart)), dataStart });
};

const again = 'the file is truncated or no safetensors file, copy or write it again';

const parsedHeader = (text: string): E.Either<DataError, Header> =>
  pipe(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      () => dataError(`expected a JSON header, came ${JSON.stringify(text.slice(0, 40))}: ${again}`),
    ),
    E.chain((json) => {
      const parsed = headerSchema.safeParse(json);
      const issue = parsed.error?.issues[0];
      return parsed.success
        ? E.right(parsed.data)
        : E.left(dataError(`safetensors header: ${issue?.path.join('.')}: ${issue?.message}: write the file again`));
    }),
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
    : E.left(dataError(`expected tensor '${name}' to be F32 or F64, came ${code}: convert it`));

/** Whether the tensors, in the order of their offsets, cover the data from the first byte to the last. */
const exactCover = ({ records }: Header, dataLength: number): E.Either<DataError, void> => {
  const misfit = records.find(({ dtype, shape, from, to }) => to - from !== bytesOf[dtype] * countOf(shape));
  if (misfit !== undefined) {
    const { name, dtype, shape, from, to } = misfit;
    return E.left(
      dataError(
        `expected '${name}', ${dtype} of shape ${showShape(shape)}, to fill its bytes, came ${to - from}: ${again}`,
      ),
    );
  }
  const sorted = records.toSorted((a, b) => a.from - b.from || a.to - b.to);
  const stray = sorted.find(({ from }, i) => from !== (sorted[i - 1]?.to ?? 0));
  if (stray !== undefined) {
    return E.left(
      dataError(`expected '${stray.name}' to start where the tensor before it ends, it does not: ${again}`),
    );
  }
  const end = sorted.at(-1)?.to ?? 0;
  return end === dataLength
    ? E.right(undefined)
    : E.left(dataError(`expected ${end} bytes of tensors, came ${dataLength}: ${again}`));
};
