/** Laws of the classical Hamiltonians: Ising, r-spin infinite-range, and the effective model. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';

import { parameterCount, wholeLattice, type Clusters } from '../../src/hamiltonian/effective-model.ts';
import type { InfiniteRangeModel } from '../../src/hamiltonian/infinite-range.ts';
import type { OrthogonalMatrix } from '../../src/lattice/orthogonal.ts';
import { rotate, spinAt, type SpinConfiguration } from '../../src/lattice/spins.ts';
import type { SquareLattice } from '../../src/lattice/square-lattice.ts';
import type { Rational } from '../../src/number/rational.ts';
import { ratio, rational } from '../../src/number/rational.ts';
import type { Reals } from '../../src/number/reals.ts';
import { interval } from '../arbitraries/interval.ts';
import { lattices } from '../arbitraries/lattices.ts';
import { configurations, configurationsOf, orthogonalMatrices } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';
import { torusDistance } from './lattice.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const at = <A>(list: readonly A[], index: number): A => {
  const value = list[index];
  if (value === undefined) {
    throw new RangeError(`no entry ${index} in a list of ${list.length}`);
  }
  return value;
};

const { add, mul, sub, zero, one, equals } = rational;

const sum = (terms: readonly Rational[]): Rational => terms.reduce(add, zero);

const productOf = (factors: readonly Rational[]): Rational => factors.reduce(mul, one);

// Ising.

export type Ising = (lattice: SquareLattice, J: Rational) => (spins: readonly Rational[]) => Rational;

interface IsingCase {
  readonly lattice: SquareLattice;
  readonly J: Rational;
  readonly spins: readonly Rational[];
}

export const rationals: fc.Arbitrary<Rational> = fc
  .tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 1, max: 12 }))
  .map(([p, q]) => ratio(BigInt(p), BigInt(q)));

const isingSpin = fc.constantFrom(ratio(1n, 1n), ratio(-1n, 1n));

const isingCases: fc.Arbitrary<IsingCase> = lattices(3, 6).chain((lattice) =>
  fc.record({
    lattice: fc.constant(lattice),
    J: rationals,
    spins: fc.array(isingSpin, { minLength: lattice.size ** 2, maxLength: lattice.size ** 2 }),
  }),
);

export const isingIsSumOverPairs: Law<Ising, IsingCase> = {
  statement: 'Ising: H is -J times the sum of s_i s_j over all pairs of sites one step apart, exactly',
  cases: isingCases,
  holds:
    (energy) =>
    ({ lattice, J, spins }) => {
      const pairs = upTo(spins.length).flatMap((i) =>
        upTo(i).flatMap((j) => (torusDistance(lattice, i, j) === 1 ? [mul(at(spins, i), at(spins, j))] : [])),
      );
      return equals(energy(lattice, J)(spins), sub(zero, mul(J, sum(pairs))));
    },
  runs: 30,
};

// The r-spin infinite-range model.

export type InfiniteRangeEnergy = (model: InfiniteRangeModel<Rational>) => (spins: readonly Rational[]) => Rational;

interface InfiniteRangeCase {
  readonly r: number;
  /** a_i: the couplings are J_I = product of a_i over I. */
  readonly weights: readonly Rational[];
  readonly spins: readonly Rational[];
}

/** The r-subsets of n sites as sorted lists, found among all 2^n subsets, in lexicographic order. */
const lexicographicSubsets = (n: number, r: number): readonly (readonly number[])[] =>
  upTo(2 ** n)
    .map((mask) => upTo(n).filter((site) => (mask & (1 << site)) !== 0))
    .filter(({ length }) => length === r)
    .sort((a, b) => a.map((site, k) => site - at(b, k)).find((difference) => difference !== 0) ?? 0);

/**
 * The coefficients of the polynomial: product over i of (1 + x_i z); that of z^r sums the products of r different x_i.
 */
const elementarySymmetric = (xs: readonly Rational[]): readonly Rational[] =>
  xs.reduce<readonly Rational[]>(
    (polynomial, x) =>
      [...polynomial, zero].map((coefficient, k) => add(coefficient, mul(x, k === 0 ? zero : at(polynomial, k - 1)))),
    [one],
  );

