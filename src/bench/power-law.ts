/** Power laws y = a x^p, fitted as a straight line to logarithms. */
import type { Reals } from '../number/reals.ts';
import { meanOf } from '../number/mean.ts';

/** A law y = a x^p with the uncertainty of its exponent. */
export interface PowerLaw {
  /** p. */
  readonly exponent: number;
  /** The standard error of p. */
  readonly exponentError: number;
  /** ln a. */
  readonly logPrefactor: number;
}

/** One measurement: y at x, both positive. */
export interface Measured {
  readonly x: number;
  readonly y: number;
}

const sumOfSquares = (values: Reals): number => values.reduce((sum, value) => sum + value * value, 0);

/**
 * The least-squares line through (ln x, ln y) in closed form: p = sum dx dy / sum dx^2 with dx, dy the distances of the
 * logarithms from their means. The standard error of p is sigma / sqrt(sum dx^2), sigma^2 from the residuals with n - 2
 * degrees of freedom. Null for fewer than three points: two show no scatter.
 *
 * @example
 * pipe(fitPowerLaw([1, 2, 4].map((x) => ({ x, y: 3 * x ** 2 }))), (law) => law?.exponent) // 2.000
 */
export const fitPowerLaw = (points: readonly Measured[]): PowerLaw | null => {
  if (new Set(points.map(({ x }) => x)).size < 3 || points.some(({ x, y }) => !(x > 0 && y > 0))) {
    return null;
  }
  const logX = Float64Array.from(points, ({ x }) => Math.log(x));
  const logY = Float64Array.from(points, ({ y }) => Math.log(y));
  const centre = meanOf(logX);
  const height = meanOf(logY);
  const offsets = logX.map((x) => x - centre);
  const spread = sumOfSquares(offsets);
  const exponent = offsets.reduce((sum, x, i) => sum + x * ((logY[i] ?? NaN) - height), 0) / spread;
  const residuals = offsets.map((x, i) => (logY[i] ?? NaN) - height - exponent * x);
  const variance = sumOfSquares(residuals) / (points.length - 2);
  return {
    exponent,
    exponentError: Math.sqrt(variance / spread),
    logPrefactor: height - exponent * centre,
  };
};

/**
 * The standard error of ln y of one more measurement at x, from the scatter sigma of the points about the law:
 * sigma sqrt(1 + 1/n + (ln x - mean)^2 / sum dx^2). Beside the law's own error, which grows with the distance from the points, it has the
 * scatter of what is not measured.
 */
export const powerLawErrorAt =
  (points: readonly Measured[], { exponentError }: PowerLaw) =>
  (x: number): number => {
    const logX = Float64Array.from(points, (point) => Math.log(point.x));
    const centre = meanOf(logX);
    const spread = sumOfSquares(logX.map((value) => value - centre));
    const distance = Math.log(x) - centre;
    return exponentError * Math.sqrt(spread * (1 + 1 / points.length) + distance * distance);
  };

/** The value of the fitted law at x. */
export const powerLawAt =
  ({ exponent, logPrefactor }: PowerLaw) =>
  (x: number): number =>
    Math.exp(logPrefactor + exponent * Math.log(x));
