/** Orders of data, the recipes that they become, and what these cost. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { expect, it } from 'vitest';

import {
  labellingOf,
  recipeOf,
  referenceRecipe,
  secondsPerSample,
  smallestRecipe,
  type Recipe,
} from '../src/dataset/recipe.ts';
import { runIn } from '../src/command/run-options.ts';
import { verify } from './law.ts';
import {
  adviceEnds,
  costGrowsWithTheLattice,
  impossibleWordsAreNamed,
  labellingsHaveAnEnergy,
  otherRecipesDifferInOneThing,
  whatIsLeftOutIsUsual,
  wrongNumbersAreNamed,
  type OtherRecipes,
  type ReadRun,
  type RecipeOf,
} from './laws/recipe.ts';
import { messageOf } from './right.ts';

const withRecipe =
  (change: (made: Recipe) => Recipe): RecipeOf =>
  (order) =>
    pipe(recipeOf(order), E.map(change));

verify(whatIsLeftOutIsUsual, recipeOf, {
  'every seed is 0': (order) => recipeOf({ ...order, seed: order.seed ?? 0 }),
  'a parameter that is given makes the others unknown': withRecipe((made) =>
    'T' in made.parameters && made.parameters['T'] !== 0.1
      ? { ...made, parameters: { T: made.parameters['T'] } }
      : made,
  ),
  'poles have no tolerance of their own': (order) =>
    recipeOf({ ...order, tolerance: order.method === 'poles' ? 1e-9 : undefined }),
  'images are forgotten': (order) => recipeOf({ ...order, images: false }),
});

verify(impossibleWordsAreNamed, recipeOf, {
  'fractions of a size are cut': (order) =>
    recipeOf({ ...order, size: order.size === undefined ? undefined : Math.floor(order.size) }),
  'the field is not named': (order) =>
    pipe(
      recipeOf(order),
      E.mapLeft((error) => ({ ...error, field: 'order' })),
    ),
  'a tolerance that is not asked for is ignored': (order) =>
    recipeOf({ ...order, tolerance: order.method === 'poles' ? order.tolerance : undefined }),
  'stray parameters are left out': (order) => recipeOf({ ...order, parameters: {} }),
});

verify(labellingsHaveAnEnergy, labellingOf, {
  'forces always': (name, order) => labellingOf(name, { ...order, forces: true }),
  'by the first method': (name, order) => labellingOf(name, { ...order, method: undefined, tolerance: undefined }),
  'every refusal is on the method': (name, order) =>
    pipe(
      labellingOf(name, order),
      E.mapLeft((error) => ({ ...error, field: 'method' })),
    ),
});

const others: OtherRecipes = { reference: referenceRecipe, smallest: smallestRecipe };

verify(otherRecipesDifferInOneThing, others, {
  'the tolerance stays': {
    ...others,
    reference: (made) => ({ ...referenceRecipe(made), parameters: made.parameters }),
  },
  'the method stays': { ...others, reference: (made) => made },
  'images stay': { ...others, smallest: (made) => ({ ...made, ...smallestRecipe(made), images: made.images }) },
  'the authors have any size': {
    ...others,
    smallest: (made) => smallestRecipe({ ...made, sampler: made.sampler === 'published' ? 'uniform' : made.sampler }),
  },
});

verify(costGrowsWithTheLattice, secondsPerSample, {
  'as many levels as sites, whatever the method': (made) => (made.sampleShape[1] ?? NaN) ** 6,
  'forces are free': (made) => secondsPerSample({ ...made, forces: false }),
});

it('a size that is refused is told which are possible', () => {
  expect(messageOf(recipeOf({ system: 'heisenberg', size: 2 }))).toContain('from 3 to 1000, got 2');
  expect(messageOf(recipeOf({ system: 'three-spin-binary', sampler: 'published', size: 14 }))).toContain(
    'that is 15, got 14: write it as in --size 15',
  );
});

/** What was not given is not there. */
const readRun: ReadRun = (system, texts) =>
  runIn('0')(system, Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)));

/** Refusals in other words. */
const saying =
  (change: (message: string) => string): ReadRun =>
  (system, texts) =>
    pipe(
      readRun(system, texts),
      E.mapLeft(({ message }) => ({ message: change(message) })),
    );

verify(adviceEnds, readRun, {
  'poles are advised to systems that have none': saying((message) =>
    message.startsWith('--tolerance') ? message.replace(/[^:]*$/, ' add --method poles') : message,
  ),
  'a second method is to be added': saying((message) => message.replace('leave it out, or use', 'add')),
  'nothing is advised': saying((message) => message.replace(/: leave it out.*$/, '')),
});

verify(wrongNumbersAreNamed, readRun, {
  'what no method does is said of the method': saying((message) =>
    message.replace(/^--[A-Za-z]+: (?=sample 0: expected finite energies)/, '--method: formula: '),
  ),
  'a seed is refused without its option': saying((message) => message.replace(/^--seed: /, '')),
  'the smallest lattice tells': (system, texts) =>
    readRun(system, { ...texts, size: system.startsWith('three') ? '15' : '3' }),
  'a tolerance is the fault of its method': saying((message) => message.replace(/^--tolerance/, '--method')),
});
