/** How products are added to sums: rounded once, or twice. */
import { f64x2, type Expression } from './expression.ts';

/**
 * `fused` rounds a product and its sum once, where the processor can; `separate` rounds twice, and the same
 * everywhere.
 */
export type Arithmetic = 'fused' | 'separate';

type Vector = Expression<'v128'>;

/** Sums with products, of vectors of two float64 numbers. */
export interface ProductSums {
  /** Whether a sum with a product is one instruction, for which the next one waits longer than for a sum alone. */
  readonly isOneInstruction: boolean;
  /** sum + x y. */
  readonly plus: (sum: Vector, x: Vector, y: Vector) => Vector;
  /** sum - x y. */
  readonly minus: (sum: Vector, x: Vector, y: Vector) => Vector;
  /** sum + (x y + u v): where nothing is fused, in this order. */
  readonly plusBoth: (sum: Vector, x: Vector, y: Vector, u: Vector, v: Vector) => Vector;
}

/** Sums with products by their arithmetic. */
export const productSums: Readonly<Record<Arithmetic, ProductSums>> = {
  separate: {
    isOneInstruction: false,
    plus: (sum, x, y) => f64x2.add(sum, f64x2.multiply(x, y)),
    minus: (sum, x, y) => f64x2.subtract(sum, f64x2.multiply(x, y)),
    plusBoth: (sum, x, y, u, v) => f64x2.add(sum, f64x2.add(f64x2.multiply(x, y), f64x2.multiply(u, v))),
  },
  fused: {
    isOneInstruction: true,
    plus: (sum, x, y) => f64x2.relaxedMultiplyAdd(x, y, sum),
    minus: (sum, x, y) => f64x2.relaxedNegativeMultiplyAdd(x, y, sum),
    plusBoth: (sum, x, y, u, v) => f64x2.relaxedMultiplyAdd(u, v, f64x2.relaxedMultiplyAdd(x, y, sum)),
  },
};
