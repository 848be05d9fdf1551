/** Backends whose residents have bugs that someone could write. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

import { backendError, type Backend, type Executable, type Resident, type Step } from '../../src/backend/backend.ts';
import type { Reals } from '../../src/number/reals.ts';
import { reference } from '../../src/backend/reference/reference.ts';
import { withMaking, withResidents } from '../with-residents.ts';

const withResident = (change: (make: Executable['resident']) => Executable['resident']): Backend =>
  withMaking(reference, change);

const changed = (change: (resident: Resident) => Resident): Backend => withResidents(reference, change);

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

/** Some scalars of a step are others. */
export const withScalars = (change: (step: Step) => Step['scalars']): Backend =>
  changed((resident) => ({
    ...resident,
    step: (step) => resident.step({ ...step, scalars: { ...step.scalars, ...change(step) } }),
  }));

/** What is observed is something else. */
export const withObserved = (change: (values: Reals) => Reals): Backend =>
  changed((resident) => ({
    ...resident,
    step: (step) =>
      pipe(
        resident.step(step),
        TE.map((observed) => Object.fromEntries(Object.entries(observed).map(([name, x]) => [name, change(x)]))),
      ),
  }));

/** A state that is no number is an error of the step that made it. */
export const strict = changed((resident) => ({
  ...resident,
  step: (step) =>
    pipe(
      resident.step(step),
      TE.chainFirst(() =>
        pipe(
          resident.read,
          TE.filterOrElse(
            (state) => !Object.values(state).some((values) => values.some(Number.isNaN)),
            () => backendError('sqrt expects entries with a root, got NaN'),
          ),
        ),
      ),
    ),
}));

/** A backend that is never told of a release. */
export const unreleased = (backend: Backend): Backend =>
  withResidents(backend, (resident) => ({ ...resident, release: () => undefined }));
