/**
 * Carries eigenvectors z of the tridiagonal T back to eigenvectors v = P_(n-1) .. P_1 D z of the Hermitian matrix.
 *
 * Four vectors go through all reflectors together, component by component side by side, so each entry of a reflector
 * is read once for four vectors.
 */
import type { Reals } from '../number/reals.ts';
import type { Tridiagonalization } from './tridiagonal.kernel.ts';

/** Complex row vectors, [count, dimension]. */
export interface VectorRows {
  readonly count: number;
  readonly dimension: number;
  readonly re: Reals;
  readonly im: Reals;
}

/** The eigenvectors of the Hermitian matrix that belong to the given rows of T's eigenvectors, in that order. */
export const backTransform = (
  reduced: Tridiagonalization,
  tridiagonalRows: Reals,
  chosen: readonly number[],
): VectorRows => {
  const n = reduced.dimension;
  const count = chosen.length;
  const re = new Float64Array(count * n);
  const im = new Float64Array(count * n);
  const panelRe = new Float64Array(4 * n);
  const panelIm = new Float64Array(4 * n);
  for (let from = 0; from < count; from += 4) {
    const width = Math.min(4, count - from);
    for (let q = 0; q < width; q++) {
      const row = chosen[from + q]! * n;
      for (let j = 0; j < n; j++) {
        const z = tridiagonalRows[row + j]!;
        panelRe[4 * j + q] = reduced.phasesRe[j]! * z;
        panelIm[4 * j + q] = reduced.phasesIm[j]! * z;
      }
    }
    reflectPanel(reduced, panelRe, panelIm);
    for (let q = 0; q < width; q++) {
      const row = (from + q) * n;
      for (let j = 0; j < n; j++) {
        re[row + j] = panelRe[4 * j + q]!;
        im[row + j] = panelIm[4 * j + q]!;
      }
    }
  }
  return { count, dimension: n, re, im };
};

/** v -= tau_i u_i (u_i^dagger v), i = 2 .. n - 1 (row 1 needs no reflection), for a panel of four vectors, [n, 4]. */
const reflectPanel = (reduced: Tridiagonalization, vRe: Float64Array, vIm: Float64Array): void => {
  const { dimension, reflectorsRe, reflectorsIm, tau } = reduced;
  for (let i = 2; i < dimension; i++) {
    const t = tau[i]!;
    if (t === 0) {
      continue;
    }
    const row = i * dimension;
    let r0 = 0;
    let r1 = 0;
    let r2 = 0;
    let r3 = 0;
    let i0 = 0;
    let i1 = 0;
    let i2 = 0;
    let i3 = 0;
    for (let j = 0, k = 0; j < i; j++, k += 4) {
      const ur = reflectorsRe[row + j]!;
      const ui = reflectorsIm[row + j]!;
      const a0 = vRe[k]!;
      const b0 = vIm[k]!;
      r0 += ur * a0 + ui * b0;
      i0 += ur * b0 - ui * a0;
      const a1 = vRe[k + 1]!;
      const b1 = vIm[k + 1]!;
      r1 += ur * a1 + ui * b1;
      i1 += ur * b1 - ui * a1;
      const a2 = vRe[k + 2]!;
      const b2 = vIm[k + 2]!;
      r2 += ur * a2 + ui * b2;
      i2 += ur * b2 - ui * a2;
      const a3 = vRe[k + 3]!;
      const b3 = vIm[k + 3]!;
      r3 += ur * a3 + ui * b3;
      i3 += ur * b3 - ui * a3;
    }
    r0 *= t;
    r1 *= t;
    r2 *= t;
    r3 *= t;
    i0 *= t;
    i1 *= t;
    i2 *= t;
    i3 *= t;
    for (let j = 0, k = 0; j < i; j++, k += 4) {
      const ur = reflectorsRe[row + j]!;
      const ui = reflectorsIm[row + j]!;
      vRe[k]! -= ur * r0 - ui * i0;
      vIm[k]! -= ur * i0 + ui * r0;
      vRe[k + 1]! -= ur * r1 - ui * i1;
      vIm[k + 1]! -= ur * i1 + ui * r1;
      vRe[k + 2]! -= ur * r2 - ui * i2;
      vIm[k + 2]! -= ur * i2 + ui * r2;
      vRe[k + 3]! -= ur * r3 - ui * i3;
      vIm[k + 3]! -= ur * i3 + ui * r3;
    }
  }
};
