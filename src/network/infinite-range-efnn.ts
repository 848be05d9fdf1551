/**
 * The r-spin infinite-range energy H = -sum over i_1 < .. < i_r of J s_{i_1} .. s_{i_r} as a linear EFNN of r - 1
 * layers, exactly.
 *
 * Layer m < r - 1 holds the products of m + 1 spins, one neuron for each subset I that can still be completed:
 * f copies the product without the last spin, g supplies the last spin. Layer r - 1 has one neuron for each last
 * spin k: f sums -J over the products below k, g supplies s_k. For r = 3 and L = 15 the width is C(14, 2) = 91.
 *
 * @eq 1
 */
import type { Field as NumberField } from 'fp-ts/lib/Field.js';
import type { Eq } from 'fp-ts/lib/Eq.js';

import { binomial, subsets } from '../number/subsets.ts';
import { inputField, record } from '../program/expression.ts';
import type { Program } from '../program/program.ts';
import { mapName, type MapKind } from '../program/weight.ts';
import { efnn } from './efnn.ts';
import { linear, sumOfEntries, type FieldMap } from './maps.ts';

/** The model's two numbers: L sites, r spins in each product. 2 <= r <= L. */
export interface InfiniteRange {
  readonly sites: number;
  readonly spins: number;
}

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The subsets that label the neurons of layer m, from layer 0 (the spins themselves) to r - 2. */
const neurons = ({ sites: L, spins: r }: InfiniteRange, m: number): readonly (readonly number[])[] =>
  m === 0 ? upTo(L).map((site) => [site]) : subsets(L - r + 1 + m, m + 1);

/**
 * The width that every layer needs: 91 for r = 3 on 15 sites.
 *
 * @example
 * exactWidth({ sites: 15, spins: 3 }) // 91
 */
export const exactWidth = ({ sites: L, spins: r }: InfiniteRange): number =>
  Math.max(L - r + 1, ...upTo(r - 2).map((m) => binomial(L - r + 2 + m, m + 2)));

/** Input `spins` field(1, L), parameters `f.i.weight` and `g.i.weight`, output `energy`. */
export const infiniteRangeEfnn = (model: InfiniteRange): Program => {
  const W = exactWidth(model);
  const map = (kind: MapKind, i: number, inputs: number): FieldMap =>
    linear(mapName(kind, i), { inputs, outputs: W, kernel: 1 });
  return record({
    energy: efnn({
      layers: upTo(model.spins - 1).map((i) => ({
        f: map('field', i, i === 0 ? model.sites : W),
        g: map('spin', i + 1, model.sites),
      })),
      q: sumOfEntries,
    })(inputField('spins', 1, model.sites)),
  });
};

/** A W x inputs matrix, row-major, from the entries that are not zero. */
const matrix =
  <A>(zero: A) =>
  (rows: number, columns: number, entries: ReadonlyMap<string, A>): readonly A[] =>
    upTo(rows).flatMap((row) => upTo(columns).map((column) => entries.get(`${row},${column}`) ?? zero));

/**
 * The weights for given couplings, which come in lexicographic order of their r-subsets; exact in any number field.
 *
 * @example
 * infiniteRangeWeights(float64)({ sites: 2, spins: 2 })([3]) // { 'f.0.weight': [-3, 0], 'g.1.weight': [0, 1] }
 */
export const infiniteRangeWeights =
  <A>(field: NumberField<A> & Eq<A>) =>
  (model: InfiniteRange) =>
  (couplings: readonly A[]): Readonly<Record<string, readonly A[]>> => {
    const { sites: L, spins: r } = model;
    const W = exactWidth(model);
    const coupling = new Map(subsets(L, r).map((subset, index) => [subset.join(), couplings[index] ?? field.zero]));
    const selectProducts = (m: number): readonly A[] => {
      const below = new Map(neurons(model, m - 1).map((subset, index) => [subset.join(), index]));
      const entries = neurons(model, m).map(
        (subset, row) => [`${row},${below.get(subset.slice(0, -1).join())}`, field.one] as const,
      );
      return matrix(field.zero)(W, m === 1 ? L : W, new Map(entries));
    };
    const selectSpins = (m: number): readonly A[] =>
      matrix(field.zero)(W, L, new Map(neurons(model, m).map((subset, row) => [`${row},${subset.at(-1)}`, field.one])));
    const lastSpins = upTo(L - r + 1).map((row) => ({ row, k: r - 1 + row }));
    const sumProducts = matrix(field.zero)(
      W,
      r === 2 ? L : W,
      new Map(
        lastSpins.flatMap(({ row, k }) =>
          neurons(model, r - 2).flatMap((subset, column) => {
            const J = coupling.get([...subset, k].join());
            return J === undefined ? [] : [[`${row},${column}`, field.sub(field.zero, J)] as const];
          }),
        ),
      ),
    );
    const lastSpin = matrix(field.zero)(W, L, new Map(lastSpins.map(({ row, k }) => [`${row},${k}`, field.one])));
    return Object.fromEntries([
      ...upTo(r - 2).flatMap((i) => [
        [`f.${i}.weight`, selectProducts(i + 1)] as const,
        [`g.${i + 1}.weight`, selectSpins(i + 1)] as const,
      ]),
      [`f.${r - 2}.weight`, sumProducts],
      [`g.${r - 1}.weight`, lastSpin],
    ]);
  };
