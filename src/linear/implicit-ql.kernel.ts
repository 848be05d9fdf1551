/**
 * Implicit QL iteration for a real symmetric tridiagonal matrix T, with Wilkinson's shift (EISPACK imtql2;
 * Wilkinson and Reinsch 1971, contribution II/4).
 *
 * Each sweep is a chain of plane rotations. They are recorded here and applied afterwards: the components of the
 * eigenvectors are independent of each other under them, so four components at a time stay in registers and in the
 * first-level cache while all sweeps pass over them.
 */
import type { Reals } from '../number/reals.ts';

/**
 * The rotations of all sweeps: sweep k rotates the row pairs (last_k - 1, last_k), .., (first_k, first_k + 1), in that
 * order.
 */
export interface Rotations {
  readonly dimension: number;
  readonly sweeps: number;
  /** first_k and last_k, interleaved. */
  readonly ranges: Int32Array;
  /** Cosine and sine of each rotation, interleaved. */
  readonly cosineSine: Float64Array;
}

/** What the iteration found. */
export interface QlResult {
  /** False when an eigenvalue had not converged after `mostSweeps` sweeps; the rest is then meaningless. */
  readonly converged: boolean;
  /** In the order in which the iteration found them. */
  readonly eigenvalues: Float64Array;
  /** Empty unless asked for. */
  readonly rotations: Rotations;
}

/** Sweeps allowed for one eigenvalue. Two are typical, and 30 is the usual limit. */
const mostSweeps = 60;

/**
 * Off-diagonal entries below this, in a matrix with entries of order 1, are dropped even between zero diagonal
 * entries.
 */
const negligible = 1e-30;

/** Squares below this have lost digits to underflow, and count as 0. */
const vanishing = 1e-280;

/**
 * The eigenvalues of the real symmetric tridiagonal matrix with this diagonal [n] and `offDiagonal`, and on request a
 * record of its rotations, from which eigenvectors are made.
 */
export const implicitQl = (diagonal: Reals, offDiagonal: Reals, record: boolean): QlResult => {
  const n = diagonal.length;
  const d = diagonal.slice();
  const e = offDiagonal.slice();
  let ranges = new Int32Array(record ? 8 * n : 0);
  let cosineSine = new Float64Array(record ? 4 * n * n : 0);
  let sweeps = 0;
  let rotations = 0;
  const result = (converged: boolean): QlResult => ({
    converged,
    eigenvalues: d,
    rotations: { dimension: n, sweeps: record ? sweeps : 0, ranges, cosineSine: cosineSine.subarray(0, 2 * rotations) },
  });

  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l;
      while (m < n - 1) {
        const gap = Math.abs(e[m]!);
        if (gap <= Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!)) || gap <= negligible) {
          break;
        }
        m++;
      }
      if (m === l) {
        break;
      }
      if (sweep === mostSweeps) {
        return result(false);
      }
      if (record) {
        if (2 * sweeps + 2 > ranges.length) {
          ranges = doubled(ranges, Int32Array);
        }
        if (2 * (rotations + m - l) > cosineSine.length) {
          cosineSine = doubled(cosineSine, Float64Array);
        }
        ranges[2 * sweeps] = l;
        ranges[2 * sweeps + 1] = m;
        sweeps++;
      }

      const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      const root = Math.sqrt(half * half + 1);
      let g = d[m]! - d[l]! + e[l]! / (half + (half < 0 ? -root : root));
      let s = 1;
      let c = 1;
      let p = 0;
      for (let i = m - 1; i >= l; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        // The rotation takes (f, g) to (0, r); what has vanished needs none.
        const squared = f * f + g * g;
        const r = squared > vanishing ? Math.sqrt(squared) : 0;
        s = r > 0 ? f / r : 0;
        c = r > 0 ? g / r : 1;
        e[i + 1] = r;
        g = d[i + 1]! - p;
        const q = (d[i]! - g) * s + 2 * c * b;
        p = s * q;
        d[i + 1] = g + p;
        g = c * q - b;
        if (record) {
          cosineSine[2 * rotations] = c;
          cosineSine[2 * rotations + 1] = s;
          rotations++;
        }
      }
      d[l]! -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
  return result(true);
};

const doubled = <A extends Int32Array | Float64Array>(array: A, make: new (length: number) => A): A => {
  const larger = new make(2 * array.length);
  larger.set(array);
  return larger;
};

/** The eigenvectors of T as rows: row k belongs to eigenvalue k in the order of `implicitQl`. Shape [n, n]. */
export const eigenvectorRows = (rotations: Rotations): Float64Array => {
  const n = rotations.dimension;
  const rows = new Float64Array(n * n);
  const panel = new Float64Array(4 * n);
  for (let from = 0; from < n; from += 4) {
    panel.fill(0);
    for (let q = 0; q < 4 && from + q < n; q++) {
      panel[4 * (from + q) + q] = 1;
    }
    rotatePanel(rotations, panel);
    for (let k = 0; k < n; k++) {
      for (let q = 0; q < 4 && from + q < n; q++) {
        rows[k * n + from + q] = panel[4 * k + q]!;
      }
    }
  }
  return rows;
};

/** Applies every rotation to a panel of four columns, [n, 4]. */
const rotatePanel = (rotations: Rotations, panel: Float64Array): void => {
  const { ranges, cosineSine } = rotations;
  let next = 0;
  for (let sweep = 0; sweep < rotations.sweeps; sweep++) {
    const first = ranges[2 * sweep]!;
    const last = ranges[2 * sweep + 1]!;
    let f0 = panel[4 * last]!;
    let f1 = panel[4 * last + 1]!;
    let f2 = panel[4 * last + 2]!;
    let f3 = panel[4 * last + 3]!;
    for (let i = 4 * (last - 1); i >= 4 * first; i -= 4) {
      const c = cosineSine[next]!;
      const s = cosineSine[next + 1]!;
      next += 2;
      const z0 = panel[i]!;
      const z1 = panel[i + 1]!;
      const z2 = panel[i + 2]!;
      const z3 = panel[i + 3]!;
      panel[i + 4] = s * z0 + c * f0;
      panel[i + 5] = s * z1 + c * f1;
      panel[i + 6] = s * z2 + c * f2;
      panel[i + 7] = s * z3 + c * f3;
      f0 = c * z0 - s * f0;
      f1 = c * z1 - s * f1;
      f2 = c * z2 - s * f2;
      f3 = c * z3 - s * f3;
    }
    panel[4 * first] = f0;
    panel[4 * first + 1] = f1;
    panel[4 * first + 2] = f2;
    panel[4 * first + 3] = f3;
  }
};
