/** Laws of differentiation: against dual numbers exactly, linearity, symmetry of second derivatives. */
import fc from 'fast-check';
import type { Either } from 'fp-ts/lib/Either.js';

import { dual } from '../../src/number/dual.ts';
import { float64 } from '../../src/number/float64.ts';
import type { NumberField } from '../../src/number/number-field.ts';
import { rational } from '../../src/number/rational.ts';
import { evaluate, type Values } from '../../src/program/evaluate.ts';
import { add, constant, outputExpressions, record, scale, total, type Scalar } from '../../src/program/expression.ts';
import { gradientName } from '../../src/program/gradient.ts';
import type { Tag } from '../../src/program/operation.ts';
import { declarations, type ProgramError, type TypedProgram } from '../../src/program/typecheck.ts';
import { lengthOf } from '../../src/program/value-type.ts';
import {
  exact,
  programCases,
  rationalFunctions,
  sampleOf,
  smallIntegers,
  smooth,
  typed,
  type ProgramCase,
  type ProgramOptions,
} from '../arbitraries/program.ts';
import type { Law } from '../law.ts';
import { right } from '../right.ts';

export type Gradient = (
  output: string,
  variables: readonly string[],
) => (program: TypedProgram) => Either<ProgramError, TypedProgram>;

const sumOfOutputs = (program: TypedProgram): Scalar =>
  Object.values(outputExpressions(program))
    .map(total)
    .reduce(add<'scalar'>, constant(0));

/** The random program with the sum of all its outputs as the one output `loss`. */
export const lossOf = (program: TypedProgram): TypedProgram => typed(record({ loss: sumOfOutputs(program) }));

/** The names of everything that a program can be differentiated by. */
export const variablesOf = (program: TypedProgram): readonly string[] => [
  ...Object.keys(declarations('parameter')(program)),
  ...Object.keys(declarations('input')(program)),
];

/** Small programs on small lattices: rational numbers grow long. */
const small: Pick<ProgramOptions, 'latticeSizes' | 'batches'> = { latticeSizes: [1, 2, 3], batches: [1] };

/** One value for each variable, different ones for different seeds. */
const directions = (program: TypedProgram, latticeSize: number, seed: number): Values<number> =>
  Object.fromEntries(
    Object.entries({ ...declarations('parameter')(program), ...declarations('input')(program) }).map(
      ([name, type], index) => [name, smallIntegers(seed + index, lengthOf(latticeSize)(type))],
    ),
  );

const mapValues = <A, B>(values: Values<A>, f: (value: A, name: string, index: number) => B): Values<B> =>
  Object.fromEntries(Object.entries(values).map(([name, entries]) => [name, entries.map((x, i) => f(x, name, i))]));

interface Point {
  readonly parameters: Values<number>;
  readonly inputs: Values<number>;
}

/** d loss along a direction, by dual numbers. */
const byDualNumbers = <A>(
  field: NumberField<A>,
  program: TypedProgram,
  latticeSize: number,
  { parameters, inputs }: Point,
  direction: Values<number>,
): A => {
  const lifted = (values: Values<number>) =>
    mapValues(values, (x, name, i) => ({
      value: field.fromNumber(x),
      derivative: field.fromNumber(direction[name]?.[i] ?? 0),
    }));
  const outputs = right(evaluate(dual(field))(latticeSize)(lifted(parameters), lifted(inputs))(program));
  return outputs['loss']?.[0]?.derivative ?? field.zero;
};

/** The same by the gradient program: the sum over variables of gradient times direction, and of its moduli. */
const byGradient = <A>(
  field: NumberField<A>,
  gradient: Gradient,
  program: TypedProgram,
  latticeSize: number,
  { parameters, inputs }: Point,
  direction: Values<number>,
): { readonly sum: A; readonly moduli: number } => {
  const variables = variablesOf(program);
  const differentiated = right(gradient('loss', variables)(program));
  const lift = (values: Values<number>) => mapValues(values, (x) => field.fromNumber(x));
  const outputs = right(evaluate(field)(latticeSize)(lift(parameters), lift(inputs))(differentiated));
  const terms = variables.flatMap((variable) =>
    (outputs[gradientName('loss', variable)] ?? []).map((g, i) =>
      field.mul(g, field.fromNumber(direction[variable]?.[i] ?? 0)),
    ),
  );
  return {
    sum: terms.reduce(field.add, field.zero),
    moduli: terms.reduce((sum, term) => sum + Math.abs(field.toNumber(term)), 0),
  };
};

const pointOf = (example: ProgramCase): Point => ({ parameters: example.parameters, inputs: sampleOf(example, 0) });

const agreesExactly =
  (gradient: Gradient) =>
  (example: ProgramCase): boolean => {
    const program = lossOf(example.program);
    const direction = directions(program, example.latticeSize, 7);
    const point = pointOf(example);
    return byGradient(rational, gradient, program, example.latticeSize, point, direction).sum.equals(
      byDualNumbers(rational, program, example.latticeSize, point, direction),
    );
  };

