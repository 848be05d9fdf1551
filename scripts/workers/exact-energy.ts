/** Exact energies as jobs: the spins of some configurations each. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { Labelling, Labels } from '../../src/dataset/system.ts';
import { systems, type SystemName } from '../../src/dataset/systems.ts';
import type { Reals } from '../../src/number/reals.ts';
import { runError, type CommandError } from '../../src/command/command-error.ts';
import type { JobKind } from './pool.ts';

/** Some configurations of a system, and what is wanted of them. */
export interface EnergyJob {
  readonly system: SystemName;
  readonly labelling: Labelling;
  readonly configurations: readonly Reals[];
}

/** Labels the configurations of a job. */
export const exactEnergies: JobKind<EnergyJob, never, readonly Labels[]> = {
  work: ({ system, labelling, configurations }) =>
    pipe(
      systems[system].labels(labelling),
      E.chain((labelsOf) => pipe(configurations, E.traverseArray(labelsOf))),
      E.mapLeft(({ message }): CommandError => runError(message)),
      TE.fromEither,
    ),
  entry: new URL('exact-energy.worker.mjs', import.meta.url),
};
