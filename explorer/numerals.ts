/** Numbers as the page writes them. */

/** Three digits that count, with a true minus sign. */
export const digits = (x: number, count = 3): string => {
  const text = Math.abs(x) >= 1e-3 && Math.abs(x) < 1e5 ? Number(x.toPrecision(count)).toString() : x.toExponential(1);
  return (x === 0 ? '0' : text).replaceAll('-', '−');
};

/** An energy with four decimals; what rounds to zero has no sign. */
export const decimals = (x: number): string => {
  const text = x.toFixed(4);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
};

/** The root of the mean square. */
export const rootMeanSquare = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, x) => sum + x * x, 0) / values.length);

/** The largest modulus. */
export const largestOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** Least, mean and most, in words. */
export const summaryOf = (values: ArrayLike<number>): string => {
  const all = Array.from(values);
  const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
  return `from ${digits(Math.min(...all))} to ${digits(Math.max(...all))}, mean ${digits(mean)}`;
};
