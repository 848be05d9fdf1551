/**
 * How exact energies are computed is a value: each method offers the same two functions, and is chosen by its name.
 *
 * `diagonalize` finds every level, at a cost of N^6. `poles` finds none: it expands the energy in a few determinants,
 * to a tolerance that is asked for, at a cost of N^4. Another method is one more row of the table.
 */
import type { Either } from 'fp-ts/lib/Either.js';

import { productSums, type Arithmetic, type ProductSums } from '../assembler/arithmetic.ts';
import { hasFused } from '../assembler/engine.ts';
import type { DoubleExchange, Twist } from '../hamiltonian/double-exchange.ts';
import type { SpinConfiguration } from '../lattice/spins.ts';
import type { SquareLattice } from '../lattice/square-lattice.ts';
import { callersMistake, rowNamed } from '../number/callers-mistake.ts';
import { memoize } from '../number/memoize.ts';
import { eliminable, energyByPolesWith, type PoleEnergyError } from './energy-by-poles.ts';
import type { EnergyAndForces } from './energy-and-forces.ts';
import { diagonalizableWithVectors, energyAndForcesOf } from './forces.ts';
import { diagonalizable, energyOf, type EnergyError } from './monte-carlo-energy.ts';
import { defaultTolerance } from './pole-expansion.ts';
import { wasmArithmetic } from './wasm/pole-arithmetic.kernel.ts';
import type { WorkSpaceError } from './work-space.ts';

/** The names of the methods: every level, or none. */
export type ExactMethod = 'diagonalize' | 'poles';

/** Why a configuration has no energy by a method. */
export type MethodError = EnergyError | PoleEnergyError;

/** A method of exact energies, total and in the units of t. */
export interface EnergyMethod {
  readonly name: ExactMethod;
  /** How far E_MC / N^2 may be from the truth, where that is a matter of choice. */
  readonly tolerance?: number;
  /** How products are added to sums, where that is a matter of choice. */
  readonly arithmetic?: Arithmetic;
  /** The lattice, if what is computed on it fits into memory. */
  readonly fits: (lattice: SquareLattice, withForces: boolean) => Either<WorkSpaceError, SquareLattice>;
  /** E_MC of a configuration. */
  readonly energy: (model: DoubleExchange, twist?: Twist) => (spins: SpinConfiguration) => Either<MethodError, number>;
  /** E_MC and its unconstrained gradient, at two to three times the cost of the energy alone. */
  readonly energyAndForces: (
    model: DoubleExchange,
    twist?: Twist,
  ) => (spins: SpinConfiguration) => Either<MethodError, EnergyAndForces>;
}

const diagonalize: EnergyMethod = {
  name: 'diagonalize',
  fits: (lattice, withForces) => (withForces ? diagonalizableWithVectors : diagonalizable)(lattice),
  energy: energyOf,
  energyAndForces: energyAndForcesOf,
};

/** The sums of an arithmetic that this engine has. */
const availableSums = (arithmetic: Arithmetic): ProductSums => {
  if (arithmetic === 'fused' && !hasFused()) {
    callersMistake('an engine with relaxed SIMD for fused products', 'one without', 'ask for separate ones');
  }
  return rowNamed('an arithmetic', productSums)(arithmetic);
};

/** Poles within a tolerance; their expansions and work space are memoized, as those of `energyMethods`. */
const polesWithin = memoize(
  8,
  (tolerance: number, arithmetic: Arithmetic) => `${tolerance} ${arithmetic}`,
  (tolerance, arithmetic): EnergyMethod => ({
    name: 'poles',
    tolerance,
    arithmetic,
    fits: (lattice, withForces) => eliminable(withForces)(lattice),
    ...energyByPolesWith(wasmArithmetic(availableSums(arithmetic)), tolerance),
  }),
);

/**
 * The method of this name. What else can be chosen is for poles alone: the tolerance, absolute on E_MC / N^2 in the units of t,
 * and the arithmetic. Separate products give the same bits on every machine, and label data sets. Fused ones take less of
 * the time on large lattices; they differ from those, and from machine to machine, in the last digits.
 *
 * @throws RangeError for a name that no method has or no arithmetic, and for fused products where the engine has none (`hasFused`).
 *
 * @example
 * energyMethod('poles', 1e-6).arithmetic // 'separate'
 */
export const energyMethod = (
  name: ExactMethod,
  tolerance: number = defaultTolerance,
  arithmetic: Arithmetic = 'separate',
): EnergyMethod =>
  rowNamed('an exact method', { diagonalize: () => diagonalize, poles: () => polesWithin(tolerance, arithmetic) })(
    name,
  )();

/**
 * The methods by name, poles to the default tolerance. Expansions and work space are memoized for the whole process:
 * they depend on the model, the tolerance and the size alone, so no result shows it.
 */
export const energyMethods: Readonly<Record<ExactMethod, EnergyMethod>> = {
  diagonalize,
  poles: energyMethod('poles'),
};
