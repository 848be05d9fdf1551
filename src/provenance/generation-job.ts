/** Generating samples as jobs: plain data, so that another thread can do one. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import type { DataSet } from '../dataset/data-set.ts';
import { referenceRecipe, type Recipe } from '../dataset/recipe.ts';
import type { Range } from '../dataset/shard.ts';
import { generate, sourceOf } from '../dataset/source.ts';
import type { DataError } from '../file/data-error.ts';
import { crossChecked, type Checks } from './agreement.ts';

/** Some configurations of a recipe. */
export interface GenerationJob {
  readonly recipe: Recipe;
  readonly range: Range;
  /** Which configurations are compared with the reference method; none where it is absent. */
  readonly checks?: Checks;
}

/** The samples of a job. Fails where there are none, and where the reference disagrees. */
export const generated = ({ recipe, range, checks }: GenerationJob): Either<DataError, DataSet> =>
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
  );
