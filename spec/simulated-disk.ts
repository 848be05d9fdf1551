/**
 * A disk that loses power: what was written since the last sync may be there or not, in any order, in parts of sectors, with
 * flipped bits; a file whose name was not synced may be gone; a full disk takes a part of a write and refuses the rest.
 */
import type { DiskOperation } from '../src/provenance/journal.ts';

/** Numbers in [0, 1), one after the other. */
export type Chance = () => number;

/** One file in one folder. */
export interface Disk {
  /** What a reader finds while the power is on. */
  readonly seen: Uint8Array | null;
  /** What no power cut takes; null while the name is not safe. */
  readonly safe: Uint8Array;
  readonly nameIsSafe: boolean;
  /** Changes since the last sync. */
  readonly pending: readonly Change[];
}

type Change = Extract<DiskOperation, { readonly tag: 'write' | 'truncate' }>;

export const emptyDisk: Disk = { seen: null, safe: new Uint8Array(), nameIsSafe: false, pending: [] };

const sector = 64;

const changed = (file: Uint8Array, change: Change): Uint8Array => {
  if (change.tag === 'truncate') {
    const shorter = new Uint8Array(change.length);
    shorter.set(file.subarray(0, change.length));
    return shorter;
  }
  const written = new Uint8Array(Math.max(file.length, change.at + change.content.length));
  written.set(file);
  written.set(change.content, change.at);
  return written;
};

/** The disk after an operation. */
export const after = (disk: Disk, operation: DiskOperation): Disk => {
  switch (operation.tag) {
    case 'write':
    case 'truncate':
      return {
        ...disk,
        seen: changed(disk.seen ?? new Uint8Array(), operation),
        pending: [...disk.pending, operation],
      };
    case 'sync file':
      return { ...disk, safe: disk.seen ?? new Uint8Array(), pending: [] };
    case 'sync folder':
      return { ...disk, nameIsSafe: true };
  }
};

/** The disk after a full one took a part of a write. */
export const afterPart = (disk: Disk, operation: DiskOperation, chance: Chance): Disk =>
  operation.tag === 'write'
    ? after(disk, { ...operation, content: operation.content.slice(0, chance() * operation.content.length) })
    : disk;

/** What is found when the power is back. */
export const crashed = (disk: Disk, chance: Chance): Disk => {
  if (disk.seen === null || (!disk.nameIsSafe && chance() < 0.5)) {
    return emptyDisk;
  }
  const parts = disk.pending
    .flatMap((change): readonly Change[] =>
      change.tag === 'truncate'
        ? [change]
        : Array.from({ length: Math.ceil(change.content.length / sector) }, (_, i) => ({
            tag: 'write',
            at: change.at + i * sector,
            content: change.content.slice(i * sector, (i + 1) * sector),
          })),
    )
    .filter(() => chance() < 0.6)
    .map((change) => ({ change, order: chance() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ change }) => (change.tag === 'write' && chance() < 0.1 ? flipped(change, chance) : change));
  const file = parts.reduce(changed, disk.safe);
  return { seen: file, safe: file, nameIsSafe: true, pending: [] };
};

const flipped = (change: Extract<Change, { readonly tag: 'write' }>, chance: Chance): Change => {
  const place = Math.floor(chance() * change.content.length);
  const bit = 1 << Math.floor(chance() * 8);
  return { ...change, content: change.content.map((byte, at) => (at === place ? byte ^ bit : byte)) };
};
