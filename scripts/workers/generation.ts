/** Generated samples, a recipe and a range of configurations a job. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { flow } from 'fp-ts/lib/function.js';

import { asRunError } from '../../src/command/command-error.ts';
import type { DataSet } from '../../src/dataset/data-set.ts';
import { generated, type GenerationJob } from '../../src/provenance/generation-job.ts';
import type { JobKind } from './pool.ts';

/** Makes the samples of a job. */
export const generation: JobKind<GenerationJob, never, DataSet> = {
  work: flow(generated, E.mapLeft(asRunError), TE.fromEither),
  entry: new URL('generation.worker.mjs', import.meta.url),
};
