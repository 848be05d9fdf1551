/**
 * Sources: where the samples of a recipe come from, each from its index alone. Whoever makes them, in whatever pieces
 * and order, makes the same data set.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

import { dataError, type DataError } from '../file/data-error.ts';
import { joinedReals } from '../file/joined.kernel.ts';
import type { Reals } from '../number/reals.ts';
import { alternatives } from './alternatives.ts';
import type { DataSet } from './data-set.ts';
import { withPointGroupImages } from './images.ts';
import type { Recipe } from './recipe.ts';
import type { Range } from './shard.ts';
import { batchShape, holdsSpins, sizeOf } from './spin-kind.ts';
import type { Ensemble, Labels, System } from './system.ts';
import { systems } from './systems.ts';

/** Spins with their labels, and the couplings that these belong to. */
export interface Sample extends Labels {
  readonly spins: Reals;
  readonly couplings: O.Option<Reals>;
}

/** The samples of a recipe, without their images. */
export interface Source {
  readonly recipe: Recipe;
  /** Samples 0 .. available - 1 exist. */
  readonly available: number;
  readonly sample: (index: number) => Either<DataError, Sample>;
}

/** The spins of a recipe, none of which is drawn yet. Fails for impossible sizes and seeds. */
export const ensembleOf = (recipe: Recipe): Either<DataError, Ensemble> => {
  const system: System = systems[recipe.system];
  return pipe(
    samplerIn(system, recipe),
    E.filterOrElse(
      () => holdsSpins(system.spins)(recipe.sampleShape),
      () => dataError(`expected spins ${batchShape(system.spins)}, got samples of [${recipe.sampleShape.join(', ')}]`),
    ),
    E.chain(({ ensemble }) => ensemble(sizeOf(recipe.sampleShape), recipe.seed)),
  );
};

/** The source of a recipe. Fails for impossible sizes, seeds and parameters. */
export const sourceOf = (recipe: Recipe): Either<DataError, Source> => {
  const system: System = systems[recipe.system];
  const size = sizeOf(recipe.sampleShape);
  const { parameters, method, forces } = recipe;
  return pipe(
    ensembleOf(recipe),
    E.bindTo('ensemble'),
    E.let('couplings', ({ ensemble }) => ensemble.couplings()),
    E.bind('labels', ({ couplings }) => system.labels({ size, parameters, method, forces, couplings })),
    E.map(({ ensemble, couplings, labels }) => ({
      recipe,
      available: ensemble.available,
      sample: (index) => {
        const spins = ensemble.spins(index);
        return pipe(
          labels(spins),
          E.bimap(
            ({ message }) => dataError(`sample ${index}: ${message}`),
            (found) => ({ spins, couplings, ...found }),
          ),
        );
      },
    })),
  );
};

const samplerIn = ({ samplers }: System, { sampler, system }: Recipe) =>
  E.fromNullable(
    dataError(
      `expected a sampler of ${system} (${alternatives(Object.keys(samplers))}), got '${sampler}': ` +
        'these data were not made by efnn',
    ),
  )(samplers[sampler]);

/** The data set of samples first .. first + count - 1, without images. */
export const drawnFrom =
  ({ recipe, available, sample }: Source) =>
  ({ first, count }: Range): Either<DataError, DataSet> =>
    pipe(
      indices(available, first, count),
      E.chain(E.traverseArray(sample)),
      E.map((samples) => {
        const { sampleShape, forces: _, images: __, ...meta } = recipe;
        return {
          meta: { ...meta, firstIndex: first },
          sampleShape,
          spins: joinedReals(samples.map(({ spins }) => spins)),
          energies: Float64Array.from(samples, ({ energy }) => energy),
          forces: pipe(
            samples.map(({ forces }) => forces),
            O.sequenceArray,
            O.map(joinedReals),
          ),
          couplings: samples[0]?.couplings ?? O.none,
        };
      }),
    );

/** The data set of these configurations of a recipe, with their images where it asks for them. */
export const generate =
  (recipe: Recipe) =>
  (range: Range): Either<DataError, DataSet> =>
    pipe(
      sourceOf(recipe),
      E.chain((source) => drawnFrom(source)(range)),
      E.map((data) => (recipe.images === undefined ? data : withPointGroupImages(data))),
    );

const indices = (available: number, first: number, count: number): Either<DataError, readonly number[]> =>
  Number.isSafeInteger(first) && Number.isSafeInteger(count) && first >= 0 && count >= 1 && first + count <= available
    ? E.right(Array.from({ length: count }, (_, i) => first + i))
    : E.left(
        dataError(
          `expected at least 1 sample, of indices 0 to ${available - 1}, got ${count} from index ${first}: ` +
            'ask for others',
        ),
      );
