/** The longest spin of a configuration. */
import { planes, type SpinConfiguration } from '../lattice/spins.ts';

/** max |s_i|; NaN where a component is. */
export const longestSpin = ({ size, components }: SpinConfiguration): number => {
  const sites = size * size;
  const [xs, ys, zs] = planes(sites);
  let largest = 0;
  for (let site = 0; site < sites; site++) {
    const x = components[xs + site]!;
    const y = components[ys + site]!;
    const z = components[zs + site]!;
    largest = Math.max(largest, x * x + y * y + z * z);
  }
  return Math.sqrt(largest);
};
