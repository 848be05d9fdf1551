/** Exact energies as jobs: some spin configurations each. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { energyMethod, type ExactMethod } from '../../src/exact/energy-method.ts';
import type { DoubleExchange } from '../../src/hamiltonian/double-exchange.ts';
import type { SpinConfiguration } from '../../src/lattice/spins.ts';
import type { Reals } from '../../src/number/reals.ts';
import { runError, type CommandError } from '../exit.ts';
import type { JobKind } from './pool.ts';

export interface EnergyJob {
  readonly model: DoubleExchange;
  readonly method: ExactMethod;
  /** How far E_MC / N^2 by poles may be from the truth; 1e-9 where it is absent. */
  readonly tolerance?: number;
  readonly withForces: boolean;
  readonly configurations: readonly SpinConfiguration[];
}

export interface ExactEnergy {
  readonly energy: number;
  /** dE/ds, [3, N, N]; absent where it was not asked for. */
  readonly forces?: Reals;
}

export const exactEnergies: JobKind<EnergyJob, never, readonly ExactEnergy[]> = {
  work: ({ model, method, tolerance, withForces, configurations }) => {
    const { energy, energyAndForces } = energyMethod(method, tolerance);
    const exact = withForces
      ? energyAndForces(model)
      : (spins: SpinConfiguration) =>
          pipe(
            energy(model)(spins),
            E.map((value): ExactEnergy => ({ energy: value })),
          );
    return pipe(
      configurations,
      E.traverseArray(exact),
      E.mapLeft(({ message }): CommandError => runError(message)),
      TE.fromEither,
    );
  },
  entry: new URL('exact-energy.worker.mjs', import.meta.url),
};
