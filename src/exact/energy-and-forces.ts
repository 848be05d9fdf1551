/** An exact energy with its gradient. */
import type { Reals } from '../number/reals.ts';

/** E_MC of a configuration with its gradient, in the units of t. */
export interface EnergyAndForces {
  /** E_MC. */
  readonly energy: number;
  /** dE_MC / ds, the unconstrained gradient; shape [3, N, N], as the spins. */
  readonly forces: Reals;
}
