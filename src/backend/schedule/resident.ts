/**
 * Residents of any backend: checked, in order and never after their release; and the one that needs nothing from its
 * backend but `run`, which says what all others must compute.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as IOE from 'fp-ts/lib/IOEither.js';
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
import { otherTurn, type WritableArrays, type Turn, type UpdateArrays, type UpdateInPlace } from './update-in-place.ts';
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
    step: (step) => {
      const checked = checkedStep(step);
      return open(E.isLeft(checked) ? TE.left(checked.left) : resident.step(checked.right));
    },
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

const copied = (arrays: Arrays): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, numbers]) => [name, numbers.slice()]));

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

/** The array of a name: some names have a meaning in all objects. */
const arrayNamed = (name: string, arrays: WritableArrays): Float64Array | undefined =>
  Object.hasOwn(arrays, name) ? arrays[name] : undefined;

/** Where a resident keeps its state, as it is after an even number of steps, and after an odd one. */
const statesOf = (state: Arrays, { read, returned }: UpdateArrays): readonly [WritableArrays, WritableArrays] => {
  const others = Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => !Object.hasOwn(returned[0], name))
      .map(([name, { length }]) => [name, arrayNamed(name, read) ?? new Float64Array(length)]),
  );
  return [
    { ...others, ...returned[0] },
    { ...others, ...returned[1] },
  ];
};

const write = (to: WritableArrays, from: Arrays): void => {
  for (const [name, numbers] of Object.entries(from)) {
    arrayNamed(name, to)?.set(numbers);
  }
};

/** An update in arrays of its own whose steps may fail: the state is then that of the step before. */
export interface ResidentUpdate extends UpdateArrays {
  readonly step: (to: Turn) => TaskEither<BackendError, void>;
}

/** An update that is carried out here and at once. */
export const atOnce = ({ step, ...arrays }: UpdateInPlace): ResidentUpdate => ({
  ...arrays,
  step: (to) =>
    TE.fromIOEither(
      IOE.tryCatch(() => {
        step(to);
      }, notUpdated),
    ),
});

/** What a resident is made of: how it runs and updates, and where its state is. */
interface Parts {
  readonly run: RunStep;
  readonly update: ResidentUpdate;
  readonly states: readonly [WritableArrays, WritableArrays];
}

const residentWith = (residency: CheckedResidency, made: Parts): Resident => {
  const { latticeSize, data, sums, scalars: names, observed } = residency;
  /** Null when it was released. */
  let parts: Parts | null = made;
  let turn: Turn = 0;
  write(made.states[turn], residency.state);
  const held = (): TaskEither<BackendError, Parts> => (parts === null ? TE.left(released) : TE.right(parts));
  return {
    // Without pipes: of a small step they take a part that can be seen.
    step:
      ({ samples, scalars }) =>
      async () => {
        if (parts === null) {
          return E.left(released);
        }
        const { run, update, states } = parts;
        const ended = await run({ parameters: states[turn], latticeSize, samples: samplesOf(samples, data) })();
        if (E.isLeft(ended)) {
          return ended;
        }
        const outputs = ended.right;
        for (const name of sums) {
          const [from, to] = [outputs[name], update.read[name]];
          if (from !== undefined && from !== to) {
            to?.set(from);
          }
        }
        for (const name of names) {
          update.read[name]?.fill(scalars[name] ?? NaN);
        }
        const next = otherTurn(turn);
        const updated = await update.step(next)();
        if (E.isLeft(updated)) {
          return updated;
        }
        turn = next;
        return E.right(Object.fromEntries(observed.map((name) => [name, outputs[name] ?? new Float64Array(0)])));
      },
    write: (given) =>
      pipe(
        held(),
        TE.map(({ states }) => {
          write(states[turn], given);
        }),
      ),
    read: async () =>
      pipe(
        held(),
        TE.map(({ states }) => copied(states[turn])),
      )(),
    release: () => {
      parts = null;
    },
  };
};

/**
 * A resident that computes with what `runFor` gives, whose outputs are good until the next step: the program is run on the samples,
 * then the update on the state, the sums and the scalars, in float64, and what it returns replaces the state. A run that puts sums
 * where the update reads them saves copies. Who has a faster way to update says so.
 */
export const residentBy =
  (
    runFor: (update: UpdateArrays) => RunStep,
    updateOn: (update: TypedProgram, latticeSize: number) => ResidentUpdate = (...of) => atOnce(updateInFloat64(...of)),
  ): MakeResident =>
  (residency) =>
    pipe(
      E.tryCatch((): Parts => {
        const update = updateOn(residency.update, residency.latticeSize);
        return { run: runFor(update), update, states: statesOf(residency.state, update) };
      }, notUpdated),
      E.map((made) => residentWith(residency, made)),
      TE.fromEither,
    );

/** The meaning of a step, and the resident of a backend that has no other. */
export const residentByRuns = (run: Executable['run']): MakeResident =>
  residentBy(
    () =>
      ({ samples, ...given }) =>
        run({ ...given, ...inArrays(samples) }),
  );
