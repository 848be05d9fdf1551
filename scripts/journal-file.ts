/** Journals on disk: beside the file that a run will write, until it is written. */
import { appendFileSync, rmSync, truncateSync } from 'node:fs';

import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { usageErrorIn, type CommandError } from '../src/command/command-error.ts';
import { quoted } from '../src/file/quoted.ts';
import type { DataSet } from '../src/dataset/data-set.ts';
import { journalEntry, journalStart, recovered, type Run } from '../src/provenance/journal.ts';
import { journalSuffix } from '../src/provenance/verification.ts';
import { reasonOf } from './exit.ts';
import { exists, readFile } from './read-file.ts';
import { sha256 } from './sha256.ts';

export interface JournalFile {
  /** The pieces that are finished already. */
  readonly pieces: readonly DataSet[];
  /** Keeps a finished piece, before anything else happens. */
  readonly append: (piece: DataSet) => void;
  readonly remove: () => void;
}

export const journalPath = (out: string): string => out + journalSuffix;

/** The journal of a run that writes `out`, begun or gone on with. Refuses one that belongs to another run. */
export const openJournal = (out: string, run: Run): TaskEither<CommandError, JournalFile> => {
  const path = journalPath(out);
  return pipe(
    TE.fromTask(() => exists(path)),
    TE.chainW((begun) => (begun ? readFile(path) : TE.right(new Uint8Array()))),
    TE.chainEitherKW((bytes) => recovered(sha256)(run, bytes)),
    TE.mapLeft(({ message }): CommandError => usageErrorIn(path)({ message: `${message}: ${advice}` })),
    TE.map(({ pieces, wholeBytes }) => {
      const keep = keeper(path);
      keep(() => {
        if (wholeBytes === 0) {
          rmSync(path, { force: true });
          appendFileSync(path, journalStart(sha256)(run));
        } else {
          truncateSync(path, wholeBytes);
        }
      });
      return {
        pieces,
        append: (piece) => {
          keep(() => {
            pipe(
              journalEntry(sha256)(piece),
              E.match(
                ({ message }) => {
                  throw new RangeError(message);
                },
                (entry) => {
                  appendFileSync(path, entry);
                },
              ),
            );
          });
        },
        remove: () => {
          rmSync(path, { force: true });
        },
      };
    }),
  );
};

const advice = 'repeat its options, choose another --out, or remove the journal to begin anew';

/**
 * Writes until that fails. Then the run goes on without, for its pieces are in memory too: a full disk may have room
 * again when it ends.
 */
const keeper = (path: string): ((write: () => void) => void) => {
  const state = { failed: false };
  return (write) => {
    if (state.failed) {
      return;
    }
    try {
      write();
    } catch (error) {
      state.failed = true;
      process.stderr.write(
        `efnn: could not write ${quoted(path)} (${reasonOf(error)}): going on, but not to be killed now\n`,
      );
    }
  };
};
