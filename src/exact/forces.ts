/**
 * Forces: the gradient of the Monte Carlo energy in the spins. By Hellmann and Feynman only the explicit dependence of
 * H on s_i counts, so with the Fermi function f
 *
 *   dE_MC / ds_i = sum over n of f(E_n) <n| dH/ds_i |n> = -(J / 2) sum over n of f(E_n) <n| sigma_i |n>.
 *
 * Degenerate levels share f(E_n), so the sum does not depend on which eigenvectors were found among them. It is the
 * gradient without the constraint |s_i| = 1; the torque is s_i x dE/ds_i, and sums to zero.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { doubleExchangeMatrix, type DoubleExchange, type Twist } from '../hamiltonian/double-exchange.ts';
import type { SpinConfiguration } from '../lattice/spins.ts';
import { eigensystemBelow, type Eigensystem } from '../linear/diagonalize.ts';
import type { EnergyAndForces } from './energy-and-forces.ts';
import { fermi } from './fermi.ts';
import { finiteEnergyAndForces, withEnergies } from './finite-energy.ts';
import { monteCarloEnergy, type EnergyError } from './monte-carlo-energy.ts';
import { spinDensity } from './spin-density.kernel.ts';

/** Levels this many T above the chemical potential have Fermi weights below 1e-20; their vectors are not needed. */
const highestOccupied = 20 * Math.LN10;

/** E_MC of a configuration and its gradient. */
export const energyAndForcesOf =
  (model: DoubleExchange, twist?: Twist): ((spins: SpinConfiguration) => Either<EnergyError, EnergyAndForces>) =>
  (spins) =>
    pipe(
      withEnergies(model, twist),
      E.chainW(() => doubleExchangeMatrix(model, twist)(spins)),
      E.chainW(eigensystemBelow(highestOccupied * model.T)),
      E.map(evaluate(model)),
      E.chainW(finiteEnergyAndForces),
    );

const evaluate =
  ({ J, T }: DoubleExchange) =>
  ({ eigenvalues, eigenvectors }: Eigensystem): EnergyAndForces => ({
    energy: monteCarloEnergy(T)(eigenvalues),
    forces: spinDensity(eigenvalues.map(fermi(T)), eigenvectors).map((sigma) => (-J / 2) * sigma),
  });
