/** The run that the options of `generate` describe. */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { recipeOf, sizesOf, systemNamed } from '../dataset/recipe.ts';
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
      systemNamed(system),
      E.mapLeft(usageErrorOf),
      E.map((name) => sizesOf(name, texts.sampler)),
      E.chain(({ least, most }) =>
        sequenceS(E.Apply)({
          energies: energyOrder(texts),
          size: optional(wholeNumber(least, most), undefined)('size', texts.size),
          seed: optional(wholeNumber(0), undefined)('seed', texts.seed),
          // Advised for one option is what suits the others: a piece has one sample at least.
          samples: optional(wholeNumber(1, undefined, piecesIn(texts.shard)), undefined)('samples', texts.samples),
          checkEvery: optional(wholeNumber(1), undefined)('check-every', texts.checkEvery),
        }),
      ),
      E.bind('shard', ({ samples }) => optional(shardValue(samples), { i: 1, n: 1 })('shard', texts.shard)),
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

const shardPattern = /^(\d{1,15})\/(\d{1,15})$/;

/** How many pieces a shard is one of, as far as that can be read; 1 otherwise. */
const piecesIn = (text: string | undefined): number => Math.max(1, Number(shardPattern.exec(text ?? '')?.[2] ?? 1));

/** Piece i of n, written i/n, of so much that can be divided, where that is known. */
export const shardValue =
  (units: number = usualPieces): OptionValue<Shard> =>
  (option, text) => {
    const [, i, n] = shardPattern.exec(text) ?? [];
    return i === undefined || n === undefined
      ? E.left(
          usageError(
            `--${option}: expected i/n, got ${quoted(text)}: write it as in --${option} 1/${Math.min(units, usualPieces)}`,
          ),
        )
      : E.right({ i: Number(i), n: Number(n) });
  };

const usualPieces = 4;
