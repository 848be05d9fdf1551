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
import { flow, pipe } from 'fp-ts/lib/function.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { doubleExchangeMatrix, type DoubleExchange, type Twist } from '../hamiltonian/double-exchange.ts';
import type { SpinConfiguration } from '../lattice/spins.ts';
import type { LatticeError } from '../lattice/square-lattice.ts';
import { reductionLength } from '../linear/blocked-tridiagonal.kernel.ts';
import { eigenvalues, type DiagonalizationError } from '../linear/diagonalize.ts';
import { callersMistake } from '../number/callers-mistake.ts';
import type { Reals } from '../number/reals.ts';
import { fermi, levelEnergy } from './fermi.ts';
import { finiteEnergy, withEnergies, type EnergyRangeError } from './finite-energy.ts';
import { withinWorkSpace, type WorkSpaceError } from './work-space.ts';

/**
 * Why a configuration has no energy: its lattice is too small, its spins are none, its matrix cannot be diagonalized, the
 * parameters have no energies, or it is too large.
 */
export type EnergyError = LatticeError | WorkSpaceError | DiagonalizationError | EnergyRangeError;

/** The lattice, if the matrix of its n = 2 N^2 rows fits into memory while it is reduced. */
export const diagonalizable = withinWorkSpace({
  purpose: 'diagonalization',
  numbers: (size) => reductionLength(2 * size * size),
});

const sumOver =
  (f: (x: number) => number) =>
  (levels: Reals): number =>
    levels.reduce((sum, x) => sum + f(x), 0);

const temperature = (T: number): number =>
  T > 0 && Number.isFinite(T)
    ? T
    : callersMistake('a finite temperature T > 0', `${T}`, 'for the ground state take T far below every level spacing');

/**
 * E_MC of levels that are measured from the chemical potential.
 *
 * @throws RangeError unless T > 0 and finite.
 *
 * @example
 * monteCarloEnergy(1)(Float64Array.of(0, 0)) // -1.3863
 */
export const monteCarloEnergy = (T: number): ((levels: Reals) => number) => sumOver(levelEnergy(temperature(T)));

/**
 * The mean number of electrons, sum over n of f(E_n) = -dE_MC / dmu.
 *
 * @throws RangeError unless T > 0 and finite.
 */
export const electronNumber = (T: number): ((levels: Reals) => number) => sumOver(fermi(temperature(T)));

/** The eigenvalues E_n of H - mu n, ascending, [2 N^2]; they do not depend on T. */
export const levelsOf =
  (model: DoubleExchange, twist?: Twist): ((spins: SpinConfiguration) => Either<EnergyError, Reals>) =>
  (spins) =>
    pipe(
      withEnergies({ ...model, T: 1 }, twist),
      E.chainW(() => diagonalizable(spins)),
      E.chainW(doubleExchangeMatrix(model, twist)),
      E.chainW(eigenvalues),
    );

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
  flow(
    levelsOf(model, twist),
    E.chainFirstW(() => withEnergies(model)),
    E.map((levels) => monteCarloEnergy(model.T)(levels)),
    E.chainW(finiteEnergy),
  );