export const infiniteRangeIsGeneratingFunction: Law<InfiniteRangeEnergy, InfiniteRangeCase> = {
  statement:
    'r-spin model: if J_I is the product of a_i over I, -H is the coefficient of z^r in the product of (1 + a_i s_i z)',
  cases: fc.integer({ min: 1, max: 7 }).chain((sites) =>
    fc.record({
      r: fc.integer({ min: 1, max: Math.min(sites, 4) }),
      weights: fc.array(rationals, { minLength: sites, maxLength: sites }),
      spins: fc.array(rationals, { minLength: sites, maxLength: sites }),
    }),
  ),
  holds:
    (energy) =>
    ({ r, weights, spins }) => {
      const sites = weights.length;
      const couplings = lexicographicSubsets(sites, r).map((subset) => productOf(subset.map((i) => at(weights, i))));
      const polynomial = elementarySymmetric(weights.map((a, i) => mul(a, at(spins, i))));
      return equals(energy({ sites, spins: r, couplings })(spins), sub(zero, at(polynomial, r)));
    },
};

/** Whether numbers of sites, spins and couplings are a model: what it is made of, or a reason why not. */
export type ModelOf = (
  model: InfiniteRangeModel<number>,
) => E.Either<{ readonly message: string }, InfiniteRangeModel<number>>;

export const modelsHaveACouplingForEachSubset: Law<ModelOf, InfiniteRangeModel<number>> = {
  statement:
    'r-spin model: exactly those with whole 1 <= r <= L and a coupling for each r-subset of L sites are models',
  cases: fc
    .record({
      sites: fc.constantFrom(0, 1, 2, 3, 4, 5, 2.5, NaN),
      spins: fc.constantFrom(-1, 0, 1, 2, 3, 4, 5, 1.5, NaN),
      surplus: fc.constantFrom(0, 0, 0, 1, -1),
    })
    .map(({ sites, spins, surplus }) => {
      const subsets = lexicographicSubsets(Math.max(0, Math.floor(sites) || 0), Math.floor(spins) || 0).length;
      return { sites, spins, couplings: upTo(Math.max(0, subsets + surplus)).map((n) => n + 1) };
    }),
  holds: (modelOf) => (candidate) => {
    const { sites, spins, couplings } = candidate;
    const found = modelOf(candidate);
    const possible = Number.isInteger(sites) && Number.isInteger(spins) && spins >= 1 && spins <= sites;
    return possible && couplings.length === lexicographicSubsets(sites, spins).length
      ? E.isRight(found) && found.right.couplings === couplings
      : E.isLeft(found) && /^expected .* got /.test(found.left.message);
  },
  runs: 300,
};

/** The fast path: energies [B] and gradients [B, L] of batches of spins [B, L]. */
export interface ThreeSpin {
  readonly energies: (sites: number, couplings: Reals) => (spins: Reals) => Reals;
  readonly gradients: (sites: number, couplings: Reals) => (spins: Reals) => Reals;
}

interface ThreeSpinCase {
  readonly sites: number;
  readonly couplings: Reals;
  /** Three samples. */
  readonly spins: Reals;
}

/** Multiples of 1/8: products of four and sums of hundreds of them are exact in float64. */
const dyadics = (count: number): fc.Arbitrary<Reals> =>
  fc
    .array(fc.integer({ min: -64, max: 64 }), { minLength: count, maxLength: count })
    .map((list) => Float64Array.from(list, (n) => n / 8));

const threeSpinCases: fc.Arbitrary<ThreeSpinCase> = fc.integer({ min: 3, max: 8 }).chain((sites) =>
  fc.record({
    sites: fc.constant(sites),
    couplings: dyadics((sites * (sites - 1) * (sites - 2)) / 6),
    spins: dyadics(3 * sites),
  }),
);

