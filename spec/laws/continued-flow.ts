/** Laws of the RG semigroup: powers of a layer, contraction, and the mean-field equation of the Curie-Weiss magnet. */
import fc from 'fast-check';
import { isRight, type Either } from 'fp-ts/lib/Either.js';

import { continuedFunction, recursionLevels, type Recursion } from '../../src/continued/continued-function.ts';
import type { CurieWeiss } from '../../src/continued/curie-weiss.ts';
import type { Contraction } from '../../src/continued/flow.ts';
import { rational, type Rational } from '../../src/number/rational.ts';
import { interval } from '../arbitraries/interval.ts';
import type { Law } from '../law.ts';
import { rationals } from './exact-reduction.ts';

export type Flow = <S>(layer: (S: S) => S, n: number) => (S: S) => S;

interface LayerCase {
  readonly recursion: Recursion<Rational>;
  readonly S0: Rational;
  readonly S: Rational;
  readonly p: number;
  readonly k: number;
}

/** f(S) = b + c S^2 and g(S_0) = d S_0: depths of 6 have numbers of a few hundred digits. */
const layerCases: fc.Arbitrary<LayerCase> = fc
  .tuple(rationals, rationals, rationals, rationals, rationals, fc.nat(3), fc.nat(3))
  .map(([b, c, d, S0, S, p, k]) => ({
    recursion: { f: (x) => x.mul(x).mul(c).add(b), g: (x) => x.mul(d) },
    S0,
    S,
    p,
    k,
  }));

export type TiedLayer = (recursion: Recursion<Rational>, S0: Rational) => (S: Rational) => Rational;

export const flowIsASemigroup = (tied: TiedLayer): Law<Flow, LayerCase> => ({
  statement: 'Phi^0 is the identity, Phi^1 the layer, and Phi^(p + k) = Phi^p after Phi^k, exactly',
  cases: layerCases,
  holds:
    (flow) =>
    ({ recursion, S0, S, p, k }) => {
      const layer = tied(recursion, S0);
      return (
        flow(layer, 0)(S).equals(S) &&
        flow(layer, 1)(S).equals(layer(S)) &&
        flow(layer, p + k)(S).equals(flow(layer, p)(flow(layer, k)(S)))
      );
    },
});

export const tiedLayersAreAContinuedFunction = (flow: Flow): Law<TiedLayer, LayerCase> => ({
  statement: 'n layers with the same weights are the continued function of n equal levels, exactly',
  cases: layerCases,
  holds:
    (tied) =>
    ({ recursion, S0, S, p }) => {
      const levels = recursionLevels(Array.from({ length: p }, () => recursion))(S0);
      return flow(tied(recursion, S0), p)(S).equals(continuedFunction(rational)(S)(levels));
    },
});

interface AffineCase {
  readonly a: number;
  readonly start: number;
  readonly k: number;
}

/** S -> a S + 1 - a has the fixed point 1 and the errors a^k (S_0 - 1). */
const affine =
  (a: number) =>
  (S: number): number =>
    a * S + 1 - a;

const rates = fc.double({ min: 0.01, max: 0.95, noNaN: true });

export const boundIsSharp: Law<(contraction: Contraction) => (k: number) => number, AffineCase> = {
  statement:
    "Banach's bound is the distance to the fixed point for S -> a S + b with 0 < a < 1, and above it for a < 0",
  cases: fc.record({ a: rates, start: fc.integer({ min: 2, max: 9 }), k: fc.nat(60) }),
  holds:
    (bound) =>
    ({ a, start, k }) => {
      const distance = a ** k * (start - 1);
      const promised = (signed: number): number =>
        bound({ rate: a, firstStep: Math.abs(affine(signed)(start) - start) })(k);
      return Math.abs(promised(a) / distance - 1) <= 1e-12 && promised(-a) >= distance;
    },
};

