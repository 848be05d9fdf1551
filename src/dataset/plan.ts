/** Plans: all that fixes a data set but its length, as plain data, which can be sent to another thread. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { energyMethod, type ExactMethod } from '../exact/energy-method.ts';
import type { DataError } from '../file/data-error.ts';
import type { DataSet } from './data-set.ts';
import { doubleExchangeRecipe, type DoubleExchangeOrder } from './double-exchange.ts';
import { generate, type Recipe } from './generate.ts';
import { withPointGroupImages } from './images.ts';
import { publishedRecipe } from './published.ts';
import type { Range } from './shard.ts';
import { threeSpinRecipe, type ThreeSpinSystem } from './three-spin.ts';

export interface ThreeSpinPlan {
  readonly system: ThreeSpinSystem;
  /** `published` for the authors' own samples, on 15 sites. */
  readonly sampler: 'uniform' | 'published';
  /** L. */
  readonly sites: number;
  readonly seed: number;
  readonly forces: boolean;
}

export interface DoubleExchangePlan extends DoubleExchangeOrder {
  readonly system: 'double-exchange';
  readonly method: ExactMethod;
  /** How far E_MC / N^2 by poles may be from the truth; 1e-9 where it is absent. */
  readonly tolerance?: number;
  /** All eight images of each configuration under C4v (see `images.ts`). */
  readonly images?: boolean;
}

export type Plan = ThreeSpinPlan | DoubleExchangePlan;

/** The recipe of a plan's configurations, without their images. Fails for impossible sizes, seeds and parameters. */
export const recipeOf = (plan: Plan): Either<DataError, Recipe> => {
  if (plan.system === 'double-exchange') {
    return doubleExchangeRecipe(energyMethod(plan.method, plan.tolerance))(plan);
  }
  return plan.sampler === 'published'
    ? publishedRecipe(plan.system, plan.seed, plan.forces)
    : threeSpinRecipe(plan.system, plan.sites, plan.seed, plan.forces);
};

/** Whether a plan asks for images. */
export const hasImages = (plan: Plan): boolean => plan.system === 'double-exchange' && plan.images === true;

/** The data set of these configurations, with their images where the plan asks for them. */
export const dataOf =
  (plan: Plan) =>
  ({ first, count }: Range): Either<DataError, DataSet> =>
    pipe(
      recipeOf(plan),
      E.chain((recipe) => generate(recipe)(first, count)),
      E.map((data) => (hasImages(plan) ? withPointGroupImages(data) : data)),
    );
