/** Differentiation: Program -> Program. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { describe, expect, it } from 'vitest';

import { float64 } from '../src/number/float64.ts';
import { evaluate } from '../src/program/evaluate.ts';
import {
  constant,
  fillField,
  inputField,
  inputScalar,
  outputExpressions,
  record,
  scale,
  total,
} from '../src/program/expression.ts';
import { gradient } from '../src/program/gradient.ts';
import { tags } from '../src/program/operation.ts';
import { valueId, type Equation } from '../src/program/program.ts';
import { scalarType } from '../src/program/value-type.ts';
import { typecheck } from '../src/program/typecheck.ts';
import { typed } from './arbitraries/program.ts';
import { verify } from './law.ts';
import {
  gradientIsLinear,
  gradientIsTheDualPart,
  gradientOfOne,
  gradientThroughTanh,
  secondDerivativesAreSymmetric,
  type Gradient,
} from './laws/gradient.ts';
import { messageOf, right } from './right.ts';

/** A gradient whose own equations, not those of the program it came from, are rewritten. */
const rewritten =
  (rewrite: (equation: Equation) => Equation): Gradient =>
  (output, variables) =>
  (program) =>
    pipe(
      gradient(output, variables)(program),
      E.chain((differentiated) =>
        typecheck({
          ...differentiated,
          equations: differentiated.equations.map((equation, index) =>
            index < program.equations.length ? equation : rewrite(equation),
          ),
        }),
      ),
    );

const firstContributionOnly = rewritten((equation) =>
  equation.tag === 'add' ? { ...equation, right: equation.left } : equation,
);

const signLost = rewritten((equation) =>
  equation.tag === 'constant' && equation.value === -1 ? { ...equation, value: 1 } : equation,
);

const halfLost = rewritten((equation) =>
  equation.tag === 'constant' && equation.value === 0.5 ? { ...equation, value: 1 } : equation,
);

const doubled: Gradient = (output, variables) => (program) => {
  const outputs = outputExpressions(program);
  const twice = scale(constant(2))(outputs[output] ?? constant(0));
  return gradient(output, variables)(typed(record({ ...outputs, [output]: twice })));
};

verify(gradientIsTheDualPart, gradient, {
  'the contributions of two uses are not added': firstContributionOnly,
  'the derivative of the reciprocal is positive': signLost,
  'the derivative of the root is not halved': halfLost,
  'the seed is 2': doubled,
});

verify(gradientThroughTanh, gradient, {
  'tanh has the derivative 1 + tanh^2': signLost,
  'the contributions of two uses are not added': firstContributionOnly,
});

verify(gradientIsLinear, gradient, {
  'a constant is added to every derivative': rewritten((equation) =>
    equation.tag === 'constant' ? { ...equation, value: equation.value + 1 } : equation,
  ),
});

verify(secondDerivativesAreSymmetric, gradient, {
  'the contributions of two uses are not added': firstContributionOnly,
  'an operand of each product is taken for the other': rewritten((equation) =>
    equation.tag === 'multiply' ? { ...equation, right: equation.left } : equation,
  ),
});

/** Everything that a variable can pass through with exact values: constants have no variable, and tanh is irrational. */
const differentiable = tags.filter((tag) => tag !== 'constant' && tag !== 'tanh');

describe.each(differentiable)('%s', (tag) => {
  verify(gradientOfOne(tag), gradient, { 'the seed is 2': doubled });
});

describe('what cannot be differentiated', () => {
  const spins = inputField('spins', 3, 1);

  it('is a field: the message names its type', () => {
    expect(messageOf(gradient('spins', ['spins'])(typed(record({ spins }))))).toMatch(/only a scalar .* field\(3, 1\)/);
  });

  it('is by a variable that does not exist', () => {
    expect(messageOf(gradient('energy', ['spin'])(typed(record({ energy: total(spins) }))))).toMatch(/called spin /);
  });

  it('is an output that does not exist: the message lists those that do', () => {
    expect(messageOf(gradient('E', ['spins'])(typed(record({ energy: total(spins) }))))).toMatch(/called E; .* energy/);
  });
});

it('the gradient by a variable that the output does not contain is zero', () => {
  const program = typed(record({ energy: constant(3), spins: inputField('spins', 1, 1) }));
  const differentiated = right(gradient('energy', ['spins'])(program));
  expect(differentiated.equations.map(({ tag }) => tag)).toEqual(['constant', 'input', 'constant', 'fill']);
});

it('the gradient counts every equation that binds the variable', () => {
  const x: Equation = { tag: 'input', name: 'x', type: scalarType };
  const square: Equation = { tag: 'multiply', left: valueId(0), right: valueId(1) };
  const differentiated = right(gradient('y', ['x'])(typed({ equations: [x, x, square], outputs: { y: valueId(2) } })));
  expect(right(evaluate(float64)(1)({}, { x: [3] })(differentiated))).toEqual({ y: [9], 'd(y)/d(x)': [6] });
});

it('the gradient by a number that fills a lattice is the sum of its sites', () => {
  const program = typed(record({ y: total(fillField(1, 2)(inputScalar('x'))) }));
  const differentiated = right(gradient('y', ['x'])(program));
  expect(right(evaluate(float64)(3)({}, { x: [5] })(differentiated))).toEqual({ y: [90], 'd(y)/d(x)': [18] });
});
