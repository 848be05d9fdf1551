/** Names of outputs: a file that a command keeps beside an output has the output's name and an ending of its own. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { checkpointEnding } from '../file/checkpoint-mark.ts';
import { quoted } from '../file/quoted.ts';
import { journalSuffix, manifestSuffix } from '../provenance/verification.ts';
import { usageError, type UsageError } from './command-error.ts';

/** How the name ends of the file that says who is at work on another. */
export const lockEnding = '.lock';

/** How the names of the files end that are kept beside an output. */
export const companionEndings = [manifestSuffix, journalSuffix, checkpointEnding, lockEnding] as const;

/**
 * Refuses a name that is that of a file kept beside another one: it would be replaced with it, or taken away. The message
 * begins with the option that named the path.
 *
 * @example
 * expectOwnEnding('--out', 'a.npz') // E.right(undefined)
 */
export const expectOwnEnding = (option: string, path: string): Either<UsageError, void> => {
  const ending = companionEndings.find((one) => path.endsWith(one));
  return ending === undefined
    ? E.right(undefined)
    : E.left(
        usageError(
          `${option}: expected a name that is no other file's with ${ending} at its end, got ${quoted(path)}, which efnn keeps ` +
            'beside that file: choose another name',
        ),
      );
};

/** What a command may do with a file that is there already: replace it, or refuse it with this advice. */
export type Standing = 'replaced' | { readonly advice: string };

/** What may be done where --overwrite decides. */
export const replacedBy = (overwrite: true | undefined): Standing =>
  overwrite === true ? 'replaced' : { advice: 'choose another name, or add --overwrite' };

/** A file that a command was given, and the option that names it. */
export interface NamedFile {
  readonly option: string;
  readonly path: string;
}

/** The file that an option names, or none where it was not given. */
export const namedFile = (option: string, path: string | undefined): readonly NamedFile[] =>
  path === undefined ? [] : [{ option, path }];

/** A file that was named, and what says whether it is the same as another: equal texts are one file. */
export interface PlacedFile extends NamedFile {
  readonly place: string;
}

/**
 * Refuses an output that is one of the files that are read, or another output: writing one would lose the other.
 *
 * @example
 * expectApart([{ option: '--data', path: 'a', place: '/a' }], [{ option: '--out', path: 'b', place: '/b' }]) // E.right(undefined)
 */
export const expectApart = (
  inputs: readonly PlacedFile[],
  outputs: readonly PlacedFile[],
): Either<UsageError, void> => {
  const clashes = outputs.flatMap((output, i) =>
    [...inputs, ...outputs.slice(0, i)]
      .filter(({ place }) => place === output.place)
      .map((other) => ({ output, other })),
  );
  const [first] = clashes;
  return first === undefined
    ? E.right(undefined)
    : E.left(
        usageError(
          `${first.output.option}: expected a file of its own, got ${quoted(first.output.path)}, which ${first.other.option} ` +
            'names too: choose another name',
        ),
      );
};
