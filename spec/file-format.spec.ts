/** File formats: .npy, .npz and .safetensors, their laws, and files that numpy wrote. */
import { crc32 as zlibCrc32 } from 'node:zlib';

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';

import { readNpz, writeNpz } from '../src/dataset/data-set-file.ts';
import { sampleCount, type DataSet } from '../src/dataset/data-set.ts';
import { crc32 } from '../src/file/crc32.kernel.ts';
import { dataError } from '../src/file/data-error.ts';
import { joinedBytes } from '../src/file/joined.kernel.ts';
import { readNpy, readNpyText, writeNpy, writeNpyText } from '../src/file/npy.ts';
import { parseJson } from '../src/file/parse-json.ts';
import { readSafetensors, writeSafetensors, type TensorFile } from '../src/file/safetensors.ts';
import { countOf, type Tensor } from '../src/file/tensor.ts';
import { zip } from '../src/file/zip.ts';
import { dataSets, tensorFiles, tensors, wildDataSets, wildTensorFiles, wildTensors } from './arbitraries/data-set.ts';
import { verify, type Law } from './law.ts';
import * as laws from './laws/file-format.ts';
import { libraryDecides } from './laws/safetensors.ts';
import { messageOf, right } from './right.ts';
import numpyHeaders from './outside/numpy-headers.json' with { type: 'json' };
import numpyFiles from './outside/numpy-files.json' with { type: 'json' };
import { npyOf, npzOf, safetensorsOf } from './written.ts';

const npy: laws.Format<Tensor> = { write: npyOf, read: readNpy };

const npyText: laws.Format<string> = { write: writeNpyText, read: readNpyText };

const npz: laws.Format<DataSet> = { write: npzOf, read: readNpz };

const safetensors: laws.Format<TensorFile> = { write: safetensorsOf, read: readSafetensors };

/** A format whose reader fills up an entry that is missing at the end. */
const padding = <A>({ write, read }: laws.Format<A>): laws.Format<A> => ({
  write,
  read: (bytes) => {
    const attempts = [0, 4, 8].map((missing) => read(joinedBytes([bytes, new Uint8Array(missing)])));
    return attempts.find(E.isRight) ?? read(bytes);
  },
});

/** Readers that refuse every file, whole or not. */
const refusing = <A>({ write }: laws.Format<A>): laws.Format<A> => ({
  write,
  read: () => E.left(dataError('expected another file, got this one')),
});

verify(laws.readsWhatItWrote('.npy', tensors), npy, {
  'everything is stored as float32': { ...npy, write: (tensor) => npyOf({ ...tensor, dtype: 'float32' }) },
  'the sign of zero is lost': {
    ...npy,
    write: (tensor) => npyOf({ ...tensor, values: tensor.values.map((x) => x + 0) }),
  },
  'the shape is written backwards': {
    ...npy,
    write: (tensor) => npyOf({ ...tensor, shape: tensor.shape.toReversed() }),
  },
});

verify(
  laws.readsWhatItWrote(
    '.npy text',
    fc.string({ unit: 'binary' }).filter((text) => !text.endsWith('\0')),
  ),
  npyText,
  {
    'letters that are not Latin are lost': {
      ...npyText,
      write: (text) => writeNpyText(text.replaceAll(/[^\0-\xff]/g, '?')),
    },
  },
);

verify(laws.readsWhatItWrote('.npz', dataSets), npz, {
  'forces are forgotten': { ...npz, write: (data) => npzOf({ ...data, forces: O.none }) },
  'couplings are forgotten': { ...npz, write: (data) => npzOf({ ...data, couplings: O.none }) },
  'the first index is forgotten': {
    ...npz,
    write: (data) => npzOf({ ...data, meta: { ...data.meta, firstIndex: 0 } }),
  },
});

verify(laws.readsWhatItWrote('.safetensors', tensorFiles), safetensors, {
  'metadata are forgotten': { ...safetensors, write: (file) => safetensorsOf({ ...file, metadata: {} }) },
  'an empty tensor is left out': {
    ...safetensors,
    write: ({ metadata, tensors: all }) =>
      safetensorsOf({
        metadata,
        tensors: Object.fromEntries(Object.entries(all).filter(([, { shape }]) => countOf(shape) > 0)),
      }),
  },
});

