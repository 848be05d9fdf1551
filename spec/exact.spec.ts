/** The exact energy of the double exchange model, and its forces. */
import { describe, expect, it } from 'vitest';

import { eigenvalues } from '../src/exact/diagonalize.ts';
import { energyMethods } from '../src/exact/energy-method.ts';
import { energyAndForcesOf } from '../src/exact/forces.ts';
import { electronNumber, energyOf, fermi, levelEnergy, levelsOf, monteCarloEnergy } from '../src/exact/monte-carlo-energy.ts';
import {
  doubleExchange,
  doubleExchangeMatrix,
  publishedDoubleExchange,
  untwisted,
  type DoubleExchange,
  type Twist,
} from '../src/hamiltonian/double-exchange.ts';
import { sample } from '../src/lattice/sampler.ts';
import { ferromagnet, spinAt, spinConfiguration, type SpinConfiguration } from '../src/lattice/spins.ts';
import { verify } from './law.ts';
import {
  ferromagnetLevels,
  freeElectronLevels,
  matrixHasKnownNorm,
  spiralLevels,
  type LevelsOf,
  type MatrixOf,
} from './laws/double-exchange.ts';
import {
  forcesAreCovariant,
  forcesAreDifferences,
  noTotalTorque,
  sameEnergyTwice,
  type EnergySurface,
} from './laws/forces.ts';
import {
  blochTheorem,
  concaveInMu,
  energyIsLatticeInvariant,
  energyIsO3Invariant,
  fermiIsOccupation,
  highTemperatureExpansion,
  levelEnergyIsSoftMinimum,
  zeroTemperatureLimit,
  type LevelFunctions,
  type Thermodynamics,
} from './laws/monte-carlo-energy.ts';
import { messageOf, right } from './right.ts';
import vectors from './vectors/published-data-vectors.json' with { type: 'json' };

// The matrix and its levels.

const matrixOf: MatrixOf = (model, twist) => (spins) => right(doubleExchangeMatrix(model, twist)(spins));

/** The matrix with each entry multiplied by a factor of its place. */
const weighted =
  (factor: (row: number, column: number, size: number) => number): MatrixOf =>
  (model, twist) =>
  (spins) => {
    const { dimension, re, im } = matrixOf(model, twist)(spins);
    const scale = (x: number, index: number): number =>
      x * factor(Math.floor(index / dimension), index % dimension, spins.size);
    return { dimension, re: re.map(scale), im: im.map(scale) };
  };

const siteOf = (index: number): number => Math.floor(index / 2);

/** No hopping from the last row to the first, and from the last column to the first. */
const openBoundaries = weighted((row, column, size) => {
  const [a, b] = [siteOf(row), siteOf(column)];
  const apart = Math.max(Math.abs(Math.floor(a / size) - Math.floor(b / size)), Math.abs((a % size) - (b % size)));
  return apart > 1 ? 0 : 1;
});

/** Hopping along rows is stronger than along columns. */
const anisotropic = weighted((row, column, size) =>
  row !== column && siteOf(row) !== siteOf(column) && Math.floor(siteOf(row) / size) === Math.floor(siteOf(column) / size)
    ? 1.5
    : 1,
);

const parameters =
  (change: (model: DoubleExchange) => DoubleExchange): MatrixOf =>
  (model, twist) =>
    matrixOf(change(model), twist);

const twistChanged =
  (change: (twist: Twist) => Twist): MatrixOf =>
  (model, twist) =>
    matrixOf(model, change(twist));

const spinsChanged =
  (change: (spin: readonly [x: number, y: number, z: number]) => readonly [number, number, number]): MatrixOf =>
  (model, twist) =>
  (spins) => {
    const changed = Array.from({ length: spins.size ** 2 }, (_, site) => change(spinAt(spins)(site)));
    const components = Float64Array.from(([0, 1, 2] as const).flatMap((k) => changed.map((s) => s[k])));
    return matrixOf(model, twist)({ size: spins.size, components });
  };

const transposedImaginary: MatrixOf = (model, twist) => (spins) => {
  const { dimension, re, im } = matrixOf(model, twist)(spins);
  return { dimension, re, im: im.map(Math.abs) };
};

