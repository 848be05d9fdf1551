/**
 * Infinite continued fractions from the front, by Lentz' algorithm as modified by Thompson and Barnett (1986): the ratios
 * C_k = A_k / A_{k-1} and D_k = B_{k-1} / B_k neither grow nor vanish as A_k and B_k do, and f_k = f_{k-1} C_k D_k.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';

import type { PartialQuotient } from './continued-fraction.ts';

/** A continued fraction without end: b_0 and the level k = 1, 2, .. */
export interface InfiniteFraction {
  readonly whole: number;
  readonly level: (k: number) => PartialQuotient<number>;
}

/** A fraction that does not settle: the message says after how many levels. */
export interface LentzError {
  readonly tag: 'LentzError';
  readonly message: string;
}

/** Stands for a 0 that would be divided by: small beside any ratio, while the product of two of them is no 0. */
const tiny = 1e-150;

const notZero = (x: number): number => (x === 0 ? tiny : x);

/**
 * The value of a fraction, once a level changes it by a relative `tolerance` at most.
 *
 * Errors: no such level among the first `mostLevels`.
 *
 * @example
 * modifiedLentz({ whole: 1, level: () => ({ a: 1, b: 1 }) }, 1e-15, 100) // right(1.618033988749895)
 */
export const modifiedLentz = (
  { whole, level }: InfiniteFraction,
  tolerance: number,
  mostLevels: number,
): Either<LentzError, number> => {
  let value = notZero(whole);
  let C = value;
  let D = 0;
  for (let k = 1; k <= mostLevels; k++) {
    const { a, b } = level(k);
    D = 1 / notZero(b + a * D);
    C = notZero(b + a / C);
    value *= C * D;
    if (Math.abs(C * D - 1) <= tolerance) return E.right(value);
  }
  return E.left({
    tag: 'LentzError',
    message:
      `expected the fraction to settle to ${tolerance} within ${mostLevels} levels, got ${value} still changing: ` +
      'allow more levels, or check that it converges',
  });
};
