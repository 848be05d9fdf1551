/** Work on an engine that has its settings: exact energies are kernels too, and no backend starts for them. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { tuneEngine } from '../src/backend/wasm/engine.ts';

/** The same work, after the engine of this process has its settings. */
export const tuned = <Failure, A>(work: TaskEither<Failure, A>): TaskEither<Failure, A> =>
  pipe(
    TE.fromTask(tuneEngine),
    TE.chain(() => work),
  );
