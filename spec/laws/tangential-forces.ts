/** The law of the tangential part of forces. */
import fc from 'fast-check';

import type { tangentialForces } from '../../src/training/tangential-forces.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';

/** A configuration of N x N unit vectors, or a chain of as many numbers where N is 1, by angles; and forces on it. */
interface Configuration {
  readonly latticeSize: number;
  readonly angles: readonly (readonly [number, number])[];
  readonly forces: readonly number[];
}

const sitesFor = (latticeSize: number): number => (latticeSize === 1 ? 5 : latticeSize ** 2);

const components = [0, 1, 2];

export const forcesAreSplit: Law<typeof tangentialForces, Configuration> = {
  statement:
    'what remains of a force on a unit vector is orthogonal to it, and what is taken away is along it; of forces on chains of numbers nothing is taken away',
  cases: fc.integer({ min: 1, max: 3 }).chain((latticeSize) => {
    const sites = sitesFor(latticeSize);
    return fc.record({
      latticeSize: fc.constant(latticeSize),
      angles: fc.array(fc.tuple(interval(0, Math.PI), interval(0, 2 * Math.PI)), {
        minLength: sites,
        maxLength: sites,
      }),
      forces: fc.array(interval(-3, 3), { minLength: 3 * sites, maxLength: 3 * sites }),
    });
  }),
  holds:
    (tangential) =>
    ({ latticeSize, angles, forces }) => {
      const sites = sitesFor(latticeSize);
      if (latticeSize === 1) {
        const given = Float64Array.from(forces.slice(0, sites));
        const spins = Float64Array.from(angles, ([theta]) => theta);
        return tangential({ latticeSize, spins })(given).every((force, site) => force === given[site]);
      }
      const units = angles.map(([theta, phi]) => [
        Math.sin(theta) * Math.cos(phi),
        Math.sin(theta) * Math.sin(phi),
        Math.cos(theta),
      ]);
      const spins = Float64Array.from(components.flatMap((c) => units.map((unit) => unit[c] ?? NaN)));
      const given = Float64Array.from(forces);
      const left = tangential({ latticeSize, spins })(given);
      return units.every((unit, site) => {
        const along = components.reduce((sum, c) => sum + (left[c * sites + site] ?? NaN) * (unit[c] ?? NaN), 0);
        const taken = components.map((c) => (given[c * sites + site] ?? NaN) - (left[c * sites + site] ?? NaN));
        const length = components.reduce((sum, c) => sum + (taken[c] ?? NaN) * (unit[c] ?? NaN), 0);
        return (
          Math.abs(along) < 1e-12 &&
          components.every((c) => Math.abs((taken[c] ?? NaN) - length * (unit[c] ?? NaN)) < 1e-12)
        );
      });
    },
};
