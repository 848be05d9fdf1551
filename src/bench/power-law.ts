/** Power laws y = a x^p, fitted to logarithms by Levenberg and Marquardt's method. */
import { levenbergMarquardt } from 'ml-levenberg-marquardt';

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

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const sumOfSquares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);

/**
 * The least-squares line through (ln x, ln y), with the standard error of its slope: sigma / sqrt(sum (ln x - mean)^2),
 * sigma^2 from the residuals with n - 2 degrees of freedom. Null for fewer than three points: two show no scatter.
 */
export const fitPowerLaw = (points: readonly Measured[]): PowerLaw | null => {
  if (new Set(points.map(({ x }) => x)).size < 3 || points.some(({ x, y }) => !(x > 0 && y > 0))) {
    return null;
  }
  const logX = points.map(({ x }) => Math.log(x));
  const logY = points.map(({ y }) => Math.log(y));
  const centre = mean(logX);
  // About the centre the two parameters are uncorrelated, and the method needs few steps.
  const { parameterValues } = levenbergMarquardt(
    { x: logX.map((x) => x - centre), y: logY },
    ([height = 0, slope = 0]) =>
      (x) =>
        height + slope * x,
    { initialValues: [mean(logY), 1], damping: 1e-3, maxIterations: 100, errorTolerance: 1e-24 },
  );
  const [height = NaN, exponent = NaN] = parameterValues;
  const residuals = logX.map((x, i) => (logY[i] ?? NaN) - height - exponent * (x - centre));
  const variance = sumOfSquares(residuals) / (points.length - 2);
  return {
    exponent,
    exponentError: Math.sqrt(variance / sumOfSquares(logX.map((x) => x - centre))),
    logPrefactor: height - exponent * centre,
  };
};

/** The value of the fitted law at x. */
export const powerLawAt =
  ({ exponent, logPrefactor }: PowerLaw) =>
  (x: number): number =>
    Math.exp(logPrefactor + exponent * Math.log(x));