verify(matrixHasKnownNorm, matrixOf, {
  'the conjugate is forgotten': transposedImaginary,
  'the chemical potential is added': parameters((model) => ({ ...model, mu: -model.mu })),
  'J for J / 2': parameters((model) => ({ ...model, J: 2 * model.J })),
  'open boundaries': openBoundaries,
  'the y component is lost': spinsChanged(([x, , z]) => [x, 0, z]),
});

const levels =
  (matrix: MatrixOf): LevelsOf =>
  (model, twist) =>
  (spins) =>
    right(eigenvalues(matrix(model, twist)(spins)));

const trueLevels: LevelsOf = (model, twist) => (spins) => right(levelsOf(model, twist)(spins));

verify(freeElectronLevels, trueLevels, {
  'open boundaries': levels(openBoundaries),
  'the sign of t (odd N tells)': levels(parameters((model) => ({ ...model, t: -model.t }))),
  'a twist of x alone': levels(twistChanged(({ x }) => ({ x, y: 0 }))),
  'each level once': (model, twist) => (spins) => trueLevels(model, twist)(spins).filter((_, n) => n % 2 === 0),
});

verify(ferromagnetLevels, trueLevels, {
  'J for J / 2': levels(parameters((model) => ({ ...model, J: 2 * model.J }))),
  'the chemical potential is added': levels(parameters((model) => ({ ...model, mu: -model.mu }))),
  'the y component is lost': levels(spinsChanged(([x, , z]) => [x, 0, z])),
});

verify(spiralLevels, trueLevels, {
  'open boundaries': levels(openBoundaries),
  'the y component is lost': levels(spinsChanged(([x, , z]) => [x, 0, z])),
  'a ferromagnet': levels(spinsChanged(() => [1, 0, 0])),
});

// Levels and temperature.

const levelFunctions: LevelFunctions = { levelEnergy, fermi };

verify(levelEnergyIsSoftMinimum, levelFunctions, {
  'the formula as it is written': { ...levelFunctions, levelEnergy: (T) => (x) => -T * Math.log(1 + Math.exp(-x / T)) },
  'the sign of the level': { ...levelFunctions, levelEnergy: (T) => (x) => levelEnergy(T)(-x) },
  'the ground state': { ...levelFunctions, levelEnergy: () => (x) => (x < 0 ? x : 1e-20) },
});

verify(fermiIsOccupation, levelFunctions, {
  'the formula as it is written, upside down': {
    ...levelFunctions,
    fermi: (T) => (x) => Math.exp(-x / T) / (1 + Math.exp(-x / T)),
  },
  'holes for electrons': { ...levelFunctions, fermi: (T) => (x) => fermi(T)(-x) },
  'bosons': { ...levelFunctions, fermi: (T) => (x) => 1 / (Math.exp(x / T) - 1) },
});

// The Monte Carlo energy.

const thermodynamicsOf = (matrix: MatrixOf): Thermodynamics => ({
  energy: (model, twist = untwisted) => (spins) => monteCarloEnergy(model.T)(levels(matrix)(model, twist)(spins)),
  levels: (model) => levels(matrix)(model, untwisted),
  electrons: (model) => (spins) => electronNumber(model.T)(levels(matrix)(model, untwisted)(spins)),
});

const thermodynamics: Thermodynamics = {
  ...thermodynamicsOf(matrixOf),
  energy: (model, twist) => (spins) => right(energyOf(model, twist)(spins)),
};

/** E_MC of the levels, by another formula. */
const withEnergy = (energy: (T: number, levels: readonly number[]) => number): Thermodynamics => ({
  ...thermodynamics,
  energy: (model, twist) => (spins) => energy(model.T, [...right(levelsOf(model, twist)(spins))]),
});

const sum = (terms: readonly number[]): number => terms.reduce((total, x) => total + x, 0);

verify(zeroTemperatureLimit, thermodynamics, {
  'the formula as it is written': withEnergy((T, all) => -T * sum(all.map((x) => Math.log(1 + Math.exp(-x / T))))),
  'the mean energy sum of E f(E)': withEnergy((T, all) => sum(all.map((x) => x * fermi(T)(x)))),
  'one electron spin': withEnergy((T, all) => monteCarloEnergy(T)(Float64Array.from(all)) / 2),
});

