/**
 * Reverse-mode differentiation as a source transformation: Program -> Program.
 *
 * For a scalar output E the cotangent of a value v is dE/dv, an expression of v's type. The sweep goes through the
 * equations backwards; each operation hands its own cotangent on to its operands by one rule of the table below.
 * What comes out is a program like any other, so it can be differentiated again: forces are dE/dS_0, and a loss on
 * forces is trained with the gradient of a program that contains a gradient.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { expressionsOf, outputExpressions, record, type Expression } from './expression.ts';
import { interpret, mapOperands, type Algebra, type Operation } from './operation.ts';
import { meaningOf, valueId, type ValueId } from './program.ts';
import { promisedField, promisedKernel } from './promised-type.ts';
import { outputNamed, programError, typecheck, type ProgramError, type TypedProgram } from './typecheck.ts';
import { fieldType, sameType, scalarType, showType, type ValueType } from './value-type.ts';

/** A value of the program that is being differentiated. */
interface Value {
  readonly id: ValueId;
  readonly expression: Expression;
  readonly type: ValueType;
}

/** What one operation adds to the cotangent of one of its operands. */
interface Contribution {
  readonly to: Value;
  readonly cotangent: Expression;
}

/** A rule's result: given the operation's value y and its cotangent dE/dy, the contributions to its operands. */
type Pullback = (y: Expression, cotangent: Expression) => readonly Contribution[];

const node = (operation: Operation<Expression>): Expression => ({ operation });

const constant = (value: number): Expression => node({ tag: 'constant', value });

const product = (left: Expression, right: Expression): Expression => node({ tag: 'multiply', left, right });

const scaled = (factor: Expression, value: Expression): Expression => node({ tag: 'scale', factor, value });

const sum = (left: Expression, right: Expression): Expression => node({ tag: 'add', left, right });

const zeros = (type: ValueType): Expression => node({ tag: 'fill', type, scalar: constant(0) });

/** The sum of products of all entries. Vectors meet in `contract`, so that the result is seen to be O(3)-invariant. */
const innerProduct = (type: ValueType, left: Expression, right: Expression): Expression =>
  node({ tag: 'total', value: type.tag === 'field' ? node({ tag: 'contract', left, right }) : product(left, right) });

const noContributions: Pullback = () => [];

/** One rule for each operation: the pullback of its cotangent to its operands. */
const pullback: Algebra<Value, Pullback> = {
  input: () => noContributions,
  parameter: () => noContributions,
  constant: () => noContributions,
  correlate:
    ({ kernel, field }) =>
    (_, cotangent) => [
      {
        to: kernel,
        cotangent: node({
          tag: 'kernelGradient',
          size: promisedKernel(kernel.type).size,
          field: field.expression,
          cotangent,
        }),
      },
      { to: field, cotangent: node({ tag: 'correlateTransposed', kernel: kernel.expression, field: cotangent }) },
    ],
  correlateTransposed:
    ({ kernel, field }) =>
    (_, cotangent) => [
      {
        to: kernel,
        cotangent: node({
          tag: 'kernelGradient',
          size: promisedKernel(kernel.type).size,
          field: cotangent,
          cotangent: field.expression,
        }),
      },
      { to: field, cotangent: node({ tag: 'correlate', kernel: kernel.expression, field: cotangent }) },
    ],
  kernelGradient:
    ({ field, cotangent: fieldCotangent }) =>
    (_, kernel) => [
      { to: field, cotangent: node({ tag: 'correlateTransposed', kernel, field: fieldCotangent.expression }) },
      { to: fieldCotangent, cotangent: node({ tag: 'correlate', kernel, field: field.expression }) },
    ],
  add:
    ({ left, right }) =>
    (_, cotangent) => [
      { to: left, cotangent },
      { to: right, cotangent },
    ],
  multiply:
    ({ left, right }) =>
    (_, cotangent) => [
      { to: left, cotangent: product(cotangent, right.expression) },
      { to: right, cotangent: product(cotangent, left.expression) },
    ],
  scale:
    ({ factor, value }) =>
    (_, cotangent) => [
      { to: factor, cotangent: innerProduct(value.type, value.expression, cotangent) },
      { to: value, cotangent: scaled(factor.expression, cotangent) },
    ],
  tanh:
    ({ value }) =>
    (y, cotangent) => [
      { to: value, cotangent: sum(cotangent, scaled(constant(-1), product(cotangent, product(y, y)))) },
    ],
  reciprocal:
    ({ value }) =>
    (y, cotangent) => [{ to: value, cotangent: scaled(constant(-1), product(cotangent, product(y, y))) }],
  contract:
    ({ left, right }) =>
    (_, cotangent) => [
      { to: left, cotangent: node({ tag: 'modulate', amplitude: cotangent, vector: right.expression }) },
      { to: right, cotangent: node({ tag: 'modulate', amplitude: cotangent, vector: left.expression }) },
    ],
  modulate:
    ({ amplitude, vector }) =>
    (_, cotangent) => [
      { to: amplitude, cotangent: node({ tag: 'contract', left: cotangent, right: vector.expression }) },
      { to: vector, cotangent: node({ tag: 'modulate', amplitude: amplitude.expression, vector: cotangent }) },
    ],
  total:
    ({ value }) =>
    (_, cotangent) => [{ to: value, cotangent: node({ tag: 'fill', type: value.type, scalar: cotangent }) }],
  fill:
    ({ scalar }) =>
    (_, cotangent) => [{ to: scalar, cotangent: node({ tag: 'total', value: cotangent }) }],
  sumSites:
    ({ field }) =>
    (_, cotangent) => [
      {
        to: field,
        cotangent: node({ tag: 'broadcast', components: promisedField(field.type).components, bias: cotangent }),
      },
    ],
  broadcast:
    ({ bias }) =>
    (_, cotangent) => [{ to: bias, cotangent: node({ tag: 'sumSites', field: cotangent }) }],
  concat:
    ({ parts }) =>
    (_, cotangent) =>
      parts.map((part, index) => {
        const from = parts
          .slice(0, index)
          .reduce((channels, before) => channels + promisedField(before.type).channels, 0);
        return {
          to: part,
          cotangent: node({ tag: 'slice', from, to: from + promisedField(part.type).channels, field: cotangent }),
        };
      }),
  slice:
    ({ from, to, field }) =>
    (_, cotangent) => {
      const padding = (channels: number): readonly Expression[] =>
        channels > 0 ? [zeros(fieldType(promisedField(field.type).components, channels))] : [];
      return [
        {
          to: field,
          cotangent: node({
            tag: 'concat',
            parts: [...padding(from), cotangent, ...padding(promisedField(field.type).channels - to)],
          }),
        },
      ];
    },
};

