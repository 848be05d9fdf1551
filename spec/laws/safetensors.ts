/** Law of the safetensors format: its own library decides what a file is, and where this reader is stricter it says why. */
import fc from 'fast-check';
import type { Either } from 'fp-ts/lib/Either.js';

import met from '../outside/safetensors.json' with { type: 'json' };
import type { Law } from '../law.ts';
import { messageOf } from '../right.ts';

type Read = (bytes: Uint8Array) => Either<{ readonly message: string }, unknown>;

/** A file, what the library does with it, and where this reader refuses what it reads, why. */
interface Met {
  readonly why: string;
  readonly base64: string;
  readonly library: string;
  readonly refusedHereFor?: string;
}

const files: readonly Met[] = met.files;

/** What is wrong with the answer to a file; null where nothing is. */
const isRight =
  (read: Read) =>
  ({ base64, library, refusedHereFor }: Met): boolean => {
    const message = messageOf(read(new Uint8Array(Buffer.from(base64, 'base64'))));
    if (library === 'refused') {
      return message !== '';
    }
    return refusedHereFor === undefined ? message === '' : message.includes(refusedHereFor);
  };

export const libraryDecides: Law<Read, null> = {
  statement:
    "what the format's own library reads is read, what it refuses is refused, and what is refused here alone is refused for a named rule",
  cases: fc.constant(null),
  runs: 1,
  holds: (read) => () => files.every(isRight(read)),
};
