/**
 * The Monte Carlo energy, which decides on acceptance in a simulation: the grand potential of the electrons,
 *
 *   E_MC = -T sum over n of log(1 + exp(-E_n / T)),
 *
 * E_n the eigenvalues of H - mu n. Its derivative in E_n is the Fermi function. No formula here overflows, for any T >
 * 0.
 *
 * @eq E_MC (below Eq. 2)
 */
import * as E from 'fp-ts/lib/Either.js';
import { flow } from 'fp-ts/lib/function.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { doubleExchangeMatrix, type DoubleExchange, type Twist } from '../hamiltonian/double-exchange.ts';
import type { SpinConfiguration } from '../lattice/spins.ts';
import type { LatticeError } from '../lattice/square-lattice.ts';
import { eigenvalues, type DiagonalizationError } from '../linear/diagonalize.ts';
import type { Reals } from '../number/reals.ts';
import { fermi, levelEnergy } from './fermi.ts';
import { finiteEnergy, type EnergyRangeError } from './finite-energy.ts';

/** Why a configuration has no energy: its lattice is too small, its matrix cannot be diagonalized, or it is too large. */
export type EnergyError = LatticeError | DiagonalizationError | EnergyRangeError;

const sumOver =
  (f: (x: number) => number) =>
  (levels: Reals): number =>
    levels.reduce((sum, x) => sum + f(x), 0);

/**
 * E_MC of levels that are measured from the chemical potential.
 *
 * @example
 * monteCarloEnergy(1)(Float64Array.of(0, 0)) // -1.3863
 */
export const monteCarloEnergy = (T: number): ((levels: Reals) => number) => sumOver(levelEnergy(T));

/** The mean number of electrons, sum over n of f(E_n) = -dE_MC / dmu. */
export const electronNumber = (T: number): ((levels: Reals) => number) => sumOver(fermi(T));

/** The eigenvalues E_n of H - mu n, ascending, [2 N^2]. */
export const levelsOf = (
  model: DoubleExchange,
  twist?: Twist,
): ((spins: SpinConfiguration) => Either<EnergyError, Reals>) =>
  flow(doubleExchangeMatrix(model, twist), E.chainW(eigenvalues));

/**
 * E_MC of a configuration, total, in the units of t.
 *
 * @example
 * energyOf(publishedDoubleExchange)(ferromagnet(10)) // E.right(-67.7117736835)
 */
export const energyOf = (
  model: DoubleExchange,
  twist?: Twist,
): ((spins: SpinConfiguration) => Either<EnergyError, number>) =>
  flow(levelsOf(model, twist), E.map(monteCarloEnergy(model.T)), E.chainW(finiteEnergy));
