/**
 * Recipes: all that fixes the numbers of a data set but which of its samples a file holds, as plain data that can be
 * written down and sent to another thread. Two files of equal recipes hold pieces of one data set.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { z } from 'zod';

import { defaultTolerance } from '../exact/pole-expansion.ts';
import { ferromagnet } from '../lattice/spins.ts';
import { alternatives } from './alternatives.ts';
import type { DataSet } from './data-set.ts';
import { metaSchema } from './meta.ts';
import { sampleShapeOf, sizeOf } from './spin-kind.ts';
import type { DataError } from '../file/data-error.ts';
import type { Labelling, Labels, Method } from './system.ts';
import { systemNames, systems, type SystemName } from './systems.ts';

/** Recipes as they are written into manifests and journals. */
export const recipeSchema = metaSchema.omit({ firstIndex: true }).extend({
  /** The shape of one sample's spins. */
  sampleShape: z.array(z.number().int()),
  forces: z.boolean(),
});

/** See `recipeSchema`. */
export type Recipe = Readonly<z.infer<typeof recipeSchema>>;

/** A recipe in the words of whoever orders data; what is left out is usual for the system. */
export interface RecipeOrder {
  readonly system: string;
  /** N or L. */
  readonly size?: number | undefined;
  readonly sampler?: string | undefined;
  readonly seed?: number | undefined;
  readonly method?: string | undefined;
  /** How far the energy a site by poles may be from the truth. */
  readonly tolerance?: number | undefined;
  readonly parameters?: Readonly<Record<string, number>> | undefined;
  readonly forces?: boolean | undefined;
  /** All eight images of each configuration under C4v (see `images.ts`). */
  readonly images?: boolean | undefined;
}

/** What cannot be ordered, and under which word of the order. */
export interface OrderError {
  readonly tag: 'OrderError';
  readonly field: string;
  readonly message: string;
}

/** What is wrong with a word of an order. */
export const orderError = (field: string, message: string): OrderError => ({ tag: 'OrderError', field, message });

/** The largest N or L. */
export const largestSize = 1000;

/** The system of this name. Fails for names that are not in the table. */
export const systemNamed = (name: string): Either<OrderError, SystemName> =>
  pipe(
    systemNames.find((known) => known === name),
    E.fromNullable(orderError('system', `expected ${alternatives(systemNames)}, got '${name}': name one of them`)),
  );

/** All parameters of a system, those that were not given by their defaults. Fails for one that it has not, or cannot have. */
export const parametersOf = (
  name: SystemName,
  given: Readonly<Record<string, number>> = {},
): Either<OrderError, Readonly<Record<string, number>>> => {
  const { parameters, possible } = systems[name];
  const stray = Object.keys(given).find((symbol) => !parameters.some((known) => known.symbol === symbol));
  const all = Object.fromEntries(parameters.map(({ symbol, default: usual }) => [symbol, given[symbol] ?? usual]));
  return stray === undefined
    ? pipe(
        possible(all),
        E.bimap(
          ({ parameter, message }) => orderError(parameter, message),
          () => all,
        ),
      )
    : E.left(orderError(stray, `expected a parameter of ${name}, which has no ${stray}: leave it out`));
};

/** The method of this name, and its tolerance where it has one. */
export const methodOf = (
  name: SystemName,
  { method, tolerance }: Pick<RecipeOrder, 'method' | 'tolerance'>,
): Either<OrderError, { readonly method: Method; readonly tolerance: number | undefined }> => {
  const known = systems[name].methods;
  const chosen = method === undefined ? known[0] : known.find((one) => one === method);
  if (chosen === undefined) {
    return E.left(orderError('method', `expected ${alternatives(known)}, got '${method}': use --method ${known[0]}`));
  }
  if (chosen !== 'poles') {
    return tolerance === undefined
      ? E.right({ method: chosen, tolerance })
      : E.left(
          orderError('tolerance', `expected for poles alone, got one for ${chosen}: ${toleranceAdvice(known, method)}`),
        );
  }
  return tolerance === undefined || tolerance > 0
    ? E.right({ method: chosen, tolerance: tolerance ?? defaultTolerance })
    : E.left(orderError('tolerance', `expected a number above 0, got ${tolerance}: try ${defaultTolerance}`));
};

