/** The energy of a pair interaction by its definition, one term after the other: what fits and heads are held against. */
import type { Reals } from '../src/number/reals.ts';

/** c N^2 + sum over sites i and offsets d of K(d) s_i . s_{i+d}; spins [3, N, N], K a kernel [k, k] with d = 0 in its middle. */
export const energyOfPairs = (spins: Reals, N: number, kernel: readonly number[], constant: number): number => {
  const range = Array.from({ length: N }, (_, i) => i);
  const k = Math.sqrt(kernel.length);
  const wrap = (x: number): number => ((x % N) + N) % N;
  const s = (component: number, row: number, column: number): number =>
    spins[component * N * N + wrap(row) * N + wrap(column)] ?? NaN;
  const terms = range.flatMap((row) =>
    range.flatMap((column) =>
      kernel.flatMap((K, tap) => {
        const [down, right] = [Math.floor(tap / k) - (k - 1) / 2, (tap % k) - (k - 1) / 2];
        return [0, 1, 2].map((axis) => K * s(axis, row, column) * s(axis, row + down, column + right));
      }),
    ),
  );
  return constant * N * N + terms.reduce((sum, term) => sum + term, 0);
};
