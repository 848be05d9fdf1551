/**
 * The classical Hamiltonians: Ising, the r-spin infinite-range model, and the effective model of the paper's Eq. (3).
 */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';

import * as effective from '../src/hamiltonian/effective-model.ts';
import { infiniteRangeEnergy, infiniteRangeModel, type InfiniteRangeModel } from '../src/hamiltonian/infinite-range.ts';
import { isingEnergy } from '../src/hamiltonian/ising.ts';
import { threeSpinEnergies, threeSpinGradients } from '../src/hamiltonian/three-spin.kernel.ts';
import { ferromagnet, spinAt } from '../src/lattice/spins.ts';
import { bonds } from '../src/lattice/square-lattice.ts';
import { float64 } from '../src/number/float64.ts';
import { rational, type Rational } from '../src/number/rational.ts';
import type { Reals } from '../src/number/reals.ts';
import { subsets } from '../src/number/subsets.ts';
import { verify } from './law.ts';
import {
  clustersLieOnTheLattice,
  effectiveEnergyIsInvariant,
  effectiveEnergyIsTheSum,
  effectiveEnergyIsLinear,
  effectiveEnergyOfMoments,
  infiniteRangeIsGeneratingFunction,
  isingIsSumOverPairs,
  modelsHaveACouplingForEachSubset,
  threeSpinGradientIsExact,
  threeSpinIsInfiniteRange,
  tilesDoNotInteract,
  tilesPartition,
  type EffectiveModel,
  type InfiniteRangeEnergy,
  type Ising,
  type ThreeSpin,
} from './laws/hamiltonian.ts';
import { messageOf, right } from './right.ts';

const { add, sub, mul, div, zero, one } = rational;

const ising = isingEnergy(rational);

/** Ising over another list of bonds. */
const isingOver =
  (chosen: typeof bonds): Ising =>
  (lattice, J) =>
  (spins) =>
    chosen(lattice).reduce(
      (energy, { from, to }) => sub(energy, mul(J, mul(spins[from] ?? zero, spins[to] ?? zero))),
      zero,
    );

verify(isingIsSumOverPairs, ising, {
  'open boundaries': isingOver((lattice) => bonds(lattice).filter(({ wraps }) => !wraps)),
  'every bond from both its ends': (lattice, J) => ising(lattice, add(J, J)),
  'the sign of J': (lattice, J) => ising(lattice, sub(zero, J)),
  'a row runs on into the next': isingOver((lattice) =>
    bonds(lattice).map((bond) =>
      bond.direction === 'right' ? { ...bond, to: (bond.from + 1) % lattice.size ** 2 } : bond,
    ),
  ),
});

const rSpin: InfiniteRangeEnergy = infiniteRangeEnergy(rational);

const reordered =
  (order: (a: readonly number[], b: readonly number[]) => number): InfiniteRangeEnergy =>
  (model) => {
    const places = subsets(model.sites, model.spins).map((subset, index) => ({ subset, index }));
    const couplings = [...places].sort((a, b) => order(a.subset, b.subset)).map(({ index }) => model.couplings[index]);
    return rSpin({ ...model, couplings: couplings.map((J) => J ?? zero) });
  };

const factorial = (n: number): Rational => (n < 2 ? one : mul(rational.fromNumber(n), factorial(n - 1)));

verify(infiniteRangeIsGeneratingFunction, rSpin, {
  'couplings in the order of their last index': reordered((a, b) => (a.at(-1) ?? 0) - (b.at(-1) ?? 0)),
  'all orders of the indices': (model) => (spins) => mul(factorial(model.spins), rSpin(model)(spins)),
  'the sign': (model) => (spins) => sub(zero, rSpin(model)(spins)),
  'the mean over the products': (model) => (spins) =>
    div(rSpin(model)(spins), rational.fromNumber(Math.max(1, model.couplings.length))),
});

verify(modelsHaveACouplingForEachSubset, infiniteRangeModel, {
  'fractions are cut': (model) =>
    infiniteRangeModel({ ...model, sites: Math.floor(model.sites), spins: Math.floor(model.spins) }),
  'a coupling too many is left out': (model) =>
    E.orElse(() => infiniteRangeModel({ ...model, couplings: model.couplings.slice(1) }))(infiniteRangeModel(model)),
  'all sites together are no product': (model) =>
    model.spins === model.sites ? infiniteRangeModel({ ...model, couplings: [] }) : infiniteRangeModel(model),
});

const threeSpin: ThreeSpin = { energies: threeSpinEnergies, gradients: threeSpinGradients };

