/**
 * How exact energies are computed is a value: each method offers the same two functions, and is chosen by its name.
 *
 * `diagonalize` finds every level, at a cost of N^6. Another method is one more row of the table.
 */
import type { Either } from 'fp-ts/lib/Either.js';

import type { DoubleExchange, Twist } from '../hamiltonian/double-exchange.ts';
import type { SpinConfiguration } from '../lattice/spins.ts';
import { energyAndForcesOf, type EnergyAndForces } from './forces.ts';
import { energyOf, type EnergyError } from './monte-carlo-energy.ts';

export type ExactMethod = 'diagonalize';

export interface EnergyMethod {
  readonly name: ExactMethod;
  /** E_MC of a configuration. */
  readonly energy: (model: DoubleExchange, twist?: Twist) => (spins: SpinConfiguration) => Either<EnergyError, number>;
  /** E_MC and its unconstrained gradient, at about twice the time of the energy alone. */
  readonly energyAndForces: (
    model: DoubleExchange,
    twist?: Twist,
  ) => (spins: SpinConfiguration) => Either<EnergyError, EnergyAndForces>;
}

export const energyMethods: Readonly<Record<ExactMethod, EnergyMethod>> = {
  diagonalize: { name: 'diagonalize', energy: energyOf, energyAndForces: energyAndForcesOf },
};
