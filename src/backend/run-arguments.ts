/** The check that every backend makes before it runs a program: are all arguments there, and of the right shape? */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { declarations, type TypedProgram } from '../program/typecheck.ts';
import { lengthOf, shapeOf, type ValueType } from '../program/value-type.ts';
import { backendError, type Arrays, type BackendError, type Run } from './backend.ts';

const positiveInteger =
  (noun: string, purpose: string) =>
  (count: number): Either<BackendError, number> =>
    Number.isInteger(count) && count >= 1
      ? E.right(count)
      : E.left(backendError(`expected a ${noun} of 1 or more, came ${count}: pass ${purpose}`));

const argument =
  (kind: 'input' | 'parameter', latticeSize: number, samples: readonly number[], given: Arrays) =>
  (name: string, type: ValueType): Either<BackendError, unknown> => {
    const shape = [...samples, ...shapeOf(latticeSize)(type)];
    const length = samples.reduce((product, n) => product * n, lengthOf(latticeSize)(type));
    const expected = `${kind} ${name} expects ${length} numbers, shape [${shape.join(', ')}]`;
    const numbers = given[name];
    if (numbers === undefined) {
      return E.left(backendError(`${expected}, came none: pass them under its name`));
    }
    return numbers.length === length
      ? E.right(numbers)
      : E.left(backendError(`${expected}, came ${numbers.length}: check its shape, the lattice size and the batch`));
  };

/**
 * A run that a program can be executed on: all that the program asks for is there, in shape. What it does not ask for
 * is let through, so that one set of weights serves many programs.
 */
export const checkArguments =
  (program: TypedProgram) =>
  (run: Run): Either<BackendError, Run> => {
    const { latticeSize, batch, parameters, inputs } = run;
    const parameter = argument('parameter', latticeSize, [], parameters);
    const input = argument('input', latticeSize, [batch], inputs);
    return pipe(
      positiveInteger('lattice size', 'N of the N x N lattice')(latticeSize),
      E.chain(() => positiveInteger('batch', 'the number of samples that the inputs hold')(batch)),
      E.chain(() => E.traverseArray(([name, type]: readonly [string, ValueType]) => parameter(name, type))(Object.entries(declarations('parameter')(program)))),
      E.chain(() => E.traverseArray(([name, type]: readonly [string, ValueType]) => input(name, type))(Object.entries(declarations('input')(program)))),
      E.map(() => run),
    );
  };
