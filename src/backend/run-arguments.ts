/** The check that every backend makes before it runs a program: are all arguments there, and of the right shape? */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { declarations, type TypedProgram } from '../program/typecheck.ts';
import { shapeOf, type ValueType } from '../program/value-type.ts';
import { backendError, type Arrays, type BackendError, type Run } from './backend.ts';

const positiveInteger =
  (noun: string, purpose: string) =>
  (count: number): Either<BackendError, number> =>
    Number.isInteger(count) && count >= 1
      ? E.right(count)
      : E.left(backendError(`expected a ${noun} of 1 or more, came ${count}: pass ${purpose}`));

/** Whether each declared argument is there, with the right number of numbers. */
const checkEach = (
  kind: 'input' | 'parameter',
  declared: Readonly<Record<string, ValueType>>,
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
        return E.left(backendError(`${expected}, came none: pass them under its name`));
      }
      return numbers.length === length
        ? E.right(numbers)
        : E.left(backendError(`${expected}, came ${numbers.length}: check its shape, the lattice size and the batch`));
    }),
  );

/**
 * A run that a program can be executed on: all that the program asks for is there, in shape. What it does not ask for
 * is let through, so that one set of weights serves many programs.
 */
export const checkArguments = (program: TypedProgram): ((run: Run) => Either<BackendError, Run>) => {
  const declaredParameters = declarations('parameter')(program);
  const declaredInputs = declarations('input')(program);
  return (run) => {
    const { latticeSize, batch, parameters, inputs } = run;
    return pipe(
      positiveInteger('lattice size', 'N of the N x N lattice')(latticeSize),
      E.chain(() => positiveInteger('batch', 'the number of samples that the inputs hold')(batch)),
      E.chain(() => checkEach('parameter', declaredParameters, parameters, latticeSize, [])),
      E.chain(() => checkEach('input', declaredInputs, inputs, latticeSize, [batch])),
      E.map(() => run),
    );
  };
};
