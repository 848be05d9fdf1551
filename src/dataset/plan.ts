/** Plans: all that fixes a data set but its length, as plain data, which can be sent to another thread. */
import type { Either } from 'fp-ts/lib/Either.js';

import { energyMethods, type ExactMethod } from '../exact/energy-method.ts';
import type { DataError } from './data-error.ts';
import { doubleExchangeRecipe, type DoubleExchangeOrder } from './double-exchange.ts';
import { publishedRecipe } from './published.ts';
import type { Recipe } from './generate.ts';
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
}

export type Plan = ThreeSpinPlan | DoubleExchangePlan;

/** The recipe of a plan. Fails for impossible sizes, seeds and parameters. */
export const recipeOf = (plan: Plan): Either<DataError, Recipe> => {
  if (plan.system === 'double-exchange') {
    return doubleExchangeRecipe(energyMethods[plan.method])(plan);
  }
  return plan.sampler === 'published'
    ? publishedRecipe(plan.system, plan.seed, plan.forces)
    : threeSpinRecipe(plan.system, plan.sites, plan.seed, plan.forces);
};