export const threeSpinIsInfiniteRange = (
  generic: (model: InfiniteRangeModel<number>) => (spins: readonly number[]) => number,
): Law<ThreeSpin, ThreeSpinCase> => ({
  statement: 'three-spin kernel: the energies of a batch are those of the formula, sample by sample (exact in dyadics)',
  cases: threeSpinCases,
  holds:
    ({ energies }) =>
    ({ sites, couplings, spins }) => {
      const found = energies(sites, couplings)(spins);
      const energy = generic({ sites, spins: 3, couplings: [...couplings] });
      return found.length === 3 && found.every((E, b) => E === energy([...spins.slice(b * sites, (b + 1) * sites)]));
    },
});

export const threeSpinGradientIsExact: Law<ThreeSpin, ThreeSpinCase> = {
  statement: 'three-spin kernel: dH/ds_m = H(s_m = 1) - H(s_m = 0), since H is linear in each spin (exact in dyadics)',
  cases: threeSpinCases,
  holds:
    ({ energies, gradients }) =>
    ({ sites, couplings, spins }) => {
      const gradient = gradients(sites, couplings)(spins);
      const withSpin = (m: number, value: number): Reals =>
        energies(sites, couplings)(spins.map((s, index) => (index % sites === m ? value : s)));
      return upTo(sites).every((m) => {
        const [high, low] = [withSpin(m, 1), withSpin(m, 0)];
        return high.every((E, b) => gradient[b * sites + m] === E - (low[b] ?? NaN));
      });
    },
};

// The effective model.

/** E_eff, the features it is linear in, and how many there are. */
export interface EffectiveModel {
  readonly energy: (clusters: Clusters, coefficients: Reals) => (spins: SpinConfiguration) => number;
  readonly features: (clusters: Clusters) => (spins: SpinConfiguration) => Reals;
}

interface EffectiveCase {
  readonly spins: SpinConfiguration;
  readonly matrices: readonly OrthogonalMatrix[];
  /** Draws coefficient n as cos(seed n). */
  readonly seed: number;
}

const effectiveCases = (smallest: number, largest: number): fc.Arbitrary<EffectiveCase> =>
  fc.record({
    spins: configurations(smallest, largest),
    matrices: fc.array(orthogonalMatrices, { minLength: 4, maxLength: 4 }),
    seed: interval(0.1, 3),
  });

const coefficientsOf = (clusters: Clusters, seed: number): Reals =>
  Float64Array.from({ length: parameterCount(clusters) }, (_, n) => Math.cos(seed * n));

/** Rounding of a sum of n terms of order 1. */
const closeSum = (a: number, b: number, n: number): boolean => Math.abs(a - b) <= 20 * n * Number.EPSILON;

const whole = ({ size }: SpinConfiguration): Clusters => wholeLattice({ size });

export const effectiveEnergyIsLinear: Law<EffectiveModel, EffectiveCase> = {
  statement: 'effective model: E_eff is the sum of coefficient times feature',
  cases: effectiveCases(1, 3),
  holds:
    ({ energy, features }) =>
    ({ spins, seed }) => {
      const coefficients = coefficientsOf(whole(spins), seed);
      const row = features(whole(spins))(spins);
      const expected = coefficients.reduce((total, c, n) => total + c * (row[n] ?? NaN), 0);
      return (
        row.length === coefficients.length &&
        closeSum(energy(whole(spins), coefficients)(spins), expected, coefficients.length)
      );
    },
};

/** sum over i, j of (s_i . s_j)^power, from the magnetization (power 1) or the quadrupole tensor (power 2) alone. */
const squaredMoments = (spins: SpinConfiguration, power: 1 | 2): number => {
  const vectors = upTo(spins.size ** 2).map(spinAt(spins));
  const moments =
    power === 1
      ? ([0, 1, 2] as const).map((k) => vectors.reduce((total, s) => total + s[k], 0))
      : ([0, 1, 2] as const).flatMap((k) =>
          ([0, 1, 2] as const).map((l) => vectors.reduce((total, s) => total + s[k] * s[l], 0)),
        );
  return moments.reduce((total, x) => total + x * x, 0);
};

