/** The run that the options of `generate` describe. */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { recipeOf } from '../dataset/recipe.ts';
import type { Shard } from '../dataset/shard.ts';
import { quoted } from '../file/quoted.ts';
import { runOf, type Run } from '../provenance/run.ts';
import { usageError, type UsageError } from './command-error.ts';
import { optional, wholeNumber, type OptionValue } from './option-value.ts';
import { energyOrder, usageErrorOf, type SystemTexts } from './system-options.ts';

/** What the options of `generate` leave. */
export interface RunTexts extends SystemTexts {
  readonly seed?: string;
  readonly size?: string;
  readonly sampler?: string;
  readonly forces?: true;
  readonly images?: true;
  readonly samples?: string;
  readonly shard?: string;
  readonly checkEvery?: string;
}

/** The run of this system, by this version of the program. */
export const runIn =
  (program: string) =>
  (system: string, texts: RunTexts): E.Either<UsageError, Run> =>
    pipe(
      sequenceS(E.Apply)({
        energies: energyOrder(texts),
        size: optional(wholeNumber(1), undefined)('size', texts.size),
        seed: optional(wholeNumber(0), undefined)('seed', texts.seed),
        samples: optional(wholeNumber(1), undefined)('samples', texts.samples),
        checkEvery: optional(wholeNumber(1), undefined)('check-every', texts.checkEvery),
        shard: optional(shardValue, { i: 1, n: 1 })('shard', texts.shard),
      }),
      E.chain(({ energies, size, seed, samples, checkEvery, shard }) =>
        pipe(
          recipeOf({
            ...{ system, ...energies, size, seed, sampler: texts.sampler },
            ...{ forces: texts.forces === true, images: texts.images === true },
          }),
          E.chain((recipe) => runOf(program)(recipe, { samples, checkEvery, shard })),
          E.mapLeft(usageErrorOf),
        ),
      ),
    );

/** Piece i of n, written i/n. */
export const shardValue: OptionValue<Shard> = (option, text) => {
  const [, i, n] = /^(\d{1,15})\/(\d{1,15})$/.exec(text) ?? [];
  return i === undefined || n === undefined
    ? E.left(usageError(`--${option}: expected i/n, got ${quoted(text)}: write it as in --shard 1/4`))
    : E.right({ i: Number(i), n: Number(n) });
};
