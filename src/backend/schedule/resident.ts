/**
 * Residents of any backend: checked, in order and never after their release; and the one that needs nothing from its
 * backend but `run`, which says what all others must compute.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as R from 'fp-ts/lib/Record.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import { float64 } from '../../number/float64.ts';
import type { Reals } from '../../number/reals.ts';
import { evaluate } from '../../program/evaluate.ts';
import type { TypedProgram } from '../../program/typecheck.ts';
import {
  backendError,
  type Arrays,
  type BackendError,
  type Executable,
  type Resident,
  type Samples,
} from '../backend.ts';
import { inTurn } from '../in-turn.ts';
import { gathered } from './gather.ts';
import { checkResidency, checkState, checkStep, type CheckedResidency } from './residency.ts';

/** What a backend does for a resident whose arguments are right and whose turn it is. */
export type MakeResident = (residency: CheckedResidency) => TaskEither<BackendError, Resident>;

/** Makes residents of a program with all checks: `make` need make none. */
export const residents =
  (program: TypedProgram, make: MakeResident): Executable['resident'] =>
  (residency) =>
    pipe(
      TE.fromEither(checkResidency(program)(residency)),
      TE.chain((checked) =>
        pipe(
          make(checked),
          TE.map((resident) => guarded(program, checked, resident)),
        ),
      ),
    );

const released = backendError(
  'expected a resident, got one that was released: make another, with the state read before',
);

const guarded = (program: TypedProgram, residency: CheckedResidency, resident: Resident): Resident => {
  const turn = inTurn();
  let isReleased = false;
  const open = <A>(task: TaskEither<BackendError, A>): TaskEither<BackendError, A> =>
    turn(() => (isReleased ? TE.left(released) : task)());
  const [checkedStep, checkedState] = [checkStep(program, residency), checkState(residency)];
  return {
    step: (step) => open(pipe(TE.fromEither(checkedStep(step)), TE.chain(resident.step))),
    write: (state) => open(pipe(TE.fromEither(checkedState(state)), TE.chain(resident.write))),
    read: open(resident.read),
    release: () => {
      if (!isReleased) {
        isReleased = true;
        resident.release();
      }
    },
  };
};

/** Samples at places of resident data, as samples of their own. */
const picked = (data: Samples | null, places: readonly number[]): Samples => ({
  inputs: Object.fromEntries(
    Object.entries(data?.inputs ?? {}).map(([name, numbers]) => [
      name,
      gathered(numbers, numbers.length / (data?.batch ?? 1), places),
    ]),
  ),
  batch: places.length,
});

const chosen = (arrays: Arrays, names: readonly string[]): Arrays =>
  Object.fromEntries(Object.entries(arrays).filter(([name]) => names.includes(name)));

const copied = (arrays: Arrays): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, numbers]) => [name, numbers.slice()]));

/** What an update means, in float64: for backends whose own numbers are too coarse to add small steps to. */
export const updateByMeaning =
  (update: TypedProgram): Executable['run'] =>
  ({ parameters, latticeSize }) =>
    pipe(
      evaluate(float64)(latticeSize)(R.map((numbers: Reals) => [...numbers])(parameters), {})(update),
      E.bimap(
        ({ message }) => backendError(message),
        R.map((numbers) => Float64Array.from(numbers)),
      ),
      TE.fromEither,
    );

/** A scalar as an argument. */
const arrayOf = (scalar: number | undefined): Float64Array => Float64Array.of(scalar ?? NaN);

/**
 * The meaning of a step, and the resident of a backend that has no other: the program is run on the samples, then the
 * update on the state, the sums and the scalars, and what it returns replaces the state.
 */
export const residentByRuns =
  (run: Executable['run'], compileUpdate: (update: TypedProgram) => Executable['run']): MakeResident =>
  (residency) => {
    const { latticeSize, data, sums, scalars: names, observed } = residency;
    const update = compileUpdate(residency.update);
    let state = copied(residency.state);
    const resident: Resident = {
      step: ({ samples, scalars }) =>
        pipe(
          run({ parameters: state, latticeSize, ...('places' in samples ? picked(data, samples.places) : samples) }),
          TE.bindTo('outputs'),
          TE.bind('next', ({ outputs }) =>
            update({
              parameters: {
                ...state,
                ...chosen(outputs, sums),
                ...Object.fromEntries(names.map((name) => [name, arrayOf(scalars[name])])),
              },
              inputs: {},
              latticeSize,
              batch: 1,
            }),
          ),
          TE.map(({ outputs, next }) => {
            state = { ...state, ...next };
            return chosen(outputs, observed);
          }),
        ),
      write: (written) =>
        TE.fromIO(() => {
          state = { ...state, ...copied(written) };
        }),
      read: TE.fromIO(() => copied(state)),
      release: () => {
        state = {};
      },
    };
    return TE.right(resident);
  };
