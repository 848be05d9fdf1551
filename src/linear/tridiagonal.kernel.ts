/**
 * Householder reduction of a Hermitian matrix to a real symmetric tridiagonal one.
 *
 * Row i, from the last to the second, loses all but its entry next to the diagonal to the reflection
 * P_i = 1 - tau_i u_i u_i^dagger, which acts on the indices below i. With U = P_(n-1) .. P_1 D, D a diagonal of phases,
 *
 *   A = scale U T U^dagger,  T real symmetric tridiagonal.
 *
 * A reflection changes the matrix by -(u w^dagger + w u^dagger), w = tau A u - (tau^2 / 2) (u^dagger A u) u. That
 * update waits until the next reflector is known, so one pass along the rows of the lower triangle updates the matrix
 * and multiplies it by the next reflector: half the memory traffic of doing the two in turn.
 */
import type { Reals } from '../number/reals.ts';
import type { HermitianMatrix } from './hermitian-matrix.ts';
import { hypot } from '../number/elementary/hypotenuse.ts';
import { exponentOf, powerOfTwo } from '../number/elementary/words.kernel.ts';

/** A Hermitian matrix as scale U T U^dagger, T real and tridiagonal, U a product of reflectors. */
export interface Tridiagonalization {
  readonly dimension: number;
  /** A = scale U T U^dagger. A power of two, so scaling rounds nothing. */
  readonly scale: number;
  /** T_ii, [n]. */
  readonly diagonal: Reals;
  /** T_(i+1)i, [n], not negative; the last entry is 0. */
  readonly offDiagonal: Reals;
  /** u_i in the first i entries of row i, [n, n]; empty unless asked for. */
  readonly reflectorsRe: Reals;
  readonly reflectorsIm: Reals;
  /** tau_i, [n]; 0 where row i needed no reflection. */
  readonly tau: Reals;
  /** The diagonal of D, [n]. */
  readonly phasesRe: Reals;
  readonly phasesIm: Reals;
}

/**
 * Entries below this, in a matrix with largest entry 1, count as 0: their squares would underflow, and they change
 * nothing.
 */
const negligible = 1e-140;

/** The power of two that is next below the largest entry; 1 for the zero matrix. */
export const scaleOf = (matrix: HermitianMatrix): number => {
  const length = matrix.dimension * matrix.dimension;
  let largest = 0;
  for (let index = 0; index < length; index++) {
    largest = Math.max(largest, Math.abs(matrix.re[index]!), Math.abs(matrix.im[index]!));
  }
  return largest > 0 && Number.isFinite(largest) ? powerOfTwo(Math.max(-1022, exponentOf(largest))) : 1;
};

/** A Householder reflection P = 1 - tau u u^dagger that leaves a column only its last entry, `phase r`. */
export interface Reflection {
  /** 0 where the column needs no reflection; u is 0 then. */
  readonly tau: number;
  /** The norm of the column, by which it is divided for u. */
  readonly r: number;
  /** The phase of the entry that remains. */
  readonly phaseRe: number;
  readonly phaseIm: number;
  /** The last entry of u. */
  readonly lastRe: number;
  readonly lastIm: number;
}

/** The reflection of a column whose last entry is given, and the sum of the squares of its others. */
export const reflectionOf = (rest: number, lastRe: number, lastIm: number): Reflection => {
  const modulus = hypot(lastRe, lastIm);
  const c = modulus > negligible ? modulus : 0;
  const phaseRe = c > 0 ? lastRe / c : 1;
  const phaseIm = c > 0 ? lastIm / c : 0;
  if (rest <= negligible * negligible) {
    return { tau: 0, r: c, phaseRe, phaseIm, lastRe: 0, lastIm: 0 };
  }
  // u is the column / r with its last entry lengthened by 1, so that it is of order 1 however small the column is.
  // The reflected entry is -phase r: the other sign would cancel.
  const r = Math.sqrt(rest + c * c);
  const last = 1 + c / r;
  return {
    ...{ tau: 1 / last, r, phaseRe: -phaseRe, phaseIm: -phaseIm },
    ...{ lastRe: phaseRe * last, lastIm: phaseIm * last },
  };
};

/** Householder's reduction, one reflector after the other. */
export const tridiagonalize = (matrix: HermitianMatrix): Tridiagonalization => {
  const n = matrix.dimension;
  const scale = scaleOf(matrix);
  const aRe = matrix.re.map((x) => x / scale);
  const aIm = matrix.im.map((x) => x / scale);
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const tau = new Float64Array(n);
  const phasesRe = new Float64Array(n).fill(1);
  const phasesIm = new Float64Array(n);
  // The pending update's u and w, the next reflector x, and y = A x.
  let uRe = new Float64Array(n);
  let uIm = new Float64Array(n);
  const wRe = new Float64Array(n);
  const wIm = new Float64Array(n);
  let xRe = new Float64Array(n);
  let xIm = new Float64Array(n);
  const yRe = new Float64Array(n);
  const yIm = new Float64Array(n);

  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    subtractRankTwo(aRe, aIm, row, i + 1, uRe, uIm, wRe, wIm, i);
    diagonal[i] = aRe[row + i]!;
    const reflection = reflectorOf(aRe, aIm, row, i, xRe, xIm);
    tau[i] = reflection.tau;
    offDiagonal[i - 1] = reflection.r;
    phasesRe[i - 1] = phasesRe[i]! * reflection.phaseRe - phasesIm[i]! * reflection.phaseIm;
    phasesIm[i - 1] = phasesRe[i]! * reflection.phaseIm + phasesIm[i]! * reflection.phaseRe;
    aRe.set(xRe.subarray(0, i), row);
    aIm.set(xIm.subarray(0, i), row);

    updateAndMultiply(aRe, aIm, n, i, uRe, uIm, wRe, wIm, xRe, xIm, yRe, yIm);
    completeUpdate(i, reflection.tau, xRe, xIm, yRe, yIm, wRe, wIm);
    [uRe, xRe] = [xRe, uRe];
    [uIm, xIm] = [xIm, uIm];
  }
  if (n > 0) {
    subtractRankTwo(aRe, aIm, 0, 1, uRe, uIm, wRe, wIm, 0);
    diagonal[0] = aRe[0]!;
  }
  return { dimension: n, scale, diagonal, offDiagonal, reflectorsRe: aRe, reflectorsIm: aIm, tau, phasesRe, phasesIm };
};