verify(threeSpinIsInfiniteRange(infiniteRangeEnergy(float64)), threeSpin, {
  'the first sample for all': {
    ...threeSpin,
    energies: (sites, couplings) => (spins) => {
      const energies = threeSpinEnergies(sites, couplings)(spins);
      return energies.map(() => energies[0] ?? NaN);
    },
  },
  'couplings from the last to the first': {
    ...threeSpin,
    energies: (sites, couplings) => threeSpinEnergies(sites, Float64Array.from([...couplings].reverse())),
  },
});

verify(threeSpinGradientIsExact, threeSpin, {
  'minus the gradient': {
    ...threeSpin,
    gradients: (sites, couplings) => (spins) => threeSpinGradients(sites, couplings)(spins).map((x) => -x),
  },
  'the spin is not divided out': {
    ...threeSpin,
    gradients: (sites, couplings) => (spins) =>
      threeSpinGradients(sites, couplings)(spins).map((x, index) => x * (spins[index] ?? NaN)),
  },
});

const model: EffectiveModel = {
  energy: (clusters, coefficients) => (spins) => right(effective.effectiveEnergy(clusters, coefficients)(spins)),
  features: effective.effectiveFeatures,
};

/** The model with its coefficients changed, n counting from the constant on. */
const withCoefficients = (change: (c: number, n: number, m: number) => number): EffectiveModel => ({
  ...model,
  energy: (clusters, coefficients) => (spins) =>
    model.energy(
      clusters,
      coefficients.map((c, n) => change(c, n, spins.size ** 2)),
    )(spins),
});

verify(effectiveEnergyIsLinear, model, {
  'no constant': withCoefficients((c, n) => (n === 0 ? 0 : c)),
  'pairs and pairs of pairs exchanged': {
    ...model,
    features: (clusters) => (spins) => {
      const [constant = NaN, ...others] = model.features(clusters)(spins);
      return Float64Array.from([constant, ...others.reverse()]);
    },
  },
});

verify(effectiveEnergyOfMoments, model, {
  'no self pair of the first spin': withCoefficients((c, n) => (n === 1 ? 0 : c)),
  'every pair counted from both ends': withCoefficients((c, n, m) =>
    n >= 1 && n <= effective.pairCount(m) ? 2 * c : c,
  ),
  'z components alone': {
    ...model,
    energy: (clusters, coefficients) => (spins) =>
      model.energy(
        clusters,
        coefficients,
      )({
        ...spins,
        components: spins.components.map((x, index) => (index < 2 * spins.size ** 2 ? 0 : x)),
      }),
  },
});

/** The pairs q >= p of each p from the last to the first, in features and coefficients alike. */
const lastPairFirst = (clusters: effective.Clusters, values: Reals): Reals => {
  const order = clusters.reduce<readonly number[]>(
    (before, { length }) => {
      const P = effective.pairCount(length);
      const start = before.length;
      const pairs = Array.from({ length: P }, (_, p) => start + p);
      const rows = pairs.map((_, p) => pairs.slice(p).map((_pair, q) => P * (p + 1) - (p * (p - 1)) / 2 + start + q));
      return [...before, ...pairs, ...rows.flatMap((row) => row.toReversed())];
    },
    [0],
  );
  return Float64Array.from(order, (n) => values[n] ?? NaN);
};

verify(effectiveEnergyIsTheSum, model, {
  'the second pair is read in another order, features and energy alike': {
    energy: (clusters, coefficients) => model.energy(clusters, lastPairFirst(clusters, coefficients)),
    features: (clusters) => (spins) => lastPairFirst(clusters, model.features(clusters)(spins)),
  },
  'pairs of pairs are counted from both ends': withCoefficients((c, n, m) => (n > effective.pairCount(m) ? 2 * c : c)),
});

verify(effectiveEnergyIsInvariant, model, {
  'an easy axis': {
    ...model,
    energy: (clusters, coefficients) => (spins) =>
      model.energy(clusters, coefficients)(spins) + spinAt(spins)(0)[2] ** 2,
  },
  'a field along z': {
    ...model,
    energy: (clusters, coefficients) => (spins) => model.energy(clusters, coefficients)(spins) + spinAt(spins)(0)[2],
  },
});

verify(tilesPartition, effective.tiles, {
  'half a site is a tile': (width) => effective.tiles(Math.ceil(width)),
  'a tile from the other side': (width) => effective.tiles(Math.abs(width)),
  'one site is no tile': (width) => (width === 1 ? () => E.left({ message: 'N = 1' }) : effective.tiles(width)),
  'columns first': (width) => (lattice) =>
    E.map((clusters: effective.Clusters) =>
      clusters.map((cluster) =>
        cluster.map((site) => (site % lattice.size) * lattice.size + Math.floor(site / lattice.size)),
      ),
    )(effective.tiles(width)(lattice)),
});

