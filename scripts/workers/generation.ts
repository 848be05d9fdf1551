/** Generated samples, a recipe and a range of configurations a job. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { flow } from 'fp-ts/lib/function.js';

import { usageError } from '../../src/command/command-error.ts';
import type { DataSet } from '../../src/dataset/data-set.ts';
import { generated, type GenerationJob } from '../../src/provenance/generation-job.ts';
import type { JobKind } from './pool.ts';

/** Makes the samples of a job. What fails there fails again by the same recipe, so that it is a mistake of who chose it. */
export const generation: JobKind<GenerationJob, never, DataSet> = {
  work: flow(
    generated,
    E.mapLeft(({ message }) => usageError(message)),
    TE.fromEither,
  ),
  entry: new URL('generation.worker.mjs', import.meta.url),
};
