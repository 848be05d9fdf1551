/** Laws of spin samplers. The statistical ones have derived bounds, each with one false alarm in a billion. */
import fc from 'fast-check';

import type { SpinConfiguration } from '../../src/lattice/spins.ts';
import { spinAt } from '../../src/lattice/spins.ts';
import { sites } from '../../src/lattice/square-lattice.ts';
import { unitVectors } from '../arbitraries/spins.ts';
import { indexNumber, seedNumber } from '../arbitraries/streams.ts';
import type { Law } from '../law.ts';

/** A sampler without its name. */
export type Sample = (size: number, seed: number, index: number) => SpinConfiguration;

interface Request {
  readonly size: number;
  readonly seed: number;
  readonly index: number;
}

const legacySeed = fc.integer({ min: 0, max: 0x7fffffff });

const request: fc.Arbitrary<Request> = fc.record({
  size: fc.integer({ min: 1, max: 6 }),
  seed: legacySeed,
  index: legacySeed,
});

/** x^2 + y^2 + z^2 of components with relative errors of at most 2 units in the last place: below 5 epsilon off 1. */
export const spinsAreUnitVectors: Law<Sample, Request> = {
  statement: 'every spin has length 1',
  cases: request,
  holds:
    (sample) =>
    ({ size, seed, index }) => {
      const spins = sample(size, seed, index);
      return (
        spins.components.length === 3 * size * size &&
        sites(spins).every((site) => {
          const [x, y, z] = spinAt(spins)(site);
          return Math.abs(x * x + y * y + z * z - 1) <= 5 * Number.EPSILON;
        })
      );
    },
};

export const spinsDependOnSeedAndIndex: Law<Sample, { readonly asked: Request; readonly others: readonly Request[] }> =
  {
    statement:
      'a configuration depends on seed and index alone, not on what was sampled before, and another index differs',
    cases: fc.record({ asked: request, others: fc.array(request, { maxLength: 3 }) }),
    holds:
      (sample) =>
      ({ asked: { size, seed, index }, others }) => {
        const first = sample(size, seed, index);
        others.forEach((other) => sample(other.size, other.seed, other.index));
        const again = sample(size, seed, index);
        const next = sample(size, seed, index + 1);
        return (
          first.components.every((x, i) => Object.is(x, again.components[i])) &&
          first.components.some((x, i) => x !== next.components[i])
        );
      },
  };

const manySpins = { size: 100, seeds: fc.tuple(seedNumber, indexNumber) };

/**
 * Whether numbers could be uniform on [0, 1]: by Dvoretzky, Kiefer, Wolfowitz and Massart their distribution function
 * differs from x by more than sqrt(log(2 / p) / 2n) with probability p at most, whatever n.
 */
const couldBeUniform = (values: readonly number[]): boolean => {
  const [n, p] = [values.length, 1e-9];
  const bound = Math.sqrt(Math.log(2 / p) / (2 * n));
  return values
    .toSorted((a, b) => a - b)
    .every((x, i) => x >= 0 && x <= 1 && Math.abs(x - (i + 1) / n) <= bound && Math.abs(x - i / n) <= bound);
};

export const sphereIsUniform: Law<Sample, readonly [readonly [number, number], readonly [number, number, number]]> = {
  statement: 'the projection of a uniform unit vector on any axis is uniform on [-1, 1] (Archimedes)',
  cases: fc.tuple(manySpins.seeds, unitVectors),
  holds:
    (sample) =>
    ([[seed, index], [nx, ny, nz]]) => {
      const spins = sample(manySpins.size, seed, index);
      const projections = sites(spins).map((site) => {
        const [x, y, z] = spinAt(spins)(site);
        // Rounding may leave a projection on the pole itself an epsilon beyond it.
        return Math.min(1, Math.max(0, (1 + nx * x + ny * y + nz * z) / 2));
      });
      return couldBeUniform(projections);
    },
  runs: 15,
};

export const anglesAreUniform: Law<Sample, readonly [number, number]> = {
  statement: 'theta is uniform on [0, pi] and phi on [0, 2 pi], and neither knows the other',
  cases: manySpins.seeds,
  holds:
    (sample) =>
    ([seed, index]) => {
      const spins = sample(manySpins.size, seed, index);
      const angles = sites(spins).map((site) => {
        const [x, y, z] = spinAt(spins)(site);
        return { theta: Math.atan2(Math.hypot(x, y), z), phi: (Math.atan2(y, x) + 2 * Math.PI) % (2 * Math.PI) };
      });
      // Of independent angles phi - 2 theta, too, is uniform on the circle.
      const difference = angles.map(({ theta, phi }) => ((phi - 2 * theta + 4 * Math.PI) / (2 * Math.PI)) % 1);
      return (
        couldBeUniform(angles.map(({ theta }) => theta / Math.PI)) &&
        couldBeUniform(angles.map(({ phi }) => phi / (2 * Math.PI))) &&
        couldBeUniform(difference)
      );
    },
  runs: 10,
};

export const publishedSpinsLieOnOneCurve: Law<Sample, Request> = {
  statement: 'phi = 2 theta: x = r (2 z^2 - 1) and y = 2 r^2 z, where r = sqrt(x^2 + y^2)',
  cases: request,
  holds:
    (sample) =>
    ({ size, seed, index }) => {
      const spins = sample(size, seed, index);
      return sites(spins).every((site) => {
        const [x, y, z] = spinAt(spins)(site);
        const r = Math.hypot(x, y);
        // A few rounding errors of sines, cosines and products, each at most an epsilon.
        return (
          Math.abs(x - r * (2 * z * z - 1)) <= 4 * Number.EPSILON && Math.abs(y - 2 * r * r * z) <= 4 * Number.EPSILON
        );
      });
    },
};
