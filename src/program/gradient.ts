/**
 * Reverse-mode differentiation as a source transformation: Program -> Program.
 *
 * For a scalar output E the cotangent of a value v is dE/dv, an expression of v's type. The sweep goes through the
 * equations backwards; each operation hands its own cotangent on to its operands by one rule of the table below.
 * What comes out is a program like any other, so it can be differentiated again: forces are dE/dS_0, and a loss on
 * forces is trained with the gradient of a program that contains a gradient.
 *
 * That it is the transpose of the derivative, for every program, is proven in `proofs/coq/Gradient.v`.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { ReadonlyNonEmptyArray as NonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import { zip } from 'fp-ts/lib/ReadonlyArray.js';

import {
  add,
  broadcast,
  concat,
  constant,
  contract,
  correlate,
  correlateTransposed,
  expressionsOf,
  fill,
  fillField,
  kernelGradient,
  modulate,
  multiply,
  outputExpressions,
  reciprocal,
  record,
  scale,
  slice,
  sumSites,
  total,
  type Expression,
  type Field,
  type Scalar,
} from './expression.ts';
import { interpret, mapOperands, operandsOf, type ForOperands, type Operation, type Tag } from './operation.ts';
import { meaningOf, valueId, type ValueId } from './program.ts';
import { promisedField, promisedKernel } from './promised-type.ts';
import { outputNamed, programError, typecheck, type ProgramError, type TypedProgram } from './typecheck.ts';
import { sameType, scalarType, showType, type ValueType } from './value-type.ts';

/** A value of the program that is being differentiated: an expression of whatever kind its type says. */
interface Value extends Expression<never> {
  readonly type: ValueType;
}

/**
 * The rule of an operation: from its value y and its cotangent dE/dy what it adds to the cotangents of its operands, in
 * their order.
 */
type Pullbacks = {
  readonly [T in Tag]: (
    operation: Operation<Value, T>,
  ) => (y: Expression<never>, cotangent: Expression<never>) => ForOperands<T, Expression>;
};

const negative = scale(constant(-1));

const zeros = (type: ValueType): Expression => fill(type)(constant(0));

/** The sum of products of all entries. Vectors meet in `contract`, so that the result is seen to be O(3)-invariant. */
const innerProduct = (value: Value, other: Expression<never>): Scalar =>
  total(value.type.tag === 'field' ? contract(value, other) : multiply(value, other));

const sizeOf = ({ type }: Value): number => promisedKernel(type).size;

const channelsOf = ({ type }: Value): number => promisedField(type).channels;

const componentsOf = ({ type }: Value): number => promisedField(type).components;

/** A cotangent c of y pulled back to the operands. */
const pullback: Pullbacks = {
  input: () => () => [],
  parameter: () => () => [],
  constant: () => () => [],
  correlate:
    ({ kernel, field }) =>
    (_, c) => [kernelGradient(sizeOf(kernel), field, c), correlateTransposed(kernel)(c)],
  correlateTransposed:
    ({ kernel, field }) =>
    (_, c) => [kernelGradient(sizeOf(kernel), c, field), correlate(kernel)(c)],
  kernelGradient:
    ({ field, cotangent }) =>
    (_, c) => [correlateTransposed(c)(cotangent), correlate(c)(field)],
  add: () => (_, c) => [c, c],
  multiply:
    ({ left, right }) =>
    (_, c) => [multiply(c, right), multiply(c, left)],
  scale:
    ({ factor, value }) =>
    (_, c) => [innerProduct(value, c), scale(factor)(c)],
  tanh: () => (y, c) => [add(c, negative(multiply(c, multiply(y, y))))],
  reciprocal: () => (y, c) => [negative(multiply(c, multiply(y, y)))],
  sqrt: () => (y, c) => [scale(constant(0.5))(multiply(c, reciprocal(y)))],
  contract:
    ({ left, right }) =>
    (_, c) => [modulate(c)(right), modulate(c)(left)],
  modulate:
    ({ amplitude, vector }) =>
    (_, c) => [contract(c, vector), modulate(amplitude)(c)],
  total:
    ({ value }) =>
    (_, c) => [fill(value.type)(c)],
  fill: () => (_, c) => [total(c)],
  sumSites:
    ({ field }) =>
    (_, c) => [broadcast(componentsOf(field))(c)],
  broadcast: () => (_, c) => [sumSites(c)],
  concat:
    ({ parts }) =>
    (_, c) =>
      parts.map((part, index) => {
        const from = parts.slice(0, index).reduce((channels, before) => channels + channelsOf(before), 0);
        return slice(from, from + channelsOf(part))(c);
      }),
  slice:
    ({ from, to, field }) =>
    (_, c) => {
      const padding = (channels: number): readonly Field[] =>
        channels > 0 ? [fillField(componentsOf(field), channels)(constant(0))] : [];
      return [concat([...padding(from), c, ...padding(channelsOf(field) - to)])];
    },
};

