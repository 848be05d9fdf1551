/** The Monte Carlo energy of the double exchange model, by diagonalization. */
import { describe, expect, it } from 'vitest';

import { fermi, levelEnergy } from '../src/exact/fermi.ts';
import { electronNumber, energyOf, levelsOf, monteCarloEnergy } from '../src/exact/monte-carlo-energy.ts';
import { doubleExchange, publishedDoubleExchange, untwisted } from '../src/hamiltonian/double-exchange.ts';
import { sample } from '../src/lattice/sampler.ts';
import { ferromagnet, spinAt, spinConfiguration } from '../src/lattice/spins.ts';
import { verify } from './law.ts';
import type { MatrixOf } from './laws/double-exchange.ts';
import {
  blochTheorem,
  concaveInMu,
  energyIsLatticeInvariant,
  energyIsO3Invariant,
  fermiIsOccupation,
  highLevelsAreBoltzmann,
  highTemperatureExpansion,
  levelEnergyIsSoftMinimum,
  monteCarloEnergyIsTheFormula,
  zeroTemperatureLimit,
  type LevelFunctions,
  type Thermodynamics,
} from './laws/monte-carlo-energy.ts';
import {
  anisotropic,
  levels,
  matrixOf,
  openBoundaries,
  parameters,
  spinsChanged,
  twistChanged,
} from './mutants/double-exchange.ts';
import { messageOf, right } from './right.ts';
import vectors from './outside/published-data.json' with { type: 'json' };

const levelFunctions: LevelFunctions = { levelEnergy, fermi };

verify(levelEnergyIsSoftMinimum, levelFunctions, {
  'the formula as it is written': { ...levelFunctions, levelEnergy: (T) => (x) => -T * Math.log(1 + Math.exp(-x / T)) },
  'the sign of the level': { ...levelFunctions, levelEnergy: (T) => (x) => levelEnergy(T)(-x) },
  'the ground state': { ...levelFunctions, levelEnergy: () => (x) => (x < 0 ? x : 1e-20) },
});

verify(highLevelsAreBoltzmann, levelFunctions, {
  'log(1 + y) for log1p(y)': {
    ...levelFunctions,
    levelEnergy: (T) => (x) => Math.min(x, 0) - T * Math.log(1 + Math.exp(-Math.abs(x) / T)),
  },
  'the ground state': { ...levelFunctions, levelEnergy: () => (x) => Math.min(x, 0) },
});

verify(fermiIsOccupation, levelFunctions, {
  'the formula as it is written, upside down': {
    ...levelFunctions,
    fermi: (T) => (x) => Math.exp(-x / T) / (1 + Math.exp(-x / T)),
  },
  'holes for electrons': { ...levelFunctions, fermi: (T) => (x) => fermi(T)(-x) },
  bosons: { ...levelFunctions, fermi: (T) => (x) => 1 / (Math.exp(x / T) - 1) },
});

// The Monte Carlo energy.

verify(monteCarloEnergyIsTheFormula, monteCarloEnergy, {
  'temperature 1': () => monteCarloEnergy(1),
  'holes for electrons': (T) => (levels) => monteCarloEnergy(T)(levels.map((level) => -level)),
  'the levels alone': () => (levels) => levels.reduce((sum, level) => sum + Math.min(level, 0), 0),
});

const thermodynamicsOf = (matrix: MatrixOf): Thermodynamics => ({
  energy:
    (model, twist = untwisted) =>
    (spins) =>
      monteCarloEnergy(model.T)(levels(matrix)(model, twist)(spins)),
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
      return (
        thermodynamics.energy(model, twist)(spins) + a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
      );
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

describe('bad input', () => {
  it('lattices below 3 x 3 have no energy', () => {
    const message = messageOf(energyOf(publishedDoubleExchange)(ferromagnet(2)));
    expect(message).toContain('at least 3, got 2');
  });

  it('couplings whose sums overflow are an error, not NaN', () => {
    const huge = { ...publishedDoubleExchange, J: Number.MAX_VALUE, mu: -Number.MAX_VALUE };
    expect(messageOf(energyOf(huge)(ferromagnet(3)))).toContain('finite');
  });
});
