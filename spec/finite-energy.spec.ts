/** Energies at the end of float64: finite or refused, by every method. */
import * as E from 'fp-ts/lib/Either.js';
import { flow } from 'fp-ts/lib/function.js';

import { energyMethods, type EnergyMethod } from '../src/exact/energy-method.ts';
import type { EnergyAndForces } from '../src/exact/energy-and-forces.ts';
import { levelsOf, monteCarloEnergy } from '../src/exact/monte-carlo-energy.ts';
import { verify } from './law.ts';
import { everyEnergyIsFinite } from './laws/finite-energy.ts';

const { diagonalize, poles } = energyMethods;

const infinite: EnergyAndForces = { energy: 0, forces: Float64Array.of(Infinity) };

const unchecked: EnergyMethod = {
  ...diagonalize,
  energy: (model, twist) => flow(levelsOf(model, twist), E.map(monteCarloEnergy(model.T))),
};

verify(everyEnergyIsFinite, diagonalize, {
  'an energy is returned as it comes': unchecked,
  'forces are returned as they come': {
    ...diagonalize,
    energyAndForces: (model, twist) =>
      flow(
        diagonalize.energyAndForces(model, twist),
        E.orElse(() => E.right(infinite)),
      ),
  },
});

verify(everyEnergyIsFinite, poles, { 'by levels, as they come': unchecked });
