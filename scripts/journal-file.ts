/** Journals on disk: beside the file that a run will write, until it is written. */
import { closeSync, constants, fsyncSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { usageErrorIn, type CommandError } from '../src/command/command-error.ts';
import type { DataSet } from '../src/dataset/data-set.ts';
import type { DataError } from '../src/file/data-error.ts';
import { quoted } from '../src/file/quoted.ts';
import {
  journalEntry,
  journalStart,
  keeping,
  opening,
  recovered,
  type DiskOperation,
} from '../src/provenance/journal.ts';
import type { Run } from '../src/provenance/run.ts';
import { journalPath } from '../src/provenance/verification.ts';
import { reasonOf } from '../src/command/thrown.ts';
import { exists, readFile } from './read-file.ts';
import { sha256 } from './sha256.ts';

export interface JournalFile {
  /** The pieces that are finished already. */
  readonly pieces: readonly DataSet[];
  /** Keeps a finished piece, before anything else happens. */
  readonly append: (piece: DataSet) => void;
  /** Takes it away; where that fails, a line says so, for the run has ended. */
  readonly remove: () => void;
}

/** The journal of a run that writes `out`, begun or gone on with. Refuses one that belongs to another run. */
export const openJournal = (out: string, run: Run): TaskEither<CommandError, JournalFile> => {
  const path = journalPath(out);
  return pipe(
    TE.fromTask(() => exists(path)),
    TE.chainW((begun) => (begun ? readFile(path) : TE.right(new Uint8Array()))),
    TE.chainEitherKW((bytes) => recovered(sha256)(run, bytes)),
    TE.mapLeft(({ message }): CommandError => usageErrorIn(path)({ message: `${message}: ${advice}` })),
    TE.map(({ pieces, wholeBytes }) => {
      const start = journalStart(sha256)(run);
      const keep = keeper(path, wholeBytes === 0 ? start.length : wholeBytes, opening(wholeBytes, start));
      return {
        pieces,
        append: (piece) => {
          keep(journalEntry(sha256)(piece));
        },
        remove: () => {
          try {
            // The file that the journal was for is on the disk, with its name, before the journal goes.
            syncFolder(path);
            rmSync(path, { force: true });
          } catch (error) {
            process.stderr.write(
              `efnn: could not remove ${quoted(path)} (${reasonOf(error)}), which is of no use any more: remove it\n`,
            );
          }
        },
      };
    }),
  );
};

const advice = 'repeat its options, choose another --out, or remove the journal to begin anew';

/**
 * Keeps entries; those that could not be written are written with the next one. The run goes on without, for its pieces are in
 * memory too: a full disk may have room again.
 */
const keeper = (
  path: string,
  start: number,
  first: readonly DiskOperation[],
): ((entry: Either<DataError, Uint8Array>) => void) => {
  const state = { whole: start, opened: false, waiting: new Array<Uint8Array>(), warned: false };
  const write = (): void => {
    try {
      if (!state.opened) {
        perform(path, first);
        state.opened = true;
      }
      const entries = Buffer.concat(state.waiting);
      if (entries.length > 0) {
        perform(path, keeping(state.whole, entries));
        state.whole += entries.length;
        state.waiting = [];
      }
    } catch (error) {
      if (!state.warned) {
        state.warned = true;
        process.stderr.write(
          `efnn: could not write ${quoted(path)} (${reasonOf(error)}): going on, but not to be killed now\n`,
        );
      }
    }
  };
  write();
  return (entry) => {
    if (E.isRight(entry)) {
      state.waiting.push(entry.right);
      write();
    }
  };
};

const perform = (path: string, operations: readonly DiskOperation[]): void => {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o666);
  try {
    for (const operation of operations) {
      switch (operation.tag) {
        case 'write':
          writeWhole(file, operation.content, operation.at);
          break;
        case 'truncate':
          ftruncateSync(file, operation.length);
          break;
        case 'sync file':
          fsyncSync(file);
          break;
        case 'sync folder':
          syncFolder(path);
          break;
      }
    }
  } finally {
    closeSync(file);
  }
};

/** One call may write less than it was given. */
const writeWhole = (file: number, content: Uint8Array, at: number): void => {
  const written = writeSync(file, content, 0, content.length, at);
  if (written < content.length) {
    writeWhole(file, content.subarray(written), at + written);
  }
};

const syncFolder = (path: string): void => {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};
