/** Generating samples as jobs: a plan and a range of configurations each. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { DataSet } from '../../src/dataset/data-set.ts';
import { dataOf, recipeOf, type Plan } from '../../src/dataset/plan.ts';
import type { Range } from '../../src/dataset/shard.ts';
import { crossChecked, type Checks } from '../../src/provenance/agreement.ts';
import { runError, type CommandError } from '../exit.ts';
import type { JobKind } from './pool.ts';

export interface GenerationJob {
  readonly plan: Plan;
  readonly range: Range;
  /** Which configurations are compared with diagonalization; none where it is absent. */
  readonly checks?: Checks;
}

export const generation: JobKind<GenerationJob, never, DataSet> = {
  work: ({ plan, range, checks }) =>
    pipe(
      dataOf(plan)(range),
      E.chain((data) =>
        plan.system === 'double-exchange' && checks !== undefined
          ? pipe(
              recipeOf({ ...plan, method: 'diagonalize' }),
              E.chain((reference) => crossChecked(reference, checks)(data)),
            )
          : E.right(data),
      ),
      E.mapLeft(({ message }): CommandError => runError(message)),
      TE.fromEither,
    ),
  entry: new URL('generation.worker.mjs', import.meta.url),
};
