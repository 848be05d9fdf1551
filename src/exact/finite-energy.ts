/** Energies that float64 can hold: parameters near its end have none. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { EnergyAndForces } from './energy-and-forces.ts';

/** Why a configuration has no energy: the energy or a force is beyond float64. */
export interface EnergyRangeError {
  readonly tag: 'EnergyRangeError';
  readonly message: string;
}

const beyond = (what: string, value: number): Either<EnergyRangeError, never> =>
  E.left({
    tag: 'EnergyRangeError',
    message: `expected a finite ${what}, got ${value}: take parameters of smaller size`,
  });

/**
 * The energy, if it is finite.
 *
 * @example
 * E.isLeft(finiteEnergy(-Infinity)) // true
 */
export const finiteEnergy = (energy: number): Either<EnergyRangeError, number> =>
  Number.isFinite(energy) ? E.right(energy) : beyond('energy', energy);

/** The energy and the forces, if all are finite. */
export const finiteEnergyAndForces = (found: EnergyAndForces): Either<EnergyRangeError, EnergyAndForces> => {
  const at = found.forces.findIndex((component) => !Number.isFinite(component));
  if (!Number.isFinite(found.energy)) {
    return beyond('energy', found.energy);
  }
  return at === -1 ? E.right(found) : beyond('force', found.forces[at] ?? NaN);
};
