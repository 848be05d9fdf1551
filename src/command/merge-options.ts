/** The options of `reproduce --merge`. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { quoted } from '../file/quoted.ts';
import { usageError, type UsageError } from './command-error.ts';
import { without } from './option-value.ts';

/** What the options of `reproduce` leave beside --merge. */
export interface MergeTexts {
  readonly shard?: string;
  readonly list?: true;
  readonly from?: readonly string[];
  readonly reportOnly?: true;
  readonly publish?: string;
}

/** Parts are joined with all that they have: what would choose among it is refused. */
export const mergedWhole = (
  names: readonly string[],
  { shard, list, from, reportOnly, publish }: MergeTexts,
): E.Either<UsageError, unknown> =>
  pipe(
    names.length === 0
      ? E.right(undefined)
      : E.left(
          usageError(
            `--merge: expected no figures, got ${quoted(names.join(' '))}: parts are joined whole, leave them out`,
          ),
        ),
    E.chain(() => without('shard', shard, 'parts are joined whole; leave it out')),
    E.chain(() => without('list', list, 'give it without --merge')),
    E.chain(() => without('from', from?.[0], 'parts that were made alike are all that is merged; leave it out')),
    E.chain(() => without('report-only', reportOnly, 'merging does no jobs; leave it out')),
    E.chain(() => without('publish', publish, 'merge first, then publish by --report-only')),
  );
