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
import { reductionLength } from '../linear/blocked-tridiagonal.kernel.ts';
import { eigensystemBelow, type Eigensystem } from '../linear/diagonalize.ts';
import type { EnergyAndForces } from './energy-and-forces.ts';
import { fermi } from './fermi.ts';
import { finiteEnergyAndForces, withEnergies } from './finite-energy.ts';
import { monteCarloEnergy, type EnergyError } from './monte-carlo-energy.ts';
import { spinDensity } from './spin-density.kernel.ts';
import { withinWorkSpace } from './work-space.ts';

/** Levels this many T above the chemical potential have Fermi weights below 1e-20; their vectors are not needed. */
const highestOccupied = 20 * Math.LN10;

/**
 * The lattice, if eigenvectors fit into memory as well: they are made by rotations of two numbers each. For n = 2 N^2 = 72 to 800
 * rows n^2 rotations at most were measured, but for 6 percent; with an eighth more they take 9 N^4 numbers.
 */
export const diagonalizableWithVectors = withinWorkSpace({
  purpose: 'diagonalization with forces',
  numbers: (size) => Math.max(reductionLength(2 * size * size), 9 * size * size * size * size),
});

/** E_MC of a configuration and its gradient. */
export const energyAndForcesOf =
  (model: DoubleExchange, twist?: Twist): ((spins: SpinConfiguration) => Either<EnergyError, EnergyAndForces>) =>
  (spins) =>
    pipe(
      withEnergies(model, twist),
      E.chainW(() => diagonalizableWithVectors(spins)),
      E.chainW(doubleExchangeMatrix(model, twist)),
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
