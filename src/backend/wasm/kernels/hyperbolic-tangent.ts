/** tanh of the numbers of a vector: the rational function that all backends of float32 compute. */
import type { Body } from '../../../assembler/expression.ts';
import { f32xN, type WideLocal, type WideVector } from '../../../assembler/wide-vector.ts';
import { denominator, largestArgument, numerator } from '../../schedule/hyperbolic-tangent.ts';
import { multiplyAdd } from './arithmetic.ts';
import type { Writing } from './writing.ts';

/** Horner's scheme. */
const polynomial = (
  [first, ...rest]: readonly [number, ...(readonly number[])],
  x: WideVector,
  writing: Writing,
): WideVector => {
  const [second, ...others] = rest;
  const { width, constants, arithmetic } = writing;
  const constant = constants.vector(width, first);
  return second === undefined
    ? constant
    : multiplyAdd(arithmetic)(polynomial([second, ...others], x, writing), x, constant);
};

/** result = tanh(x). The result is clamped to [-1, 1], which rounding would exceed; NaN stays NaN. */
export const hyperbolicTangent = (result: WideLocal, x: WideVector, writing: Writing): Body => {
  const { width, variables, constants } = writing;
  const [argument, square] = [variables.take(), variables.take()];
  const clamped = (value: WideVector, bound: number): WideVector =>
    f32xN.greater(f32xN.lesser(value, constants.vector(width, bound)), constants.vector(width, -bound));
  const quotient = f32xN.divide(
    f32xN.multiply(argument, polynomial(numerator, square, writing)),
    polynomial(denominator, square, writing),
  );
  variables.give(argument);
  variables.give(square);
  return [
    f32xN.assign(argument, clamped(x, largestArgument)),
    f32xN.assign(square, f32xN.multiply(argument, argument)),
    f32xN.assign(result, clamped(quotient, 1)),
  ];
};
