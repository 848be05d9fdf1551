/**
 * The arithmetic of the pole expansion: what is asked of z - H for each pole z. Two implementations have the same results to the
 * last digit: plain TypeScript, which is what they mean, and WebAssembly compiled for each size; but for rounding, where that fuses
 * products and sums.
 */
import type { DoubleExchange, Twist } from '../hamiltonian/double-exchange.ts';
import type { SpinConfiguration } from '../lattice/spins.ts';
import type { ComplexLogarithm } from '../linear/definite-inverse.kernel.ts';

/**
 * What is computed of z - H for any z with Im z > 0: first what all configurations have in common, then what is one's own. A
 * configuration is done with when the next one begins, of whatever model.
 */
export type AtPole<A> = (
  model: DoubleExchange,
  twist: Twist,
) => (spins: SpinConfiguration) => (zRe: number, zIm: number) => A;

/** (z - H)^-1, as far as energies and forces need it. */
export interface Resolvent {
  /** log det(z - H). */
  readonly logarithm: ComplexLogarithm;
  /** The 2 x 2 diagonal blocks of (z - H)^-1 at every site (row-major), [N^2, 8]. They hold until the next ones are made. */
  readonly diagonalBlocks: Float64Array;
}

/** What is done to z - H of N x N lattices, with work space for one at a time. */
export interface PoleArithmetic {
  /** log det(z - H), the sum of log(z - E_n). */
  readonly logDeterminant: AtPole<ComplexLogarithm>;
  /** As well the diagonal blocks of the inverse. */
  readonly resolvent: AtPole<Resolvent>;
}

/** An implementation for N x N lattices. */
export type PoleArithmeticOf = (size: number) => PoleArithmetic;