verify(clustersLieOnTheLattice, effective.effectiveEnergy, {
  'rows and columns wrap around': (clusters, coefficients) => (spins) =>
    effective.effectiveEnergy(
      clusters.map((cluster) => cluster.map((site) => (site + spins.size ** 2) % spins.size ** 2)),
      coefficients,
    )(spins),
  'missing coefficients are 0': (clusters, coefficients) =>
    effective.effectiveEnergy(
      clusters,
      Float64Array.from({ length: effective.parameterCount(clusters) }, (_, n) => coefficients[n] ?? 0),
    ),
});

verify(tilesDoNotInteract, (lattice) => right(effective.tiles(2)(lattice)), {
  'strips of four': (lattice) =>
    [0, 4, 8, 12].map((from) => effective.wholeLattice(lattice)[0]?.slice(from, from + 4) ?? []),
  'the whole lattice': effective.wholeLattice,
  'overlapping tiles': (lattice) => [0, 1, 2, 3].flatMap(() => right(effective.tiles(2)(lattice)).slice(0, 1)),
});

describe('check values', () => {
  it('the effective model of 100 spins has 12758826 parameters, that of four 5 x 5 tiles 213201', () => {
    expect(effective.parameterCount(effective.wholeLattice({ size: 10 }))).toBe(12_758_826);
    const tiles = right(effective.tiles(5)({ size: 10 }));
    expect(effective.parameterCount(tiles)).toBe(213_201);
    expect(effective.effectiveFeatures(tiles)(ferromagnet(10))).toHaveLength(213_201);
  });

  it('every bond of the Ising ferromagnet counts -J: -2 J N^2 in all', () => {
    expect(isingEnergy(float64)({ size: 5 }, 3)(Array.from({ length: 25 }, () => -1))).toBe(-150);
  });

  it('the 455 couplings of the three-spin model on 15 sites', () => {
    const energy = infiniteRangeEnergy(float64)({
      sites: 15,
      spins: 3,
      couplings: Array.from({ length: 455 }, () => 1),
    });
    expect(energy(Array.from({ length: 15 }, () => 1))).toBe(-455);
  });
});

describe('bad input', () => {
  const ofShape = (sites: number, spins: number, count: number): InfiniteRangeModel<number> => ({
    sites,
    spins,
    couplings: Array.from({ length: count }, () => 1),
  });

  it('couplings are counted', () => {
    expect(right(infiniteRangeModel(ofShape(15, 3, 455))).couplings).toHaveLength(455);
    expect(messageOf(infiniteRangeModel(ofShape(15, 3, 454)))).toMatch(/expected 455 couplings.*got 454/);
    expect(messageOf(infiniteRangeModel(ofShape(2, 3, 0)))).toContain('1 <= r <= L');
    expect(messageOf(infiniteRangeModel(ofShape(4, 0, 1)))).toContain('1 <= r <= L');
  });

  it('wrong batches are a bug', () => {
    const [couplings, spins] = [Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 2, 3, 4)];
    [threeSpinEnergies, threeSpinGradients].forEach((batch) => {
      expect(batch(4, couplings)(spins)).toHaveLength(batch === threeSpinEnergies ? 1 : 4);
      expect(() => batch(4, couplings)(spins.slice(1))).toThrow('shape [B, 4]');
      expect(() => batch(4, couplings.slice(1))(spins)).toThrow('expected 4 couplings');
    });
    expect(() => infiniteRangeEnergy(float64)(ofShape(4, 2, 6))([1, 1])).toThrow('expected 4 spins');
    expect(() => isingEnergy(float64)({ size: 3 }, 1)([1, 1])).toThrow('expected 9 spins');
  });

  it('tiles divide the lattice, and coefficients are counted', () => {
    expect(messageOf(effective.tiles(3)({ size: 10 }))).toContain('divides N = 10, got 3');
    const energy = effective.effectiveEnergy([[0, 1]], Float64Array.of(1, 2));
    expect(messageOf(energy(ferromagnet(3)))).toContain('expected 10 coefficients');
    const outside = effective.effectiveEnergy([[9]], Float64Array.of(1, 2, 3));
    expect(messageOf(outside(ferromagnet(3)))).toContain('a cluster with site 9');
  });
});