export const effectiveEnergyOfMoments: Law<EffectiveModel, EffectiveCase> = {
  statement:
    'effective model: with equal couplings E_eff depends on magnetization and quadrupole alone, self pairs included',
  cases: effectiveCases(1, 4),
  holds:
    ({ energy }) =>
    ({ spins, seed }) => {
      const m = spins.size ** 2;
      const P = (m * (m + 1)) / 2;
      const [constant, pair, quartic] = [Math.cos(seed), Math.cos(2 * seed), Math.cos(3 * seed)];
      const coefficients = Float64Array.from({ length: parameterCount(whole(spins)) }, (_, n) =>
        n === 0 ? constant : n <= P ? pair : quartic,
      );
      const x1 = (squaredMoments(spins, 1) + m) / 2;
      const x2 = (squaredMoments(spins, 2) + m) / 2;
      const expected = constant + pair * x1 + (quartic * (x1 * x1 + x2)) / 2;
      return closeSum(energy(whole(spins), coefficients)(spins), expected, coefficients.length);
    },
};

/** A coefficient of Eq. (3) by the sites that it couples: any function which tells them all apart. */
const namedCoefficient = (seed: number, ...indices: readonly number[]): number =>
  Math.cos(seed * indices.reduce((code, index) => 11 * code + index + 1, 0));

export const effectiveEnergyIsTheSum: Law<EffectiveModel, EffectiveCase> = {
  statement:
    'Eq. (3): E_eff is J_0, plus for each cluster the sum over i <= j of g_ij s_i.s_j, plus the sum over pairs ij <= kl ' +
    'of g_ijkl (s_i.s_j)(s_k.s_l); coefficients and features stand in the order of these sums',
  cases: effectiveCases(2, 3),
  holds:
    ({ energy, features }) =>
    ({ spins, seed }) => {
      const sites = upTo(spins.size ** 2);
      const clusters = [sites.filter((site) => site % 2 === 0), sites.filter((site) => site % 2 === 1).toReversed()];
      const dot = (i: number, j: number): number =>
        ([0, 1, 2] as const).reduce<number>((total, k) => total + spinAt(spins)(i)[k] * spinAt(spins)(j)[k], 0);
      const terms = clusters.flatMap((cluster) => {
        const pairs = cluster.flatMap((i, a) => cluster.slice(a).map((j) => [i, j] as const));
        return [
          ...pairs.map(([i, j]) => ({ g: namedCoefficient(seed, i, j), x: dot(i, j) })),
          ...pairs.flatMap(([i, j], p) =>
            pairs.slice(p).map(([k, l]) => ({ g: namedCoefficient(seed, i, j, k, l), x: dot(i, j) * dot(k, l) })),
          ),
        ];
      });
      const J0 = namedCoefficient(seed);
      const expected = terms.reduce((total, { g, x }) => total + g * x, J0);
      const found = energy(clusters, Float64Array.from([J0, ...terms.map(({ g }) => g)]))(spins);
      const row = features(clusters)(spins);
      return (
        closeSum(found, expected, terms.length) &&
        row.length === terms.length + 1 &&
        [1, ...terms.map(({ x }) => x)].every((x, n) => closeSum(x, row[n] ?? NaN, 3))
      );
    },
  runs: 30,
};

export const effectiveEnergyIsInvariant: Law<EffectiveModel, EffectiveCase> = {
  statement: 'effective model: E_eff is O(3)-invariant, for rotations and reflections and any coefficients',
  cases: effectiveCases(1, 3),
  holds:
    ({ energy }) =>
    ({ spins, matrices, seed }) => {
      const E = energy(whole(spins), coefficientsOf(whole(spins), seed));
      return matrices.every((matrix) => closeSum(E(rotate(matrix)(spins)), E(spins), parameterCount(whole(spins))));
    },
};

/** Tiles of a width, where there are any. */
export type Tiles = (width: number) => (lattice: SquareLattice) => E.Either<{ readonly message: string }, Clusters>;

