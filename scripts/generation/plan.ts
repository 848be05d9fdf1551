/** The plan that the options of `generate` describe; options that the system has no use for are refused. */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { publishedBaseSeed } from '../../src/dataset/double-exchange.ts';
import type { DoubleExchangePlan, Plan, ThreeSpinPlan } from '../../src/dataset/plan.ts';
import { publishedSamples, publishedSeed } from '../../src/dataset/published.ts';
import { publishedSites, type ThreeSpinSystem } from '../../src/dataset/three-spin.ts';
import { methodOf, modelOf, reachable, toleranceOf, type ExactTexts } from '../commands/exact-options.ts';
import { usageError, type UsageError } from '../exit.ts';
import { oneOf, optional, wholeNumber } from '../../src/command/option-value.ts';

export interface PlanTexts extends ExactTexts {
  readonly seed?: string;
  readonly size?: string;
  readonly sampler?: string;
  readonly forces?: true;
  readonly images?: true;
  readonly checkEvery?: string;
}

export const planOf = (system: string, texts: PlanTexts): E.Either<UsageError, Plan> => {
  switch (system) {
    case 'double-exchange':
      return doubleExchangePlan(texts);
    case 'three-spin-binary':
    case 'three-spin-continuous':
      return threeSpinPlan(system, texts);
    default:
      return E.left(
        usageError(
          `expected a system, three-spin-binary, three-spin-continuous or double-exchange, came '${system}': name one`,
        ),
      );
  }
};

/** How many samples are meant where none are asked for: all of the authors' three-spin data, otherwise nothing. */
export const publishedCount = (plan: Plan): E.Either<UsageError, number> =>
  plan.system !== 'double-exchange' && plan.sampler === 'published'
    ? E.right(publishedSamples)
    : E.left(usageError('--samples: expected a number of samples, came none: write it as in --samples 1000'));

const paperSize = 10;

const doubleExchangePlan = (texts: PlanTexts): E.Either<UsageError, DoubleExchangePlan> =>
  pipe(
    E.Do,
    E.bind('sampler', () => optional(oneOf('sphere', 'angles', 'published'), 'sphere')('sampler', texts.sampler)),
    E.bind('rest', ({ sampler }) =>
      sequenceS(E.Apply)({
        size: optional(wholeNumber(3, 1000), paperSize)('size', texts.size),
        seed: seedOf(texts, sampler === 'published' ? publishedBaseSeed : 0),
        method: methodOf(texts),
        accuracy: toleranceOf(texts),
        model: modelOf(texts),
      }),
    ),
    E.chainFirst(({ rest }) => reachable(rest)),
    E.map(({ sampler, rest: { accuracy, ...rest } }) => ({
      ...{ system: 'double-exchange', sampler, ...rest, ...accuracy },
      ...{ forces: texts.forces === true, images: texts.images === true },
    })),
  );

const threeSpinPlan = (system: ThreeSpinSystem, texts: PlanTexts): E.Either<UsageError, ThreeSpinPlan> =>
  pipe(
    onlyThreeSpinOptions(system, texts),
    E.bind('sampler', () => optional(oneOf('uniform', 'published'), 'uniform')('sampler', texts.sampler)),
    E.bind('rest', ({ sampler }) =>
      sequenceS(E.Apply)({
        sites: optional(sitesOf(sampler), publishedSites)('size', texts.size),
        seed: seedOf(texts, sampler === 'published' ? publishedSeed : 0),
      }),
    ),
    E.map(({ sampler, rest }) => ({ system, sampler, ...rest, forces: texts.forces === true })),
  );

const seedOf = (texts: PlanTexts, absent: number): E.Either<UsageError, number> =>
  optional(wholeNumber(0), absent)('seed', texts.seed);

const sitesOf = (sampler: 'uniform' | 'published') =>
  sampler === 'published' ? wholeNumber(publishedSites, publishedSites) : wholeNumber(3, 1000);

const doubleExchangeOptions = [
  ['method', 'method'],
  ['tolerance', 'tolerance'],
  ['checkEvery', 'check-every'],
  ['images', 'images'],
  ['t', 't'],
  ['J', 'J'],
  ['mu', 'mu'],
  ['T', 'T'],
] as const;

/** Those options describe electrons and the square lattice, which these systems have none of. */
const onlyThreeSpinOptions = (system: ThreeSpinSystem, texts: PlanTexts): E.Either<UsageError, object> => {
  const stray = doubleExchangeOptions.find(([key]) => texts[key] !== undefined);
  return stray === undefined
    ? E.right({})
    : E.left(usageError(`--${stray[1]}: expected for double-exchange alone, came for ${system}: leave it out`));
};
