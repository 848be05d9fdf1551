/**
 * Power series c_0 + c_1 x + c_2 x^2 + .. up to a power of x that is dropped: a number field over any number field, but for
 * the multiples of x, by which nothing can be divided. Dual numbers are the case of two terms.
 *
 * A formula evaluated at the series x gives its own Taylor coefficients, exactly where the field is exact. Each function
 * below solves its differential equation power by power: y = exp u is y' = u' y, and so on.
 */
import { pipe } from 'fp-ts/lib/function.js';
import { filter, map } from 'fp-ts/lib/Option.js';

import type { NumberField } from './number-field.ts';

/** The coefficients c_0, c_1, .. of 1, x, x^2, .. */
export type PowerSeries<A> = readonly A[];

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The coefficients one after the other, each from those before it. */
const successively = <A>(terms: number, next: (k: number, known: PowerSeries<A>) => A): PowerSeries<A> =>
  upTo(terms).reduce<PowerSeries<A>>((known, k) => [...known, next(k, known)], []);

const coefficient =
  <A>(field: NumberField<A>) =>
  (series: PowerSeries<A>, k: number): A =>
    series[k] ?? field.zero;

/** The sum of f(j) over from <= j < to. */
const sumOver =
  <A>(field: NumberField<A>) =>
  (from: number, to: number, f: (j: number) => A): A =>
    upTo(Math.max(0, to - from)).reduce((sum, j) => field.add(sum, f(from + j)), field.zero);

/** The coefficient of x^(k-1) in u' w, for w given by its coefficients: the sum of j u_j w_(k-j). */
const slopeTimes =
  <A>(field: NumberField<A>) =>
  (u: PowerSeries<A>, w: (n: number) => A, k: number): A => {
    const { mul, fromNumber } = field;
    return sumOver(field)(1, k + 1, (j) => mul(mul(fromNumber(j), coefficient(field)(u, j)), w(k - j)));
  };

/** The series y that begins with `first` and has these coefficients k y_k of its derivative, each from those of y before it. */
const integrated =
  <A>(field: NumberField<A>) =>
  (terms: number, first: A, slope: (k: number, y: PowerSeries<A>) => A): PowerSeries<A> =>
    successively(terms, (k, y) => (k === 0 ? first : field.div(slope(k, y), field.fromNumber(k))));

/** a x^power, with this many terms. */
export const monomial =
  <A>(field: NumberField<A>, terms: number) =>
  (a: A, power: number): PowerSeries<A> =>
    upTo(terms).map((k) => (k === power ? a : field.zero));

/**
 * The value of the truncated series at x: c_0 + x (c_1 + x (c_2 + ..)).
 *
 * @example
 * partialSum(float64)([1, 1, 0.5])(2) // 5
 */
export const partialSum =
  <A>({ add, mul, zero }: NumberField<A>) =>
  (series: PowerSeries<A>) =>
  (x: A): A =>
    series.reduceRight((sum, c) => add(c, mul(x, sum)), zero);

/**
 * The series of so many terms over `field`.
 *
 * @example
 * powerSeries(float64, 4).div([1], [1, -1]) // [1, 1, 1, 1]
 */
