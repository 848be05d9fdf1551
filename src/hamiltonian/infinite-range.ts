/**
 * The r-spin infinite-range model: H = -sum over i_1 < .. < i_r of J_{i_1 .. i_r} s_{i_1} .. s_{i_r}, on L sites.
 *
 * The paper's is r = 3, L = 15, with spins in {0, 1} or in [-1, 1]. Couplings come in lexicographic order of their
 * index sets: J_012, J_013, .. Generic over the number field; `three-spin.kernel.ts` is the float64 path for batches.
 *
 * @eq 1
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { asManyAs } from '../number/callers-mistake.ts';
import type { NumberField } from '../number/number-field.ts';
import { binomial, subsets } from '../number/subsets.ts';

/**
 * The number of sites, the spins in a product, and the couplings; numbers of any field. Made by `infiniteRangeModel`.
 */
export interface InfiniteRangeModel<A> {
  /** L. */
  readonly sites: number;
  /** r, the spins in each product. */
  readonly spins: number;
  /** J for each r-subset of the sites, in lexicographic order. */
  readonly couplings: readonly A[];
}

/** Numbers of sites, spins and couplings that do not fit each other: the message says what is expected. */
export interface InfiniteRangeError {
  readonly tag: 'InfiniteRangeError';
  readonly message: string;
}

/** Fails unless 1 <= r <= L and there is one coupling for each of the L! / (r! (L - r)!) subsets. */
export const infiniteRangeModel = <A>(
  model: InfiniteRangeModel<A>,
): Either<InfiniteRangeError, InfiniteRangeModel<A>> => {
  const { sites: L, spins: r, couplings } = model;
  const invalid = (message: string) => E.left({ tag: 'InfiniteRangeError', message } as const);
  if (!Number.isSafeInteger(L) || !Number.isSafeInteger(r) || r < 1 || r > L) {
    return invalid(
      `expected integers 1 <= r <= L, got r = ${r} spins in a product on L = ${L} sites: change one of them`,
    );
  }
  const expected = binomial(L, r);
  return couplings.length === expected
    ? E.right(model)
    : invalid(
        `expected ${expected} couplings, one for each of the ${r}-subsets of ${L} sites in lexicographic order, ` +
          `got ${couplings.length}: give each once`,
      );
};

/**
 * H of one configuration of L spins, in the units of the couplings: the sum over all r-subsets.
 *
 * @throws RangeError for more or fewer spins than sites, and for a model that `infiniteRangeModel` refuses.
 *
 * @example
 * infiniteRangeEnergy(float64)({ sites: 3, spins: 2, couplings: [1, 2, 4] })([1, -1, 1]) // 3
 */
export const infiniteRangeEnergy =
  <A>(field: NumberField<A>) =>
  (model: InfiniteRangeModel<A>) =>
  (spins: readonly A[]): A => {
    const {
      sites,
      spins: r,
      couplings,
    } = pipe(
      infiniteRangeModel(model),
      E.getOrElse(({ message }): InfiniteRangeModel<A> => {
        throw new RangeError(message);
      }),
    );
    asManyAs(sites, 'spins, one a site', 'give one configuration at a time')(spins);
    return subsets(sites, r).reduce(
      (energy, subset, index) =>
        field.sub(
          energy,
          subset.reduce(
            (product, site) => field.mul(product, spins[site] ?? field.zero),
            couplings[index] ?? field.zero,
          ),
        ),
      field.zero,
    );
  };
