/** Laws of the forces dE_MC / ds: they are the gradient, and inherit the symmetries of the energy. */
import fc from 'fast-check';

import type { EnergyAndForces } from '../../src/exact/energy-and-forces.ts';
import type { DoubleExchange, Twist } from '../../src/hamiltonian/double-exchange.ts';
import { cross, type OrthogonalMatrix, type Vector3 } from '../../src/lattice/orthogonal.ts';
import { rotate, spinAt, type SpinConfiguration } from '../../src/lattice/spins.ts';
import { act, type LatticeSymmetry } from '../../src/lattice/symmetry.ts';
import { models, twists } from '../arbitraries/double-exchange.ts';
import { symmetryOf } from '../arbitraries/lattices.ts';
import { configurations, configurationsOf, orthogonalMatrices } from '../arbitraries/spins.ts';
import type { Law } from '../law.ts';

/** The energy alone, and the energy with its gradient. */
export interface EnergySurface {
  readonly energy: (model: DoubleExchange, twist?: Twist) => (spins: SpinConfiguration) => number;
  readonly energyAndForces: (model: DoubleExchange, twist?: Twist) => (spins: SpinConfiguration) => EnergyAndForces;
}

interface ForceCase {
  readonly model: DoubleExchange;
  readonly spins: SpinConfiguration;
}

const norm = ({ t, J, mu, T }: DoubleExchange): number => 4 * Math.abs(t) + Math.abs(J) / 2 + Math.abs(mu) + T;

/** Errors of 2 N^2 levels, or of as many projectors whose occupations change over T, each n eps |H| times a few. */
const tolerance = (model: DoubleExchange, size: number): number => {
  const dimension = 2 * size * size;
  return 8 * dimension ** 2 * Number.EPSILON * norm(model) * Math.max(1, Math.abs(model.J) / model.T);
};

export const sameEnergyTwice: Law<EnergySurface, ForceCase> = {
  statement: 'the energy that comes with the forces is the energy',
  cases: fc.record({ model: models, spins: configurations(3, 4) }),
  holds:
    ({ energy, energyAndForces }) =>
    ({ model, spins }) =>
      Math.abs(energyAndForces(model)(spins).energy - energy(model)(spins)) <= tolerance(model, spins.size),
  runs: 30,
};

const shifted = (spins: SpinConfiguration, direction: SpinConfiguration, step: number): SpinConfiguration => ({
  size: spins.size,
  components: spins.components.map((x, index) => x + step * (direction.components[index] ?? NaN)),
});

/**
 * Central differences with steps h and h/2, extrapolated: the error is of order h^4. Each derivative of E brings at
 * most a factor of about |J| / 2T (|J| at most 4, T at least 0.7), so with h = 0.01 and 16 spins it stays below 1e-6.
 */
export const forcesAreDifferences: Law<
  EnergySurface,
  ForceCase & { readonly direction: SpinConfiguration; readonly twist: Twist }
> = {
  statement:
    'forces are the gradient: along any direction of all spins, at any twist, they match differences of the energy',
  cases: fc.integer({ min: 3, max: 4 }).chain((size) =>
    fc.record({
      model: models.map(({ t, J, mu, T }) => ({ t, J: J / 4, mu: mu / 3, T: Math.max(0.7, T) })),
      spins: configurationsOf(size),
      direction: configurationsOf(size),
      twist: twists,
    }),
  ),
  holds:
    ({ energy, energyAndForces }) =>
    ({ model, spins, direction, twist }) => {
      const E = energy(model, twist);
      const difference = (h: number): number =>
        (E(shifted(spins, direction, h)) - E(shifted(spins, direction, -h))) / (2 * h);
      const slope = (4 * difference(0.005) - difference(0.01)) / 3;
      const expected = energyAndForces(
        model,
        twist,
      )(spins).forces.reduce((sum, f, index) => sum + f * (direction.components[index] ?? NaN), 0);
      return Math.abs(slope - expected) <= 1e-6;
    },
  runs: 30,
};

export const noTotalTorque: Law<EnergySurface, ForceCase> = {
  statement: 'the torques s_i x dE/ds_i sum to zero: turning all spins costs nothing',
  cases: fc.record({ model: models, spins: configurations(3, 4) }),
  holds:
    ({ energyAndForces }) =>
    ({ model, spins }) => {
      const forces = { size: spins.size, components: energyAndForces(model)(spins).forces };
      const torques = Array.from({ length: spins.size ** 2 }, (_, site) =>
        cross(spinAt(spins)(site), spinAt(forces)(site)),
      );
      const total = torques.reduce<Vector3>(([a, b, c], [x, y, z]) => [a + x, b + y, c + z], [0, 0, 0]);
      return total.every((component) => Math.abs(component) <= tolerance(model, spins.size));
    },
  runs: 40,
};

const sameField = (a: SpinConfiguration, b: SpinConfiguration, within: number): boolean =>
  a.components.length === b.components.length &&
  a.components.every((x, index) => Math.abs(x - (b.components[index] ?? NaN)) <= within);

export const forcesAreCovariant: Law<
  EnergySurface,
  ForceCase & { readonly matrix: OrthogonalMatrix; readonly g: LatticeSymmetry }
> = {
  statement: 'forces turn with the spins, O(3), and move with them on the lattice',
  cases: configurations(3, 4).chain((spins) =>
    fc.record({ model: models, spins: fc.constant(spins), matrix: orthogonalMatrices, g: symmetryOf(spins) }),
  ),
  holds:
    ({ energyAndForces }) =>
    ({ model, spins, matrix, g }) => {
      const forcesOf = (configuration: SpinConfiguration): SpinConfiguration => ({
        size: configuration.size,
        components: energyAndForces(model)(configuration).forces,
      });
      const within = tolerance(model, spins.size);
      return (
        sameField(forcesOf(rotate(matrix)(spins)), rotate(matrix)(forcesOf(spins)), within) &&
        sameField(forcesOf(act(g)(spins)), act(g)(forcesOf(spins)), within)
      );
    },
  runs: 40,
};