/** A method is advised where the system has it, and another word for what was named has to take its place. */
const toleranceAdvice = (known: readonly Method[], named: string | undefined): string => {
  if (!known.includes('poles')) {
    return 'leave it out';
  }
  return named === undefined ? 'add --method poles, or leave it out' : 'leave it out, or use --method poles';
};

/** How labels are found: by which method, with which parameters. */
type Words = Pick<Recipe, 'method' | 'parameters'>;

/** Each word of an order that has another value than usual, and the words with the usual one; the parameters come last. */
const usualWords = (name: SystemName): readonly (readonly [field: string, usually: (words: Words) => Words])[] => {
  const { methods, parameters: known } = systems[name];
  return [
    [
      'tolerance',
      (words) =>
        words.parameters['tolerance'] === undefined
          ? words
          : { ...words, parameters: { ...words.parameters, tolerance: defaultTolerance } },
    ],
    [
      'method',
      ({ parameters: { tolerance: _, ...parameters }, ...words }) => ({ ...words, method: methods[0], parameters }),
    ],
    ...known.map(
      ({ symbol, default: usual }) =>
        [symbol, (words: Words) => ({ ...words, parameters: { ...words.parameters, [symbol]: usual } })] as const,
    ),
  ];
};

/**
 * Why there are no labels, under the word that they fail for: one after the other is given its usual value, and the one with
 * which there are labels is it. Under the system where there are none with any.
 */
export const labelsRefused = (
  name: SystemName,
  words: Words,
  message: string,
  haveLabels: (words: Words) => boolean,
): OrderError => {
  const steps = usualWords(name).reduce<readonly { readonly field: string; readonly words: Words }[]>(
    (before, [field, usually]) => [...before, { field, words: usually(before.at(-1)?.words ?? words) }],
    [],
  );
  const field = steps.find((step) => haveLabels(step.words))?.field ?? 'system';
  return orderError(field, field === 'method' ? `${words.method}: ${message}` : message);
};

/**
 * Which energies of unit spins are wanted, on the smallest lattice; a larger `size` may take its place. Fails for a
 * parameter or method that the system has not, and where the method finds no energy of the ferromagnet.
 */
export const labellingOf = (
  name: SystemName,
  order: Pick<RecipeOrder, 'method' | 'tolerance' | 'parameters' | 'forces'>,
): Either<OrderError, Labelling> =>
  pipe(
    parametersOf(name, order.parameters),
    E.bindTo('parameters'),
    E.bind('how', () => methodOf(name, order)),
    E.map(({ parameters, how: { method, tolerance } }): Labelling => ({
      size: systems[name].size.least,
      parameters: { ...parameters, ...(tolerance === undefined ? {} : { tolerance }) },
      method,
      forces: order.forces === true,
      couplings: O.none,
    })),
    E.chainFirst((labelling) =>
      pipe(
        ferromagnetLabels(name, labelling),
        E.mapLeft(({ message }) =>
          labelsRefused(name, labelling, message, (words) =>
            E.isRight(ferromagnetLabels(name, { ...labelling, ...words })),
          ),
        ),
      ),
    ),
  );

const ferromagnetLabels = (name: SystemName, labelling: Labelling): Either<DataError, Labels> =>
  pipe(
    systems[name].labels(labelling),
    E.chain((labelsOf) => labelsOf(ferromagnet(labelling.size).components)),
  );

/** A recipe whose every word is known to be possible. */
export interface ExactOrder {
  readonly size: number;
  readonly sampler: string;
  readonly seed: number;
  readonly method: Method;
  readonly tolerance?: number | undefined;
  readonly parameters: Readonly<Record<string, number>>;
  readonly forces: boolean;
  readonly images?: boolean;
}

/** The recipe with these words, not looked at. */
export const recipe = (
  name: SystemName,
  { size, sampler, seed, method, tolerance, parameters, forces, images }: ExactOrder,
): Recipe => ({
  system: name,
  parameters: {
    ...(systems[name].constants?.(size) ?? {}),
    ...parameters,
    ...(tolerance === undefined ? {} : { tolerance }),
  },
  ...{ sampler, seed, method },
  ...(images === true ? { images: 'C4v' as const } : {}),
  version: systems[name].version,
  sampleShape: [...sampleShapeOf(systems[name].spins, size)],
  forces,
});

