/** Backends with other residents: what laws watch, and what mutants break. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { Backend, Executable, Resident } from '../src/backend/backend.ts';

/** The backend, with another way to make residents. */
export const withMaking = (
  backend: Backend,
  change: (make: Executable['resident']) => Executable['resident'],
): Backend => ({
  name: backend.name,
  compile: (program) =>
    pipe(
      backend.compile(program),
      TE.map(({ run, resident }) => ({ run, resident: change(resident) })),
    ),
});

/** The backend, with something done to each of its residents. */
export const withResidents = (backend: Backend, change: (resident: Resident) => Resident): Backend =>
  withMaking(backend, (make) => (residency) => pipe(make(residency), TE.map(change)));
