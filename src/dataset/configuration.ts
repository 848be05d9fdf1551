/**
 * Configurations: all that fixes the numbers of a data set but which of its samples a file holds. Two files whose
 * configurations are equal hold pieces of one data set.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { z } from 'zod';

import { dataError, type DataError } from '../file/data-error.ts';
import { doubleExchange } from '../hamiltonian/double-exchange.ts';
import type { DataSet } from './data-set.ts';
import { metaSchema } from './meta.ts';
import { hasImages, recipeOf, type Plan } from './plan.ts';

export const configurationSchema = metaSchema.omit({ firstIndex: true }).extend({
  /** The shape of one sample's spins. */
  sampleShape: z.array(z.number().int()),
  forces: z.boolean(),
});

export type Configuration = Readonly<z.infer<typeof configurationSchema>>;

/** What a plan will make. Fails where the plan is impossible. */
export const configurationOf = (plan: Plan): Either<DataError, Configuration> =>
  pipe(
    recipeOf(plan),
    E.map(({ meta, sampleShape }) => ({
      ...meta,
      ...(hasImages(plan) ? { images: 'C4v' as const } : {}),
      sampleShape: [...sampleShape],
      forces: plan.forces,
    })),
  );

/** What a data set is a piece of. */
export const configurationIn = ({ meta, sampleShape, forces }: DataSet): Configuration => {
  const { firstIndex: _, ...rest } = meta;
  return { ...rest, sampleShape: [...sampleShape], forces: O.isSome(forces) };
};

/** The plan that makes the samples again, their energies by diagonalization or the formula. */
export const planOf = (configuration: Configuration): Either<DataError, Plan> => {
  const { system, sampler, seed, forces, sampleShape, parameters, images } = configuration;
  const extent = sampleShape.at(-1) ?? 0;
  if (system === 'double-exchange') {
    return sampler === 'uniform'
      ? strange(configuration)
      : pipe(
          doubleExchange({
            t: parameters['t'] ?? NaN,
            J: parameters['J'] ?? NaN,
            mu: parameters['mu'] ?? NaN,
            T: parameters['T'] ?? NaN,
          }),
          E.bimap(
            ({ message }) => dataError(message),
            (model) => ({
              ...{ system, sampler, seed, forces, model, size: extent, method: 'diagonalize' as const },
              ...(images === undefined ? {} : { images: true }),
            }),
          ),
        );
  }
  return sampler === 'uniform' || sampler === 'published'
    ? E.right({ system, sampler, seed, forces, sites: extent })
    : strange(configuration);
};

const strange = ({ system, sampler }: Configuration): Either<DataError, never> =>
  E.left(dataError(`expected a sampler of ${system}, came '${sampler}': these data were not made by efnn`));
