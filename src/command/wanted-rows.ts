/** The rows of a benchmark that are asked for. */
import * as E from 'fp-ts/lib/Either.js';

import { asksFor, rowNames } from '../bench/experiments.ts';
import { benchGroups } from '../bench/report.ts';
import { quoted } from '../file/quoted.ts';
import { usageError, type UsageError } from './command-error.ts';

/** Whether a row is asked for by these names; by no names, every row is. Fails for a name that asks for none. */
export const wantedRows = (names: readonly string[]): E.Either<UsageError, (row: string) => boolean> => {
  const stranger = names.find((name) => !rowNames.some((row) => asksFor(name, row)));
  return stranger === undefined
    ? E.right((row) => names.length === 0 || names.some((name) => asksFor(name, row)))
    : E.left(
        usageError(
          `expected ${Object.keys(benchGroups).join(', ')} or the name of a row, got ${quoted(stranger)}: ` +
            `choose among ${rowNames.join(', ')}`,
        ),
      );
};
