/** What `generate` was asked for, read from its options and found possible. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { configurationOf, type Configuration } from '../../src/dataset/configuration.ts';
import { rowsPerConfiguration } from '../../src/dataset/images.ts';
import { recipeOf, type Plan } from '../../src/dataset/plan.ts';
import { endOf, shard, type Range } from '../../src/dataset/shard.ts';
import { countOf } from '../../src/file/tensor.ts';
import { largestZip } from '../../src/file/zip.ts';
import { labelTolerance } from '../../src/provenance/agreement.ts';
import type { Run } from '../../src/provenance/journal.ts';
import type { Part } from '../../src/provenance/manifest.ts';
import { usageError, usageErrorIn, type UsageError } from '../exit.ts';
import { optional, wholeNumber } from '../../src/command/option-value.ts';
import { allCores } from '../processors.ts';
import { programVersion } from '../program-version.ts';
import { planOf, publishedCount, type PlanTexts } from './plan.ts';

export interface GenerationTexts extends PlanTexts {
  readonly samples?: string;
  readonly shard?: string;
  readonly threads?: string;
  readonly out: string;
  readonly overwrite?: true;
  readonly json?: true;
}

export interface GenerationOrder {
  readonly plan: Plan;
  /** The configurations of this shard. */
  readonly range: Range;
  readonly run: Run;
  readonly threads: number;
}

export const orderOf = (system: string, texts: GenerationTexts): E.Either<UsageError, GenerationOrder> =>
  pipe(
    planOf(system, texts),
    E.bindTo('plan'),
    E.bind('samples', ({ plan }) =>
      texts.samples === undefined ? publishedCount(plan) : wholeNumber(1)('samples', texts.samples),
    ),
    E.bind('pieceOf', () => shardOf(texts.shard ?? '1/1')),
    E.bind('range', ({ samples, pieceOf: { i, n } }) => pipe(shard(samples, i, n), E.mapLeft(usageErrorIn('--shard')))),
    E.bind('threads', () => optional(wholeNumber(1, 1024), allCores)('threads', texts.threads)),
    E.bind('configuration', ({ plan }) => pipe(configurationOf(plan), E.mapLeft(usageErrorIn(plan.system)))),
    E.bind('checks', ({ configuration }) => checksOf(configuration, texts)),
    E.chainFirst(({ plan, range, configuration }) => possible(plan, configuration, range)),
    E.map(({ plan, range, threads, configuration, ...rest }) => ({
      ...{ plan, range, threads },
      run: { program: programVersion, configuration, part: partOf(configuration, range, rest) },
    })),
  );

const shardOf = (text: string): E.Either<UsageError, Part['shard']> => {
  const [, i, n] = /^(\d{1,15})\/(\d{1,15})$/.exec(text) ?? [];
  return i === undefined || n === undefined
    ? E.left(usageError(`--shard: expected i/n, came '${text}': write it as in --shard 1/4`))
    : E.right({ i: Number(i), n: Number(n) });
};

interface Division {
  readonly samples: number;
  readonly pieceOf: Part['shard'];
  readonly checks: Part['checks'];
}

const partOf = (configuration: Configuration, range: Range, { samples, pieceOf, checks }: Division): Part => {
  const rows = rowsPerConfiguration(configuration);
  return {
    shard: pieceOf,
    samples: rows * samples,
    rows: { first: rows * range.first, count: rows * range.count },
    checks,
  };
};

/**
 * How often a method other than diagonalization is compared with it: by default every N^2-th time, which costs the same
 * share of the time for every N, because a diagonalization costs N^2 times as much.
 */
const checksOf = (
  configuration: Configuration,
  { checkEvery }: GenerationTexts,
): E.Either<UsageError, Part['checks']> => {
  const { method, sampleShape } = configuration;
  if (method === 'poles') {
    return pipe(
      optional(wholeNumber(1), countOf(sampleShape.slice(1)))('check-every', checkEvery),
      E.map((every) => ({ every, tolerance: labelTolerance(configuration) })),
    );
  }
  return checkEvery === undefined
    ? E.right(null)
    : E.left(usageError(`--check-every: expected with --method poles alone, came with ${method}: leave it out`));
};

/**
 * Refuses what no recipe makes, parameters for which the method fails, and what would not fit into one file. Whether a
 * method fails for parameters does not depend on N, so the smallest lattice tells.
 */
const possible = (plan: Plan, configuration: Configuration, range: Range): E.Either<UsageError, void> =>
  pipe(
    recipeOf(plan),
    E.mapLeft(usageErrorIn(plan.system)),
    E.filterOrElse(
      ({ available }) => endOf(range) <= available,
      ({ available }) => usageError(`--samples: expected at most ${available}, came ${endOf(range)}: ask for fewer`),
    ),
    E.chainFirst(() =>
      plan.system === 'double-exchange'
        ? pipe(
            recipeOf({ ...plan, size: smallest }),
            E.chain(({ sample }) => sample(range.first)),
            E.mapLeft(usageErrorIn(`--method ${plan.method}`)),
          )
        : E.right(undefined),
    ),
    E.filterOrElse(
      () => bytesOf(range.count * rowsPerConfiguration(configuration), configuration) < largestZip,
      () => usageError(`--samples: ${range.count} samples do not fit into one .npz file of 4 GB: use --shard`),
    ),
    E.map(() => undefined),
  );

/** The least N. */
const smallest = 3;

const bytesOf = (rows: number, { sampleShape, forces }: Configuration): number =>
  8 * rows * ((forces ? 2 : 1) * countOf(sampleShape) + 1) + 4096;