export const gradientIsTheDualPart: Law<Gradient, ProgramCase> = {
  statement: 'the gradient times a direction is the derivative along it by dual numbers, exactly',
  cases: programCases({ ...exact, ...small, functions: rationalFunctions, bound: 2 ** 20 }),
  runs: 60,
  holds: agreesExactly,
};

/** The same for one operation and what it needs. */
export const gradientOfOne = (tag: Tag): Law<Gradient, ProgramCase> => ({
  statement: `the gradient of ${tag} alone is its dual part, exactly`,
  cases: programCases({ ...exact, ...small, functions: rationalFunctions, bound: 2 ** 20, operations: 2 }).filter(
    ({ program }) => program.equations.some((equation) => equation.tag === tag),
  ),
  runs: 12,
  holds: agreesExactly,
});

export const gradientThroughTanh: Law<Gradient, ProgramCase> = {
  statement: 'the gradient agrees with dual numbers over float64 where there are tanh and reciprocal',
  cases: programCases({ ...smooth, ...small }).filter(({ program }) =>
    program.equations.some(({ tag }) => tag === 'tanh'),
  ),
  runs: 60,
  holds: (gradient) => (example) => {
    const program = lossOf(example.program);
    const direction = directions(program, example.latticeSize, 7);
    const point = pointOf(example);
    const { sum, moduli } = byGradient(float64, gradient, program, example.latticeSize, point, direction);
    const expected = byDualNumbers(float64, program, example.latticeSize, point, direction);
    // Terms of both signs cancel: the moduli set the scale, and a few thousand roundings stay below 1e-11 of it.
    return Math.abs(sum - expected) <= 1e-11 * (1 + moduli + Math.abs(expected));
  },
};

export const gradientIsLinear: Law<Gradient, ProgramCase> = {
  statement: 'the gradient of 2 L + 3 M is twice the gradient of L plus three times that of M, exactly',
  cases: programCases({ ...exact, ...small, bound: 2 ** 16 }),
  runs: 40,
  holds: (gradient) => (example) => {
    const { program, latticeSize } = example;
    const outputs = Object.values(outputExpressions(program)).map(total);
    const [L = constant(0), ...others] = outputs;
    const M = others.reduce(add<'scalar'>, constant(1));
    const combined = add(scale(constant(2))(L), scale(constant(3))(M));
    const three = typed(record({ L, M, combined }));
    const variables = variablesOf(three);
    const values = (loss: string): readonly number[] => {
      const outputsOfLoss = right(
        evaluate(float64)(latticeSize)(example.parameters, sampleOf(example, 0))(
          right(gradient(loss, variables)(three)),
        ),
      );
      return variables.flatMap((variable) => outputsOfLoss[gradientName(loss, variable)] ?? []);
    };
    const [ofL, ofM] = [values('L'), values('M')];
    return values('combined').every((g, i) => g === 2 * (ofL[i] ?? NaN) + 3 * (ofM[i] ?? NaN));
  },
};

/** One integer for each variable: a direction that is the same for all entries of a variable. */
const uniformDirection = (program: TypedProgram, latticeSize: number, seed: number): Values<number> =>
  mapValues(
    directions(program, latticeSize, seed),
    (_, name) => smallIntegers(seed, variablesOf(program).indexOf(name) + 1).at(-1) ?? 0,
  );

/** g . u as a program, for a uniform direction u: it can be differentiated again. */
const directional = (gradient: Gradient, program: TypedProgram, direction: Values<number>): TypedProgram => {
  const variables = variablesOf(program);
  const derivatives = outputExpressions(right(gradient('loss', variables)(program)));
  const terms = variables.flatMap((variable): readonly Scalar[] => {
    const derivative = derivatives[gradientName('loss', variable)];
    return derivative === undefined ? [] : [scale(constant(direction[variable]?.[0] ?? 0))(total(derivative))];
  });
  return typed(record({ loss: terms.reduce(add<'scalar'>, constant(0)) }));
};

interface HessianCase {
  readonly example: ProgramCase;
  readonly seeds: readonly [number, number];
}

export const secondDerivativesAreSymmetric: Law<Gradient, HessianCase> = {
  statement: 'second derivatives are symmetric: u . H v = v . H u, exactly',
  cases: fc.record({
    example: programCases({ ...exact, ...small, bound: 2 ** 12 }),
    seeds: fc.tuple(fc.nat(999), fc.integer({ min: 1000, max: 1999 })),
  }),
  runs: 60,
  holds:
    (gradient) =>
    ({ example, seeds: [seedOfU, seedOfV] }) => {
      const program = lossOf(example.program);
      const { latticeSize } = example;
      const [u, v] = [uniformDirection(program, latticeSize, seedOfU), uniformDirection(program, latticeSize, seedOfV)];
      const mixed = (first: Values<number>, second: Values<number>) =>
        byGradient(rational, gradient, directional(gradient, program, first), latticeSize, pointOf(example), second)
          .sum;
      return mixed(u, v).equals(mixed(v, u));
    },
};
