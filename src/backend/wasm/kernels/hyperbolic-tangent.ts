/** tanh of four numbers: the rational function that all backends of float32 compute. */
import { assign, f32x4, type Body, type Expression, type Local } from '../../../assembler/expression.ts';
import type { Scope } from '../../../assembler/module.ts';
import { denominator, largestArgument, numerator } from '../../schedule/hyperbolic-tangent.ts';
import { multiplyAdd, type Arithmetic } from './arithmetic.ts';
import type { Constants } from './constants.ts';

/** Horner's scheme. */
const polynomial = (
  [first, ...rest]: readonly [number, ...(readonly number[])],
  x: Expression<'v128'>,
  arithmetic: Arithmetic,
  constants: Constants,
): Expression<'v128'> => {
  const [second, ...others] = rest;
  return second === undefined
    ? constants.vector(first)
    : multiplyAdd(arithmetic)(polynomial([second, ...others], x, arithmetic, constants), x, constants.vector(first));
};

/** result = tanh(x). The result is clamped to [-1, 1], which rounding would exceed; NaN stays NaN. */
export const hyperbolicTangent = (
  scope: Scope,
  arithmetic: Arithmetic,
  constants: Constants,
  result: Local<'v128'>,
  x: Expression<'v128'>,
): Body => {
  const [argument, square] = [scope.local('v128'), scope.local('v128')];
  const clamped = (value: Expression<'v128'>, bound: number): Expression<'v128'> =>
    f32x4.greater(f32x4.lesser(value, constants.vector(bound)), constants.vector(-bound));
  return [
    assign(argument, clamped(x, largestArgument)),
    assign(square, f32x4.multiply(argument, argument)),
    assign(
      result,
      clamped(
        f32x4.divide(
          f32x4.multiply(argument, polynomial(numerator, square, arithmetic, constants)),
          polynomial(denominator, square, arithmetic, constants),
        ),
        1,
      ),
    ),
  ];
};
