/**
 * One level of the grand canonical ensemble: its contribution to the Monte Carlo energy, and its mean occupation, the
 * derivative of that.
 *
 * @eq E_MC (below Eq. 2)
 */
import { exp } from '../number/elementary/exponential.kernel.ts';
import { log1p } from '../number/elementary/logarithm.kernel.ts';

/** -T log(1 + exp(-x / T)), written min(x, 0) - T log1p(exp(-|x| / T)): the exponent is never positive. */
export const levelEnergy =
  (T: number) =>
  (x: number): number =>
    Math.min(x, 0) - T * log1p(exp(-Math.abs(x) / T));

/**
 * The Fermi function 1 / (1 + exp(x / T)): the mean occupation of a level x above the chemical potential.
 *
 * @example
 * fermi(0.1)(0) // 0.5
 */
export const fermi =
  (T: number) =>
  (x: number): number => {
    const boltzmann = exp(-Math.abs(x) / T);
    return (x > 0 ? boltzmann : 1) / (1 + boltzmann);
  };
