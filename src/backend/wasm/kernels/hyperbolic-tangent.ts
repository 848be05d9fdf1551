/**
 * tanh of four numbers, as x P(x^2) / Q(x^2) with P and Q of degree 4.
 *
 * The coefficients minimize the largest relative error on [-9.01, 9.01], 2.1e-8 (a weighted least-squares fit whose
 * weights were raised where the error was large, until it was level); beyond, tanh is 1 to float32. Rounding makes
 * the error 4e-7 at most.
 */
import { assign, f32x4, type Body, type Expression, type Local } from '../../../assembler/expression.ts';
import type { Scope } from '../../../assembler/module.ts';
import { multiplyAdd, type Arithmetic } from './arithmetic.ts';
import type { Constants } from './constants.ts';

/** Where 1 - tanh(x) falls below 2^-25, half the way from 1 to the next smaller float32: atanh(1 - 2^-25) = 9.0109. */
const largestArgument = 9.01;

/** P's coefficients of 1, x^2, x^4, ..: the first is 1 up to the levelled error, not exactly. */
const numerator = [
  0.9999999792303323, 0.133803724417692, 0.003494812028396231, 2.0596288468956595e-5, 1.3336864970407306e-8,
] as const;

/** Q's coefficients likewise; the first is 1 because a common factor of P and Q is free. */
const denominator = [1, 0.4671368785893612, 0.025874030547655316, 0.0003284364764503085, 7.769290623984321e-7] as const;

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
