/** The longest spin of a configuration. */
import type { SpinConfiguration } from '../lattice/spins.ts';

/** max |s_i|; NaN where a component is. */
export const longestSpin = ({ size, components }: SpinConfiguration): number => {
  const sites = size * size;
  let largest = 0;
  for (let site = 0; site < sites; site++) {
    const x = components[site]!;
    const y = components[sites + site]!;
    const z = components[2 * sites + site]!;
    largest = Math.max(largest, x * x + y * y + z * z);
  }
  return Math.sqrt(largest);
};
