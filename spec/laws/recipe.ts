/** Laws of orders, and of the recipes that they become: what is left out is usual, and what cannot be is named. */
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';

import type { labellingOf, OrderError, Recipe, RecipeOrder } from '../../src/dataset/recipe.ts';
import type { SystemName } from '../../src/dataset/systems.ts';
import type { Law } from '../law.ts';

interface Usual {
  readonly shapeOf: (size: number) => readonly number[];
  readonly size: number;
  /** Samplers with their usual seeds, the usual one first. */
  readonly samplers: readonly (readonly [name: string, seed: number])[];
  readonly methods: readonly [Recipe['method'], ...Recipe['method'][]];
  readonly parameters: Readonly<Record<string, number>>;
}

const vectors = (size: number): readonly number[] => [3, size, size];

const lattice = {
  shapeOf: vectors,
  size: 10,
  samplers: [
    ['sphere', 0],
    ['angles', 0],
    ['published', 100],
  ],
} as const;

const threeSpin: Usual = {
  shapeOf: (size) => [size],
  size: 15,
  samplers: [
    ['uniform', 0],
    ['published', 17],
  ],
  methods: ['formula'],
  parameters: {},
};

/** What the paper, or else what is natural, says of each system. */
const usual: Readonly<Record<SystemName, Usual>> = {
  'double-exchange': {
    ...lattice,
    methods: ['diagonalize', 'poles'],
    parameters: { t: 1, J: 16, mu: -8.3, T: 0.1 },
  },
  heisenberg: { ...lattice, methods: ['formula'], parameters: { J: 1 } },
  'three-spin-binary': threeSpin,
  'three-spin-continuous': threeSpin,
};

const isThreeSpin = (system: SystemName): boolean => usual[system] === threeSpin;

/** Perhaps a value, perhaps nothing. */
const maybe = <A>(values: fc.Arbitrary<A>): fc.Arbitrary<A | undefined> => fc.oneof(fc.constant(undefined), values);

interface PossibleOrder extends RecipeOrder {
  readonly system: SystemName;
}

const possibleOrders: fc.Arbitrary<PossibleOrder> = fc
  .constantFrom<SystemName>('double-exchange', 'heisenberg', 'three-spin-binary', 'three-spin-continuous')
  .chain((system) => {
    const { samplers, methods, parameters } = usual[system];
    return fc
      .record({
        // The largest that diagonalization with forces takes, and the largest of all where a formula is.
        size: maybe(fc.constantFrom(3, 4, 7, system === 'double-exchange' ? 87 : 1000)),
        sampler: maybe(fc.constantFrom(...samplers.map(([name]) => name))),
        seed: maybe(fc.nat()),
        method: maybe(fc.constantFrom(...methods)),
        tolerance: maybe(fc.constantFrom(1e-3, 1e-12)),
        given: maybe(fc.constantFrom(...Object.keys(parameters), 'none')),
        forces: maybe(fc.boolean()),
        images: maybe(fc.boolean()),
      })
      .map(({ given, ...order }) => ({
        system,
        ...order,
        size: isThreeSpin(system) && order.sampler === 'published' && order.size !== undefined ? 15 : order.size,
        tolerance: order.method === 'poles' ? order.tolerance : undefined,
        parameters: given === undefined ? undefined : given === 'none' ? {} : { [given]: 2.5 },
        images: isThreeSpin(system) ? false : order.images,
      }));
  });

/** The recipe that is ordered, or the word of the order that cannot be. */
export type RecipeOf = (order: RecipeOrder) => E.Either<OrderError, Recipe>;

const expectedRecipe = (order: PossibleOrder): Recipe => {
  const { shapeOf, size: usualSize, samplers, methods, parameters } = usual[order.system];
  const size = order.size ?? usualSize;
  const sampler = order.sampler ?? samplers[0]?.[0] ?? '';
  const method = methods.find((one) => one === order.method) ?? methods[0];
  return {
    system: order.system,
    parameters: {
      ...parameters,
      ...order.parameters,
      ...(isThreeSpin(order.system) ? { sites: size, couplingMean: 1, couplingDeviation: 2 } : {}),
      ...(method === 'poles' ? { tolerance: order.tolerance ?? 1e-9 } : {}),
    },
    sampler,
    seed: order.seed ?? samplers.find(([name]) => name === sampler)?.[1] ?? NaN,
    method,
    ...(order.images === true ? { images: 'C4v' } : {}),
    version: 'efnn-data/1',
    sampleShape: [...shapeOf(size)],
    forces: order.forces === true,
  };
};

export const whatIsLeftOutIsUsual: Law<RecipeOf, PossibleOrder> = {
  statement: 'a recipe has every word of its order, and the usual one of its system for each that was left out',
  cases: possibleOrders,
  holds: (recipeOf) => (order) => {
    const found = recipeOf(order);
    return E.isRight(found) && isDeepStrictEqual(found.right, expectedRecipe(order));
  },
  runs: 400,
};

