/**
 * The double exchange model as a system: random spins with their exact Monte Carlo energy, and its gradient.
 *
 * @eq 2
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { z } from 'zod';

import { energyMethod, energyMethods } from '../../exact/energy-method.ts';
import { doubleExchange, publishedDoubleExchange } from '../../hamiltonian/double-exchange.ts';
import { squareLattice } from '../../lattice/square-lattice.ts';
import { pow } from '../../number/elementary/power.kernel.ts';
import { system, type Labelling } from '../system.ts';
import { latticeSamplers } from './lattice-samplers.ts';

const { t, J, mu, T } = publishedDoubleExchange;

/** By diagonalization the cost grows as N^6, by poles as N^4; low temperatures take up to twice as many poles. */
const seconds = ({ size, method, forces }: Pick<Labelling, 'size' | 'method' | 'forces'>): number =>
  method === 'poles' ? (forces ? 4e-7 : 1.6e-7) * pow(size, 4) : (forces ? 2e-8 : 6e-9) * pow(size, 6);

/** E_MC by diagonalization, or by poles within the tolerance that is recorded among its parameters. */
export const doubleExchangeSystem = system({
  title: 'the double exchange model on the N x N lattice',
  spins: 'vectors',
  size: { least: 3, usual: 10 },
  parameters: z.object({
    t: z.number().default(t).describe('hopping amplitude'),
    J: z.number().default(J).describe('coupling of electrons and spins'),
    mu: z.number().default(mu).describe('chemical potential'),
    T: z.number().default(T).describe('temperature, above 0'),
  }),
  possible: doubleExchange,
  units: 'the hopping amplitude t',
  samplers: latticeSamplers,
  methods: ['diagonalize', 'poles'],
  version: 'efnn-data/1',
  fits: ({ size, method, forces }) =>
    energyMethods[method === 'poles' ? 'poles' : 'diagonalize'].fits({ size }, forces),
  seconds,
  labels: (model, { size, method, forces, parameters }) =>
    pipe(
      squareLattice(size),
      E.chainW(() => doubleExchange(model)),
      E.map((valid) => {
        const { energy, energyAndForces } =
          method === 'poles' ? energyMethod('poles', parameters['tolerance']) : energyMethod('diagonalize');
        const both = energyAndForces(valid);
        const alone = energy(valid);
        return (components) =>
          forces
            ? pipe(
                both({ size, components }),
                E.map((found) => ({ energy: found.energy, forces: O.some(found.forces) })),
              )
            : pipe(
                alone({ size, components }),
                E.map((value) => ({ energy: value, forces: O.none })),
              );
      }),
    ),
});
