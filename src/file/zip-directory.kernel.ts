/**
 * The directory of a zip archive: what its members are called and where they lie, all of it looked at before any content is.
 *
 * @source PKWARE's APPNOTE.TXT: 4.3.16 end of central directory, 4.3.14 its zip64 form, 4.3.12 central directory, 4.3.7
 * local headers, 4.5.3 zip64 extra field
 */

/** A member of an archive, as the directory describes it. */
export interface Member {
  readonly name: string;
  /** 0 for stored, 8 for deflated; others are not read. */
  readonly method: number;
  readonly isEncrypted: boolean;
  /** Its CRC-32. */
  readonly checksum: number;
  /** How many bytes it takes in the archive, and how many it is. */
  readonly storedLength: number;
  readonly length: number;
  /** Where its bytes begin. */
  readonly contentStart: number;
}

/** What is wrong with a directory, in words that follow `expected a zip archive, got`. */
export interface DirectoryFault {
  readonly fault: string;
}

const endSignature = 0x06054b50;
const zip64EndSignature = 0x06064b50;
const zip64LocatorSignature = 0x07064b50;
const recordSignature = 0x02014b50;
const localSignature = 0x04034b50;

const another: DirectoryFault = { fault: 'another format or a truncated file' };

/** The members in the order of the directory; names are there once, and no two members share a byte. */
export const membersOf = (bytes: Uint8Array): readonly Member[] | DirectoryFault => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = directoryPlace(view);
  if ('fault' in directory) return directory;
  const members: Member[] = [];
  const names = new Set<string>();
  const places: { readonly from: number; readonly to: number }[] = [];
  let at = directory.start;
  for (let i = 0; i < directory.count; i++) {
    if (at + 46 > directory.end || view.getUint32(at, true) !== recordSignature) return another;
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > directory.end) return another;
    const sizes = sizesOf(view, at, nameEnd, extraEnd);
    const rawName = bytes.subarray(at + 46, nameEnd);
    const contentStart = contentStartOf(bytes, view, sizes.headerStart, rawName);
    if (typeof contentStart !== 'number') return contentStart;
    const name = new TextDecoder().decode(rawName);
    if (names.has(name)) return { fault: 'one with a name that is there twice' };
    names.add(name);
    places.push({ from: sizes.headerStart, to: contentStart + sizes.storedLength });
    members.push({
      name,
      method: view.getUint16(at + 10, true),
      // Encrypted, patched, or strongly encrypted.
      isEncrypted: (view.getUint16(at + 8, true) & 0x61) !== 0,
      checksum: view.getUint32(at + 16, true),
      storedLength: sizes.storedLength,
      length: sizes.length,
      contentStart,
    });
    at = next;
  }
  if (at !== directory.end) return another;
  places.sort((a, b) => a.from - b.from);
  for (let i = 0; i < places.length; i++) {
    if (places[i]!.to > (places[i + 1]?.from ?? directory.start)) return { fault: 'one whose members overlap' };
  }
  return members;
};

interface Directory {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/** The record at the end of the file, 22 bytes before it or more where a comment follows, and its 64-bit form before it. */
const directoryPlace = (view: DataView): Directory | DirectoryFault => {
  const longestComment = 0xffff;
  const first = Math.max(0, view.byteLength - 22 - longestComment);
  for (let at = view.byteLength - 22; at >= first; at--) {
    if (view.getUint32(at, true) === endSignature && at + 22 + view.getUint16(at + 20, true) === view.byteLength) {
      const zip64 = at - 20;
      if (zip64 >= 0 && view.getUint32(zip64, true) === zip64LocatorSignature) return zip64Directory(view, zip64);
      const [count, length, start] = [
        view.getUint16(at + 10, true),
        view.getUint32(at + 12, true),
        view.getUint32(at + 16, true),
      ];
      return start + length <= at ? { start, end: start + length, count } : another;
    }
  }
  return another;
};

const zip64Directory = (view: DataView, locator: number): Directory | DirectoryFault => {
  const at = bigAt(view, locator + 8);
  if (at + 56 > locator || view.getUint32(at, true) !== zip64EndSignature) return another;
  const [count, length, start] = [bigAt(view, at + 32), bigAt(view, at + 40), bigAt(view, at + 48)];
  return start + length <= at ? { start, end: start + length, count } : another;
};

interface Sizes {
  readonly length: number;
  readonly storedLength: number;
  readonly headerStart: number;
}

/** Those of the three that do not fit into 32 bits are in the zip64 extra field, in this order. */
const sizesOf = (view: DataView, at: number, extraStart: number, extraEnd: number): Sizes => {
  const big = zip64Field(view, extraStart, extraEnd);
  let place = big.from;
  const [length, storedLength, headerStart] = [at + 24, at + 20, at + 42].map((field) => {
    const small = view.getUint32(field, true);
    if (small !== 0xffffffff || place + 8 > big.to) return small;
    place += 8;
    return bigAt(view, place - 8);
  });
  return { length: length!, storedLength: storedLength!, headerStart: headerStart! };
};

const zip64Field = (
  view: DataView,
  extraStart: number,
  extraEnd: number,
): { readonly from: number; readonly to: number } => {
  let at = extraStart;
  while (at + 4 <= extraEnd) {
    const end = Math.min(at + 4 + view.getUint16(at + 2, true), extraEnd);
    if (view.getUint16(at, true) === 1) return { from: at + 4, to: end };
    at = end;
  }
  return { from: extraEnd, to: extraEnd };
};

/** Where a member's bytes begin: after its local header, which must have the name that the directory has. */
const contentStartOf = (bytes: Uint8Array, view: DataView, at: number, name: Uint8Array): number | DirectoryFault => {
  if (at + 30 > view.byteLength || view.getUint32(at, true) !== localSignature) return another;
  const nameEnd = at + 30 + view.getUint16(at + 26, true);
  const localName = bytes.subarray(at + 30, nameEnd);
  return localName.length === name.length && localName.every((byte, i) => byte === name[i])
    ? nameEnd + view.getUint16(at + 28, true)
    : { fault: 'one whose directory has other names than its members' };
};

/** A 64-bit number; beyond 2^53 it is rounded, and too large for every file. */
const bigAt = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));