/** The tensor with as many numbers as its shape asks for, where it asks for some. */
const filled = (tensor: Tensor): Tensor => ({
  ...tensor,
  values: Float64Array.from({ length: countOf(tensor.shape) }, (_, i) => tensor.values[i] ?? 0),
});

const isShape = ({ shape }: Tensor): boolean =>
  shape.length < 100 && shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0 && extent < 100);

/** The header of a shape with whatever numbers there are behind it: a writer that compares no counts. */
const unequal = (tensor: Tensor): ReturnType<typeof writeNpy> =>
  !isShape(tensor)
    ? writeNpy(tensor)
    : pipe(
        writeNpy({ ...tensor, shape: [tensor.values.length] }),
        E.map((bytes) => {
          const header = npyOf({ ...filled(tensor), values: new Float64Array(countOf(tensor.shape)) });
          return joinedBytes([header.subarray(0, npyDataStart(header)), bytes.subarray(npyDataStart(bytes))]);
        }),
      );

verify(
  laws.writesWhatIsRead('.npy', wildTensors, 0.4),
  { write: writeNpy, read: readNpy },
  {
    'counts are not compared': { write: unequal, read: readNpy },
    'what is missing is zero': {
      write: (tensor) => writeNpy(isShape(tensor) ? filled(tensor) : tensor),
      read: readNpy,
    },
    'any shape is written': {
      write: (tensor) =>
        pipe(
          writeNpy({ ...tensor, shape: [tensor.values.length] }),
          E.map((bytes) => {
            const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${tensor.shape.join(', ')}), }`;
            return joinedBytes([
              bytes.subarray(0, 8),
              Uint8Array.of((text.length + 1) & 0xff, (text.length + 1) >> 8),
              new TextEncoder().encode(`${text}\n`),
              bytes.subarray(npyDataStart(bytes)),
            ]);
          }),
        ),
      read: readNpy,
    },
    'a reason says what was got alone': {
      write: (tensor) =>
        pipe(
          writeNpy(tensor),
          E.mapLeft(() => dataError('the numbers are of another shape than they should be')),
        ),
      read: readNpy,
    },
  },
);

verify(
  laws.writesWhatIsRead('.safetensors', wildTensorFiles, 0.1),
  { write: writeSafetensors, read: readSafetensors },
  {
    'counts are not compared': {
      write: ({ metadata, tensors: all }) =>
        writeSafetensors({
          metadata,
          tensors: Object.fromEntries(
            Object.entries(all).map(([name, tensor]) => [name, isShape(tensor) ? filled(tensor) : tensor]),
          ),
        }),
      read: readSafetensors,
    },
    'a name that is not free is left out': {
      write: ({ metadata, tensors: all }) =>
        writeSafetensors({
          metadata,
          tensors: Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith('__'))),
        }),
      read: readSafetensors,
    },
    'half of a character is replaced': {
      write: ({ metadata, tensors: all }) =>
        writeSafetensors({
          metadata: Object.fromEntries(
            Object.entries(metadata).map(([name, text]) => [name, text.replaceAll(/\p{Surrogate}/gu, '\ufffd')]),
          ),
          tensors: all,
        }),
      read: readSafetensors,
    },
  },
);

verify(
  laws.writesWhatIsRead('.npz', wildDataSets, 0.3),
  { write: writeNpz, read: readNpz },
  {
    'a fault of the arrays is read': {
      write: (data) =>
        pipe(
          writeNpz(data),
          E.orElse(() => E.right(npzOf(emptyDataSet))),
        ),
      read: readNpz,
    },
    'metadata are not read again': {
      write: (data) => writeNpz({ ...data, meta: { ...data.meta, seed: Math.trunc(data.meta.seed) } }),
      read: readNpz,
    },
    'spins that are missing are zero': {
      write: (data) =>
        writeNpz(
          data.sampleShape.every(Number.isInteger)
            ? {
                ...data,
                spins: filled({ dtype: 'float64', shape: [sampleCount(data), ...data.sampleShape], values: data.spins })
                  .values,
              }
            : data,
        ),
      read: readNpz,
    },
  },
);

verify(laws.refusesTruncatedFiles('.npy', tensors), npy, {
  'what is missing counts as zero': padding(npy),
  'every file is refused': refusing(npy),
});
verify(laws.refusesTruncatedFiles('.npz', dataSets), npz, {
  'an archive that ends too early is empty': {
    ...npz,
    read: (bytes) => (bytes.length < 22 ? readNpz(bytes) : E.right(emptyDataSet)),
  },
});
verify(laws.refusesTruncatedFiles('.safetensors', tensorFiles), safetensors, {
  'tensors are read without counting their bytes': { ...safetensors, read: (bytes) => trusting(bytes) },
});

const emptyDataSet: DataSet = {
  meta: {
    system: 'three-spin-binary',
    parameters: {},
    sampler: 'uniform',
    seed: 0,
    firstIndex: 0,
    method: 'formula',
    version: '',
  },
  sampleShape: [1],
  spins: new Float64Array(1),
  energies: new Float64Array(1),
  forces: O.none,
  couplings: O.none,
};

/** A reader that believes every length and every offset in the header. */
const trusting = (bytes: Uint8Array): E.Either<{ readonly message: string }, TensorFile> => {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  return E.right({ metadata: {}, tensors: {} });
};

/** Readers that throw where they should refuse. */
const throwing = <A>({ write, read }: laws.Format<A>): laws.Format<A> => ({
  write,
  read: (bytes) => E.right(right(read(bytes))),
});

const readJson: laws.ReadJson = parseJson('a value');

verify(laws.numbersAreReadOrRefused, readJson, {
  'too large is infinite': (text) => E.right(JSON.parse(text)),
  'digits in strings are numbers': (text) => readJson(text.replaceAll(/^"|"$/g, '')),
  'the numeral is not shown': (text) =>
    pipe(
      readJson(text),
      E.mapLeft(({ message }) => ({ message: message.replace(/number [^,]+/, 'number Infinity') })),
    ),
});

verify(laws.survivesDamage('.npy', tensors), npy, {
  'errors are thrown': throwing(npy),
  'every file is refused': refusing(npy),
});
verify(laws.survivesDamage('.npz', dataSets), npz, {
  'errors are thrown': throwing(npz),
  'every file is refused': refusing(npz),
});
verify(laws.survivesDamage('.safetensors', tensorFiles), safetensors, {
  'errors are thrown': throwing(safetensors),
  'the header is believed': { ...safetensors, read: trusting },
});

verify(laws.noticesDamage('.npz', dataSets), npz, {
  'every file is refused': refusing(npz),
  'checksums are not verified': {
    ...npz,
    read: (bytes) =>
      pipe(
        E.tryCatch(
          () => zip(Object.fromEntries(storedEntries(bytes))),
          () => dataError('unreadable'),
        ),
        E.chain(readNpz),
      ),
  },
});

/** The entries of an uncompressed archive, as a reader finds them that trusts the headers before each. */
const storedEntries = (bytes: Uint8Array): readonly (readonly [string, Uint8Array])[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entriesFrom = (at: number): readonly (readonly [string, Uint8Array])[] => {
    if (view.getUint32(at, true) !== 0x04034b50) {
      return [];
    }
    const nameEnd = at + 30 + view.getUint16(at + 26, true);
    const end = nameEnd + view.getUint32(at + 18, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 30, nameEnd));
    return [[name, bytes.slice(nameEnd, end)], ...entriesFrom(end)];
  };
  return entriesFrom(0);
};

const checksumIsZlibs: Law<(bytes: Uint8Array) => number, Uint8Array> = {
  statement: 'CRC-32 is that of zlib',
  cases: fc.uint8Array({ maxLength: 100 }),
  holds: (checksum) => (bytes) => checksum(bytes) === zlibCrc32(bytes),
};

verify(checksumIsZlibs, crc32, {
  'the sign bit is kept': (bytes) => crc32(bytes) | 0,
  'the last byte is left out': (bytes) => crc32(bytes.subarray(0, -1)),
});

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

describe(`files that numpy ${numpyFiles.numpy} wrote`, () => {
  it.each(numpyFiles.arrays)('are read: $why', ({ base64, dtype, shape, values }) => {
    const tensor = right(readNpy(bytesOf(base64)));
    expect([tensor.dtype, tensor.shape, [...tensor.values]]).toEqual([dtype, shape, values]);
  });

  it.each(numpyFiles.arrays.filter(({ why }) => !/version [23]/.test(why)))(
    'are written alike, byte for byte: $why',
    ({ base64 }) => {
      expect(npyOf(right(readNpy(bytesOf(base64))))).toEqual(bytesOf(base64));
    },
  );

  it.each(numpyFiles.refusedArrays)('are refused: $why', ({ base64, message }) => {
    expect(messageOf(readNpy(bytesOf(base64)))).toContain(message);
  });

  it.each(numpyFiles.texts)('hold texts: $text', ({ base64, text }) => {
    expect(readNpyText(bytesOf(base64))).toEqual(E.right(text));
  });

  it.each(numpyFiles.archives)('are data sets: $why', ({ base64 }) => {
    const data = right(readNpz(bytesOf(base64)));
    expect([sampleCount(data), data.sampleShape, [...data.energies]]).toEqual([2, [3, 3, 3], [-1.5, -2.25]]);
    expect([data.meta.seed, data.meta.firstIndex, data.meta.parameters['mu']]).toEqual([5, 2, -8.3]);
  });

  it.each(numpyFiles.refusedArchives)('are no data sets: $why', ({ base64, message }) => {
    expect(messageOf(readNpz(bytesOf(base64)))).toContain(message);
  });
});

const headers: readonly laws.NumpyHeader[] = numpyHeaders.cases.map(({ read, ...file }) => ({
  ...file,
  read: read ?? null,
}));

verify(
  laws.headersAreNumpys(headers),
  { array: readNpy, text: readNpyText },
  {
    'Fortran order is read as it lies': { array: readAsItLies, text: readNpyText },
    'a header is searched for what it should hold': { array: searched, text: readNpyText },
    'a text keeps the NULs at its end': {
      array: readNpy,
      text: (bytes) => E.map((text: string) => `${text}\0`)(readNpyText(bytes)),
    },
  },
);

verify(laws.refusesSurplusBytes, readNpy, {
  'what follows is left alone': (bytes) => {
    const length = bytes.length - ((bytes.length - npyDataStart(bytes)) % 8 || 8);
    return E.orElse(() => readNpy(bytes.slice(0, length)))(readNpy(bytes));
  },
});

verify(laws.oneAxisHasOneOrder, readNpy, {
  'two axes are read as they lie': readAsItLies,
  'one axis is reversed': (bytes) =>
    E.map((tensor: Tensor) =>
      tensor.shape.length === 1 ? { ...tensor, values: Float64Array.from(tensor.values).reverse() } : tensor,
    )(readNpy(bytes)),
});

verify(laws.codePointsEnd, readNpyText, {
  'the last code point is one too many': (bytes) =>
    E.chain((text: string) =>
      text === '\u{10ffff}' ? E.left(dataError('expected fewer, got too many')) : E.right(text),
    )(readNpyText(bytes)),
  'what is above is replaced': (bytes) => E.orElse(() => E.right('\ufffd'))(readNpyText(bytes)),
});

/** Where the numbers of a file of version 1 begin. */
function npyDataStart(bytes: Uint8Array): number {
  return 10 + (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0);
}

/** A reader that takes every array for one in C order. */
function readAsItLies(bytes: Uint8Array): ReturnType<typeof readNpy> {
  const content = new TextDecoder('latin1').decode(bytes).replace("'fortran_order': True", "'fortran_order':False");
  return readNpy(Uint8Array.from(content, (character) => character.charCodeAt(0)));
}

/** A reader that finds the shape by a regular expression, wherever it stands. */
function searched(bytes: Uint8Array): ReturnType<typeof readNpy> {
  const [, shape] = /'shape' *: *\(([\d, ]*)\)/.exec(new TextDecoder('latin1').decode(bytes)) ?? [];
  return shape === undefined
    ? readNpy(bytes)
    : readNpy(
        npyOf({
          dtype: 'float64',
          shape: [shape.split(',').length],
          values: new Float64Array(shape.split(',').length),
        }),
      );
}

describe('files of another kind', () => {
  const text = new TextEncoder().encode('these are no numbers at all, but a line of text');

  it.each([
    ['.npy', readNpy(text), 'expected a .npy file'],
    ['.npy, empty', readNpy(new Uint8Array()), 'expected a .npy file'],
    ['.npz', readNpz(text), 'expected a zip archive'],
    ['.npz, empty', readNpz(new Uint8Array()), 'expected a zip archive'],
    ['.npz of something else', readNpz(zip({ 'a.txt': text })), "'a.txt'"],
    ['.safetensors', readSafetensors(text), 'safetensors'],
    ['.safetensors, empty', readSafetensors(new Uint8Array()), 'at least 8 bytes'],
  ])('are refused with a reason: %s', (_, result, reason) => {
    expect(messageOf(result)).toContain(reason);
  });
});

/** The bytes of a file whose header has its text changed, and its length with it. */
const withHeader =
  (change: (header: string) => string) =>
  (bytes: Uint8Array): Uint8Array => {
    if (bytes.length < 8) {
      return bytes;
    }
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    if (length > bytes.length - 8) {
      return bytes;
    }
    const header = new TextEncoder().encode(change(new TextDecoder('latin1').decode(bytes.subarray(8, 8 + length))));
    const start = new Uint8Array(8);
    new DataView(start.buffer).setBigUint64(0, BigInt(header.length), true);
    return joinedBytes([start, header, bytes.subarray(8 + length)]);
  };

const readingAs = (change: (header: string) => string) => (bytes: Uint8Array) =>
  readSafetensors(withHeader(change)(bytes));

verify(libraryDecides, readSafetensors, {
  '2.0 is a count': readingAs((header) => header.replaceAll('2.0', '2')),
  '-0 is a count': readingAs((header) => header.replaceAll('-0', '0')),
  'half of a surrogate pair is a character': readingAs((header) => header.replaceAll(/\\u(?:d800|dc00)/g, 'x')),
  'no metadata are no header': readingAs((header) => header.replaceAll('"__metadata__": null', '"__metadata__": 0')),
  'a byte order mark is skipped': readingAs((header) => header.replace('\u00ef\u00bb\u00bf', '')),
  'spaces before the brace are skipped': readingAs((header) => header.trimStart()),
  'shapes that overflow are empty': readingAs((header) => header.replaceAll('4503599627370496, 0', '0')),
  'every file is refused': refusing(safetensors).read,
});

describe('safetensors', () => {
  const file = (header: unknown, dataLength: number): Uint8Array => {
    const json = new TextEncoder().encode(JSON.stringify(header));
    return joinedBytes([Uint8Array.of(json.length, 0, 0, 0, 0, 0, 0, 0), json, new Uint8Array(dataLength)]);
  };
  const f32 = (from: number, to: number): unknown => ({ dtype: 'F32', shape: [2], data_offsets: [from, to] });

  it.each([
    ['tensors overlap', { a: f32(0, 8), b: f32(4, 12) }, 12, "'b' to start where the tensor before it ends"],
    ['bytes are left over between tensors', { a: f32(0, 8), b: f32(12, 20) }, 20, "'b' to start where"],
    ['bytes are left over at the end', { a: f32(0, 8) }, 9, 'expected 8 bytes of tensors, got 9'],
    ['a tensor ends beyond the file', { a: f32(0, 8) }, 7, 'expected 8 bytes of tensors, got 7'],
    ['an offset runs backwards', { a: f32(8, 0) }, 8, "'a'"],
    [
      'a shape does not fill its bytes',
      { a: { dtype: 'F64', shape: [2], data_offsets: [0, 8] } },
      8,
      'float64 of shape [2]',
    ],
    ['an extent is negative', { a: { dtype: 'F64', shape: [-1], data_offsets: [0, 8] } }, 8, "'-1'"],
    ['the dtype is unknown', { a: { dtype: 'BF16', shape: [4], data_offsets: [0, 8] } }, 8, 'BF16'],
    ['the metadata hold a number', { __metadata__: { layers: 3 } }, 0, '__metadata__'],
    ['the header is a list', [], 0, 'header'],
  ])('are refused where %s', (_, header, dataLength, reason) => {
    expect(messageOf(readSafetensors(file(header, dataLength)))).toContain(reason);
  });

  it('start with a header padded to 8 bytes, tensors by size of entry and name', () => {
    const scalar = (dtype: Tensor['dtype'], x: number): Tensor => ({ dtype, shape: [], values: Float64Array.of(x) });
    const bytes = safetensorsOf({
      metadata: { b: '2', a: '1' },
      tensors: { y: scalar('float32', 2), z: scalar('float64', 3), x: scalar('float32', 1) },
    });
    const length = bytes[0] ?? 0;
    expect(length % 8).toBe(0);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd()).toBe(
      '{"__metadata__":{"a":"1","b":"2"},"z":{"dtype":"F64","shape":[],"data_offsets":[0,8]},' +
        '"x":{"dtype":"F32","shape":[],"data_offsets":[8,12]},"y":{"dtype":"F32","shape":[],"data_offsets":[12,16]}}',
    );
    expect(bytes.length).toBe(8 + length + 16);
  });
});
