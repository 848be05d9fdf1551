/** The classical Heisenberg model as a system. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { z } from 'zod';

import { heisenbergEnergy, heisenbergGradient } from '../../hamiltonian/heisenberg.ts';
import { system } from '../system.ts';
import { latticeSamplers } from './lattice-samplers.ts';

/** Energies and forces by formula. */
export const heisenbergSystem = system({
  title: 'the classical nearest-neighbour Heisenberg model on the N x N lattice',
  spins: 'vectors',
  size: { least: 3, usual: 10 },
  parameters: z.object({
    J: z.number().default(1).describe('exchange, above 0 ferromagnetic'),
  }),
  units: 'those of J',
  samplers: latticeSamplers,
  methods: ['formula'],
  version: 'efnn-data/1',
  seconds: ({ size }) => 1e-6 * size * size,
  labels: ({ J }, { size, forces }) =>
    E.right((components) =>
      pipe(
        heisenbergGradient(J)({ size, components }),
        E.map((gradient) => ({
          energy: heisenbergEnergy({ components }, gradient),
          forces: forces ? O.some(gradient) : O.none,
        })),
      ),
    ),
});
