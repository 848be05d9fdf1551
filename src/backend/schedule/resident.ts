/**
 * Residents of any backend: checked, in order and never after their release; and the one that needs nothing from its
 * backend but `run`, which says what all others must compute.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

import type { TypedProgram } from '../../program/typecheck.ts';
import {
  backendError,
  type Arrays,
  type BackendError,
  type Executable,
  type Resident,
  type Samples,
  type Step,
} from '../backend.ts';
import { inTurn } from '../in-turn.ts';
import { inArrays, type PlacedSamples } from './gather.ts';
import { checkResidency, checkState, checkStep, type CheckedResidency } from './residency.ts';
import { updateInFloat64 } from './update.ts';

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
    // What was asked for before is done first: nothing is taken from a step that is under way. Nobody waits for a release, so
    // nobody can be told that one fails; the resident refuses all after it either way.
    release: () => {
      void turn(async () => {
        if (!isReleased) {
          isReleased = true;
          resident.release();
        }
        return Promise.resolve();
      })().catch(() => undefined);
    },
  };
};

const chosen = (arrays: Arrays, names: readonly string[]): Arrays =>
  Object.fromEntries(Object.entries(arrays).filter(([name]) => names.includes(name)));

const copied = (arrays: Arrays): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, numbers]) => [name, numbers.slice()]));

/** The arrays that stand under several names. */
const sharedIn = (arrays: Arrays): ReadonlySet<Arrays[string]> => {
  const all = Object.values(arrays);
  return new Set(all.filter((numbers, place) => all.indexOf(numbers) !== place));
};

/**
 * The state with some arrays replaced: their numbers are written where they are, so that nothing is allocated, unless an update has
 * returned one value by several names, which then go apart.
 */
const written = (state: Arrays, given: Arrays): Arrays => {
  const shared = sharedIn(state);
  return {
    ...state,
    ...Object.fromEntries(
      Object.entries(given).map(([name, numbers]) => {
        const own = state[name];
        if (!(own instanceof Float64Array) || shared.has(own)) {
          return [name, numbers.slice()];
        }
        own.set(numbers);
        return [name, own];
      }),
    ),
  };
};

/** What is run in a step: the executable on its parameters and on the samples of the step. */
export interface StepArguments {
  readonly parameters: Arrays;
  readonly latticeSize: number;
  readonly samples: Samples | PlacedSamples;
}

/** Samples of a step, where places are in the resident data. */
const samplesOf = (samples: Step['samples'], data: Samples | null): Samples | PlacedSamples => {
  if (!('places' in samples)) {
    return samples;
  }
  if (data === null) {
    throw new RangeError('a step names places, and there is no data: check steps before they are taken');
  }
  return { data, places: samples.places };
};

/** An update needs memory for all of its values at once. */
const notUpdated = (reason: unknown): BackendError =>
  backendError(
    `expected memory for the update of a resident, got ${reason instanceof Error ? reason.message : String(reason)}: ` +
      'use narrower networks, or release residents that have done their work',
  );

/** Runs a program on the arguments of a step; its outputs are good until the next one. */
type RunStep = (given: StepArguments) => TaskEither<BackendError, Arrays>;

/** An update as a function from the arrays of its parameters to its outputs. */
type UpdateArrays = (parameters: Arrays) => Arrays;

const residentWith = (run: RunStep, residency: CheckedResidency, first: UpdateArrays): Resident => {
  const { latticeSize, data, sums, scalars: names, observed } = residency;
  let [state, update] = [copied(residency.state), first];
  // Made once: a step makes no arrays.
  const scalarArrays = Object.fromEntries(names.map((name) => [name, new Float64Array(1)]));
  return {
    step: ({ samples, scalars }) =>
      pipe(
        run({ parameters: state, latticeSize, samples: samplesOf(samples, data) }),
        TE.map((outputs) => {
          for (const name of names) {
            scalarArrays[name]?.fill(scalars[name] ?? NaN);
          }
          const next = update({ ...state, ...chosen(outputs, sums), ...scalarArrays });
          state = { ...state, ...next };
          return chosen(outputs, observed);
        }),
      ),
    write: (given) =>
      TE.fromIO(() => {
        state = written(state, given);
      }),
    read: TE.fromIO(() => copied(state)),
    release: () => {
      state = {};
      update = () => ({});
    },
  };
};

/**
 * A resident that computes with `run`, whose outputs are good until the next step: the program is run on the samples, then the
 * update on the state, the sums and the scalars, in float64, and what it returns replaces the state. Who has a faster way to
 * update says so.
 */
export const residentBy =
  (
    run: RunStep,
    updateOn: (update: TypedProgram, latticeSize: number) => UpdateArrays = updateInFloat64,
  ): MakeResident =>
  (residency) =>
    pipe(
      E.tryCatch(() => updateOn(residency.update, residency.latticeSize), notUpdated),
      E.map((update) => residentWith(run, residency, update)),
      TE.fromEither,
    );

/** The meaning of a step, and the resident of a backend that has no other. */
export const residentByRuns = (run: Executable['run']): MakeResident =>
  residentBy(({ samples, ...given }) => run({ ...given, ...inArrays(samples) }));
