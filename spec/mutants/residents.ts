/** Backends whose residents have bugs that someone could write. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import type { Backend, Executable, Resident } from '../../src/backend/backend.ts';
import { reference } from '../../src/backend/reference/reference.ts';

const withResident = (change: (make: Executable['resident']) => Executable['resident']): Backend => ({
  name: 'tampered',
  compile: (program) =>
    pipe(
      reference.compile(program),
      TE.map(({ run, resident }) => ({ run, resident: change(resident) })),
    ),
});

const changed = (change: (resident: Resident) => Resident): Backend =>
  withResident((make) => (residency) => pipe(make(residency), TE.map(change)));

/** Steps compute, and change nothing. */
export const frozen = changed((resident) => ({
  ...resident,
  step: (step) =>
    pipe(
      resident.read,
      TE.bindTo('before'),
      TE.bind('outputs', () => resident.step(step)),
      TE.chainFirst(({ before }) => resident.write(before)),
      TE.map(({ outputs }) => outputs),
    ),
}));

/** A step sees the first of its places alone. */
export const firstPlace = changed((resident) => ({
  ...resident,
  step: ({ samples, scalars }) =>
    resident.step({ scalars, samples: 'places' in samples ? { places: samples.places.slice(0, 1) } : samples }),
}));

/** What is written is forgotten. */
export const forgetful = changed((resident) => ({ ...resident, write: () => TE.right(undefined) }));

/** All residents of an executable are one. */
export const shared = withResident((make) => {
  const known = new Map<string, Resident>();
  return (residency) => {
    const first = known.get('one');
    return first === undefined
      ? pipe(
          make(residency),
          TE.map((resident) => {
            const one = known.get('one') ?? resident;
            known.set('one', one);
            return one;
          }),
        )
      : TE.right(first);
  };
});

/** An error is no output. */
export const lenientResident = withResident(
  (make) => (residency) =>
    pipe(
      make(residency),
      TE.map((resident) => ({
        ...resident,
        step: (step) =>
          pipe(
            resident.step(step),
            TE.orElse(() => TE.right({})),
          ),
        read: pipe(
          resident.read,
          TE.orElse(() => TE.right({})),
        ),
      })),
    ),
);
