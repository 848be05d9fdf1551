/** The numbers that vectors ask about: short to write, and drawn as the properties draw theirs. */
import { sample } from '../../src/lattice/sampler.ts';
import { smallIntegers } from '../arbitraries/program.ts';

/** Numbers n/16 with |n| <= 8, exact in float32 too. */
export const shortNumbers = (seed: number, length: number): readonly number[] => {
  const draws = smallIntegers(seed, 2 * length);
  return Array.from({ length }, (_, i) => ((draws[2 * i] ?? 0) * 3 + (draws[2 * i + 1] ?? 0)) / 16);
};

/** Unit spins, [3, N, N]. */
export const unitSpins = (latticeSize: number, seed: number): number[] => [
  ...sample('sphere')(latticeSize, seed, 0).components,
];

/** All spins along z. */
export const alongZ = (latticeSize: number): readonly number[] =>
  Array.from({ length: 3 * latticeSize ** 2 }, (_, i) => (i >= 2 * latticeSize ** 2 ? 1 : 0));
