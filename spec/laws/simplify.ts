/** Laws of simplification: values stay, programs shrink, redundancy goes. */
import fc from 'fast-check';
import type { Either } from 'fp-ts/lib/Either.js';

import { float64 } from '../../src/number/float64.ts';
import type { NumberField } from '../../src/number/number-field.ts';
import { rational } from '../../src/number/rational.ts';
import { multiplyAdds, onLattice } from '../../src/program/counts.ts';
import { evaluate, type Values } from '../../src/program/evaluate.ts';
import {
  add,
  concat,
  constant,
  fill,
  fillField,
  modulate,
  multiply,
  outputExpressions,
  record,
  scale,
  slice,
  total,
  type Expression,
  type Field,
  type Scalar,
} from '../../src/program/expression.ts';
import { gradient } from '../../src/program/gradient.ts';
import type { ProgramError, TypedProgram } from '../../src/program/typecheck.ts';
import { scalarType, type ValueType } from '../../src/program/value-type.ts';
import {
  outputTypes,
  programCases,
  exact,
  rationalFunctions,
  sampleOf,
  smooth,
  typed,
  type ProgramCase,
} from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';
import { lossOf, variablesOf } from './gradient.ts';

export type Simplify = (program: TypedProgram) => Either<ProgramError, TypedProgram>;

/**
 * Ways to write a scalar, or a field, that leave room for simplification; numbers that float64 rounds are among them.
 */
const scalarDresses: readonly ((x: Scalar) => Scalar)[] = [
  scale(constant(1)),
  (x) => scale(constant(-1))(scale(constant(-1))(x)),
  (x) => scale(constant(-1))(scale(constant(0.1))(x)),
  (x) => scale(constant(0.1))(scale(constant(0.3))(x)),
  (x) => add(x, constant(0)),
  (x) => add(add(constant(0.1), constant(0.2)), x),
  (x) => multiply(multiply(constant(0.1), constant(0.7)), x),
  (x) => multiply(scale(constant(0.5))(constant(0.25)), x),
  (x) => multiply(constant(1), x),
  (x) => scale(constant(0))(x),
  total,
  (x) => total(fill(scalarType)(x)),
  (x) => add(multiply(x, constant(3)), multiply(constant(3), x)),
];

const fieldDresses: readonly ((x: Field, components: number, channels: number) => Field)[] = [
  scale(constant(1)),
  (x) => scale(constant(-1))(scale(constant(0.3))(x)),
  (x) => concat([x]),
  (x, _, channels) => slice(0, channels)(x),
  (x, _, channels) => slice(channels, 2 * channels)(concat([multiply(x, x), x])),
  (x, _, channels) => slice(channels - 1, 2 * channels - 1)(concat([x, add(x, x)])),
  (x, components, channels) =>
    slice(
      channels,
      2 * channels,
    )(slice(1, 2 * channels + 1)(concat([slice(0, 1)(x), x, fillField(components, channels)(constant(3))]))),
  (x, components, channels) => multiply(x, fillField(components, channels)(constant(1))),
  (x, components, channels) => multiply(fillField(components, channels)(constant(0.1)), x),
  (x, _, channels) => modulate(fillField(1, channels)(constant(0.1)))(x),
  (x, components, channels) => add(x, fillField(components, channels)(constant(0))),
  (x, components, channels) => add(fillField(components, channels)(constant(2)), x),
  (x, components, channels) => add(slice(1, channels + 1)(fillField(components, channels + 2)(constant(2))), x),
];

const dressed = (type: ValueType, choice: number, x: Expression): Expression => {
  if (type.tag === 'scalar') {
    return (scalarDresses[choice % scalarDresses.length] ?? total)({ operation: x.operation });
  }
  return type.tag === 'field'
    ? (fieldDresses[choice % fieldDresses.length] ?? scale(constant(1)))(
        { operation: x.operation },
        type.components,
        type.channels,
      )
    : scale(constant(1))(x);
};

/** A program, and the ways to write its outputs that leave room for simplification. */
export interface Dressed extends ProgramCase {
  readonly dresses: readonly number[];
}

