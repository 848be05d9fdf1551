/**
 * A number field in which a program can be evaluated: float64, exact rationals, dual numbers over either.
 *
 * It is fp-ts' `Field` (zero, one, add, sub, mul, div) with equality, a conversion from float64, and the hyperbolic
 * tangent where the field has one. Exact rationals have none: a program that contains `tanh` has no exact value.
 */
import type { Eq } from 'fp-ts/lib/Eq.js';
import type { Field } from 'fp-ts/lib/Field.js';
import type { Option } from 'fp-ts/lib/Option.js';

/** A field that programs can be evaluated over, with what functions it has; a missing function is a typed error there. */
export interface NumberField<A> extends Field<A>, Eq<A> {
  readonly name: string;
  /** The element that equals the float64 `x` exactly, which exists for every finite `x`. */
  readonly fromNumber: (x: number) => A;
  /** The float64 nearest to `a` (of a dual number: to its value). */
  readonly toNumber: (a: A) => number;
  /** The hyperbolic tangent, where the field has one. */
  readonly tanh: Option<(a: A) => A>;
  /** The square root that is not negative, where the field has it: the rational 4/9 has one, 2 and -1 have none. */
  readonly sqrt: (a: A) => Option<A>;
}
