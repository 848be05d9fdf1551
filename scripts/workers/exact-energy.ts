/** Exact energies, the spins of some configurations a job. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { flow } from 'fp-ts/lib/function.js';

import { asRunError } from '../../src/command/command-error.ts';
import { labelsFor, type EnergyJob } from '../../src/dataset/energy-job.ts';
import type { Labels } from '../../src/dataset/system.ts';
import type { JobKind } from './pool.ts';

/** Labels the configurations of a job. */
export const exactEnergies: JobKind<EnergyJob, never, readonly Labels[]> = {
  work: flow(labelsFor, E.mapLeft(asRunError), TE.fromEither),
  entry: new URL('exact-energy.worker.mjs', import.meta.url),
};
