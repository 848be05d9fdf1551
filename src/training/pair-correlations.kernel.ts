/** Spin correlations at given offsets, summed over sites and offsets. */
import { planes } from '../lattice/spins.ts';
import type { Reals } from '../number/reals.ts';

/** sum over sites i, components and offsets d of s_i . s_{i+d}, periodic. `spins` holds one configuration, [3, N, N]. */
export const pairCorrelation = (
  spins: Reals,
  size: number,
  offsets: readonly (readonly [row: number, column: number])[],
): number => {
  let sum = 0;
  for (const [du, dv] of offsets) {
    for (const plane of planes(size * size)) {
      for (let row = 0; row < size; row++) {
        const other = plane + ((((row + du) % size) + size) % size) * size;
        for (let column = 0; column < size; column++) {
          sum += spins[plane + row * size + column]! * spins[other + ((((column + dv) % size) + size) % size)]!;
        }
      }
    }
  }
  return sum;
};
