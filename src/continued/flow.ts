/**
 * The renormalization group as a semigroup: n layers with the same weights are the n-th power of one map
 *
 *   Phi(S) = g(S_0) * f(S),   Phi^(p + k) = Phi^p after Phi^k,
 *
 * and depth is the time of a flow. Deep networks tend to its fixed points, S = g(S_0) * f(S): mean-field equations.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';

import { log } from '../number/elementary/logarithm.kernel.ts';
import { pow } from '../number/elementary/power.kernel.ts';
import type { Product, Recursion } from './continued-function.ts';

/**
 * One layer with its weights and its bare spins: S -> g(S_0) * f(S).
 *
 * @example
 * tiedLayer(float64)({ f: (S) => S + 1, g: (S0) => 2 * S0 }, 3)(1) // 12
 */
export const tiedLayer =
  <S>({ mul }: Product<S>) =>
  ({ f, g }: Recursion<S>, S0: S): ((S: S) => S) => {
    const amplitude = g(S0);
    return (S) => mul(amplitude, f(S));
  };

/**
 * Phi^n: so many layers.
 *
 * @example
 * flow((S) => 2 * S, 10)(1) // 1024
 */
export const flow =
  <S>(layer: (S: S) => S, n: number) =>
  (S: S): S =>
    Array.from({ length: n }).reduce<S>((reached) => layer(reached), S);

/** How a layer brings states together: |Phi(S) - Phi(R)| <= rate |S - R|, rate < 1, and |Phi(S_0) - S_0| = firstStep. */
export interface Contraction {
  readonly rate: number;
  readonly firstStep: number;
}

/**
 * Banach's bound of the distance to the fixed point after k layers: rate^k / (1 - rate) |Phi(S_0) - S_0|.
 *
 * @example
 * contractionBound({ rate: 0.5, firstStep: 1 })(3) // 0.25
 */
export const contractionBound =
  ({ rate, firstStep }: Contraction) =>
  (k: number): number =>
    (pow(rate, k) * firstStep) / (1 - rate);

/** A rate or a tolerance without a promise: the message says what is needed. */
export interface ContractionError {
  readonly tag: 'ContractionError';
  readonly message: string;
}

/** More layers than anyone waits for: the rate is 1 within 1e-4 or so, and the layer at its critical point. */
const mostLayers = 1_000_000;

/**
 * The layers after which Banach's bound is at most the tolerance.
 *
 * Errors: a rate outside [0, 1), a tolerance that is not above 0, more than a million layers.
 *
 * @example
 * layersNeeded({ rate: 0.5, firstStep: 1 }, 0.25) // right(3)
 */
export const layersNeeded = ({ rate, firstStep }: Contraction, tolerance: number): Either<ContractionError, number> => {
  if (!(rate >= 0 && rate < 1 && tolerance > 0 && firstStep >= 0)) {
    return failure(
      `expected a rate in [0, 1), a first step of 0 or more and a tolerance above 0, got ${rate}, ${firstStep} and ` +
        `${tolerance}: at a rate of 1 or more nothing is promised`,
    );
  }
  const excess = firstStep / (1 - rate) / tolerance;
  const layers = excess <= 1 ? 0 : rate === 0 ? 1 : Math.ceil(log(excess) / -log(rate));
  return layers <= mostLayers
    ? E.right(layers)
    : failure(`expected at most ${mostLayers} layers, got ${layers}: ask for a larger tolerance, or stay off rate 1`);
};

const failure = (message: string): Either<ContractionError, never> => E.left({ tag: 'ContractionError', message });

/**
 * The fixed point of a layer that contracts at this rate, within the tolerance, from any start.
 *
 * Errors: those of `layersNeeded`.
 *
 * @example
 * fixedPoint((S) => S / 2 + 1, 0.5)(0, 1e-3) // right(1.9990234375)
 */
export const fixedPoint =
  (layer: (S: number) => number, rate: number) =>
  (start: number, tolerance: number): Either<ContractionError, number> =>
    pipe(
      layersNeeded({ rate, firstStep: Math.abs(layer(start) - start) }, tolerance),
      E.map((layers) => flow(layer, layers)(start)),
    );
