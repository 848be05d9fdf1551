/** The tangent plane of the unit sphere at each spin. */

/** P v with P_i v = v - (v . s_i) s_i, [3, sites]. */
export const projected = (v: readonly number[], s: readonly number[]): readonly number[] => {
  const sites = s.length / 3;
  return v.map((x, n) => {
    const along = [0, 1, 2].reduce((sum, k) => {
      const at = k * sites + (n % sites);
      return sum + (v[at] ?? NaN) * (s[at] ?? NaN);
    }, 0);
    return x - along * (s[n] ?? NaN);
  });
};