verify(highTemperatureExpansion, thermodynamics, {
  'the mean energy sum of E f(E)': withEnergy((T, all) => sum(all.map((x) => x * fermi(T)(x)))),
  'open boundaries': thermodynamicsOf(openBoundaries),
  'J for J / 2': thermodynamicsOf(parameters((model) => ({ ...model, J: 2 * model.J }))),
});

verify(concaveInMu, thermodynamics, {
  'the chemical potential is added': thermodynamicsOf(parameters((model) => ({ ...model, mu: -model.mu }))),
  'holes are counted': {
    ...thermodynamics,
    electrons: (model) => (spins) => 2 * spins.size ** 2 - thermodynamics.electrons(model)(spins),
  },
  'one electron spin is counted': {
    ...thermodynamics,
    electrons: (model) => (spins) => thermodynamics.electrons(model)(spins) / 2,
  },
});

verify(energyIsO3Invariant, thermodynamics, {
  'the y component is lost': thermodynamicsOf(spinsChanged(([x, , z]) => [x, 0, z])),
  'an easy axis': thermodynamicsOf(spinsChanged(([x, y, z]) => [x, y, 1.1 * z])),
  'a field along z (reflections tell)': {
    ...thermodynamics,
    energy: (model, twist) => (spins) => thermodynamics.energy(model, twist)(spins) + spinAt(spins)(0)[2],
  },
  'chirality (rotations alone do not tell)': {
    ...thermodynamics,
    energy: (model, twist) => (spins) => {
      const [[a, b, c], [d, e, f], [g, h, i]] = [spinAt(spins)(0), spinAt(spins)(1), spinAt(spins)(2)];
      return thermodynamics.energy(model, twist)(spins) + a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
    },
  },
});

verify(energyIsLatticeInvariant, thermodynamics, {
  'open boundaries': thermodynamicsOf(openBoundaries),
  'hopping is stronger along rows': thermodynamicsOf(anisotropic),
});

verify(blochTheorem, thermodynamics, {
  'no twist': { ...thermodynamics, energy: (model) => thermodynamics.energy(model) },
  'a twist of x alone': thermodynamicsOf(twistChanged(({ x }) => ({ x, y: 0 }))),
  'half the twist': thermodynamicsOf(twistChanged(({ x, y }) => ({ x: x / 2, y: y / 2 }))),
});

// Forces.

const surface: EnergySurface = {
  energy: (model) => (spins) => right(energyOf(model)(spins)),
  energyAndForces: (model) => (spins) => right(energyAndForcesOf(model)(spins)),
};

/** Forces with their components changed; k counts x, y, z. */
const withForces = (change: (force: number, k: number, site: number) => number): EnergySurface => ({
  ...surface,
  energyAndForces: (model) => (spins) => {
    const { energy, forces } = surface.energyAndForces(model)(spins);
    const sites = spins.size ** 2;
    return { energy, forces: forces.map((f, index) => change(f, Math.floor(index / sites), index % sites)) };
  },
});

/** Forces at another temperature, coupling or chemical potential than the energy's. */
const forcesOfModel = (change: (model: DoubleExchange) => DoubleExchange): EnergySurface => ({
  ...surface,
  energyAndForces: (model) => (spins) => ({
    energy: surface.energy(model)(spins),
    forces: surface.energyAndForces(change(model))(spins).forces,
  }),
});

verify(sameEnergyTwice, surface, {
  'the mean energy instead': {
    ...surface,
    energyAndForces: (model) => (spins) => ({
      energy: sum([...right(levelsOf(model)(spins))].map((x) => x * fermi(model.T)(x))),
      forces: spins.components,
    }),
  },
});

verify(forcesAreDifferences, surface, {
  'minus the gradient': withForces((f) => -f),
  'J for J / 2': withForces((f) => 2 * f),
  'the conjugate eigenvectors': withForces((f, k) => (k === 1 ? -f : f)),
  'occupations of the ground state': forcesOfModel((model) => ({ ...model, T: 1e-6 })),
  'tangential forces': {
    ...surface,
    energyAndForces: (model) => (spins) => {
      const { energy, forces } = surface.energyAndForces(model)(spins);
      const along = tangential(spins, { size: spins.size, components: forces });
      return { energy, forces: along };
    },
  },
});

