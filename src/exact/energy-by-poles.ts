/**
 * The pole expansion, last part and door: the Monte Carlo energy and its gradient without levels. log det(z - H) and the
 * diagonal blocks of (z - H)^-1 come from block-cyclic elimination, at a cost of N^4.
 *
 * An expansion depends on the model, the tolerance and the longest spin alone, and the work space on the lattice size
 * alone, so both are memoized between configurations; and so is, for configurations that are alike in all of this, the
 * whole way to the function of their spins.
 *
 * @eq E_MC (below Eq. 2)
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Either } from 'fp-ts/lib/Either.js';

import { untwisted, type DoubleExchange, type Twist } from '../hamiltonian/double-exchange.ts';
import { latticeOf, type SpinConfiguration } from '../lattice/spins.ts';
import type { LatticeError } from '../lattice/square-lattice.ts';
import { memoize } from '../number/memoize.ts';
import { finiteEnergy, finiteEnergyAndForces, withEnergies, type EnergyRangeError } from './finite-energy.ts';
import type { EnergyAndForces } from './energy-and-forces.ts';
import type { PoleArithmetic, PoleArithmeticOf } from './pole-arithmetic.ts';
import { defaultTolerance, poleExpansion, type PoleExpansion, type PoleExpansionError } from './pole-expansion.ts';
import { longestSpin } from './spin-length.kernel.ts';
import { energyAndForceSums, energySum } from './sum-over-poles.kernel.ts';
import { poleWorkspaceLength } from './wasm/pole-arithmetic.kernel.ts';
import { withinWorkSpace, type WorkSpaceError } from './work-space.ts';
import { log } from '../number/elementary/logarithm.kernel.ts';
import { pow } from '../number/elementary/power.kernel.ts';

/**
 * Why poles give no energy: the lattice is too small or too large, its spins are none, the parameters have no energies, no
 * expansion reaches the tolerance, or the energy is beyond float64.
 */
export type PoleEnergyError = LatticeError | PoleExpansionError | WorkSpaceError | EnergyRangeError;

/** E_MC, and E_MC with its unconstrained gradient [3, N, N], by pole expansion; total, in the units of t. */
export interface EnergyByPoles {
  /** E_MC of spins. */
  readonly energy: (
    model: DoubleExchange,
    twist?: Twist,
  ) => (spins: SpinConfiguration) => Either<PoleEnergyError, number>;
  /** E_MC of spins, and dE_MC/ds in their shape. */
  readonly energyAndForces: (
    model: DoubleExchange,
    twist?: Twist,
  ) => (spins: SpinConfiguration) => Either<PoleEnergyError, EnergyAndForces>;
}

/** Expansions that are remembered: each is a few hundred bytes, and takes tenths of a second to find. */
const mostExpansions = 1000;

/** Lattice sizes whose work space is remembered: it grows as N^3, so they are few. */
const mostSizes = 4;

/** E_MC within `tolerance` a site (absolute, in the units of t), and its gradient, by this arithmetic. */
export const energyByPolesWith = (
  arithmeticOf: PoleArithmeticOf,
  tolerance: number = defaultTolerance,
): EnergyByPoles => {
  const expansionOf = memoize(
    mostExpansions,
    ({ t, J, mu, T }: DoubleExchange, longest: number) => `${t} ${J} ${mu} ${T} ${longest}`,
    (model, longest) => poleExpansion(model, tolerance, longest),
  );
  const atSize = memoize(mostSizes, (size: number) => `${size}`, arithmeticOf);
  const evaluate =
    <A>(
      withForces: boolean,
      how: (
        arithmetic: PoleArithmetic,
        expansion: PoleExpansion,
        model: DoubleExchange,
        twist: Twist,
      ) => (spins: SpinConfiguration) => A,
      finite: (found: A) => Either<EnergyRangeError, A>,
    ) =>
    (model: DoubleExchange, twist: Twist = untwisted) => {
      const ofClass = memoize(
        1,
        (size: number, longest: number) => `${size} ${longest}`,
        (size, longest) =>
          pipe(
            eliminable(withForces)({ size }),
            E.chainW(() => expansionOf(model, longest)),
            E.map((expansion) => how(atSize(size), expansion, model, twist)),
          ),
      );
      return (spins: SpinConfiguration): Either<PoleEnergyError, A> =>
        pipe(
          withEnergies(model, twist),
          E.chainW(() => latticeOf(spins)),
          E.chainW(({ size }) => ofClass(size, lengthClass(longestSpin(spins)))),
          E.map((found) => found(spins)),
          E.chainW(finite),
        );
    };
  return {
    energy: evaluate(false, energySum, finiteEnergy),
    energyAndForces: evaluate(true, energyAndForceSums, finiteEnergyAndForces),
  };
};

const eliminableWith = (withForces: boolean) =>
  withinWorkSpace({
    purpose: withForces ? 'elimination with forces' : 'elimination',
    numbers: (size) => poleWorkspaceLength(size, withForces),
  });

const [eliminableForEnergies, eliminableForForces] = [eliminableWith(false), eliminableWith(true)];

/** The lattice, if energies, or forces, by poles fit into memory on it. */
export const eliminable = (withForces: boolean): typeof eliminableForEnergies =>
  withForces ? eliminableForForces : eliminableForEnergies;

/** Above every unit spin, float32 ones included. */
export const unitLength = 1 + 1e-5;

/**
 * A length not below the longest spin, one of few: a unit, or a power of 2^(1/4), 0.7 percent longer, which is far more
 * than `log` and `pow` round, so that it is never the shorter.
 */
const lengthClass = (longest: number): number =>
  longest <= unitLength ? unitLength : pow(2, Math.ceil((4 * log(longest)) / Math.LN2) / 4 + 0.01);
