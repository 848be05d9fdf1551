/**
 * Zip archives of a few entries. Reading verifies every checksum, which fflate does not; writing gives the same bytes
 * for the same entries. Entries are written uncompressed, since random numbers do not compress; both forms are read.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { inflateSync, zipSync } from 'fflate';

import { crc32 } from './crc32.kernel.ts';
import { dataError, type DataError } from './data-error.ts';

/** The contents of files, by name. */
export type Entries = Readonly<Record<string, Uint8Array>>;

/** The largest archive, in bytes: beyond it the format needs 64-bit offsets, which are not written or read here. */
export const largestZip = 0xffffffff;

export const unzip = (bytes: Uint8Array): E.Either<DataError, Entries> =>
  pipe(
    E.tryCatch(
      () => directoryOf(bytes).map((record) => ({ ...record, content: contentOf(bytes, record) })),
      () => dataError('expected a zip archive, came another format or a truncated file: copy or write it again'),
    ),
    E.chain((files) => {
      const damaged = files.find(({ content, checksum }) => crc32(content) !== checksum);
      return damaged === undefined
        ? E.right(Object.fromEntries(files.map(({ name, content }) => [name, content])))
        : E.left(
            dataError(`expected '${damaged.name}' to match its checksum, it does not: copy or write the file again`),
          );
    }),
  );

/** An archive with a fixed date, its entries in the given order, all together below `largestZip` bytes. */
export const zip = (entries: Entries): Uint8Array =>
  zipSync({ ...entries }, { level: 0, mtime: '1980-01-01T00:00:00' });

/** One entry of the central directory. */
interface DirectoryRecord {
  readonly name: string;
  readonly method: number;
  readonly checksum: number;
  readonly storedLength: number;
  readonly length: number;
  readonly headerStart: number;
}

// The functions below throw on whatever is no zip archive, as DataView does beyond its end.

const directoryOf = (bytes: Uint8Array): readonly DirectoryRecord[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(bytes);
  expectSignature(view, end, 0x06054b50);
  if (end + 22 + view.getUint16(end + 20, true) !== bytes.length) {
    throw new RangeError('a zip archive ends with its directory');
  }
  const recordsFrom = (at: number, left: number): readonly DirectoryRecord[] => {
    if (left === 0) {
      return [];
    }
    expectSignature(view, at, 0x02014b50);
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const record = {
      name: new TextDecoder().decode(bytes.subarray(at + 46, nameEnd)),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      storedLength: view.getUint32(at + 20, true),
      length: view.getUint32(at + 24, true),
      headerStart: view.getUint32(at + 42, true),
    };
    const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    return [record, ...recordsFrom(next, left - 1)];
  };
  return recordsFrom(view.getUint32(end + 16, true), view.getUint16(end + 10, true));
};

/** Where the end-of-directory record starts: 22 bytes before the end, or more where a comment follows it. */
const endRecord = (bytes: Uint8Array): number => {
  const tail = bytes.subarray(-22 - longestComment);
  const start = tail.findLastIndex(
    (byte, at) => byte === 0x50 && tail[at + 1] === 0x4b && tail[at + 2] === 5 && tail[at + 3] === 6,
  );
  return bytes.length - tail.length + start;
};

const longestComment = 0xffff;

const expectSignature = (view: DataView, at: number, signature: number): void => {
  if (view.getUint32(at, true) !== signature) {
    throw new RangeError('a zip record is missing');
  }
};

const contentOf = (bytes: Uint8Array, { method, storedLength, length, headerStart }: DirectoryRecord): Uint8Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  expectSignature(view, headerStart, 0x04034b50);
  const start = headerStart + 30 + view.getUint16(headerStart + 26, true) + view.getUint16(headerStart + 28, true);
  const stored = bytes.subarray(start, start + storedLength);
  // Deflate shrinks at most 1032-fold, so a greater length is damage, and no reason to reserve memory.
  if ((method !== 0 && method !== 8) || length > 1032 * stored.length) {
    throw new RangeError('a zip entry is neither stored nor deflated');
  }
  return method === 0 ? stored : inflateSync(stored, { out: new Uint8Array(length) });
};