export const powerSeries = <A>(field: NumberField<A>, terms: number): NumberField<PowerSeries<A>> => {
  const { add, sub, mul, div, zero, one } = field;
  const at = coefficient(field);
  const sum = sumOver(field);
  const termwise =
    (f: (a: A, b: A) => A) =>
    (a: PowerSeries<A>, b: PowerSeries<A>): PowerSeries<A> =>
      upTo(terms).map((k) => f(at(a, k), at(b, k)));
  const constant = (a: A): PowerSeries<A> => monomial(field, terms)(a, 0);
  const nothing = constant(zero);
  return {
    name: `series(${field.name})`,
    zero: nothing,
    one: constant(one),
    add: termwise(add),
    sub: termwise(sub),
    mul: (a, b) => upTo(terms).map((k) => sum(0, k + 1, (j) => mul(at(a, j), at(b, k - j)))),
    div: (a, b) =>
      successively(terms, (k, known) =>
        div(
          sub(
            at(a, k),
            sum(0, k, (j) => mul(at(known, j), at(b, k - j))),
          ),
          at(b, 0),
        ),
      ),
    mod: () => nothing,
    degree: () => 1,
    equals: (a, b) => upTo(terms).every((k) => field.equals(at(a, k), at(b, k))),
    fromNumber: (x) => constant(field.fromNumber(x)),
    toNumber: (a) => field.toNumber(at(a, 0)),
    // y' = (1 - y^2) u'.
    tanh: map(
      (tanh: (a: A) => A) => (u: PowerSeries<A>) =>
        integrated(field)(terms, tanh(at(u, 0)), (k, y) =>
          slopeTimes(field)(
            u,
            (n) =>
              sub(
                n === 0 ? one : zero,
                sum(0, n + 1, (j) => mul(at(y, j), at(y, n - j))),
              ),
            k,
          ),
        ),
    )(field.tanh),
    // y^2 = u. The root of a multiple of x is no power series.
    sqrt: (u) =>
      pipe(
        field.sqrt(at(u, 0)),
        filter((root) => !field.equals(root, zero)),
        map((root) =>
          successively<A>(terms, (k, y) =>
            k === 0
              ? root
              : div(
                  sub(
                    at(u, k),
                    sum(1, k, (j) => mul(at(y, j), at(y, k - j))),
                  ),
                  add(root, root),
                ),
          ),
        ),
      ),
  };
};

const startingWith = <A>(field: NumberField<A>, expected: 0 | 1, series: PowerSeries<A>): void => {
  const [first = field.zero] = series;
  if (!field.equals(first, expected === 0 ? field.zero : field.one)) {
    throw new RangeError(
      `expected a series that begins with ${expected}, got ${field.toNumber(first)}: take the constant out first`,
    );
  }
};

/**
 * exp u of a series u that begins with 0, by y' = u' y.
 *
 * @example
 * exponentialOf(float64)([0, 1, 0, 0]) // [1, 1, 0.5, 0.16666666666666666]
 */
export const exponentialOf =
  <A>(field: NumberField<A>) =>
  (u: PowerSeries<A>): PowerSeries<A> => {
    startingWith(field, 0, u);
    return integrated(field)(u.length, field.one, (k, y) => slopeTimes(field)(u, (n) => coefficient(field)(y, n), k));
  };

/**
 * log v of a series v that begins with 1, by v y' = v'.
 *
 * @example
 * logarithmOf(float64)([1, 1, 0, 0]) // [0, 1, -0.5, 0.3333333333333333]
 */
export const logarithmOf =
  <A>(field: NumberField<A>) =>
  (v: PowerSeries<A>): PowerSeries<A> => {
    startingWith(field, 1, v);
    const { sub, mul, fromNumber } = field;
    const at = coefficient(field);
    return integrated(field)(v.length, field.zero, (k, y) =>
      sub(
        mul(fromNumber(k), at(v, k)),
        slopeTimes(field)(y, (n) => at(v, n), k),
      ),
    );
  };

/**
 * v^p of a series v that begins with 1, by v y' = p v' y, for any number p of the field.
 *
 * @example
 * powerOf(float64)(0.5)([1, 1, 0]) // [1, 0.5, -0.125]
 */
export const powerOf =
  <A>(field: NumberField<A>) =>
  (p: A) =>
  (v: PowerSeries<A>): PowerSeries<A> => {
    startingWith(field, 1, v);
    const { sub, mul, fromNumber } = field;
    const at = coefficient(field);
    return integrated(field)(v.length, field.one, (k, y) =>
      sumOver(field)(1, k + 1, (j) => mul(mul(sub(mul(p, fromNumber(j)), fromNumber(k - j)), at(v, j)), at(y, k - j))),
    );
  };
