/** Laws of energies at the end of float64. */
import * as E from 'fp-ts/lib/Either.js';

import type { EnergyMethod } from '../../src/exact/energy-method.ts';
import type { DoubleExchange } from '../../src/hamiltonian/double-exchange.ts';
import { ferromagnet } from '../../src/lattice/spins.ts';
import type { Law } from '../law.ts';
import { anyParameters } from './poles.ts';

export const everyEnergyIsFinite: Law<EnergyMethod, DoubleExchange> = {
  statement: 'for parameters of any size energy and forces are finite, or refused with a message that says what to do',
  cases: anyParameters,
  holds: (method) => (model) => {
    const spins = ferromagnet(3);
    const answers = [
      E.map((energy: number) => [energy])(method.energy(model)(spins)),
      E.map(({ energy, forces }: { readonly energy: number; readonly forces: Iterable<number> }) => [
        energy,
        ...forces,
      ])(method.energyAndForces(model)(spins)),
    ];
    return answers.every((answer) =>
      E.isRight(answer) ? answer.right.every(Number.isFinite) : /^expected .*, got .*[:;] /.test(answer.left.message),
    );
  },
  runs: 20,
};