export const tilesPartition: Law<Tiles, { readonly size: number; readonly width: number }> = {
  statement:
    'effective model: the lattice has tiles of a width exactly if that is a whole number that divides N; tile by tile, ' +
    'row by row, the sites of a tile are a square, and each site is in one',
  cases: fc.record({
    size: fc.integer({ min: 1, max: 6 }),
    width: fc.oneof(fc.integer({ min: -6, max: 7 }), fc.constantFrom(0.5, 1.5, NaN, Infinity)),
  }),
  holds:
    (tiles) =>
    ({ size, width }) => {
      const found = tiles(width)({ size });
      if (!upTo(size).some((row) => row + 1 === width && size % width === 0)) {
        return E.isLeft(found) && found.left.message.includes(`N = ${size}`);
      }
      const tileOf = (site: number): number =>
        Math.floor(Math.floor(site / size) / width) * (size / width) + Math.floor((site % size) / width);
      const expected = upTo((size / width) ** 2).map((tile) => upTo(size ** 2).filter((site) => tileOf(site) === tile));
      return E.isRight(found) && JSON.stringify(found.right) === JSON.stringify(expected);
    },
};

/** E_eff, or a reason why there is none. */
export type CheckedEnergy = (
  clusters: Clusters,
  coefficients: Reals,
) => (spins: SpinConfiguration) => E.Either<{ readonly message: string }, number>;

export const clustersLieOnTheLattice: Law<
  CheckedEnergy,
  { readonly spins: SpinConfiguration; readonly cluster: readonly number[]; readonly surplus: number }
> = {
  statement: 'effective model: clusters beside the lattice, and too few or too many coefficients, have no energy',
  cases: fc.record({
    spins: configurations(1, 3),
    cluster: fc.array(fc.integer({ min: -1, max: 9 }), { minLength: 1, maxLength: 3 }),
    surplus: fc.constantFrom(0, 0, 0, 1, -1),
  }),
  holds:
    (energy) =>
    ({ spins, cluster, surplus }) => {
      const pairs = (cluster.length * (cluster.length + 1)) / 2;
      const coefficients = new Float64Array(1 + pairs + (pairs * (pairs + 1)) / 2 + surplus);
      const found = energy([cluster], coefficients)(spins);
      return surplus === 0 && cluster.every((site) => upTo(spins.size ** 2).includes(site))
        ? E.isRight(found) && found.right === 0
        : E.isLeft(found) && /^expected .* got /.test(found.left.message);
    },
};

/** The four quarters of a 4 x 4 or 6 x 6 lattice, as clusters. */
export type Quarters = (lattice: SquareLattice) => Clusters;

export const tilesDoNotInteract: Law<Quarters, EffectiveCase> = {
  statement:
    'effective model in tiles: each site is in one tile, and a tile may be turned alone without changing its features',
  cases: fc.record({
    spins: configurationsOf(4),
    matrices: fc.array(orthogonalMatrices, { minLength: 4, maxLength: 4 }),
    seed: fc.constant(1),
  }),
  holds:
    (quarters) =>
    ({ spins, matrices }) => {
      const clusters = quarters(spins);
      const corner = (site: number): number => 2 * Math.floor(site / 8) + Math.floor((site % 4) / 2);
      const turned = matrices.map((matrix) => spinAt(rotate(matrix)(spins)));
      const vectors = upTo(16).map((site) => at(turned, corner(site))(site));
      const turnedApart = {
        size: 4,
        components: Float64Array.from(([0, 1, 2] as const).flatMap((k) => vectors.map((s) => s[k]))),
      };
      const dots = (configuration: SpinConfiguration): readonly number[] =>
        clusters.flatMap((cluster) =>
          cluster.flatMap((i) =>
            cluster.map((j) => {
              const [a, b] = [spinAt(configuration)(i), spinAt(configuration)(j)];
              return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
            }),
          ),
        );
      const after = dots(turnedApart);
      return (
        [...clusters.flat()].sort((a, b) => a - b).join() === upTo(16).join() &&
        dots(spins).every((x, n) => closeSum(x, at(after, n), 3))
      );
    },
};
