/** Forces: the gradient of the Monte Carlo energy. */
import { describe, expect, it } from 'vitest';

import { energyMethods } from '../src/exact/energy-method.ts';
import { energyAndForcesOf } from '../src/exact/forces.ts';
import { fermi } from '../src/exact/fermi.ts';
import { energyOf, levelsOf } from '../src/exact/monte-carlo-energy.ts';
import { publishedDoubleExchange, type DoubleExchange } from '../src/hamiltonian/double-exchange.ts';
import { ferromagnet, spinAt, type SpinConfiguration } from '../src/lattice/spins.ts';
import { verify } from './law.ts';
import {
  forcesAreCovariant,
  forcesAreDifferences,
  noTotalTorque,
  sameEnergyTwice,
  type EnergySurface,
} from './laws/forces.ts';
import { messageOf, right } from './right.ts';

const surface: EnergySurface = {
  energy: (model, twist) => (spins) => right(energyOf(model, twist)(spins)),
  energyAndForces: (model, twist) => (spins) => right(energyAndForcesOf(model, twist)(spins)),
};

/** Forces with their components changed; k counts x, y, z. */
const withForces = (change: (force: number, k: number, site: number) => number): EnergySurface => ({
  ...surface,
  energyAndForces: (model, twist) => (spins) => {
    const { energy, forces } = surface.energyAndForces(model, twist)(spins);
    const sites = spins.size ** 2;
    return { energy, forces: forces.map((f, index) => change(f, Math.floor(index / sites), index % sites)) };
  },
});

/** Forces at another temperature, coupling or chemical potential than the energy's. */
const forcesOfModel = (change: (model: DoubleExchange) => DoubleExchange): EnergySurface => ({
  ...surface,
  energyAndForces: (model, twist) => (spins) => ({
    energy: surface.energy(model, twist)(spins),
    forces: surface.energyAndForces(change(model), twist)(spins).forces,
  }),
});

verify(sameEnergyTwice, surface, {
  'the mean energy instead': {
    ...surface,
    energyAndForces: (model, twist) => (spins) => ({
      energy: right(levelsOf(model, twist)(spins)).reduce((sum, x) => sum + x * fermi(model.T)(x), 0),
      forces: spins.components,
    }),
  },
});

/** The part of a field that is orthogonal to the spins. */
const tangential = (spins: SpinConfiguration, field: SpinConfiguration): Float64Array => {
  const vectorsOf = Array.from({ length: spins.size ** 2 }, (_, site) => {
    const [s, f] = [spinAt(spins)(site), spinAt(field)(site)];
    const radial = s[0] * f[0] + s[1] * f[1] + s[2] * f[2];
    return [f[0] - radial * s[0], f[1] - radial * s[1], f[2] - radial * s[2]] as const;
  });
  return Float64Array.from(([0, 1, 2] as const).flatMap((k) => vectorsOf.map((v) => v[k])));
};

verify(forcesAreDifferences, surface, {
  'minus the gradient': withForces((f) => -f),
  'J for J / 2': withForces((f) => 2 * f),
  'the conjugate eigenvectors': withForces((f, k) => (k === 1 ? -f : f)),
  'occupations of the ground state': forcesOfModel((model) => ({ ...model, T: 1e-6 })),
  'the twist is forgotten': { ...surface, energyAndForces: (model) => surface.energyAndForces(model) },
  'tangential forces': {
    ...surface,
    energyAndForces: (model, twist) => (spins) => {
      const { energy, forces } = surface.energyAndForces(model, twist)(spins);
      const along = tangential(spins, { size: spins.size, components: forces });
      return { energy, forces: along };
    },
  },
});

verify(noTotalTorque, surface, {
  'the conjugate eigenvectors': withForces((f, k) => (k === 1 ? -f : f)),
  'the last site is left out': withForces((f, _, site) => (site === 8 ? 0 : f)),
});

verify(forcesAreCovariant, surface, {
  'the conjugate eigenvectors': withForces((f, k) => (k === 1 ? -f : f)),
  'the force of the next site': {
    ...surface,
    energyAndForces: (model, twist) => (spins) => {
      const { energy, forces } = surface.energyAndForces(model, twist)(spins);
      return { energy, forces: forces.map((_, index) => forces[(index + 1) % forces.length] ?? NaN) };
    },
  },
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
  it('lattices below 3 x 3 have no forces', () => {
    expect(messageOf(energyAndForcesOf(publishedDoubleExchange)(ferromagnet(1)))).toContain('at least 3, got 1');
  });
});
