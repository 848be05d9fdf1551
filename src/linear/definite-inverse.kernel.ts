/**
 * Inverse and determinant of complex matrices A whose imaginary part (A - A^dagger) / 2i is positive definite, as that
 * of z - H is for Im z > 0, and that of its Schur complements and of its inverse's inverse blocks.
 *
 * Elimination needs no pivoting then: each pivot is the inverse of a diagonal entry of some principal submatrix's
 * inverse, so it lies in the upper half plane, no closer to 0 than Im z. The logarithms of the pivots, each with an
 * argument between 0 and pi, add up to the branch of log det(z - H) that is analytic for Im z > 0: the sum of
 * log(z - E_n).
 */
import type { ComplexGemm } from './complex-gemm.ts';
import { atan2 } from '../number/elementary/arctangent.kernel.ts';
import { log } from '../number/elementary/logarithm.kernel.ts';

/** A logarithm that grows: log of the modulus, and the argument. */
export interface ComplexLogarithm {
  readonly parts: Float64Array;
}

/** The logarithm of 1. */
export const noLogarithm = (): ComplexLogarithm => ({ parts: new Float64Array(2) });

/**
 * Numbers of which one logarithm is taken, that of their product: with more of them a product may leave float64 where the
 * numbers are far from 1.
 */
const together = 4;

/** Squares between these have lost no digits. */
const [smallest, largest] = [1e-280, 1e280];

/**
 * Adds the logarithms of so many numbers of the upper half plane, real and imaginary parts side by side from a place on.
 *
 * The argument of a product in progress grows by less than pi with each factor, so it passes a multiple of pi whenever
 * the product changes the half plane, and never two at once.
 */
export const addLogarithms = (
  { parts }: ComplexLogarithm,
  numbers: Float64Array,
  from: number,
  count: number,
): void => {
  for (let first = 0; first < count; first += together) {
    const start = from + 2 * first;
    const end = from + 2 * Math.min(count, first + together);
    let re = 1;
    let im = 0;
    let halfTurns = 0;
    let isUpper = true;
    for (let at = start; at < end; at += 2) {
      const x = numbers[at]!;
      const y = numbers[at + 1]!;
      isUpper &&= y > 0;
      const wasBelow = im < 0;
      const product = re * x - im * y;
      // A sum with 0 is never -0, whose argument were -pi.
      im = re * y + im * x + 0;
      re = product;
      halfTurns += im < 0 === wasBelow ? 0 : 1;
    }
    const squared = re * re + im * im;
    if (isUpper && squared > smallest && squared < largest) {
      parts[0]! += 0.5 * log(squared);
      parts[1]! += Math.PI * halfTurns + atan2(im, re) + (im < 0 ? Math.PI : 0);
    } else {
      for (let at = start; at < end; at += 2) {
        const [x, y] = [numbers[at]!, numbers[at + 1]!];
        parts[0]! += 0.5 * log(x * x + y * y);
        parts[1]! += atan2(y, x);
      }
    }
  }
};

/**
 * Rows that are eliminated together: a product with an inner index of 4 is emitted (beside 6, a band's, and the full
 * width), and the width is a multiple of 4, so that no panel is cut short.
 */
const panel = 4;

/** How many numbers of the memory the inversion of a matrix of this width needs beside it. */
export const inversionNumbers = (width: number): number => 2 * panel * panel + 2 * panel * width + 2 * width * panel;

/**
 * Replaces the matrix at `a`, whose rows and columns are as many as its width, by its inverse, and leaves its pivots at `pivots`,
 * real and imaginary parts side by side: their product is the determinant. With `determinantOnly` what is left of the matrix is meaningless. Gauss-Jordan elimination, four
 * rows at a time: with the pivot block P, the rows R of the panel and its columns Q, R becomes P^-1 R, all else loses
 * Q P^-1 R, and Q becomes -Q P^-1.
 */
export const invert = (
  products: ComplexGemm,
  width: number,
  scratch: number,
  a: number,
  pivots: number,
  determinantOnly: boolean,
): void => {
  const { memory } = products;
  const stride = 2 * width;
  const pivotBlock = scratch;
  const columns = pivotBlock + 2 * panel * panel;
  const rows = columns + 2 * panel * width;
  for (let k = 0; k < width; k += panel) {
    const from = determinantOnly ? k + panel : 0;
    for (let row = determinantOnly ? k : 0; row < width; row++) {
      const source = a + row * stride + k;
      const target = columns + row * 2 * panel;
      for (let j = 0; j < panel; j++) {
        memory[target + j] = memory[source + j]!;
        memory[target + panel + j] = memory[source + width + j]!;
        memory[source + j] = 0;
        memory[source + width + j] = 0;
      }
    }
    memory.copyWithin(pivotBlock, columns + k * 2 * panel, columns + (k + panel) * 2 * panel);
    invertPanel(memory, pivotBlock, pivots + 2 * k);
    const panelRows = a + k * stride;
    if (width > from) {
      products.set(panel, panel, width - from, pivotBlock, panel, panelRows + from, rows + from);
    }
    if (!determinantOnly) {
      for (let row = 0; row < panel; row++) {
        const source = pivotBlock + row * 2 * panel;
        const target = rows + row * stride + k;
        for (let j = 0; j < panel; j++) {
          memory[target + j] = memory[source + j]!;
          memory[target + width + j] = memory[source + panel + j]!;
        }
      }
      if (k > 0) {
        products.subtract(k, panel, width, columns, panel, rows, a);
      }
      memory.copyWithin(panelRows, rows, rows + panel * stride);
    }
    const below = width - k - panel;
    if (below > 0) {
      const first = k + panel;
      products.subtract(
        below,
        panel,
        width - from,
        columns + first * 2 * panel,
        panel,
        rows + from,
        a + first * stride + from,
      );
    }
  }
};

/** The inverse of a 4 x 4 matrix in place, and its pivots. */
const invertPanel = (memory: Float64Array, at: number, pivots: number): void => {
  const stride = 2 * panel;
  for (let k = 0; k < panel; k++) {
    const pivotRow = at + k * stride;
    const re = memory[pivotRow + k]!;
    const im = memory[pivotRow + panel + k]!;
    memory[pivots + 2 * k] = re;
    memory[pivots + 2 * k + 1] = im;
    const squared = re * re + im * im;
    const inverseRe = re / squared;
    const inverseIm = -im / squared;
    memory[pivotRow + k] = 1;
    memory[pivotRow + panel + k] = 0;
    for (let j = 0; j < panel; j++) {
      const x = memory[pivotRow + j]!;
      const y = memory[pivotRow + panel + j]!;
      memory[pivotRow + j] = x * inverseRe - y * inverseIm;
      memory[pivotRow + panel + j] = x * inverseIm + y * inverseRe;
    }
    for (let row = 0; row < panel; row++) {
      if (row === k) {
        continue;
      }
      const target = at + row * stride;
      const factorRe = memory[target + k]!;
      const factorIm = memory[target + panel + k]!;
      memory[target + k] = 0;
      memory[target + panel + k] = 0;
      for (let j = 0; j < panel; j++) {
        const x = memory[pivotRow + j]!;
        const y = memory[pivotRow + panel + j]!;
        memory[target + j]! -= factorRe * x - factorIm * y;
        memory[target + panel + j]! -= factorRe * y + factorIm * x;
      }
    }
  }
};
