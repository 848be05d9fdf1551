/** Energies that there are, and that float64 can hold: some parameters have none, those near its end have others. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { doubleExchange, untwisted, type DoubleExchange, type Twist } from '../hamiltonian/double-exchange.ts';
import type { EnergyAndForces } from './energy-and-forces.ts';

/** Why no configuration has an energy, or one has none: T is not above 0, a parameter is no number, an energy or a force is beyond float64. */
export interface EnergyRangeError {
  readonly tag: 'EnergyRangeError';
  readonly message: string;
}

const rangeError = (message: string): EnergyRangeError => ({ tag: 'EnergyRangeError', message });

/**
 * The model, if it has energies: all of its parameters are finite, phases of a twist too, and T > 0.
 *
 * @example
 * E.isLeft(withEnergies({ t: 1, J: 16, mu: 0, T: -1 })) // true
 */
export const withEnergies = (
  model: DoubleExchange,
  { x, y }: Twist = untwisted,
): Either<EnergyRangeError, DoubleExchange> =>
  pipe(
    doubleExchange(model),
    E.mapLeft(({ message }) => rangeError(message)),
    E.filterOrElse(
      () => Number.isFinite(x) && Number.isFinite(y),
      () => rangeError(`expected finite phases of a twist, got ${x} and ${y}: give each a number, 0 for none`),
    ),
  );

const beyond = (what: string, value: number): Either<EnergyRangeError, never> =>
  E.left(rangeError(`expected a finite ${what}, got ${value}: take parameters of smaller size`));

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
