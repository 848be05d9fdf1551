/**
 * A small EFNN of one number with the information of a series: the recursion S_i = g_i(S_0) f_{i-1}(S_{i-1}) with S_0 = x,
 *
 *   g_i(x) = 1 + a_i x,   f_{i-1}(S) = b_i + d_i tanh(S),
 *
 * three weights a layer. tanh is odd, so that its continued functions do not have every series and no order can be matched
 * after the other: the weights are fitted to what the series tells, its sum where x is small, by Levenberg and Marquardt's
 * method, and the network is then asked beyond.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { levenbergMarquardt } from 'ml-levenberg-marquardt';

import { tanh } from '../number/elementary/hyperbolic.kernel.ts';
import { pow } from '../number/elementary/power.kernel.ts';
import { cos } from '../number/elementary/trigonometric.kernel.ts';
import { float64 } from '../number/float64.ts';
import { partialSum, type PowerSeries } from '../number/power-series.ts';
import { approximantError, type ApproximantError } from './approximant-error.ts';
import { continuedFunction, recursionLevels } from './continued-function.ts';

/** a_i, b_i and d_i of one layer. */
export interface ScalarLayer {
  readonly a: number;
  readonly b: number;
  readonly d: number;
}

/**
 * The network's value at S_0 = x.
 *
 * @example
 * scalarEfnn([{ a: 1, b: 2, d: 0 }])(3) // 8
 */
export const scalarEfnn =
  (layers: readonly ScalarLayer[]) =>
  (x: number): number =>
    continuedFunction(float64)(x)(
      recursionLevels(
        layers.map(({ a, b, d }) => ({ g: (S0: number) => 1 + a * S0, f: (S: number) => b + d * tanh(S) })),
      )(x),
    );

const layersFrom = (weights: ArrayLike<number>): readonly ScalarLayer[] =>
  Array.from({ length: weights.length / 3 }, (_, i) => ({
    a: weights[3 * i] ?? 0,
    b: weights[3 * i + 1] ?? 0,
    d: weights[3 * i + 2] ?? 0,
  }));

/** How well the partial sum has to be known where the network is fitted to it, relative to c_0. */
const certainty = 1e-5;

/** Chebyshev's points: many at the ends, where a fit is free otherwise. */
const pointCount = 24;

/** The largest x at which the last term of the series is below `certainty`. */
export const trustedRange = (series: PowerSeries<number>): number => {
  const last = series.length - 1;
  return pow(Math.abs((certainty * (series[0] ?? 0)) / (series[last] ?? 0)), 1 / last);
};

/** A network, the range of x that it was fitted on, and the root mean square of its deviations there. */
export interface FittedEfnn {
  readonly layers: readonly ScalarLayer[];
  readonly range: number;
  readonly deviation: number;
}

const square = (u: number): number => u * u;

/** Weights to begin with, of three sizes and both signs: the squares have several minima. */
const starts = (layers: number, c0: number): readonly (readonly number[])[] =>
  [0.3, 1, 3].flatMap((size) =>
    [1, -1].map((sign) =>
      Array.from({ length: layers }, (_, i) => [
        (size * (i + 1)) / layers,
        i === layers - 1 ? c0 : 0.5,
        (sign * size) / 2,
      ]).flat(),
    ),
  );

/**
 * The network of so many layers that is nearest to a series, among the minima that the starts lead to.
 *
 * Errors: fewer than two coefficients, a first or last one of 0; no start that leads to a minimum.
 */
export const fittedEfnn =
  (layers: number) =>
  (series: PowerSeries<number>): Either<ApproximantError, FittedEfnn> => {
    const range = trustedRange(series);
    if (!(range > 0 && Number.isFinite(range))) {
      return E.left(
        approximantError(
          `expected two coefficients or more, the first and the last other than 0, got ${series.length}: ` +
            `take out a power of x, or leave out what is 0 at the end`,
        ),
      );
    }
    const x = Array.from({ length: pointCount }, (_, k) => (range * (1 - cos((Math.PI * (k + 0.5)) / pointCount))) / 2);
    const y = x.map(partialSum(float64)(series));
    const fits = starts(layers, series[0] ?? 0).flatMap((initialValues): readonly FittedEfnn[] => {
      const fit = E.tryCatch(
        () =>
          levenbergMarquardt({ x, y }, (weights: ArrayLike<number>) => scalarEfnn(layersFrom(weights)), {
            initialValues: [...initialValues],
            damping: 1e-2,
            gradientDifference: 1e-6,
            centralDifference: true,
            maxIterations: 300,
            errorTolerance: 1e-28,
          }),
        // The normal equations of a start may be singular: it leads nowhere.
        () => approximantError('singular'),
      );
      if (E.isLeft(fit)) {
        return [];
      }
      const found = layersFrom(fit.right.parameterValues);
      const squares = x.map((at, k) => square(scalarEfnn(found)(at) - (y[k] ?? 0)));
      const deviation = Math.sqrt(squares.reduce((sum, squared) => sum + squared, 0) / pointCount);
      return Number.isFinite(deviation) ? [{ layers: found, range, deviation }] : [];
    });
    const [first, ...others] = fits;
    return first === undefined
      ? E.left(approximantError('expected a start that leads to a minimum, got none: take another number of layers'))
      : E.right(others.reduce((best, fit) => (fit.deviation < best.deviation ? fit : best), first));
  };
