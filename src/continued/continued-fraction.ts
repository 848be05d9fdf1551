/**
 * Continued fractions b_0 + a_1/(b_1 + a_2/(b_2 + ..)), over any number field, and their convergents A_k/B_k, the values
 * after k terms, by Wallis' recurrence
 *
 *   A_k = b_k A_{k-1} + a_k A_{k-2},   B_k = b_k B_{k-1} + a_k B_{k-2},   A_{-1} = 1, B_{-1} = 0, A_0 = b_0, B_0 = 1,
 *
 * with the determinants A_k B_{k-1} - A_{k-1} B_k = (-1)^(k-1) a_1 .. a_k.
 */
import type { NumberField } from '../number/number-field.ts';

/** One level of a continued fraction: a_k above, b_k before the rest. */
export interface PartialQuotient<A> {
  readonly a: A;
  readonly b: A;
}

/** b_0 and the levels k = 1, 2, .. */
export interface ContinuedFraction<A> {
  readonly whole: A;
  readonly levels: readonly PartialQuotient<A>[];
}

/** A_k and B_k. The quotient has no value where B_k = 0. */
export interface Convergent<A> {
  readonly numerator: A;
  readonly denominator: A;
}

/**
 * The convergents k = 0, .., n, by Wallis' recurrence.
 *
 * @example
 * convergents(float64)({ whole: 1, levels: [{ a: 1, b: 2 }] }).map((c) => c.numerator / c.denominator) // [1, 1.5]
 */
export const convergents =
  <A>({ zero, one, add, mul }: NumberField<A>) =>
  ({ whole, levels }: ContinuedFraction<A>): readonly Convergent<A>[] => {
    const next = ({ a, b }: PartialQuotient<A>, now: Convergent<A>, before: Convergent<A>): Convergent<A> => ({
      numerator: add(mul(b, now.numerator), mul(a, before.numerator)),
      denominator: add(mul(b, now.denominator), mul(a, before.denominator)),
    });
    const start = { numerator: whole, denominator: one };
    return levels.reduce(
      ({ known, now, before }, level) => {
        const following = next(level, now, before);
        return { known: [...known, following], now: following, before: now };
      },
      { known: [start], now: start, before: { numerator: one, denominator: zero } },
    ).known;
  };

/**
 * The value from the inside out: the tail t_n = 0, t_{k-1} = a_k / (b_k + t_k), and b_0 + t_0. A tail may divide by 0
 * where the convergent exists; Wallis' recurrence goes without division.
 *
 * @example
 * valueFromInside(float64)({ whole: 1, levels: [{ a: 1, b: 2 }, { a: 1, b: 2 }] }) // 1.4
 */
export const valueFromInside =
  <A>({ zero, add, div }: NumberField<A>) =>
  ({ whole, levels }: ContinuedFraction<A>): A =>
    add(
      whole,
      levels.reduceRight((tail, { a, b }) => div(a, add(b, tail)), zero),
    );
