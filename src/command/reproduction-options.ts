/** Which options of `reproduce` go with which: what asks for something that is not done is refused. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { UsageError } from './command-error.ts';
import { without } from './option-value.ts';

/** What is given beside --merge. */
export interface MergeTexts {
  readonly shard?: string;
  readonly list?: true;
  readonly from?: readonly string[];
  readonly reportOnly?: true;
  readonly publish?: string;
}

/** What is given beside --list. */
export interface ListTexts extends Pick<MergeTexts, 'from' | 'reportOnly' | 'publish'> {
  readonly markdown?: string;
  readonly overwrite?: true;
}

/** Parts are joined with all that they have: what would choose among it is refused. Figures choose what is reported. */
export const mergedWhole = ({ shard, list, from, reportOnly, publish }: MergeTexts): E.Either<UsageError, unknown> =>
  pipe(
    without('shard', shard, 'parts are joined whole; leave it out'),
    E.chain(() => without('list', list, 'give it without --merge')),
    E.chain(() => without('from', from?.[0], 'parts that were made alike are all that is merged; leave it out')),
    E.chain(() => without('report-only', reportOnly, 'merging does no jobs; leave it out')),
    E.chain(() => without('publish', publish, 'merge first, then publish by --report-only')),
  );

/** The list has all jobs of figures or of a shard, done or not: what asks for a report, or for what is left, is refused. */
export const listedWhole = ({
  from,
  reportOnly,
  publish,
  markdown,
  overwrite,
}: ListTexts): E.Either<UsageError, unknown> =>
  pipe(
    without('from', from?.[0], '--list prints all jobs, whatever is finished; leave it out'),
    E.chain(() => without('report-only', reportOnly, '--list reports nothing; leave one of them out')),
    E.chain(() => without('publish', publish, '--list does no jobs; leave one of them out')),
    E.chain(() => without('markdown', markdown, '--list makes no claims; leave one of them out')),
    E.chain(() => without('overwrite', overwrite, '--list writes nothing; leave one of them out')),
  );
