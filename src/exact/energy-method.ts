/**
 * How exact energies are computed is a value: each method offers the same two functions, and is chosen by its name.
 *
 * `diagonalize` finds every level, at a cost of N^6. `poles` finds none: it expands the energy in a few determinants,
 * to a tolerance that is asked for, at a cost of N^4. Another method is one more row of the table.
 */
import type { Either } from 'fp-ts/lib/Either.js';

import type { DoubleExchange, Twist } from '../hamiltonian/double-exchange.ts';
import type { SpinConfiguration } from '../lattice/spins.ts';
import { energyByPolesWith } from './energy-by-poles.ts';
import { energyAndForcesOf, type EnergyAndForces } from './forces.ts';
import { energyOf, type EnergyError } from './monte-carlo-energy.ts';
import type { PoleExpansionError } from './pole-expansion.ts';
import { wasmComplexProducts } from './wasm/complex-products.kernel.ts';

export type ExactMethod = 'diagonalize' | 'poles';

/** Why a configuration has no energy by a method. */
export type MethodError = EnergyError | PoleExpansionError;

export interface EnergyMethod {
  readonly name: ExactMethod;
  /** E_MC of a configuration. */
  readonly energy: (model: DoubleExchange, twist?: Twist) => (spins: SpinConfiguration) => Either<MethodError, number>;
  /** E_MC and its unconstrained gradient, at two to three times the cost of the energy alone. */
  readonly energyAndForces: (
    model: DoubleExchange,
    twist?: Twist,
  ) => (spins: SpinConfiguration) => Either<MethodError, EnergyAndForces>;
}

/** Poles with another tolerance than the default of 1e-9; absolute, on E_MC / N^2, in the units of t. */
export const polesWithin = (tolerance?: number): EnergyMethod => ({
  name: 'poles',
  ...energyByPolesWith(wasmComplexProducts, tolerance),
});

export const energyMethods: Readonly<Record<ExactMethod, EnergyMethod>> = {
  diagonalize: { name: 'diagonalize', energy: energyOf, energyAndForces: energyAndForcesOf },
  poles: polesWithin(),
};
