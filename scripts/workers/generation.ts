/** Generating samples as jobs: a recipe and a range of configurations each. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { DataSet } from '../../src/dataset/data-set.ts';
import { referenceRecipe, type Recipe } from '../../src/dataset/recipe.ts';
import type { Range } from '../../src/dataset/shard.ts';
import { generate, sourceOf } from '../../src/dataset/source.ts';
import { crossChecked, type Checks } from '../../src/provenance/agreement.ts';
import { runError, type CommandError } from '../../src/command/command-error.ts';
import type { JobKind } from './pool.ts';

/** Some configurations of a recipe. */
export interface GenerationJob {
  readonly recipe: Recipe;
  readonly range: Range;
  /** Which configurations are compared with the reference method; none where it is absent. */
  readonly checks?: Checks;
}

/** Makes the samples of a job. */
export const generation: JobKind<GenerationJob, never, DataSet> = {
  work: ({ recipe, range, checks }) =>
    pipe(
      generate(recipe)(range),
      E.chain((data) =>
        checks === undefined
          ? E.right(data)
          : pipe(
              sourceOf(referenceRecipe(recipe)),
              E.chain((reference) => crossChecked(reference, checks)(data)),
            ),
      ),
      E.mapLeft(({ message }): CommandError => runError(message)),
      TE.fromEither,
    ),
  entry: new URL('generation.worker.mjs', import.meta.url),
};
