/**
 * Dual numbers a + a' eps with eps^2 = 0 over any number field: a value and its derivative along one direction.
 *
 * A program evaluated at x + v eps returns f(x) + (Df(x) v) eps: forward-mode differentiation, exact where the field is. It
 * shares nothing with `gradient`, which makes it the oracle of its properties. Dual numbers over dual numbers give second
 * derivatives. They are a field but for the multiples of eps, by which nothing can be divided.
 */
import { pipe } from 'fp-ts/lib/function.js';
import { filter, map } from 'fp-ts/lib/Option.js';

import type { NumberField } from './number-field.ts';

/** The dual number a + a' eps, eps^2 = 0. */
export interface Dual<A> {
  /** a, the number itself. */
  readonly value: A;
  /** a', what stands before eps. */
  readonly derivative: A;
}

/** Dual numbers over `field`: each operation also carries the derivative. */
export const dual = <A>(field: NumberField<A>): NumberField<Dual<A>> => {
  const { add, sub, mul, div } = field;
  const constant = (value: A): Dual<A> => ({ value, derivative: field.zero });
  const zero = constant(field.zero);
  return {
    name: `dual(${field.name})`,
    zero,
    one: constant(field.one),
    add: (a, b) => ({ value: add(a.value, b.value), derivative: add(a.derivative, b.derivative) }),
    sub: (a, b) => ({ value: sub(a.value, b.value), derivative: sub(a.derivative, b.derivative) }),
    mul: (a, b) => ({
      value: mul(a.value, b.value),
      derivative: add(mul(a.derivative, b.value), mul(a.value, b.derivative)),
    }),
    div: (a, b) => {
      const value = div(a.value, b.value);
      return { value, derivative: div(sub(a.derivative, mul(value, b.derivative)), b.value) };
    },
    mod: () => zero,
    degree: () => 1,
    equals: (a, b) => field.equals(a.value, b.value) && field.equals(a.derivative, b.derivative),
    fromNumber: (x) => constant(field.fromNumber(x)),
    toNumber: ({ value }) => field.toNumber(value),
    tanh: map((tanh: (a: A) => A) => (a: Dual<A>) => {
      const value = tanh(a.value);
      return { value, derivative: mul(a.derivative, sub(field.one, mul(value, value))) };
    })(field.tanh),
    // The derivative of the square root has no value at 0.
    sqrt: ({ value, derivative }) =>
      pipe(
        field.sqrt(value),
        filter((root) => !field.equals(root, field.zero)),
        map((root) => ({ value: root, derivative: div(derivative, add(root, root)) })),
      ),
  };
};
