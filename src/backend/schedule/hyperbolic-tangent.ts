/**
 * tanh for float32, as x P(x^2) / Q(x^2) with P and Q of degree 4.
 *
 * The coefficients minimize the largest relative error on [-9.01, 9.01], 2.1e-8 (a weighted least-squares fit whose
 * weights were raised where the error was large, until it was level); beyond, tanh is 1 to float32. Rounding makes
 * the error 4e-7 at most.
 */

/** Where 1 - tanh(x) falls below 2^-25, half the way from 1 to the next smaller float32: atanh(1 - 2^-25) = 9.0109. */
export const largestArgument = 9.01;

/** P's coefficients of 1, x^2, x^4, ..: the first is 1 up to the levelled error, not exactly. */
export const numerator = [
  0.9999999792303323, 0.133803724417692, 0.003494812028396231, 2.0596288468956595e-5, 1.3336864970407306e-8,
] as const;

/** Q's coefficients likewise; the first is 1 because a common factor of P and Q is free. */
export const denominator = [
  1, 0.4671368785893612, 0.025874030547655316, 0.0003284364764503085, 7.769290623984321e-7,
] as const;
