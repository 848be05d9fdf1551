/** The check that every backend makes before it runs a program: are all arguments there, and of the right shape? */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { declarations, type TypedProgram } from '../program/typecheck.ts';
import { shapeOf, type ValueType } from '../program/value-type.ts';
import { backendError, type Arguments, type Arrays, type BackendError, type Samples } from './backend.ts';

/** Types by name. */
export type Declared = Readonly<Record<string, ValueType>>;

const positiveInteger =
  (noun: string, purpose: string) =>
  (count: number): Either<BackendError, number> =>
    Number.isSafeInteger(count) && count >= 1
      ? E.right(count)
      : E.left(backendError(`expected a ${noun} of 1 or more, got ${count}: pass ${purpose}`));

/** Whether a lattice size is one. */
export const checkLatticeSize = positiveInteger('lattice size', 'N of the N x N lattice');

/** Whether each declared array is there, with the right number of numbers; `samples` is the shape in front of each. */
export const checkEach = (
  kind: 'input' | 'parameter' | 'state',
  declared: Declared,
  given: Arrays,
  latticeSize: number,
  samples: readonly number[],
): Either<BackendError, unknown> =>
  pipe(
    Object.entries(declared),
    E.traverseArray(([name, type]) => {
      const shape = [...samples, ...shapeOf(latticeSize)(type)];
      const length = shape.reduce((product, extent) => product * extent, 1);
      const expected = `${kind} ${name} expects ${length} numbers, shape [${shape.join(', ')}]`;
      const numbers = given[name];
      if (numbers === undefined) {
        return E.left(backendError(`${expected}, got none: pass them under its name`));
      }
      return numbers.length === length
        ? E.right(numbers)
        : E.left(backendError(`${expected}, got ${numbers.length}: check its shape, the lattice size and the batch`));
    }),
  );

/** Whether samples hold all declared inputs, at least one of each. */
export const checkSamples =
  (inputs: Declared, latticeSize: number) =>
  (samples: Samples): Either<BackendError, Samples> =>
    pipe(
      positiveInteger('batch', 'the number of samples that the inputs hold')(samples.batch),
      E.chain(() => checkEach('input', inputs, samples.inputs, latticeSize, [samples.batch])),
      E.map(() => samples),
    );

/**
 * Arguments that a program can be executed on: all that the program asks for is there, in shape. What it does not ask
 * for is let through, so that one set of weights serves many programs.
 */
export const checkArguments = (program: TypedProgram): ((given: Arguments) => Either<BackendError, Arguments>) => {
  const declaredParameters = declarations('parameter')(program);
  const declaredInputs = declarations('input')(program);
  return (given) =>
    pipe(
      checkLatticeSize(given.latticeSize),
      E.chain(() => checkEach('parameter', declaredParameters, given.parameters, given.latticeSize, [])),
      E.chain(() => checkSamples(declaredInputs, given.latticeSize)(given)),
      E.map(() => given),
    );
};
