/**
 * Types of a program's values, or the first equation that has none.
 *
 * Every interpreter that needs types takes a `TypedProgram`, which only `typecheck` makes: what it computes is well
 * defined on every lattice, for every value of the weights.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { alike, entryFunctions, interpret, mapOperands, operandsOf, type Algebra } from './operation.ts';
import { foldEither, meaningOf, type Meaning, type Program, type ValueId } from './program.ts';
import {
  biasType,
  fieldType,
  kernelType,
  sameType,
  scalarType,
  showType,
  type FieldType,
  type ValueType,
} from './value-type.ts';

/** A program whose equations all have a type: what interpreters that need types, and backends, take. */
export interface TypedProgram extends Program {
  /** The type of each value, equation by equation. */
  readonly types: readonly ValueType[];
}

/** Why a program, or what it is run on, is refused. */
export interface ProgramError {
  readonly tag: 'ProgramError';
  /** What was expected, what was got, what to do. */
  readonly message: string;
}

/** The error with this message. */
export const programError = (message: string): ProgramError => ({ tag: 'ProgramError', message });

type Inference = Either<string, ValueType>;

const mismatch = (expected: string, ...got: readonly ValueType[]): Inference =>
  E.left(`expects ${expected}, got ${got.map(showType).join(' and ')}`);

const isCount = (n: number): boolean => Number.isInteger(n) && n >= 1;

const isOdd = (n: number): boolean => isCount(n) && n % 2 === 1;

const declared = (type: ValueType): Inference => {
  switch (type.tag) {
    case 'field':
      return isCount(type.components) && isCount(type.channels)
        ? E.right(type)
        : mismatch('at least one component and one channel', type);
    case 'kernel':
      return isCount(type.outputs) && isCount(type.inputs) && isOdd(type.size)
        ? E.right(type)
        : mismatch('at least one output and input, and an odd size', type);
    case 'bias':
      return isCount(type.channels) ? E.right(type) : mismatch('at least one channel', type);
    case 'scalar':
      return E.right(type);
  }
};

const sameTypes = ({ left, right }: { readonly left: ValueType; readonly right: ValueType }): Inference =>
  sameType(left, right) ? E.right(left) : mismatch('two values of one type', left, right);

const entrywise = ({ value }: { readonly value: ValueType }): Inference => E.right(value);

const sumOfChannels = (parts: readonly FieldType[]): number => parts.reduce((sum, part) => sum + part.channels, 0);

/** The type of one operation's result, given the types of its operands. */
const infer: Algebra<ValueType, Inference> = {
  input: ({ type }) => declared(type),
  parameter: ({ type }) => declared(type),
  constant: ({ value }) =>
    Number.isFinite(value) ? E.right(scalarType) : E.left(`expects a finite number, got ${value}`),
  correlate: ({ kernel, field }) =>
    kernel.tag === 'kernel' && field.tag === 'field' && kernel.inputs === field.channels
      ? E.right(fieldType(field.components, kernel.outputs))
      : mismatch('a kernel and a field with as many channels as the kernel has inputs', kernel, field),
  correlateTransposed: ({ kernel, field }) =>
    kernel.tag === 'kernel' && field.tag === 'field' && kernel.outputs === field.channels
      ? E.right(fieldType(field.components, kernel.inputs))
      : mismatch('a kernel and a field with as many channels as the kernel has outputs', kernel, field),
  kernelGradient: ({ size, field, cotangent }) =>
    isOdd(size) && field.tag === 'field' && cotangent.tag === 'field' && field.components === cotangent.components
      ? E.right(kernelType(cotangent.channels, field.channels, size))
      : mismatch(`an odd size and two fields of equal components, with size ${size}`, field, cotangent),
  ...alike(entryFunctions)(entrywise),
  add: sameTypes,
  multiply: sameTypes,
  scale: ({ factor, value }) =>
    factor.tag === 'scalar' ? E.right(value) : mismatch('a scalar and a value', factor, value),
  contract: ({ left, right }) =>
    left.tag === 'field' && sameType(left, right)
      ? E.right(fieldType(1, left.channels))
      : mismatch('two fields of one type', left, right),
  modulate: ({ amplitude, vector }) =>
    amplitude.tag === 'field' &&
    vector.tag === 'field' &&
    amplitude.components === 1 &&
    amplitude.channels === vector.channels
      ? E.right(vector)
      : mismatch('a field of one component and a field with as many channels', amplitude, vector),
  total: () => E.right(scalarType),
  fill: ({ type, scalar }) => (scalar.tag === 'scalar' ? declared(type) : mismatch('a scalar', scalar)),
  sumSites: ({ field }) => (field.tag === 'field' ? E.right(biasType(field.channels)) : mismatch('a field', field)),
  broadcast: ({ components, bias }) =>
    bias.tag === 'bias' ? declared(fieldType(components, bias.channels)) : mismatch('a bias', bias),
  concat: ({ parts }) => {
    const fields = parts.filter((part) => part.tag === 'field');
    const [first] = fields;
    return first !== undefined &&
      fields.length === parts.length &&
      fields.every(({ components }) => components === first.components)
      ? E.right(fieldType(first.components, sumOfChannels(fields)))
      : mismatch('one or more fields of equal components', ...parts);
  },
  slice: ({ from, to, field }) =>
    field.tag === 'field' && Number.isInteger(from) && 0 <= from && isCount(to - from) && to <= field.channels
      ? E.right(fieldType(field.components, to - from))
      : mismatch(`a field that has the channels ${from} to ${to - 1}`, field),
};

