/** Exact energies, the spins of some configurations a job. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';

import { asRunError } from '../../src/command/command-error.ts';
import { labelsFor, type EnergyJob } from '../../src/dataset/energy-job.ts';
import type { Labels } from '../../src/dataset/system.ts';
import { tuned } from '../tuned.ts';
import type { JobKind } from './pool.ts';

/** Labels the configurations of a job. */
export const exactEnergies: JobKind<EnergyJob, never, readonly Labels[]> = {
  work: (job) => tuned(TE.fromIOEither(() => pipe(labelsFor(job), E.mapLeft(asRunError)))),
  entry: new URL('exact-energy.worker.mjs', import.meta.url),
};