/** Words that no recipe has, by the field that must be named, each beside a possible order of its own. */
const impossible: readonly (readonly [field: string, order: RecipeOrder])[] = [
  ...['ising', '', 'Heisenberg'].map((system) => ['system', { system }] as const),
  ...[2, 1001, 3.5, NaN, Infinity, -3].flatMap((size) =>
    Object.keys(usual).map((system) => ['size', { system, size }] as const),
  ),
  ['size', { system: 'double-exchange', size: 91 }],
  ['size', { system: 'double-exchange', size: 88, forces: true }],
  ['size', { system: 'double-exchange', size: 1000, method: 'poles', forces: true }],
  ...[14, 16, 3].map((size) => ['size', { system: 'three-spin-binary', sampler: 'published', size }] as const),
  ...Object.keys(usual).flatMap((system) => [
    ['sampler', { system, sampler: 'cold' }] as const,
    ['method', { system, method: 'magic' }] as const,
    ['tolerance', { system, tolerance: 1e-6 }] as const,
    ['spin', { system, parameters: { spin: 1 } }] as const,
  ]),
  ...[0, -1e-9, NaN].map(
    (tolerance) => ['tolerance', { system: 'double-exchange', method: 'poles', tolerance }] as const,
  ),
  ['method', { system: 'heisenberg', method: 'poles' }],
  ['images', { system: 'three-spin-binary', images: true }],
  ['images', { system: 'three-spin-continuous', images: true }],
];

export const impossibleWordsAreNamed: Law<RecipeOf, readonly [field: string, order: RecipeOrder]> = {
  statement: 'an order with one impossible word is refused, under this word, with what is expected and what was got',
  cases: fc.constantFrom(...impossible),
  holds:
    (recipeOf) =>
    ([field, order]) => {
      const found = recipeOf(order);
      return E.isLeft(found) && found.left.field === field && found.left.message.startsWith('expected ');
    },
  runs: 300,
};

interface LabellingCase {
  readonly order: PossibleOrder;
  /** Parameters at which the double exchange model has none, and the word of the order that the refusal is on. */
  readonly noEnergy: { readonly parameters: Readonly<Record<string, number>>; readonly field: string } | null;
}

export const labellingsHaveAnEnergy: Law<typeof labellingOf, LabellingCase> = {
  statement:
    'which energies are wanted is what the recipe of the same order says, on the smallest lattice, if the ferromagnet has ' +
    'one; couplings belong to data alone, so that a system with couplings has none; a refusal is on the parameter with whose usual ' +
    'value there is an energy',
  cases: fc.record({
    // Poles do not reach 1e-12 for all parameters.
    order: possibleOrders.map((order) =>
      order.tolerance === undefined ? order : { ...order, tolerance: Math.max(order.tolerance, 1e-8) },
    ),
    noEnergy: fc.option(
      fc.constantFrom<NonNullable<LabellingCase['noEnergy']>[]>(
        { parameters: { T: 0 }, field: 'T' },
        { parameters: { mu: 1e308 }, field: 'mu' },
        { parameters: { J: 1e308 }, field: 'J' },
        // With another J there is no energy yet, with another mu there is.
        { parameters: { J: 1e308, mu: 1e308 }, field: 'mu' },
        { parameters: { t: NaN }, field: 't' },
      ),
      { freq: 1 },
    ),
  }),
  holds:
    (labelling) =>
    ({ order, noEnergy }) => {
      const isDoubleExchange = order.system === 'double-exchange';
      const wrong = isDoubleExchange ? noEnergy : null;
      const found = labelling(order.system, { ...order, parameters: wrong?.parameters ?? order.parameters });
      if (isThreeSpin(order.system) || wrong !== null) {
        return E.isLeft(found) && found.left.field === (wrong?.field ?? 'system') && found.left.message.includes(': ');
      }
      const { parameters: all, method, forces } = expectedRecipe(order);
      const expected = { size: 3, parameters: all, method, forces, couplings: O.none };
      return E.isRight(found) && isDeepStrictEqual(found.right, expected);
    },
  runs: 200,
};

/** Recipes made of other recipes. */
export interface OtherRecipes {
  readonly reference: (made: Recipe) => Recipe;
  readonly smallest: (made: Recipe) => Recipe;
}

export const otherRecipesDifferInOneThing: Law<OtherRecipes, PossibleOrder> = {
  statement:
    'the reference differs in its method alone, the first of the system, which asks for no tolerance; the smallest lattice ' +
    'in its size, 3 where there is a choice, and has no images',
  cases: possibleOrders,
  holds:
    ({ reference, smallest }) =>
    (order) => {
      const made = expectedRecipe(order);
      const { system, sampler } = order;
      const onlySize = isThreeSpin(system) && sampler === 'published';
      return (
        isDeepStrictEqual(reference(made), expectedRecipe({ ...order, method: undefined, tolerance: undefined })) &&
        isDeepStrictEqual(smallest(made), {
          ...expectedRecipe({ ...order, images: false }),
          sampleShape: [...usual[system].shapeOf(onlySize ? (made.sampleShape[0] ?? NaN) : 3)],
        })
      );
    },
  runs: 200,
};

