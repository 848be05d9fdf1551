/** The length of a vector, scaled so that no square overflows or vanishes, with a compensated sum (Kahan 1965). */

/** What is summed so far, and by how much the sum is too large. */
interface CompensatedSum {
  readonly sum: number;
  readonly excess: number;
}

/**
 * sqrt(x_1^2 + x_2^2 + ..), within two units in the last place; Infinity where a part is, else NaN where a part is.
 *
 * @example
 * hypot(3, 4) // 5
 */
export const hypot = (...parts: readonly number[]): number => {
  const sizes = parts.map(Math.abs);
  if (sizes.includes(Infinity)) {
    return Infinity;
  }
  const largest = sizes.reduce((a, b) => (Number.isNaN(b) || b > a ? b : a), 0);
  if (!(largest > 0)) {
    return largest;
  }
  const { sum } = sizes.reduce<CompensatedSum>(
    ({ sum: before, excess }, size) => {
      const part = size / largest;
      const term = part * part - excess;
      const after = before + term;
      return { sum: after, excess: after - before - term };
    },
    { sum: 0, excess: 0 },
  );
  return Math.sqrt(sum) * largest;
};
