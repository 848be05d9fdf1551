/** How a product is added to a sum, and the tiles of registers that make the most of it. */
import type { Arithmetic } from '../../../assembler/arithmetic.ts';
import { times, type Body } from '../../../assembler/expression.ts';
import type { Scope } from '../../../assembler/module.ts';
import { f32xN, type WideLocal, type WideVector } from '../../../assembler/wide-vector.ts';

/** a b + c. */
export const multiplyAdd =
  (arithmetic: Arithmetic) =>
  (a: WideVector, b: WideVector, c: WideVector): WideVector =>
    arithmetic === 'fused' ? f32xN.relaxedMultiplyAdd(a, b, c) : f32xN.add(f32xN.multiply(a, b), c);

/** sum += a b. */
export const accumulate =
  (arithmetic: Arithmetic) =>
  (sum: WideLocal, a: WideVector, b: WideVector): Body =>
    f32xN.assign(sum, multiplyAdd(arithmetic)(a, b, sum));

/** sum -= a b. */
export const deduct =
  (arithmetic: Arithmetic) =>
  (sum: WideLocal, a: WideVector, b: WideVector): Body =>
    f32xN.assign(
      sum,
      arithmetic === 'fused' ? f32xN.relaxedNegativeMultiplyAdd(a, b, sum) : f32xN.subtract(sum, f32xN.multiply(a, b)),
    );

/** The indices 0, .., n-1. */
export const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** What two lists make of each other, as far as both go. */
export const zipped = <A, B, C>(as: readonly A[], bs: readonly B[], f: (a: A, b: B) => C): readonly C[] =>
  as.slice(0, bs.length).flatMap((a, index) => bs.slice(index, index + 1).map((b) => f(a, b)));

/** So many of something of one size. */
export interface Block {
  readonly size: number;
  readonly count: number;
}

/** `total` cut into blocks of `size`, and one of the rest. */
export const blocksOf = (total: number, size: number): readonly Block[] =>
  [
    { size, count: Math.floor(total / size) },
    { size: total % size, count: 1 },
  ].filter((block) => block.size > 0 && block.count > 0);

/** Code for each block, by its size, as often as there are such. */
export const eachBlock = (scope: Scope, blocks: readonly Block[], code: (size: number) => Body): Body =>
  blocks.map(({ size, count }) => times(scope.local('i32'), count, code(size)));

/** `total` cut into as few blocks as can be of at most `most`, as even as can be, larger ones first. */
export const evenBlocksOf = (total: number, most: number): readonly Block[] => {
  const count = Math.ceil(total / most);
  const [size, larger] = [Math.floor(total / count), total % count];
  return [
    { size: size + 1, count: larger },
    { size, count: count - larger },
  ].filter((block) => block.count > 0);
};
