/**
 * A program: a flat list of equations in static single assignment. Equation i binds value i, once, from earlier values;
 * sharing (S_0 feeds every layer) is explicit. Programs are data: networks, gradients and losses are all of this form.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { interpret, mapOperands, type Algebra, type Operation } from './operation.ts';

/** The index of the equation that binds a value. */
export type ValueId = number & { readonly ValueId: unique symbol };

/** The value that the equation at this index binds, counted from 0. */
export const valueId = (index: number): ValueId => index as ValueId;

/** An operation on values that earlier equations bind. */
export type Equation = Operation<ValueId>;

/** Equations in their order, and which of their values are the results. */
export interface Program {
  readonly equations: readonly Equation[];
  /** The values that the program returns, by name. */
  readonly outputs: Readonly<Record<string, ValueId>>;
}

/** The entry of `meanings` for a value; a program whose equations refer forward was never recorded or typechecked. */
export const meaningOf =
  <V>(meanings: readonly V[]) =>
  (id: ValueId): V => {
    const meaning = meanings[id];
    if (meaning === undefined) {
      throw new RangeError(`value ${id} is used before it is bound: run typecheck on programs that were not recorded`);
    }
    return meaning;
  };

/**
 * Interprets a program: the meaning of every value under an algebra, in the order of the equations.
 * The operands of an equation are given by their meanings, so an algebra never sees an index.
 */
export const fold =
  <V>(algebra: Algebra<V, V>) =>
  (program: Program): readonly V[] =>
    program.equations.reduce<readonly V[]>(
      (meanings, equation) => [...meanings, interpret(algebra)(mapOperands(meaningOf(meanings))(equation))],
      [],
    );

/** As `fold`, where an equation may have no meaning: the first error, or the meanings of all values. */
export const foldEither =
  <E, V>(meaning: (known: readonly V[], equation: Equation) => Either<E, V>) =>
  (program: Program): Either<E, readonly V[]> =>
    program.equations.reduce<Either<E, readonly V[]>>(
      (meanings, equation) =>
        pipe(
          meanings,
          E.chain((known) =>
            pipe(
              meaning(known, equation),
              E.map((value) => [...known, value]),
            ),
          ),
        ),
      E.right([]),
    );

/** The meanings of the outputs alone, by name. */
export const outputsOf =
  (program: Program) =>
  <V>(meanings: readonly V[]): Readonly<Record<string, V>> =>
    Object.fromEntries(Object.entries(program.outputs).map(([name, id]) => [name, meaningOf(meanings)(id)]));
