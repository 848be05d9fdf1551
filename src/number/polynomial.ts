/**
 * Polynomials in several variables over a number field: what a program computes whose operations add and multiply, for all
 * values of its inputs and weights at once. They are a ring; only by a constant other than 0 can one be divided.
 */
import { none } from 'fp-ts/lib/Option.js';

import type { NumberField } from './number-field.ts';

/** A coefficient times a product of powers of the variables. */
export interface Term<A> {
  /** The power of each variable. */
  readonly powers: readonly number[];
  readonly coefficient: A;
}

/** A sum of terms with different powers, none of them 0. */
export type Polynomial<A> = readonly Term<A>[];

/** Terms of equal powers added up, and what vanishes left out. */
const collected =
  <A>({ add, equals, zero }: NumberField<A>) =>
  (terms: Polynomial<A>): Polynomial<A> => {
    const sums = terms.reduce((known, { powers, coefficient }) => {
      const key = powers.join();
      const earlier = known.get(key);
      return known.set(key, {
        powers,
        coefficient: earlier === undefined ? coefficient : add(earlier.coefficient, coefficient),
      });
    }, new Map<string, Term<A>>());
    return [...sums.values()].filter(({ coefficient }) => !equals(coefficient, zero));
  };

/** The polynomial that is one of so many variables. */
export const variable =
  <A>({ one }: NumberField<A>, variables: number) =>
  (index: number): Polynomial<A> => [
    { powers: Array.from({ length: variables }, (_, i) => (i === index ? 1 : 0)), coefficient: one },
  ];

/**
 * Polynomials in so many variables. `toNumber` is the value where all variables are 0; a quotient exists for a divisor that
 * is a constant other than 0 (else a RangeError), a root or a hyperbolic tangent for none.
 */
export const polynomials = <A>(field: NumberField<A>, variables: number): NumberField<Polynomial<A>> => {
  const { mul, sub, div, zero } = field;
  const collect = collected(field);
  const origin = Array.from({ length: variables }, () => 0);
  const constant = (coefficient: A): Polynomial<A> => collect([{ powers: origin, coefficient }]);
  const isConstant = ({ powers }: Term<A>): boolean => powers.every((power) => power === 0);
  const times = (a: Term<A>, b: Term<A>): Term<A> => ({
    powers: a.powers.map((power, i) => power + (b.powers[i] ?? 0)),
    coefficient: mul(a.coefficient, b.coefficient),
  });
  const difference = (a: Polynomial<A>, b: Polynomial<A>): Polynomial<A> =>
    collect([...a, ...b.map(({ powers, coefficient }) => ({ powers, coefficient: sub(zero, coefficient) }))]);
  return {
    name: `polynomial(${field.name})`,
    zero: [],
    one: constant(field.one),
    add: (a, b) => collect([...a, ...b]),
    sub: difference,
    mul: (a, b) => collect(a.flatMap((left) => b.map((right) => times(left, right)))),
    div: (a, b) => {
      const [divisor, ...others] = b;
      if (divisor === undefined || others.length > 0 || !isConstant(divisor)) {
        throw new RangeError(
          `expected a constant other than 0 to divide a polynomial by, got ${b.length} terms: evaluate over a field`,
        );
      }
      return a.map(({ powers, coefficient }) => ({ powers, coefficient: div(coefficient, divisor.coefficient) }));
    },
    mod: () => [],
    degree: () => 1,
    equals: (a, b) => difference(a, b).length === 0,
    fromNumber: (x) => constant(field.fromNumber(x)),
    toNumber: (a) => field.toNumber(a.find(isConstant)?.coefficient ?? zero),
    tanh: none,
    sqrt: () => none,
  };
};

const largestOver = <A>(polynomial: Polynomial<A>, measure: (term: Term<A>) => number): number =>
  polynomial.reduce((largest, term) => Math.max(largest, measure(term)), 0);

/** The degree in the first `count` variables, whatever the others are; 0 for the polynomial 0. */
export const degreeIn =
  (count: number) =>
  <A>(polynomial: Polynomial<A>): number =>
    largestOver(polynomial, ({ powers }) => powers.slice(0, count).reduce((sum, power) => sum + power, 0));

/** How many of the first `count` variables one term multiplies at most: a k-body interaction has k. */
export const mostBodies =
  (count: number) =>
  <A>(polynomial: Polynomial<A>): number =>
    largestOver(polynomial, ({ powers }) => powers.slice(0, count).filter((power) => power > 0).length);
