/** Outputs of a program as expressions, so that a larger program can be written around it: losses around networks. */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { expressionsOf, type Expression } from './expression.ts';
import { meaningOf } from './program.ts';
import { outputNamed, programError, type ProgramError, type TypedProgram } from './typecheck.ts';
import { showType, type ValueType } from './value-type.ts';

const embedded =
  <K extends ValueType['tag']>(tag: K) =>
  (name: string) =>
  (program: TypedProgram): Either<ProgramError, Expression<K>> =>
    pipe(
      program,
      outputNamed(name),
      E.filterOrElse(
        ({ type }) => type.tag === tag,
        ({ type }) => programError(`output ${name} should be a ${tag}, and is a ${showType(type)}`),
      ),
      E.map(({ id }) => ({ operation: meaningOf(expressionsOf(program))(id).operation })),
    );

/**
 * A scalar output as an expression.
 *
 * @example
 * pipe(
 *   typecheck(record({ energy: constant(3) })),
 *   E.chain(scalarOutput('energy')),
 *   E.map((energy) => record({ squared: multiply(energy, energy) }).equations.length),
 * ) // right(2)
 */
export const scalarOutput = embedded('scalar');

/** A field output as an expression. */
export const fieldOutput = embedded('field');