/** Writes the reflector u for row i, whose first i entries are the conjugate of the column above the diagonal, to x. */
const reflectorOf = (
  aRe: Float64Array,
  aIm: Float64Array,
  row: number,
  i: number,
  xRe: Float64Array,
  xIm: Float64Array,
): Reflection => {
  let rest = 0;
  for (let j = 0; j < i - 1; j++) {
    rest += aRe[row + j]! * aRe[row + j]! + aIm[row + j]! * aIm[row + j]!;
  }
  const reflection = reflectionOf(rest, aRe[row + i - 1]!, -aIm[row + i - 1]!);
  for (let j = 0; j < i - 1; j++) {
    xRe[j] = reflection.tau === 0 ? 0 : aRe[row + j]! / reflection.r;
    xIm[j] = reflection.tau === 0 ? 0 : -aIm[row + j]! / reflection.r;
  }
  xRe[i - 1] = reflection.lastRe;
  xIm[i - 1] = reflection.lastIm;
  return reflection;
};

/** w = tau y - (tau^2 / 2) (x^dagger y) x with y = A x, so x^dagger y is real. */
const completeUpdate = (
  count: number,
  tau: number,
  xRe: Float64Array,
  xIm: Float64Array,
  yRe: Float64Array,
  yIm: Float64Array,
  wRe: Float64Array,
  wIm: Float64Array,
): void => {
  let expectation = 0;
  for (let j = 0; j < count; j++) {
    expectation += xRe[j]! * yRe[j]! + xIm[j]! * yIm[j]!;
  }
  const half = 0.5 * tau * tau * expectation;
  for (let j = 0; j < count; j++) {
    wRe[j] = tau * yRe[j]! - half * xRe[j]!;
    wIm[j] = tau * yIm[j]! - half * xIm[j]!;
  }
};

/** Subtracts row r of u w^dagger + w u^dagger from the first `count` entries of the row that starts at `row`. */
const subtractRankTwo = (
  aRe: Float64Array,
  aIm: Float64Array,
  row: number,
  count: number,
  uRe: Float64Array,
  uIm: Float64Array,
  wRe: Float64Array,
  wIm: Float64Array,
  r: number,
): void => {
  const ur = uRe[r]!;
  const ui = uIm[r]!;
  const wr = wRe[r]!;
  const wi = wIm[r]!;
  for (let j = 0; j < count; j++) {
    aRe[row + j]! -= ur * wRe[j]! + ui * wIm[j]! + wr * uRe[j]! + wi * uIm[j]!;
    aIm[row + j]! -= ui * wRe[j]! - ur * wIm[j]! + wi * uRe[j]! - wr * uIm[j]!;
  }
};

/** A -= u w^dagger + w u^dagger on the leading `count` rows of the lower triangle, and y = A x with the updated A. */
const updateAndMultiply = (
  aRe: Float64Array,
  aIm: Float64Array,
  n: number,
  count: number,
  uRe: Float64Array,
  uIm: Float64Array,
  wRe: Float64Array,
  wIm: Float64Array,
  xRe: Float64Array,
  xIm: Float64Array,
  yRe: Float64Array,
  yIm: Float64Array,
): void => {
  for (let r = 0; r < count; r++) {
    const row = r * n;
    const ur = uRe[r]!;
    const ui = uIm[r]!;
    const wr = wRe[r]!;
    const wi = wIm[r]!;
    const xr = xRe[r]!;
    const xi = xIm[r]!;
    let sumRe = 0;
    let sumIm = 0;
    for (let j = 0; j < r; j++) {
      const vr = uRe[j]!;
      const vi = uIm[j]!;
      const zr = wRe[j]!;
      const zi = wIm[j]!;
      const re = aRe[row + j]! - (ur * zr + ui * zi + (wr * vr + wi * vi));
      const im = aIm[row + j]! - (ui * zr - ur * zi + (wi * vr - wr * vi));
      aRe[row + j] = re;
      aIm[row + j] = im;
      const pr = xRe[j]!;
      const pi = xIm[j]!;
      sumRe += re * pr - im * pi;
      sumIm += re * pi + im * pr;
      yRe[j]! += re * xr + im * xi;
      yIm[j]! += re * xi - im * xr;
    }
    const d = aRe[row + r]! - 2 * (ur * wr + ui * wi);
    aRe[row + r] = d;
    yRe[r] = sumRe + d * xr;
    yIm[r] = sumIm + d * xi;
  }
};