const inferEquation: Meaning<ValueType, Either<ProgramError, ValueType>> = (typeOf, equation, id) =>
  pipe(
    operandsOf(equation).every((operand) => Number.isInteger(operand) && 0 <= operand && operand < id)
      ? interpret(infer)(mapOperands(typeOf)(equation))
      : E.left(`refers to values ${operandsOf(equation).join(', ')}, not all of them bound before it`),
    E.mapLeft((problem) =>
      programError(`equation ${id}, ${equation.tag}: ${problem}; mend the expression that it was recorded from`),
    ),
  );

/** One name, one type: the arrays that a program is run on are found by name. */
const consistentNames = (program: Program): Either<ProgramError, Program> => {
  const declarations = program.equations.flatMap((equation) =>
    equation.tag === 'input' || equation.tag === 'parameter' ? [equation] : [],
  );
  const lasts = new Map(declarations.map((declaration) => [declaration.name, declaration]));
  const clash = declarations.find((declaration) => {
    const { tag, type } = lasts.get(declaration.name) ?? declaration;
    return tag !== declaration.tag || !sameType(type, declaration.type);
  });
  return clash === undefined
    ? E.right(program)
    : E.left(programError(`the name ${clash.name} stands for values of different types; give each its own name`));
};

const boundOutputs = (program: Program): Either<ProgramError, Program> => {
  const unbound = Object.entries(program.outputs).find(([, id]) => program.equations[id] === undefined);
  return unbound === undefined
    ? E.right(program)
    : E.left(programError(`output ${unbound[0]} is value ${unbound[1]}, which no equation binds`));
};

/**
 * Types every value of a program.
 *
 * @example
 * pipe(
 *   typecheck(record({ energy: total(inputField('spins', 3, 1)) })),
 *   E.map(({ types }) => types.map(showType)),
 * ) // right(['field(3, 1)', 'scalar'])
 */
export const typecheck = (program: Program): Either<ProgramError, TypedProgram> =>
  pipe(
    consistentNames(program),
    E.chain(boundOutputs),
    E.chain(foldEither(inferEquation)),
    E.map((types) => ({ ...program, types })),
  );

/** The value behind an output, and its type. */
export const outputNamed =
  (name: string) =>
  (program: TypedProgram): Either<ProgramError, { readonly id: ValueId; readonly type: ValueType }> => {
    const id = program.outputs[name];
    return id === undefined
      ? E.left(programError(`no output is called ${name}; the program has ${Object.keys(program.outputs).join(', ')}`))
      : E.right({ id, type: meaningOf(program.types)(id) });
  };

/** The declared inputs or parameters of a program, by name, in order of first use. */
export const declarations =
  (tag: 'input' | 'parameter') =>
  (program: Program): Readonly<Record<string, ValueType>> =>
    Object.fromEntries(
      program.equations.flatMap((equation) => (equation.tag === tag ? [[equation.name, equation.type] as const] : [])),
    );
