/**
 * Runs: a recipe, and which of its rows one file is to hold. All options of `efnn generate` are in its run but the number
 * of threads, so equal runs write equal files.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { z } from 'zod';

import { npzBytes } from '../dataset/data-set-file.ts';
import { rowsPerConfiguration } from '../dataset/images.ts';
import {
  fits,
  labelsRefused,
  orderError,
  recipeSchema,
  referenceRecipe,
  secondsBefore,
  secondsPerSample,
  smallestRecipe,
  type OrderError,
  type Recipe,
} from '../dataset/recipe.ts';
import { endOf, shard, type Range, type Shard } from '../dataset/shard.ts';
import { ensembleOf, sourceOf, type Sample } from '../dataset/source.ts';
import { siteCountOf, sizeOf } from '../dataset/spin-kind.ts';
import { systems } from '../dataset/systems.ts';
import { canonicalJson } from '../file/canonical-json.ts';
import type { DataError } from '../file/data-error.ts';
import { largestZip } from '../file/zip.ts';
import { labelTolerance } from './agreement.ts';
import { partSchema, type DataSetPart, type Manifest } from './manifest.ts';

/** Runs as they are written into journals. */
export const runSchema = z.strictObject({
  /** The version of the program. */
  program: z.string(),
  recipe: recipeSchema,
  part: partSchema,
});

/** See `runSchema`. */
export type Run = Readonly<z.infer<typeof runSchema>>;

/** Which part of a recipe's samples is wanted. */
export interface Division {
  /** How many configurations the whole has; what is usual for the sampler where it is left out. */
  readonly samples?: number | undefined;
  readonly shard: Shard;
  /** Every so many configurations are compared with the reference method; null for none. */
  readonly checkEvery?: number | null | undefined;
}

/** The run that makes this part of a recipe. Fails where there are no such samples, or they do not fit into one file. */
export const runOf =
  (program: string) =>
  (recipe: Recipe, division: Division): Either<OrderError, Run> =>
    pipe(
      wholeCount(recipe, division),
      E.bindTo('samples'),
      E.bind('range', ({ samples }) =>
        pipe(
          shard(samples, division.shard.i, division.shard.n),
          E.mapLeft(({ message }) => orderError('shard', message)),
        ),
      ),
      E.bind('checks', () => checksOf(recipe, division)),
      E.chainFirst(({ range }) => possible(recipe, range)),
      E.map(({ samples, range, checks }) => {
        const rows = rowsPerConfiguration(recipe);
        return {
          program,
          recipe,
          part: {
            shard: division.shard,
            samples: rows * samples,
            rows: { first: rows * range.first, count: rows * range.count },
            checks,
          },
        };
      }),
    );

/** The configurations of a run; its rows are their images. */
export const configurationsOf = ({ recipe, part: { rows } }: Pick<Run, 'recipe' | 'part'>): Range => {
  const perConfiguration = rowsPerConfiguration(recipe);
  return { first: rows.first / perConfiguration, count: rows.count / perConfiguration };
};

/**
 * Rough cost of so many configurations of a run on one core, in seconds: what is drawn before the first, their labels, and those
 * of the reference, which may cost far more, from the first on.
 */
export const secondsOf = ({ recipe, part: { checks } }: Pick<Run, 'recipe' | 'part'>, configurations: number): number =>
  secondsBefore(recipe) +
  configurations * secondsPerSample(recipe) +
  (checks === null ? 0 : Math.ceil(configurations / checks.every) * secondsPerSample(referenceRecipe(recipe)));

/** What the manifest says of the file that a run writes. */
export const runDescription = ({ recipe, part }: Pick<Run, 'recipe' | 'part'>) =>
  ({ kind: 'data-set', origin: recipe, part }) as const;

/** Whether a manifest is of the file that this run writes. */
export const isOfRun =
  (run: Run) =>
  (manifest: Manifest): boolean =>
    manifest.kind === 'data-set' &&
    canonicalJson(runDescription(run)) ===
      canonicalJson(runDescription({ recipe: manifest.origin, part: manifest.part }));

const wholeCount = ({ system, sampler }: Recipe, { samples }: Division): Either<OrderError, number> =>
  E.fromNullable(orderError('samples', 'expected a number of samples, got none: write it as in --samples 1000'))(
    samples ?? systems[system].samplers[sampler]?.samples,
  );

/**
 * How often a method is compared with the one that judges it: by default every N^2-th time, which costs the same share of
 * the time for every N, because a diagonalization costs N^2 times as much as poles.
 */
const checksOf = (recipe: Recipe, { checkEvery }: Division): Either<OrderError, DataSetPart['checks']> => {
  const [reference] = systems[recipe.system].methods;
  if (recipe.method !== reference) {
    return checkEvery === null
      ? E.right(null)
      : pipe(
          fits(recipe.system, { size: sizeOf(recipe.sampleShape), method: reference, forces: recipe.forces }),
          E.bimap(
            ({ field, message }) => orderError(field, `${message}, for the first sample is checked by ${reference}`),
            () => ({ every: checkEvery ?? siteCountOf(recipe.sampleShape), tolerance: labelTolerance(recipe) }),
          ),
        );
  }
  return checkEvery === undefined || checkEvery === null
    ? E.right(null)
    : E.left(orderError('check-every', `expected with --method poles alone, got one with ${reference}: leave it out`));
};

/** What is tried before a run may cost so many seconds. */
const affordable = 0.1;

/**
 * The first sample of a run, on the smallest lattice where its own costs much: whether a method fails for parameters does not
 * depend on N, but for energies that only the sum over more sites takes beyond float64.
 */
const firstSample = (recipe: Recipe, { first }: Range): Either<DataError, Sample> =>
  pipe(
    sourceOf(secondsBefore(recipe) + secondsPerSample(recipe) <= affordable ? recipe : smallestRecipe(recipe)),
    E.chain(({ sample }) => sample(first)),
  );

/** Refuses what no source has, parameters for which the method fails, and what does not fit into one file. */
const possible = (recipe: Recipe, range: Range): Either<OrderError, unknown> =>
  pipe(
    ensembleOf(recipe),
    // Of a recipe that was ordered, the seed alone can be none of its sampler's.
    E.mapLeft(({ message }) => orderError('seed', message)),
    E.filterOrElse(
      ({ available }) => endOf(range) <= available,
      ({ available }) => orderError('samples', `expected at most ${available}, got ${endOf(range)}: ask for fewer`),
    ),
    E.chain(() =>
      pipe(
        firstSample(recipe, range),
        E.mapLeft(({ message }) =>
          labelsRefused(recipe.system, recipe, message, (words) =>
            E.isRight(firstSample({ ...recipe, ...words }, range)),
          ),
        ),
      ),
    ),
    E.filterOrElse(
      () => npzBytes(recipe, range.count * rowsPerConfiguration(recipe)) < largestZip,
      () => orderError('samples', `${range.count} samples do not fit into one .npz file of 4 GB: use --shard`),
    ),
  );