export const layersSuffice = (
  bound: (contraction: Contraction) => (k: number) => number,
): Law<(contraction: Contraction, tolerance: number) => Either<unknown, number>, AffineCase> => ({
  statement: 'after the layers needed the bound is within the tolerance, one layer earlier it is not',
  cases: fc.record({ a: rates, start: fc.integer({ min: 2, max: 9 }), k: fc.integer({ min: -5, max: 60 }) }),
  holds:
    (needed) =>
    ({ a, start, k }) => {
      const contraction = { rate: a, firstStep: start };
      // Half a power off the bound of any whole number, so that rounding decides nothing.
      const tolerance = (a ** (k + 0.5) * start) / (1 - a);
      const found = needed(contraction, tolerance);
      return (
        isRight(found) &&
        found.right === Math.max(0, k + 1) &&
        bound(contraction)(found.right) <= tolerance &&
        (found.right === 0 || bound(contraction)(found.right - 1) > tolerance)
      );
    },
});

interface MagnetCase {
  readonly K: number;
  readonly m: number;
}

export type FixedPoint = (
  layer: (S: number) => number,
  rate: number,
) => (start: number, tolerance: number) => Either<unknown, number>;

/** Any m solves m = tanh(K m + h) with h = atanh m - K m. The tolerance is asked for, and reached from afar. */
export const contractionsFindTheField = (
  layer: (magnet: CurieWeiss) => (S: number) => number,
): Law<FixedPoint, MagnetCase & { readonly start: number }> => ({
  statement: 'for K < 1 the flow reaches the mean field S = K m from any start, as near as asked for',
  cases: fc.record({
    K: fc.double({ min: 0.05, max: 0.9, noNaN: true }),
    m: interval(-0.95, 0.95),
    start: interval(-5, 5),
  }),
  holds:
    (fixedPoint) =>
    ({ K, m, start }) => {
      const found = fixedPoint(layer({ K, h: Math.atanh(m) - K * m }), K)(start, 1e-9);
      return isRight(found) && Math.abs(found.right - K * m) <= 1.001e-9;
    },
});

/** dm/dK is at most m / (1 - K (1 - m^2)) < 4 / m, and one rounding of K and one of tanh come in. */
export const magnetizationSolves: Law<(magnet: CurieWeiss) => number, MagnetCase> = {
  statement:
    'the magnetization is m where K = atanh(m)/m without a field, or h = atanh m - K m; it is 0 for K <= 1 without a field',
  cases: fc.record({
    K: fc.double({ min: 0.05, max: 1, noNaN: true }),
    m: fc.double({ min: 0.05, max: 0.99, noNaN: true }),
  }),
  holds:
    (magnetization) =>
    ({ K, m }) =>
      Math.abs(magnetization({ K: Math.atanh(m) / m, h: 0 }) - m) <= 1e-12 &&
      Math.abs(magnetization({ K, h: Math.atanh(m) - K * m }) - m) <= 1e-12 / m &&
      magnetization({ K, h: 0 }) === 0,
};

/** The quotient of two steps near the fixed point; the next order in the step, 1e-5, is left out. */
export const rateIsTheSlope = (
  layer: (magnet: CurieWeiss) => (S: number) => number,
): Law<(magnet: CurieWeiss, m: number) => number, MagnetCase> => ({
  statement: 'near the mean field each layer shortens the distance by the rate K (1 - m^2)',
  cases: fc.record({
    K: fc.double({ min: 0.2, max: 3, noNaN: true }),
    m: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
  }),
  holds:
    (rate) =>
    ({ K, m }) => {
      const magnet = { K, h: Math.atanh(m) - K * m };
      const [S, beside] = [K * m, K * m + 1e-5];
      return Math.abs((layer(magnet)(beside) - S) / 1e-5 - rate(magnet, m)) <= 1e-4;
    },
});

export const criticalSlowing: Law<(magnet: CurieWeiss) => (S: number) => number, number> = {
  statement:
    'at K = 1 the flow decays like sqrt(3/(2 n)), for K < 1 faster than K^n, and for K > 1 it stays away from 0',
  cases: fc.double({ min: 0.5, max: 2, noNaN: true }),
  runs: 10,
  holds: (layer) => (S) => {
    const after = (K: number, n: number): number =>
      Array.from({ length: n }).reduce<number>((reached) => layer({ K, h: 0 })(reached), S);
    return (
      Math.abs(after(1, 20_000) * Math.sqrt((2 * 20_000) / 3) - 1) <= 1e-3 &&
      after(0.9, 100) <= 0.9 ** 100 * S &&
      after(1.1, 2000) > 0.5
    );
  },
};
