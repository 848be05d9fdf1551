/** The tangential part of forces. */
import { tangentialForces } from '../src/training/tangential-forces.ts';
import { verify } from './law.ts';
import { forcesAreSplit } from './laws/tangential-forces.ts';

verify(forcesAreSplit, tangentialForces, {
  'nothing is taken away': () => (forces) => forces,
  'all is taken away': () => (forces) => forces.map(() => 0),
  'twice as much is taken away': (samples) => (forces) => {
    const left = tangentialForces(samples)(forces);
    return forces.map((force, place) => 2 * (left[place] ?? NaN) - force);
  },
  'chains are taken for unit vectors':
    ({ spins, latticeSize }) =>
    (forces) =>
      latticeSize === 1
        ? forces.map((force, site) => force - force * (spins[site] ?? NaN) ** 2)
        : tangentialForces({ spins, latticeSize })(forces),
});
