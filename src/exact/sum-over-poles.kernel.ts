/**
 * The pole expansion, fifth part: its sums for one configuration. E_MC comes from log det(z_k - H), forces from the
 * diagonal blocks of (z_k - H)^-1.
 */
import { untwisted, type DoubleExchange, type Twist } from '../hamiltonian/double-exchange.ts';
import { planes, type SpinConfiguration } from '../lattice/spins.ts';
import { blockNumbers } from '../linear/block-cyclic-matrix.ts';
import type { EnergyAndForces } from './energy-and-forces.ts';
import type { PoleArithmetic } from './pole-arithmetic.ts';
import type { PoleExpansion } from './pole-expansion.ts';

/** Re sum_k w_k log det(z_k - H) + c_0 tr 1 + c_1 tr H, where tr 1 = 2 N^2 and tr H = -2 N^2 mu. */
export const energySum = (
  { logDeterminant }: PoleArithmetic,
  expansion: PoleExpansion,
  model: DoubleExchange,
  twist: Twist = untwisted,
): ((spins: SpinConfiguration) => number) => {
  const logDeterminantOf = logDeterminant(model, twist);
  return (spins) => {
    const logDeterminantAt = logDeterminantOf(spins);
    let energy = 2 * spins.size * spins.size * (expansion.constant - expansion.slope * model.mu);
    for (const { re, im, weightRe, weightIm } of expansion.poles) {
      const { parts } = logDeterminantAt(re, im);
      energy += weightRe * parts[0]! - weightIm * parts[1]!;
    }
    return energy;
  };
};

/**
 * The energy, and dE_MC / ds_i = (J / 2) Re sum_k w_k tr((z_k - H)^-1_ii sigma): the exact gradient of the expansion.
 */
export const energyAndForceSums = (
  { resolvent }: PoleArithmetic,
  expansion: PoleExpansion,
  model: DoubleExchange,
  twist: Twist = untwisted,
): ((spins: SpinConfiguration) => EnergyAndForces) => {
  const resolventOf = resolvent(model, twist);
  return (spins) => {
    const sites = spins.size * spins.size;
    const [x, y, z] = planes(sites);
    const forces = new Float64Array(3 * sites);
    const resolventAt = resolventOf(spins);
    let energy = 2 * sites * (expansion.constant - expansion.slope * model.mu);
    for (const { re, im, weightRe, weightIm } of expansion.poles) {
      const { logarithm, diagonalBlocks: blocks } = resolventAt(re, im);
      energy += weightRe * logarithm.parts[0]! - weightIm * logarithm.parts[1]!;
      const [wr, wi] = [(model.J / 2) * weightRe, (model.J / 2) * weightIm];
      for (let site = 0; site < sites; site++) {
        const at = blockNumbers * site;
        const upRe = blocks[at]!;
        const upIm = blocks[at + 1]!;
        const rightRe = blocks[at + 2]!;
        const rightIm = blocks[at + 3]!;
        const leftRe = blocks[at + 4]!;
        const leftIm = blocks[at + 5]!;
        const downRe = blocks[at + 6]!;
        const downIm = blocks[at + 7]!;
        // tr(G sigma) = G01 + G10, i (G01 - G10), G00 - G11.
        forces[x + site]! += wr * (rightRe + leftRe) - wi * (rightIm + leftIm);
        forces[y + site]! -= wr * (rightIm - leftIm) + wi * (rightRe - leftRe);
        forces[z + site]! += wr * (upRe - downRe) - wi * (upIm - downIm);
      }
    }
    return { energy, forces };
  };
};
