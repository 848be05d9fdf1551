/** Backends whose arithmetic is not exact on integers, as laws of integers see them: up to half of one. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { Arrays, Backend } from '../src/backend/backend.ts';

const rounded = (arrays: Arrays): Arrays =>
  Object.fromEntries(
    // Minus zero is zero.
    Object.entries(arrays).map(([name, numbers]) => [name, numbers.map((x) => Math.round(x) + 0)]),
  );

/** The backend, with the results of its runs rounded to the nearest integers. */
export const inWholeNumbers = (backend: Backend): Backend => ({
  name: backend.name,
  compile: (program) =>
    pipe(
      backend.compile(program),
      TE.map(({ run, resident }) => ({ run: (given) => pipe(run(given), TE.map(rounded)), resident })),
    ),
});