/** The recipe that is ordered. Fails where the system has no such size, sampler, method or parameter. */
export const recipeOf = (order: RecipeOrder): Either<OrderError, Recipe> =>
  pipe(
    systemNamed(order.system),
    E.bindTo('name'),
    E.bind('parameters', ({ name }) => parametersOf(name, order.parameters)),
    E.bind('method', ({ name }) => methodOf(name, order)),
    E.bind('sampler', ({ name }) => samplerOf(name, order)),
    E.bind('size', ({ name, sampler }) => orderedSize(name, sampler, order)),
    E.chainFirst(({ name }) => imagesSuit(name, order)),
    E.chainFirst(({ name, size, method: { method } }) => fits(name, { size, method, forces: order.forces === true })),
    E.map(({ name, parameters, method: { method, tolerance }, sampler, size }) =>
      recipe(name, {
        ...{ size, sampler, method, tolerance, parameters },
        seed: order.seed ?? systems[name].samplers[sampler]?.seed ?? 0,
        forces: order.forces === true,
        images: order.images === true,
      }),
    ),
  );

const samplerOf = (name: SystemName, { sampler }: RecipeOrder): Either<OrderError, string> => {
  const known = Object.keys(systems[name].samplers);
  const chosen = sampler === undefined ? known[0] : known.find((one) => one === sampler);
  return chosen === undefined
    ? E.left(orderError('sampler', `expected ${alternatives(known)}, got '${sampler}': choose one of them`))
    : E.right(chosen);
};

/** The sizes N or L that a system has, by a sampler that draws one alone perhaps. */
export const sizesOf = (
  name: SystemName,
  sampler: string | undefined,
): { readonly least: number; readonly most: number } => {
  const only = sampler === undefined ? undefined : systems[name].samplers[sampler]?.size;
  return only === undefined ? { least: systems[name].size.least, most: largestSize } : { least: only, most: only };
};

const orderedSize = (name: SystemName, sampler: string, { size }: RecipeOrder): Either<OrderError, number> => {
  const { least, most } = sizesOf(name, sampler);
  const wanted = size ?? (least === most ? least : systems[name].size.usual);
  return Number.isSafeInteger(wanted) && wanted >= least && wanted <= most
    ? E.right(wanted)
    : E.left(
        orderError(
          'size',
          `expected a whole number ${least === most ? `that is ${least}` : `from ${least} to ${most}`}, got ${wanted}: ` +
            `write it as in --size ${least}`,
        ),
      );
};

/** Fails, under the word size, where the labels of such a lattice fit into no memory. */
export const fits = (
  name: SystemName,
  labelling: Pick<Labelling, 'size' | 'method' | 'forces'>,
): Either<OrderError, unknown> =>
  pipe(
    systems[name].fits?.(labelling) ?? E.right(labelling.size),
    E.mapLeft(({ message }) => orderError('size', message)),
  );

const imagesSuit = (name: SystemName, { images }: RecipeOrder): Either<OrderError, unknown> =>
  images === true && systems[name].spins !== 'vectors'
    ? E.left(orderError('images', `expected spins on the square lattice, got ${name}, which has none: leave it out`))
    : E.right(images);

/** What a data set is a piece of. */
export const recipeIn = ({ meta, sampleShape, forces }: DataSet): Recipe => {
  const { firstIndex: _, ...rest } = meta;
  return { ...rest, sampleShape: [...sampleShape], forces: O.isSome(forces) };
};

/** The same samples with energies by the method that judges the others. */
export const referenceRecipe = (made: Recipe): Recipe => {
  const { tolerance: _, ...parameters } = made.parameters;
  const reference = systems[made.system].methods[0];
  return reference === made.method ? made : { ...made, method: reference, parameters };
};

/** The same Hamiltonian and method on the smallest lattice that has a meaning, without images. */
export const smallestRecipe = (made: Recipe): Recipe => {
  const { images: _, ...rest } = made;
  const { size, samplers, spins } = systems[made.system];
  return samplers[made.sampler]?.size === undefined
    ? { ...rest, sampleShape: [...sampleShapeOf(spins, size.least)] }
    : rest;
};

/** Rough cost of what a thread draws before the first configuration, in seconds. */
export const secondsBefore = ({ system, sampleShape }: Recipe): number =>
  systems[system].preparation?.(sizeOf(sampleShape)) ?? 0;

/** Rough cost of the labels of one configuration, in seconds. */
export const secondsPerSample = ({ system, sampleShape, method, forces }: Recipe): number =>
  systems[system].seconds({ size: sizeOf(sampleShape), method, forces });