export const costGrowsWithTheLattice: Law<(made: Recipe) => number, PossibleOrder> = {
  statement:
    'twice the size costs 64 times as much by diagonalization, 16 times by poles, and 4 times where a sum over bonds is ' +
    'all; forces cost more than energies, and large lattices more by levels than by poles',
  cases: possibleOrders.filter(({ system }) => !isThreeSpin(system)),
  holds: (seconds) => (order) => {
    const of = (change: Partial<PossibleOrder>): number => seconds(expectedRecipe({ ...order, ...change }));
    const growth = order.system === 'heisenberg' ? 4 : order.method === 'poles' ? 16 : 64;
    const ratio = of({ size: 40 }) / of({ size: 20 });
    return (
      of({}) > 0 &&
      Math.abs(ratio / growth - 1) < 1e-12 &&
      (order.system === 'heisenberg' ||
        (of({ forces: true }) > of({ forces: false }) &&
          of({ size: 40, method: 'diagonalize' }) > of({ size: 40, method: 'poles' })))
    );
  },
};

/** The texts of options, by the names that they have in a program. */
type Texts = Readonly<Record<string, string | undefined>>;

/** A run in the texts of options; `system` is the argument. */
interface RunCase {
  readonly system: SystemName;
  readonly texts: Texts;
}

/** Reads a run from the texts of its options. */
export type ReadRun = (system: string, texts: Texts) => E.Either<{ readonly message: string }, unknown>;

/** The texts after somebody did what a refusal advises, the first of what it offers; null where it offers nothing. */
const obeyed = (texts: Texts, message: string): Texts | null => {
  const [, option = '', advice = ''] = /^--([A-Za-z-]+): .*: ([^:]*)$/.exec(message) ?? [];
  const key = option === 'check-every' ? 'checkEvery' : option;
  const [, method] = /^(?:add|use) --method ([a-z]+)/.exec(advice) ?? [];
  // Options are added where there is none of the name: what is there twice is refused.
  if (method !== undefined && (advice.startsWith('use') || texts.method === undefined)) {
    return { ...texts, method };
  }
  return advice.startsWith('leave it out') && texts[key] !== undefined ? { ...texts, [key]: undefined } : null;
};

export const adviceEnds: Law<ReadRun, RunCase> = {
  statement:
    'whoever does what each refusal of methods, tolerances and checks advises has a run after three of them at most',
  cases: fc.record({
    system: fc.constantFrom<SystemName>('double-exchange', 'heisenberg', 'three-spin-binary', 'three-spin-continuous'),
    texts: fc.record({
      samples: fc.constant('2'),
      size: fc.constant('3'),
      method: maybe(fc.constantFrom('formula', 'diagonalize', 'poles', 'magic')),
      tolerance: maybe(fc.constantFrom('1e-3', '1e-6')),
      checkEvery: maybe(fc.constant('2')),
    }),
  }),
  holds:
    (read) =>
    ({ system, texts }) => {
      const follow = (now: Texts, left: number): boolean => {
        const found = read(system, now);
        const next = E.isLeft(found) ? obeyed(now, found.left.message) : null;
        return E.isRight(found) || (next !== null && left > 0 && follow(next, left - 1));
      };
      return follow(texts, 3);
    },
};

/** A run with one number that no file can hold the energies of, or that its generator has no seed of. */
interface WrongNumber {
  readonly system: SystemName;
  readonly texts: Texts;
  readonly option: string;
}

export const wrongNumbersAreNamed: Law<ReadRun, WrongNumber> = {
  statement: 'a number that a run cannot have is refused under the option that it was given in, whatever was left out',
  cases: fc
    .constantFrom<WrongNumber>(
      { system: 'heisenberg', texts: { J: '1e308' }, option: 'J' },
      { system: 'heisenberg', texts: { J: '-1e308', size: '3' }, option: 'J' },
      // On 3 x 3 sites this energy is finite.
      { system: 'heisenberg', texts: { J: '1e307', size: '40' }, option: 'J' },
      { system: 'double-exchange', texts: { J: '1e308', size: '3' }, option: 'J' },
      { system: 'double-exchange', texts: { mu: '1e308', size: '3', J: '2' }, option: 'mu' },
      { system: 'double-exchange', texts: { mu: '1e308', size: '3', method: 'poles' }, option: 'mu' },
      { system: 'double-exchange', texts: { T: '1e6', size: '3', method: 'poles' }, option: 'method' },
      { system: 'double-exchange', texts: { tolerance: '1e-18', size: '3', method: 'poles' }, option: 'tolerance' },
      ...(['double-exchange', 'heisenberg', 'three-spin-binary', 'three-spin-continuous'] as const).map((system) => ({
        system,
        texts: { sampler: 'published', seed: '4294967296' },
        option: 'seed',
      })),
    )
    .map((one) => ({ ...one, texts: { samples: '2', ...one.texts } })),
  holds:
    (read) =>
    ({ system, texts, option }) => {
      const found = read(system, texts);
      return (
        E.isLeft(found) && new RegExp(`^--${option}: ([a-z 0-9]+: )*expected .*, got .+: .+`).test(found.left.message)
      );
    },
};
