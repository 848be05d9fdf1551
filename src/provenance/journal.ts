/**
 * Journals: the finished pieces of a run, one after the other, each with its digest. A process that is killed leaves a
 * journal that ends anywhere; whatever of it is whole counts, and the run goes on from there. The first entry says which
 * run it is, so that another run is never mixed in.
 *
 *   entry = digest (64 hexadecimal digits), space, length (14 decimal digits), newline, as many bytes
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';

import { readNpz, writeNpz } from '../dataset/data-set-file.ts';
import { concatenated, sampleCount, type DataSet } from '../dataset/data-set.ts';
import { configurationsIn } from '../dataset/images.ts';
import { gaps, pieces, type Range } from '../dataset/shard.ts';
import { canonicalJson, type Json } from '../file/canonical-json.ts';
import { dataError, type DataError } from '../file/data-error.ts';
import type { Digest } from '../file/digest.ts';
import { joinedBytes } from '../file/joined.kernel.ts';
import { runSchema, type Run } from './run.ts';

/** What is done to a journal's file, one after the other; a later one is not begun before those in front of it are done. */
export type DiskOperation =
  | { readonly tag: 'write'; readonly at: number; readonly content: Uint8Array }
  | { readonly tag: 'truncate'; readonly length: number }
  /** What was written is on the disk, not in some cache. */
  | { readonly tag: 'sync file' }
  /** So is the file's name. */
  | { readonly tag: 'sync folder' };

/** What opens a journal of which so many bytes are whole; where none are, it is begun with its first entry. */
export const opening = (wholeBytes: number, start: Uint8Array): readonly DiskOperation[] => [
  { tag: 'truncate', length: wholeBytes },
  ...(wholeBytes === 0 ? [{ tag: 'write' as const, at: 0, content: start }] : []),
  { tag: 'sync file' },
  { tag: 'sync folder' },
];

/**
 * What keeps entries behind the bytes that are whole: once all is done, no power cut takes them. Where something fails, on a
 * full disk, the same again repairs what it left.
 */
export const keeping = (wholeBytes: number, entries: Uint8Array): readonly DiskOperation[] => [
  { tag: 'write', at: wholeBytes, content: entries },
  { tag: 'sync file' },
];

/** What a journal holds. */
export interface Recovered {
  readonly pieces: readonly DataSet[];
  /** How many bytes are whole; what follows is the remainder of an entry, and is cut off. */
  readonly wholeBytes: number;
}

const headerBytes = 64 + 1 + 14 + 1;

/** An entry of a journal, whatever it holds. */
export const entry = (digest: Digest, content: Uint8Array): Uint8Array =>
  joinedBytes([new TextEncoder().encode(`${digest(content)} ${String(content.length).padStart(14, '0')}\n`), content]);

/** The first entry of a run's journal. */
export const journalStart =
  (digest: Digest) =>
  (run: Run): Uint8Array =>
    entry(digest, new TextEncoder().encode(canonicalJson(run)));

/** The entry of a finished piece. Fails where one of its numbers is not finite. */
export const journalEntry =
  (digest: Digest) =>
  (piece: DataSet): Either<DataError, Uint8Array> =>
    pipe(
      writeNpz(piece),
      E.map((content) => entry(digest, content)),
    );

/** What a run can go on from. Fails where the journal belongs to another run, and says how it differs. */
export const recovered =
  (digest: Digest) =>
  (run: Run, journal: Uint8Array): Either<DataError, Recovered> => {
    const [first, ...others] = contents(digest, journal);
    if (first === undefined) {
      return E.right({ pieces: [], wholeBytes: 0 });
    }
    const text = new TextDecoder().decode(first);
    return text === canonicalJson(run)
      ? pipe(
          others,
          E.traverseArray(readNpz),
          E.map((found) => ({ pieces: found, wholeBytes: wholeLength([first, ...others]) })),
        )
      : E.left(dataError(`expected the run that was stopped, got another (${difference(text, run)})`));
  };

/** How many bytes of a journal these entries are. */
export const wholeLength = (entries: readonly Uint8Array[]): number =>
  entries.reduce((sum, content) => sum + headerBytes + content.length, 0);

/** The contents of entries, up to the first that is not whole. */
export const contents = (digest: Digest, journal: Uint8Array): readonly Uint8Array[] =>
  RA.unfold(0, (at) =>
    pipe(
      contentAt(digest, journal, at),
      O.map((content) => [content, at + headerBytes + content.length]),
    ),
  );

const contentAt = (digest: Digest, journal: Uint8Array, at: number): O.Option<Uint8Array> => {
  const header = new TextDecoder().decode(journal.subarray(at, at + headerBytes));
  const [, expected, length] = /^([0-9a-f]{64}) (\d{14})\n$/.exec(header) ?? [];
  const start = at + headerBytes;
  const content = journal.subarray(start, start + Number(length ?? 0));
  return length !== undefined && content.length === Number(length) && digest(content) === expected
    ? O.some(content)
    : O.none;
};

/** Which entries of two runs differ: `seed 1, not 2`. */
const difference = (text: string, run: Run): string => {
  const parsed = pipe(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      () => null,
    ),
    E.map((json) => runSchema.safeParse(json)),
  );
  if (E.isLeft(parsed) || !parsed.right.success) {
    return 'of another version of efnn';
  }
  const [before, now] = [entriesOf(parsed.right.data), new Map(entriesOf(run))];
  const changed = before.flatMap(([key, value]) =>
    now.get(key) === value ? [] : [`${key} ${value} before, ${now.get(key) ?? 'none'} now`],
  );
  return changed.length === 0 ? 'with more options' : changed.join('; ');
};

const entriesOf = ({ program, recipe, part }: Run): readonly (readonly [string, string])[] =>
  Object.entries<Json | undefined>({ efnn: program, ...recipe, ...part }).map(([key, value]) => [
    key,
    canonicalJson(value ?? null),
  ]);

/** The configurations that are still to be made, in pieces of at most `most`. */
export const remaining = (range: Range, done: readonly DataSet[], most: number): readonly Range[] =>
  gaps(range, done.map(configurationsIn)).flatMap((gap) => pieces(gap, most));

/** The data set of the pieces, in whatever order they were finished. */
export const assembled = (done: readonly DataSet[]): Either<DataError, DataSet> => {
  const sorted = distinct(done.toSorted((a, b) => a.meta.firstIndex - b.meta.firstIndex));
  return RA.isNonEmpty(sorted) ? concatenated(sorted) : E.left(dataError('expected at least one piece, got none'));
};

/** Without the pieces that two processes both made. */
const distinct = (sorted: readonly DataSet[]): readonly DataSet[] =>
  sorted.filter(({ meta }, i) => meta.firstIndex !== sorted[i - 1]?.meta.firstIndex);

/** How many rows pieces hold. */
export const rowCount = (done: readonly DataSet[]): number => done.reduce((sum, piece) => sum + sampleCount(piece), 0);