/** The program with its outputs dressed, one dress over the other, and some outputs left as they are. */
export const dressedProgram = ({ program, dresses }: Dressed): TypedProgram => {
  const types = outputTypes(program);
  const outputs = Object.entries(outputExpressions(program));
  return typed(
    record(
      Object.fromEntries(
        outputs.map(([name, x], index) => [
          name,
          dresses.slice(index % 2).reduce((y, choice) => dressed(types[name] ?? scalarType, choice + index, y), x),
        ]),
      ),
    ),
  );
};

/** Programs with up to four ways to write their outputs. */
export const dressedCases = (programs: fc.Arbitrary<ProgramCase>): fc.Arbitrary<Dressed> =>
  fc
    .tuple(programs, fc.array(fc.nat(99), { minLength: 0, maxLength: 4 }))
    .map(([example, dresses]) => ({ ...example, dresses }));

const valuesOf = <A>(field: NumberField<A>, program: TypedProgram, example: ProgramCase): readonly A[] => {
  const lifted = (values: Values<number>): Values<A> =>
    Object.fromEntries(Object.entries(values).map(([name, xs]) => [name, xs.map(field.fromNumber)]));
  const outputs = right(
    evaluate(field)(example.latticeSize)(lifted(example.parameters), lifted(sampleOf(example, 0)))(program),
  );
  return Object.entries(outputs).flatMap(([, entries]) => entries);
};

const keepsValues =
  <A>(field: NumberField<A>) =>
  (simplify: Simplify, program: TypedProgram, example: ProgramCase): boolean => {
    const simplified = right(simplify(program));
    const [before, after] = [valuesOf(field, program, example), valuesOf(field, simplified, example)];
    return (
      Object.keys(simplified.outputs).join() === Object.keys(program.outputs).join() &&
      before.length === after.length &&
      before.every((x, index) => {
        const y = after[index];
        return y !== undefined && field.equals(x, y);
      })
    );
  };

const small = { latticeSizes: [1, 2, 3], batches: [1] };

export const simplifyKeepsRationals: Law<Simplify, Dressed> = {
  statement: 'simplify changes no value: exactly, in rationals',
  cases: dressedCases(programCases({ ...exact, ...small, functions: rationalFunctions, bound: 2 ** 20 })),
  holds: (simplify) => (example) => keepsValues(rational)(simplify, dressedProgram(example), example),
};

export const simplifyKeepsFloats: Law<Simplify, Dressed> = {
  statement: 'simplify changes no value: to the last bit, in float64 with its roundings',
  cases: dressedCases(programCases({ ...smooth, ...small })),
  holds: (simplify) => (example) => keepsValues(float64)(simplify, dressedProgram(example), example),
};

/** The program of a loss and its gradient: what training compiles. */
export const differentiated = (program: TypedProgram): TypedProgram => {
  const loss = lossOf(program);
  return right(gradient('loss', variablesOf(loss))(loss));
};

export const simplifyKeepsGradients: Law<Simplify, ProgramCase> = {
  statement: 'simplify changes no gradient, to the last bit in float64',
  cases: programCases({ ...smooth, ...small }),
  holds: (simplify) => (example) => keepsValues(float64)(simplify, differentiated(example.program), example),
};

export const simplifyIsIdempotent: Law<Simplify, Dressed> = {
  statement: 'a simplified program is as simple as it gets, and never larger or costlier than before',
  cases: dressedCases(programCases({ ...smooth, ...small })),
  holds: (simplify) => (example) => {
    const program = dressedProgram(example);
    const once = right(simplify(program));
    const twice = right(simplify(once));
    const cost = ({ latticeSize }: ProgramCase, p: TypedProgram): number => onLattice(latticeSize)(multiplyAdds(p));
    return (
      JSON.stringify(once) === JSON.stringify(twice) &&
      once.equations.length <= program.equations.length &&
      cost(example, once) <= cost(example, program)
    );
  },
};

export const simplifiedIsFilled: Law<Simplify, Dressed> = {
  statement: 'every field of an equation of a simplified program says something, so that JSON keeps the program whole',
  cases: dressedCases(programCases({ ...smooth, ...small })),
  holds: (simplify) => (example) =>
    right(simplify(dressedProgram(example))).equations.every((equation) =>
      Object.values(equation).every((field) => field !== undefined),
    ),
};
