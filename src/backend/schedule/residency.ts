/** The checks that every backend makes before it makes a program resident, and before each of its steps. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { outputsOf } from '../../program/program.ts';
import { declarations, typecheck, type TypedProgram } from '../../program/typecheck.ts';
import { lengthOf, sameType, showType, type ValueType } from '../../program/value-type.ts';
import { checkEach, checkLatticeSize, checkSamples } from '../arguments.ts';
import { backendError, type Arrays, type BackendError, type Residency, type Samples, type Step } from '../backend.ts';
import { isSummed } from './batch-sum.ts';
import { firstOutside } from './places.kernel.ts';

/** A residency whose names and shapes fit, and whose update has types. */
export interface CheckedResidency extends Residency {
  readonly update: TypedProgram;
  /** The outputs of the executable that the update reads, each summed over the batch. */
  readonly sums: readonly string[];
  /** The scalars that come with each step. */
  readonly scalars: readonly string[];
}

type Named<A> = readonly (readonly [name: string, value: A])[];

const typesOf = (types: Readonly<Record<string, ValueType>>): Named<ValueType> => Object.entries(types);

/** The first objection, if there is any, as an error. */
const unless = (objections: readonly string[]): Either<BackendError, void> =>
  objections[0] === undefined ? E.right(undefined) : E.left(backendError(objections[0]));

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

const objectionsToObserved = (observed: readonly string[], outputs: readonly string[]): readonly string[] =>
  observed
    .filter((name) => !outputs.includes(name))
    .map((name) => `expected an output to observe among ${listed(outputs)}, got ${name}: name one of these`);

const objectionsToInputs = (update: TypedProgram): readonly string[] =>
  Object.keys(declarations('input')(update)).map(
    (name) => `expected an update without inputs, got input ${name}: make it a parameter`,
  );

/** The update reads sums over the batch in the type that the executable gives them. */
const objectionsToSums = (sums: Named<ValueType>, outputs: Readonly<Record<string, ValueType>>): readonly string[] =>
  sums.flatMap(([name, type]) => {
    const output = outputs[name];
    return output === undefined || (isSummed(output) && sameType(output, type))
      ? []
      : `expected the update to read a kernel or bias, summed over the batch, got parameter ${name}, ` +
          `${showType(type)}, for an output that is ${showType(output)}: declare it so, or sum it over the batch`;
  });

const objectionsToScalars = (scalars: Named<ValueType>): readonly string[] =>
  scalars
    .filter(([, { tag }]) => tag !== 'scalar')
    .map(
      ([name, type]) =>
        `expected parameter ${name} of the update in the state or among the outputs, got ${showType(type)} in ` +
        'neither: upload it with the state, or make it a scalar of the step',
    );

/** What the update returns replaces arrays of the state, each by as many numbers. */
const objectionsToOutputs = (update: TypedProgram, { state, latticeSize }: Residency): readonly string[] =>
  typesOf(outputsOf(update)(update.types)).flatMap(([name, type]) => {
    const [expected, got] = [lengthOf(latticeSize)(type), state[name]?.length];
    return expected === got
      ? []
      : `expected output ${name} of the update, ${expected} numbers, to replace an array of the state, got ` +
          `${got === undefined ? 'none of that name' : `one of ${got}`}: name it after the array that it replaces`;
  });

/** A residency whose executable's side is right, together with its update. */
const checkUpdate = (
  program: TypedProgram,
  residency: Residency,
  update: TypedProgram,
): Either<BackendError, CheckedResidency> => {
  const { state, latticeSize } = residency;
  const outputs = outputsOf(program)(program.types);
  const read = typesOf(declarations('parameter')(update));
  const states = read.filter(([name]) => Object.hasOwn(state, name));
  const sums = read.filter(([name]) => !Object.hasOwn(state, name) && Object.hasOwn(outputs, name));
  const scalars = read.filter(([name]) => !Object.hasOwn(state, name) && !Object.hasOwn(outputs, name));
  return pipe(
    checkEach('state', Object.fromEntries(states), state, latticeSize, []),
    E.chain(() =>
      unless([
        ...objectionsToInputs(update),
        ...objectionsToSums(sums, outputs),
        ...objectionsToScalars(scalars),
        ...objectionsToOutputs(update, residency),
      ]),
    ),
    E.map(() => ({
      ...residency,
      update,
      sums: sums.map(([name]) => name),
      scalars: scalars.map(([name]) => name),
    })),
  );
};

/** Checks a residency of a program: names, lengths, and the types of its update. */
export const checkResidency =
  (program: TypedProgram) =>
  (residency: Residency): Either<BackendError, CheckedResidency> => {
    const { state, latticeSize, data, observed } = residency;
    return pipe(
      checkLatticeSize(latticeSize),
      E.chain(() => checkEach('state', declarations('parameter')(program), state, latticeSize, [])),
      E.chain(() => (data === null ? E.right(data) : checkSamples(declarations('input')(program), latticeSize)(data))),
      E.chain(() => unless(objectionsToObserved(observed, Object.keys(program.outputs)))),
      E.chain(() =>
        pipe(
          typecheck(residency.update),
          E.mapLeft(({ message }) => backendError(message)),
        ),
      ),
      E.chain((update) => checkUpdate(program, residency, update)),
    );
  };

const objectionsToPlaces = (places: readonly number[], data: Samples | null): readonly string[] => {
  if (data === null) {
    return ['expected samples with the step, got places: make them resident as data, or pass their inputs'];
  }
  if (places.length === 0) {
    return ['expected one place or more, got none: name samples of the resident data'];
  }
  const wrong = firstOutside(places, data.batch);
  return wrong === undefined
    ? []
    : [`expected places from 0 to ${data.batch - 1}, got ${wrong}: name samples of the data`];
};

/** Checks a step of a residency: its samples, and the scalars that the update reads. */
export const checkStep =
  (program: TypedProgram, { latticeSize, data, scalars }: CheckedResidency) =>
  (step: Step): Either<BackendError, Step> =>
    pipe(
      E.right(step.samples),
      E.chain((samples): Either<BackendError, unknown> =>
        'places' in samples
          ? unless(objectionsToPlaces(samples.places, data))
          : checkSamples(declarations('input')(program), latticeSize)(samples),
      ),
      E.chain(() =>
        unless(
          scalars
            .filter((name) => step.scalars[name] === undefined)
            .map((name) => `expected scalar ${name} with the step, got none: the update reads it`),
        ),
      ),
      E.map(() => step),
    );

/** Checks arrays that are to replace arrays of the state. */
export const checkState =
  ({ state }: Residency) =>
  (written: Arrays): Either<BackendError, Arrays> =>
    pipe(
      unless(
        Object.entries(written).flatMap(([name, { length }]) => {
          const expected = state[name]?.length;
          if (expected === undefined) {
            return `expected one of ${listed(Object.keys(state))}, got ${name}: write arrays of the state`;
          }
          return expected === length ? [] : `state ${name} expects ${expected} numbers, got ${length}: check its shape`;
        }),
      ),
      E.map(() => written),
    );
