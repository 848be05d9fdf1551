/** The methods that sum a divergent series, each from the same Taylor coefficients, side by side. */
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Option } from 'fp-ts/lib/Option.js';

import { float64 } from '../number/float64.ts';
import { partialSum, type PowerSeries } from '../number/power-series.ts';
import { rational, type Rational } from '../number/rational.ts';
import { continuedFunctionAt, matchedCoefficients } from './continued-function.ts';
import { fittedEfnn, scalarEfnn } from './efnn-approximant.ts';
import { factorApproximant, factorValue } from './factor-approximant.ts';
import { pade, rationalValue } from './pade.ts';
import { exponential } from './phi.ts';
import { rootApproximant, rootValue } from './root-approximant.ts';

/** What is known of a function: c_0, .., c_n, and the power beta with which it grows, which roots alone use. */
export interface KnownSeries {
  readonly coefficients: PowerSeries<Rational>;
  readonly exponent: Rational;
}

/** The value at x, from what is known of the function; none where the method has no real, finite value. */
export type Method = (known: KnownSeries) => (x: number) => Option<number>;

const { toNumber, fromNumber } = rational;

const numbers = (coefficients: PowerSeries<Rational>): PowerSeries<number> => coefficients.map(toNumber);

/** The value at x of an approximant, if there is one. */
const valueOf =
  <R>(approximant: Option<R>, at: (approximant: R) => (x: number) => Option<number>) =>
  (x: number): Option<number> =>
    pipe(
      approximant,
      O.chain((known) => at(known)(x)),
      O.filter(Number.isFinite),
    );

/** [m/n] with m = n, or n = m + 1, as many coefficients as there are: exact up to the value. */
const diagonalPade: Method = ({ coefficients }) => {
  const degrees = coefficients.length - 1;
  const order = { m: Math.floor(degrees / 2), n: Math.ceil(degrees / 2) };
  return valueOf(
    O.fromEither(pade(rational)(order)(coefficients)),
    (approximant) => (x) => pipe(rationalValue(rational)(approximant)(fromNumber(x)), O.map(toNumber)),
  );
};

/** Layers of the small EFNN, with three weights each. */
const efnnLayers = 2;

/** One way to sum a series. */
export interface NamedMethod {
  readonly name: string;
  readonly sum: Method;
}

/**
 * The methods, the partial sum first. Self-similar are the exponentials a_0 exp(a_1 x exp(a_2 x ..)), which are a continued
 * function, the factors and the roots.
 *
 * @example
 * methods.map(({ name }) => name).includes('Pade') // true
 */
export const methods: readonly NamedMethod[] = [
  {
    name: 'partial sum',
    sum: ({ coefficients }) =>
      valueOf(O.some(coefficients), (known) => (x) => O.some(toNumber(partialSum(rational)(known)(fromNumber(x))))),
  },
  { name: 'Pade', sum: diagonalPade },
  {
    name: 'self-similar exponential',
    sum: ({ coefficients }) =>
      valueOf(
        O.fromEither(matchedCoefficients(float64)(exponential)(numbers(coefficients))),
        (a) => (x) => O.some(continuedFunctionAt(exponential)(a)(x)),
      ),
  },
  {
    name: 'self-similar factor',
    sum: ({ coefficients }) => valueOf(O.fromEither(factorApproximant(rational)(coefficients)), factorValue),
  },
  {
    name: 'self-similar root',
    sum: ({ coefficients, exponent }) =>
      valueOf(O.fromEither(rootApproximant(float64)(toNumber(exponent))(numbers(coefficients))), rootValue),
  },
  {
    name: 'EFNN',
    sum: ({ coefficients }) =>
      valueOf(
        O.fromEither(fittedEfnn(efnnLayers)(numbers(coefficients))),
        ({ layers }) =>
          (x) =>
            O.some(scalarEfnn(layers)(x)),
      ),
  },
];
