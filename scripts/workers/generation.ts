/** Generating samples as jobs: a plan and a range of indices each. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { DataSet } from '../../src/dataset/data-set.ts';
import { generate } from '../../src/dataset/generate.ts';
import { recipeOf, type Plan } from '../../src/dataset/plan.ts';
import type { Range } from '../../src/dataset/shard.ts';
import { runError, type CommandError } from '../exit.ts';
import type { Labour } from './pool.ts';

export interface GenerationJob {
  readonly plan: Plan;
  readonly range: Range;
}

export const generation: Labour<GenerationJob, never, DataSet> = {
  work: ({ plan, range }) =>
    pipe(
      recipeOf(plan),
      E.chain((recipe) => generate(recipe)(range.first, range.count)),
      E.mapLeft(({ message }): CommandError => runError(message)),
      TE.fromEither,
    ),
  entry: new URL('generation.worker.mjs', import.meta.url),
};
