/** How a product is added to a sum, and the tiles of registers that make the most of it. */
import { assign, f32x4, type Body, type Expression, type Local } from '../../../assembler/expression.ts';

/**
 * `fused` rounds a product and its sum once, where the processor can; `separate` rounds twice, and the same
 * everywhere.
 */
export type Arithmetic = 'fused' | 'separate';

/** a b + c. */
export const multiplyAdd =
  (arithmetic: Arithmetic) =>
  (a: Expression<'v128'>, b: Expression<'v128'>, c: Expression<'v128'>): Expression<'v128'> =>
    arithmetic === 'fused' ? f32x4.relaxedMultiplyAdd(a, b, c) : f32x4.add(f32x4.multiply(a, b), c);

/** sum += a b. */
export const accumulate =
  (arithmetic: Arithmetic) =>
  (sum: Local<'v128'>, a: Expression<'v128'>, b: Expression<'v128'>): Body =>
    assign(sum, multiplyAdd(arithmetic)(a, b, sum));

/** sum -= a b. */
export const deduct =
  (arithmetic: Arithmetic) =>
  (sum: Local<'v128'>, a: Expression<'v128'>, b: Expression<'v128'>): Body =>
    assign(
      sum,
      arithmetic === 'fused' ? f32x4.relaxedNegativeMultiplyAdd(a, b, sum) : f32x4.subtract(sum, f32x4.multiply(a, b)),
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
