/**
 * Sums of the numbers of vectors, (0 + 1) + (2 + 3) of each: those of four vectors lie side by side in one, which takes nine
 * instructions for all of them, where one by one each takes seven.
 */
import { assign, f32x4, type Body, type Expression, type Local } from '../../../assembler/expression.ts';
import type { Scope } from '../../../assembler/module.ts';
import { bytesPerReal, numbersPerVector } from '../grid.ts';
import { range } from './arithmetic.ts';
import { addedToReals } from './real-sums.ts';

type Vector = Local<'v128'>;

/** 0 + 1 of two vectors in turns, then 2 + 3. */
const neighbours = (a: Vector, b: Vector): Expression<'v128'> =>
  f32x4.add(f32x4.shuffle([0, 4, 2, 6])(a, b), f32x4.shuffle([1, 5, 3, 7])(a, b));

/** The statements that give `result` the sums of up to four vectors; what it has beyond them means nothing. */
const sumsOfFour = (scope: Scope, result: Vector, [a, b, c, d]: readonly Vector[]): Body => {
  if (a === undefined) {
    return [];
  }
  const [ab, cd] = [scope.local('v128'), scope.local('v128')];
  return c === undefined
    ? [assign(ab, neighbours(a, b ?? a)), assign(result, f32x4.add(ab, f32x4.shuffle([2, 3, 2, 3])(ab, ab)))]
    : [
        assign(ab, neighbours(a, b ?? a)),
        assign(cd, neighbours(c, d ?? c)),
        assign(result, f32x4.add(f32x4.shuffle([0, 1, 4, 5])(ab, cd), f32x4.shuffle([2, 3, 6, 7])(ab, cd))),
      ];
};

/** Adds the sums of up to four vectors to as many float64 numbers, which lie side by side, `offset` bytes after an address. */
const addedToFour = (scope: Scope, vectors: readonly Vector[], to: Local<'i32'>, offset: number): Body => {
  const sums = scope.local('v128');
  return [sumsOfFour(scope, sums, vectors), addedToReals(sums, vectors.length, to, offset)];
};

/** Adds the sums of vectors to as many float64 numbers, which lie side by side, `offset` bytes after an address. */
export const laneSumsAdded = (scope: Scope, vectors: readonly Vector[], to: Local<'i32'>, offset: number): Body =>
  range(Math.ceil(vectors.length / numbersPerVector)).map((four) =>
    addedToFour(
      scope,
      vectors.slice(four * numbersPerVector, (four + 1) * numbersPerVector),
      to,
      offset + four * numbersPerVector * bytesPerReal,
    ),
  );
