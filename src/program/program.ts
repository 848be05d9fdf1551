/**
 * A program: a flat list of equations in static single assignment. Equation i binds value i, once, from earlier values;
 * sharing (S_0 feeds every layer) is explicit. Programs are data: networks, gradients and losses are all of this form.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { groupBy } from 'fp-ts/lib/NonEmptyArray.js';

import { interpret, mapOperands, operandsOf, type Algebra, type Operation } from './operation.ts';

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

const bound = <V>(id: ValueId, meaning: V | undefined): V => {
  if (meaning === undefined) {
    throw new RangeError(`value ${id} is used before it is bound: run typecheck on programs that were not recorded`);
  }
  return meaning;
};

/** The entry of `meanings` for a value; a program whose equations refer forward was never recorded or typechecked. */
export const meaningOf =
  <V>(meanings: readonly V[]) =>
  (id: ValueId): V =>
    bound(id, meanings[id]);

/** The meaning of the value that an equation binds, from those of the values before it. */
export type Meaning<V, M = V> = (known: (id: ValueId) => V, equation: Equation, id: ValueId) => M;

/** The meanings of all values in the order of their equations, or the first error: one pass, as long as the program. */
export const foldEither =
  <E, V>(meaning: Meaning<V, Either<E, V>>) =>
  ({ equations }: Program): Either<E, readonly V[]> => {
    const meanings = new Map<ValueId, V>();
    const known = (id: ValueId): V => bound(id, meanings.get(id));
    return pipe(
      equations,
      E.traverseArrayWithIndex((index, equation) => {
        const found = meaning(known, equation, valueId(index));
        if (E.isRight(found)) {
          meanings.set(valueId(index), found.right);
        }
        return found;
      }),
    );
  };

/** As `foldEither`, where every equation has a meaning. */
export const foldEquations =
  <V>(meaning: Meaning<V>) =>
  (program: Program): readonly V[] =>
    pipe(
      program,
      foldEither<never, V>((known, equation, id) => E.right(meaning(known, equation, id))),
      E.getOrElse((impossible: never): readonly V[] => impossible),
    );

/**
 * Interprets a program: the meaning of every value under an algebra, in the order of the equations.
 * The operands of an equation are given by their meanings, so an algebra never sees an index.
 */
export const fold = <V>(algebra: Algebra<V, V>): ((program: Program) => readonly V[]) =>
  foldEquations((known, equation) => interpret(algebra)(mapOperands(known)(equation)));

/** The readers of each value, in the order of their equations; one that reads a value twice is there twice. */
export const readersOf = ({ equations }: Program): readonly (readonly ValueId[])[] => {
  const reads = equations.flatMap((equation, index) =>
    operandsOf(equation).map((operand) => ({ operand, reader: valueId(index) })),
  );
  const byOperand = groupBy<(typeof reads)[number]>(({ operand }) => String(operand))(reads);
  return equations.map((_, index) => (byOperand[index] ?? []).map(({ reader }) => reader));
};

/** The meanings of the outputs alone, by name. */
export const outputsOf =
  (program: Program) =>
  <V>(meanings: readonly V[]): Readonly<Record<string, V>> =>
    Object.fromEntries(Object.entries(program.outputs).map(([name, id]) => [name, meaningOf(meanings)(id)]));
