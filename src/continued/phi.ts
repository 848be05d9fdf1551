/**
 * The functions phi that continued functions are made of, with phi(0) = 1: continued fractions have 1/(1 + u), continued
 * exponentials exp u, continued roots (1 + u)^p. Each also acts on power series, where it can be undone: that is how
 * series are turned into continued functions. An EFNN has tanh, which is 0 at 0 and stands in `NumberField`.
 *
 * @eq continued function (Fig. 5a)
 */
import { exp } from '../number/elementary/exponential.kernel.ts';
import { pow } from '../number/elementary/power.kernel.ts';
import { float64 } from '../number/float64.ts';
import type { NumberField } from '../number/number-field.ts';
import { exponentialOf, logarithmOf, powerOf, powerSeries, type PowerSeries } from '../number/power-series.ts';

type SeriesMap = <A>(field: NumberField<A>) => (series: PowerSeries<A>) => PowerSeries<A>;

/** A function with phi(0) = 1 that has an inverse near 0. */
export interface Phi {
  readonly name: string;
  /** phi(u); NaN where phi has no real value. */
  readonly at: (u: number) => number;
  /** phi of a series that begins with 0. */
  readonly ofSeries: SeriesMap;
  /** The u with phi(u) = v, for a series v that begins with 1. */
  readonly inverse: SeriesMap;
}

/**
 * 1 / (1 + u), in any number field.
 *
 * @example
 * reciprocalOfOnePlus(float64)(3) // 0.25
 */
export const reciprocalOfOnePlus =
  <A>({ one, add, div }: NumberField<A>) =>
  (u: A): A =>
    div(one, add(one, u));

/** phi(u) = 1 / (1 + u): continued fractions. */
export const fraction: Phi = {
  name: '1/(1+u)',
  at: reciprocalOfOnePlus(float64),
  ofSeries: (field) => (u) => reciprocalOfOnePlus(powerSeries(field, u.length))(u),
  inverse: (field) => (v) => {
    const { one, div, sub } = powerSeries(field, v.length);
    return sub(div(one, v), one);
  },
};

/** phi(u) = exp u: continued exponentials. */
export const exponential: Phi = { name: 'exp u', at: exp, ofSeries: exponentialOf, inverse: logarithmOf };

/**
 * phi(u) = (1 + u)^p, p not 0: continued roots, and fractions for p = -1. Over rationals p counts as the float64 that it
 * is.
 *
 * @example
 * rootOfOnePlus(0.5).at(3) // 2
 */
export const rootOfOnePlus = (p: number): Phi => ({
  name: `(1+u)^${p}`,
  at: (u) => pow(1 + u, p),
  ofSeries: (field) => (u) => powerOf(field)(field.fromNumber(p))(powerSeries(field, u.length).add(u, [field.one])),
  inverse: (field) => (v) =>
    powerSeries(field, v.length).sub(powerOf(field)(field.div(field.one, field.fromNumber(p)))(v), [field.one]),
});
