/**
 * Zip archives of a few entries. The directory is read first, in both its forms (32 and 64 bits), then the entries that are
 * asked for, each bounded by its declared size. Reading verifies every checksum, which fflate does not; writing gives the same
 * bytes for the same entries. Entries are written uncompressed, since random numbers do not compress; both forms are read.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { inflateSync, zipSync } from 'fflate';

import { crc32 } from './crc32.kernel.ts';
import { dataError, type DataError } from './data-error.ts';
import { inflatedStart } from './inflated.kernel.ts';
import { quoted } from './quoted.ts';
import { membersOf, type Member } from './zip-directory.kernel.ts';

/** The contents of files, by name. */
export type Entries = Readonly<Record<string, Uint8Array>>;

/** The largest archive that is written, in bytes: beyond it the format needs 64-bit offsets, which are read alone. */
export const largestZip = 0xffffffff;

/** An archive that was opened: what it holds, and nothing of it read yet. */
export interface Archive {
  readonly bytes: Uint8Array;
  readonly members: ReadonlyMap<string, Member>;
}

/** The archive in these bytes. Fails for other formats, names that occur twice, and members that overlap. */
export const openZip = (bytes: Uint8Array): E.Either<DataError, Archive> => {
  const members = membersOf(bytes);
  return 'fault' in members
    ? E.left(dataError(`expected a zip archive, got ${members.fault}: copy or write it again`))
    : E.right({ bytes, members: new Map(members.map((member) => [member.name, member])) });
};

/** The content of a member. Fails where it is encrypted, compressed by another method, or does not match its checksum. */
export const contentOf =
  ({ bytes }: Archive) =>
  (member: Member): E.Either<DataError, Uint8Array> =>
    pipe(
      storedBytes(bytes, member),
      E.chain((stored) =>
        member.method === 0
          ? E.right(stored)
          : attempt(member, () => inflateSync(stored, { out: new Uint8Array(member.length) })),
      ),
      E.filterOrElse(
        (content) => content.length === member.length && crc32(content) === member.checksum,
        () => damaged(member),
      ),
    );

/** The first `count` bytes of a member, unverified, and with no more work than they take. Fails as `contentOf` does. */
export const startOf =
  ({ bytes }: Archive) =>
  (member: Member, count: number): E.Either<DataError, Uint8Array> =>
    pipe(
      storedBytes(bytes, member),
      E.chain((stored) =>
        member.method === 0
          ? E.right(stored.subarray(0, count))
          : attempt(member, () => inflatedStart(stored, Math.min(count, member.length))),
      ),
    );

/** An archive with a fixed date, its entries in the given order, all together below `largestZip` bytes. */
export const zip = (entries: Entries): Uint8Array =>
  zipSync({ ...entries }, { level: 0, mtime: '1980-01-01T00:00:00' });

/** What deflate can make of a byte. */
const greatestRatio = 1032;

/** Up to here a member may be as repetitive as it likes; beyond, its numbers take room, however well they are compressed. */
const mostOfRepetition = 2 ** 28;
const greatestPlausibleRatio = 100;

const storedBytes = (bytes: Uint8Array, member: Member): E.Either<DataError, Uint8Array> => {
  const { name, method, isEncrypted, contentStart, storedLength, length } = member;
  if (isEncrypted) {
    return E.left(dataError(`expected ${quoted(name)} to be readable, got an encrypted one: write the archive again`));
  }
  if (method !== 0 && method !== 8) {
    return E.left(
      dataError(
        `expected ${quoted(name)} stored or deflated, got compression method ${method}: write it with numpy.savez`,
      ),
    );
  }
  const isPossible = method === 0 ? length === storedLength : length <= greatestRatio * storedLength;
  if (!isPossible || (length > mostOfRepetition && length > greatestPlausibleRatio * storedLength)) {
    return E.left(
      dataError(
        `expected ${quoted(name)} to hold numbers, got ${length} bytes packed into ${storedLength}: ` +
          'write it with numpy.savez',
      ),
    );
  }
  return E.right(bytes.subarray(contentStart, contentStart + storedLength));
};

const attempt = (member: Member, inflate: () => Uint8Array): E.Either<DataError, Uint8Array> =>
  E.tryCatch(inflate, () => damaged(member));

const damaged = ({ name }: Member): DataError =>
  dataError(`expected ${quoted(name)} to match its checksum, it does not: copy or write the file again`);