/** The part of a field that is orthogonal to the spins. */
function tangential(spins: SpinConfiguration, field: SpinConfiguration): Float64Array {
  const vectorsOf = Array.from({ length: spins.size ** 2 }, (_, site) => {
    const [s, f] = [spinAt(spins)(site), spinAt(field)(site)];
    const radial = s[0] * f[0] + s[1] * f[1] + s[2] * f[2];
    return [f[0] - radial * s[0], f[1] - radial * s[1], f[2] - radial * s[2]] as const;
  });
  return Float64Array.from(([0, 1, 2] as const).flatMap((k) => vectorsOf.map((v) => v[k])));
}

verify(noTotalTorque, surface, {
  'the conjugate eigenvectors': withForces((f, k) => (k === 1 ? -f : f)),
  'the last site is left out': withForces((f, _, site) => (site === 8 ? 0 : f)),
});

verify(forcesAreCovariant, surface, {
  'the conjugate eigenvectors': withForces((f, k) => (k === 1 ? -f : f)),
  'the force of the next site': {
    ...surface,
    energyAndForces: (model) => (spins) => {
      const { energy, forces } = surface.energyAndForces(model)(spins);
      return { energy, forces: forces.map((_, index) => forces[(index + 1) % forces.length] ?? NaN) };
    },
  },
});

// Check values.

describe('check values', () => {
  it('4 x 4 with given spins: levels and energy', () => {
    const { N, spinsXYZ, eigenvaluesMinusMu, energy } = vectors.doubleExchangeExplicit;
    const spins = right(spinConfiguration(N, spinsXYZ.flat(2)));
    const found = right(levelsOf(publishedDoubleExchange)(spins));
    const worst = Math.max(...found.map((x, n) => Math.abs(x - (eigenvaluesMinusMu[n] ?? NaN))));
    expect(found).toHaveLength(eigenvaluesMinusMu.length);
    expect(worst).toBeLessThan(1e-9);
    expect(Math.abs(right(energyOf(publishedDoubleExchange)(spins)) - energy)).toBeLessThan(1e-9);
  });

  it('10 x 10 ferromagnet', () => {
    const E = right(energyOf(publishedDoubleExchange)(ferromagnet(10)));
    expect(Math.abs(E - vectors.doubleExchangeFerromagnet10x10.energy)).toBeLessThan(1e-9);
  });

  const { t, J, mu, T, samples } = vectors.doubleExchangeAsPublished;

  it.each(samples)('published spins of seed $seed, $N x $N', ({ N, seed, energy, lowestEigenvalueMinusMu }) => {
    const spins = sample('published')(N, seed, 0);
    const found = right(levelsOf(right(doubleExchange({ t, J, mu, T })))(spins));
    expect(Math.abs((found[0] ?? NaN) - lowestEigenvalueMinusMu)).toBeLessThan(1e-9);
    expect(Math.abs(monteCarloEnergy(T)(found) - energy)).toBeLessThan(1e-9);
  });
});

describe('methods', () => {
  it('go by their names', () => {
    expect(Object.entries(energyMethods).every(([name, method]) => method.name === name)).toBe(true);
  });

  it('offer the energy and the forces', () => {
    const { energy, energyAndForces } = energyMethods.diagonalize;
    expect(right(energy(publishedDoubleExchange)(ferromagnet(3)))).toBeCloseTo(
      right(energyAndForces(publishedDoubleExchange)(ferromagnet(3))).energy,
      10,
    );
  });
});

describe('bad input', () => {
  it.each([0, -0.1, NaN, Infinity])('T = %d is no temperature', (badT) => {
    expect(messageOf(doubleExchange({ ...publishedDoubleExchange, T: badT }))).toMatch(/expected .*T.*got/);
  });

  it('t, J and mu are finite', () => {
    expect(messageOf(doubleExchange({ ...publishedDoubleExchange, mu: NaN }))).toContain('got mu = NaN');
  });

  it('lattices below 3 x 3 have no energy', () => {
    const message = messageOf(energyOf(publishedDoubleExchange)(ferromagnet(2)));
    expect(message).toContain('at least 3, got 2');
    expect(messageOf(energyAndForcesOf(publishedDoubleExchange)(ferromagnet(1)))).toContain('got 1');
  });

  it('couplings whose sums overflow are an error, not NaN', () => {
    const huge = { ...publishedDoubleExchange, J: Number.MAX_VALUE, mu: -Number.MAX_VALUE };
    expect(messageOf(energyOf(huge)(ferromagnet(3)))).toContain('finite');
  });
});
