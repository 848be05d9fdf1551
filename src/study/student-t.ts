/** Student's t: how far a mean of few numbers may be from the true one, in its standard errors. */

/** 97.5 percent quantiles with 1, 2, .. degrees of freedom. */
const quantiles = [12.7062, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157] as const;

/**
 * The half width of an interval of 95 percent, in standard errors, for so many degrees of freedom; for more than the table knows its
 * last row, which is a little wide.
 *
 * @example
 * studentQuantile(4) // 2.776445
 */
export const studentQuantile = (freedom: number): number =>
  quantiles[Math.min(freedom, quantiles.length) - 1] ?? Number.POSITIVE_INFINITY;