/** Cotangents found so far: contributions to one value add up. */
const accumulate = (
  cotangents: ReadonlyMap<ValueId, Expression>,
  { to, cotangent }: Contribution,
): ReadonlyMap<ValueId, Expression> => {
  const before = cotangents.get(to.id);
  return new Map([...cotangents, [to.id, before === undefined ? cotangent : sum(before, cotangent)]]);
};

const sweep = (program: TypedProgram, output: ValueId): ReadonlyMap<ValueId, Expression> => {
  const expressions = expressionsOf(program);
  const value = (id: ValueId): Value => ({
    id,
    expression: meaningOf(expressions)(id),
    type: meaningOf(program.types)(id),
  });
  return program.equations.reduceRight<ReadonlyMap<ValueId, Expression>>(
    (cotangents, equation, index) => {
      const id = valueId(index);
      const cotangent = cotangents.get(id);
      return cotangent === undefined
        ? cotangents
        : interpret(pullback)(mapOperands(value)(equation))(value(id).expression, cotangent).reduce(
            accumulate,
            cotangents,
          );
    },
    new Map([[output, constant(1)]]),
  );
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

const variableNamed =
  (name: string) =>
  (program: TypedProgram): Either<ProgramError, ValueId> => {
    const index = program.equations.findIndex(
      (equation) => (equation.tag === 'input' || equation.tag === 'parameter') && equation.name === name,
    );
    return index < 0
      ? E.left(programError(`there is no input or parameter called ${name} to differentiate by`))
      : E.right(valueId(index));
  };

/**
 * Adds to a program the derivatives of one scalar output with respect to inputs and parameters, each under
 * `gradientName(output, variable)` and in the shape of its variable.
 *
 * @example
 * pipe(energyProgram, gradient('energy', ['spins'])) // forces dE/ds in the output d(energy)/d(spins)
 */
export const gradient =
  (output: string, variables: readonly string[]) =>
  (program: TypedProgram): Either<ProgramError, TypedProgram> =>
    pipe(
      E.Do,
      E.apS('id', scalarOutput(output)(program)),
      E.apS('ids', E.traverseArray((variable: string) => variableNamed(variable)(program))(variables)),
      E.chain(({ id, ids }) => {
        const cotangents = sweep(program, id);
        const derivatives = ids.map(
          (variable) => cotangents.get(variable) ?? zeros(meaningOf(program.types)(variable)),
        );
        const named = variables.flatMap((variable, index) =>
          derivatives
            .slice(index, index + 1)
            .map((derivative) => [gradientName(output, variable), derivative] as const),
        );
        return typecheck(record({ ...outputExpressions(program), ...Object.fromEntries(named) }));
      }),
    );
