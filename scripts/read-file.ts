/** Files that the caller names: that one cannot be read is the caller's mistake. */
import { readFile as read } from 'node:fs/promises';

import * as TE from 'fp-ts/lib/TaskEither.js';

import { reasonOf, usageError, type UsageError } from './exit.ts';

export const readFile = (path: string): TE.TaskEither<UsageError, Uint8Array> =>
  TE.tryCatch(
    async () => new Uint8Array(await read(path)),
    (error) => usageError(`expected a file that can be read, came '${path}' (${reasonOf(error)}): check the path`),
  );