/** The expression where any kind is wanted: `typecheck` tells the kind of what is recorded. */
const ofAnyKind = ({ operation }: Expression): Expression<never> => ({ operation });

/** The cotangents of all values on which the output depends: what comes from several uses of one value adds up. */
const sweep = (program: TypedProgram, output: ValueId): ReadonlyMap<ValueId, Expression<never>> => {
  const values = expressionsOf(program).map(({ operation }, index): Value => ({
    operation,
    type: meaningOf(program.types)(valueId(index)),
  }));
  const valueOf = meaningOf(values);
  const cotangents = new Map([[output, ofAnyKind(constant(1))]]);
  program.equations
    .map((equation, index) => ({ equation, id: valueId(index) }))
    .toReversed()
    .forEach(({ equation, id }) => {
      const cotangent = cotangents.get(id);
      const pulledBack =
        cotangent === undefined ? [] : interpret(pullback)(mapOperands(valueOf)(equation))(valueOf(id), cotangent);
      zip(operandsOf(equation), pulledBack).forEach(([to, contribution]) => {
        const before = cotangents.get(to);
        cotangents.set(to, before === undefined ? ofAnyKind(contribution) : add(before, ofAnyKind(contribution)));
      });
    });
  return cotangents;
};

/** The name under which `gradient` returns the derivative of an output with respect to a variable. */
export const gradientName = (output: string, variable: string): string => `d(${output})/d(${variable})`;

const scalarOutput =
  (name: string) =>
  (program: TypedProgram): Either<ProgramError, ValueId> =>
    pipe(
      program,
      outputNamed(name),
      E.filterOrElse(
        ({ type }) => sameType(type, scalarType),
        ({ type }) =>
          programError(`only a scalar has a gradient here, and ${name} is a ${showType(type)}; take its total first`),
      ),
      E.map(({ id }) => id),
    );

/** The values that a name stands for: one in a recorded program, but others may bind it again. */
const variablesNamed =
  (name: string) =>
  (program: TypedProgram): Either<ProgramError, NonEmptyArray<ValueId>> => {
    const [first, ...others] = program.equations.flatMap((equation, index) =>
      (equation.tag === 'input' || equation.tag === 'parameter') && equation.name === name ? [valueId(index)] : [],
    );
    return first === undefined
      ? E.left(programError(`there is no input or parameter called ${name} to differentiate by`))
      : E.right([first, ...others]);
  };

/** The sum of the cotangents of some values, or zeros where the output depends on none of them. */
const derivativeOf =
  (program: TypedProgram, cotangents: ReadonlyMap<ValueId, Expression<never>>) =>
  ([first, ...others]: NonEmptyArray<ValueId>): Expression => {
    const [cotangent, ...more] = [first, ...others].flatMap((id) => cotangents.get(id) ?? []);
    return cotangent === undefined
      ? zeros(meaningOf(program.types)(first))
      : more.reduce<Expression<never>>((sum, next) => add(sum, next), cotangent);
  };

/**
 * Adds to a program the derivatives of one scalar output with respect to inputs and parameters, each under
 * `gradientName(output, variable)` and in the shape of its variable.
 *
 * @example
 * pipe(
 *   typecheck(isingEfnn),
 *   E.chain(gradient('energy', ['spins'])),
 *   E.map(({ outputs }) => Object.keys(outputs)),
 * ) // right(['energy', 'd(energy)/d(spins)'])
 */
export const gradient =
  (output: string, variables: readonly string[]) =>
  (program: TypedProgram): Either<ProgramError, TypedProgram> =>
    pipe(
      E.Do,
      E.apS('id', scalarOutput(output)(program)),
      E.apS('bound', E.traverseArray((variable: string) => variablesNamed(variable)(program))(variables)),
      E.chain(({ id, bound }) => {
        const derivatives = bound.map(derivativeOf(program, sweep(program, id)));
        const named = variables.flatMap((variable, index) =>
          derivatives
            .slice(index, index + 1)
            .map((derivative) => [gradientName(output, variable), derivative] as const),
        );
        return typecheck(record({ ...outputExpressions(program), ...Object.fromEntries(named) }));
      }),
    );
