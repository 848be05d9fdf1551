/** Complex numbers a + b i over any number field in which -1 is no square: a number field. */
import { none } from 'fp-ts/lib/Option.js';

import type { NumberField } from './number-field.ts';

/** The complex number re + im i. */
export interface Complex<A> {
  readonly re: A;
  readonly im: A;
}

/**
 * Complex numbers over `field`; `toNumber` is the real part. No branch of a root or of the hyperbolic tangent is chosen.
 *
 * @example
 * complex(float64).mul({ re: 0, im: 1 }, { re: 0, im: 1 }) // { re: -1, im: 0 }
 */
export const complex = <A>(field: NumberField<A>): NumberField<Complex<A>> => {
  const { add, sub, mul, div } = field;
  const real = (re: A): Complex<A> => ({ re, im: field.zero });
  const product = (a: Complex<A>, b: Complex<A>): Complex<A> => ({
    re: sub(mul(a.re, b.re), mul(a.im, b.im)),
    im: add(mul(a.re, b.im), mul(a.im, b.re)),
  });
  const zero = real(field.zero);
  return {
    name: `complex(${field.name})`,
    zero,
    one: real(field.one),
    add: (a, b) => ({ re: add(a.re, b.re), im: add(a.im, b.im) }),
    sub: (a, b) => ({ re: sub(a.re, b.re), im: sub(a.im, b.im) }),
    mul: product,
    div: (a, b) => {
      const above = product(a, { re: b.re, im: sub(field.zero, b.im) });
      const below = add(mul(b.re, b.re), mul(b.im, b.im));
      return { re: div(above.re, below), im: div(above.im, below) };
    },
    mod: () => zero,
    degree: () => 1,
    equals: (a, b) => field.equals(a.re, b.re) && field.equals(a.im, b.im),
    fromNumber: (x) => real(field.fromNumber(x)),
    toNumber: ({ re }) => field.toNumber(re),
    tanh: none,
    sqrt: () => none,
  };
};
