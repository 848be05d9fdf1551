/**
 * Householder reduction of a Hermitian matrix to tridiagonal form by panels, as `tridiagonal.kernel.ts` does it row by
 * row, and with the same result.
 *
 * The reflections of a panel of rows are collected: the matrix that they have made is A minus the sum over the panel of
 * u_k w_k^dagger + w_k u_k^dagger. A row that is next, and the product of the matrix with a reflector, take the sum
 * into account; the matrix itself is updated once a panel, by products of matrices. So it is read once for a row, and
 * written once for a panel.
 */
import type { HermitianMatrix } from './hermitian-matrix.ts';
import { reflectionOf, scaleOf, type Tridiagonalization } from './tridiagonal.kernel.ts';
import type { HouseholderProducts } from './wasm/householder-products.kernel.ts';

/**
 * Rows in a panel. A longer one writes the matrix less often, but every row takes longer sums into account. Measured for
 * matrices of 72 to 800 rows: 8, 16, 24 and 32 are within a quarter of each other, 16 the fastest at 200 and 450.
 */
const panel = 16;

/**
 * Rows of the matrix that are updated together, with the entries to the left of where they end: those right of the
 * diagonal are wasted, and grow with it. Measured at 72, 200 and 800 rows: 8 to 64 are within a fifth of
 * each other. The widths of rows in the memory are multiples of it.
 */
const chunk = 16;

/**
 * Columns that are updated together: the panel's rows of them, 32 KB, stay in the first-level cache while all rows of
 * the matrix pass.
 */
const strip = 64;

/** Places in the memory; the matrix comes first. */
interface Layout {
  readonly stride: number;
  /** u_k and w_k, one after the other in each row of the matrix, as coefficients. */
  readonly coefficients: number;
  /** w_k^dagger and u_k^dagger, one after the other, as rows. */
  readonly conjugates: number;
  readonly x: number;
  readonly y: number;
  readonly dots: number;
  readonly numbers: number;
}

const layoutOf = (n: number): Layout => {
  const stride = 2 * chunk * Math.ceil((n + 1) / chunk);
  const coefficients = n * stride + stride;
  const conjugates = coefficients + 4 * Math.ceil(n / 4) * 4 * panel;
  const x = conjugates + 2 * panel * stride;
  const [y, dots] = [x + stride, x + 2 * stride];
  return { stride, coefficients, conjugates, x, y, dots, numbers: dots + 4 * panel };
};

/** How many numbers the reduction of an n x n matrix has in its memory. */
export const reductionLength = (n: number): number => layoutOf(n).numbers;

/** The place of the real part of entry j in a row; the imaginary part is four numbers on. */
const placeOf = (j: number): number => 8 * (j >> 2) + (j & 3);

/** T, scale and reflectors, in the notation of `Tridiagonalization`. */
export const tridiagonalizationByPanels =
  (productsOf: (numbers: number) => HouseholderProducts) =>
  (matrix: HermitianMatrix, withReflectors: boolean): Tridiagonalization => {
    const n = matrix.dimension;
    const scale = scaleOf(matrix);
    const layout = layoutOf(n);
    const { stride, coefficients, conjugates, x, y, dots } = layout;
    const products = productsOf(layout.numbers);
    const { memory } = products;
    writeRows(matrix, scale, memory, stride);

    const diagonal = new Float64Array(n);
    const offDiagonal = new Float64Array(n);
    const tau = new Float64Array(n);
    const phasesRe = new Float64Array(n).fill(1);
    const phasesIm = new Float64Array(n);

    let count = 0;
    for (let i = n - 1; i >= 0; i--) {
      const row = i * stride;
      const fours = Math.ceil(i / 4);
      if (count > 0) {
        const own = coefficients + i * 4 * panel;
        products.subtract(1, 2 * count, 4 * Math.ceil((i + 1) / 4), own, 4 * panel, conjugates, stride, row, stride);
      }
      diagonal[i] = memory[row + placeOf(i)]!;
      if (i === 0) {
        break;
      }
      const reflection = reflectionOf(
        squaresBefore(products, row, i - 1),
        memory[row + placeOf(i - 1)]!,
        -memory[row + placeOf(i - 1) + 4]!,
      );
      tau[i] = reflection.tau;
      offDiagonal[i - 1] = reflection.r;
      phasesRe[i - 1] = phasesRe[i]! * reflection.phaseRe - phasesIm[i]! * reflection.phaseIm;
      phasesIm[i - 1] = phasesRe[i]! * reflection.phaseIm + phasesIm[i]! * reflection.phaseRe;

      // The conjugates of the reflector, which takes the place of the row, and of its product with the matrix.
      if (reflection.tau === 0) {
        memory.fill(0, x, x + 8 * fours);
      } else {
        products.divide(fours, row, reflection.r, x);
      }
      memory[x + placeOf(i - 1)] = reflection.lastRe;
      memory[x + placeOf(i - 1) + 4] = -reflection.lastIm;
      clearFrom(memory, x, i);
      memory.copyWithin(row, x, x + 8 * fours);
      memory.fill(0, y, y + 8 * fours + 8);
      products.hermitian(i, 0, stride, x, y);
      if (count > 0) {
        // y -= U (W^H x) + W (U^H x): the dot products change places and are conjugated.
        products.dots(count, fours, conjugates, stride, x, dots);
        for (let k = 0; k < count; k++) {
          const at = dots + 4 * k;
          const re = memory[at]!;
          const im = memory[at + 1]!;
          memory[at] = memory[at + 2]!;
          memory[at + 1] = -memory[at + 3]!;
          memory[at + 2] = re;
          memory[at + 3] = -im;
        }
        products.subtract(1, 2 * count, 4 * fours, dots, 4 * panel, conjugates, stride, y, stride);
      }
      clearFrom(memory, y, i);
      // w = tau y - (tau^2 / 2) (x^dagger y) x, which with u = x joins the panel.
      const half = 0.5 * reflection.tau * reflection.tau * products.expectation(fours, x, y);
      const w = conjugates + 2 * count * stride;
      products.collect(fours, x, y, reflection.tau, half, w, stride, coefficients + 4 * count, 4 * panel);
      count++;
      if (count === panel || i === 1) {
        update(products, layout, i, count);
        count = 0;
      }
    }
    const reflectors = withReflectors ? reflectorsIn(memory, n, stride) : noReflectors;
    return { dimension: n, scale, diagonal, offDiagonal, ...reflectors, tau, phasesRe, phasesIm };
  };

/** The sum of the squares of the first entries of a row, one after the other. */
const squaresBefore = ({ memory, squares }: HouseholderProducts, row: number, count: number): number => {
  const fours = count >> 2;
  let sum = squares(fours, row);
  for (let j = 4 * fours; j < count; j++) {
    const re = memory[row + placeOf(j)]!;
    const im = memory[row + placeOf(j) + 4]!;
    sum += re * re + im * im;
  }
  return sum;
};

/** Entries from i on to the end of their four are 0. */
const clearFrom = (memory: Float64Array, row: number, i: number): void => {
  for (let j = i; (j & 3) !== 0; j++) {
    memory[row + placeOf(j)] = 0;
    memory[row + placeOf(j) + 4] = 0;
  }
};

const noReflectors = { reflectorsRe: new Float64Array(), reflectorsIm: new Float64Array() };

/** The reflectors, whose conjugates lie in the rows. */
const reflectorsIn = (memory: Float64Array, n: number, stride: number) => {
  const reflectorsRe = new Float64Array(n * n);
  const reflectorsIm = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const from = i * stride + placeOf(j);
      reflectorsRe[i * n + j] = memory[from]!;
      reflectorsIm[i * n + j] = -memory[from + 4]!;
    }
  }
  return { reflectorsRe, reflectorsIm };
};

const writeRows = (
  { dimension: n, re, im }: HermitianMatrix,
  scale: number,
  memory: Float64Array,
  stride: number,
): void => {
  for (let row = 0; row < n; row++) {
    for (let j = 0; j <= row; j++) {
      const to = row * stride + placeOf(j);
      memory[to] = re[row * n + j]! / scale;
      memory[to + 4] = im[row * n + j]! / scale;
    }
  }
};

/** A -= sum over the panel of u_k w_k^dagger + w_k u_k^dagger, on the leading rows of the lower triangle. */
const update = (
  { subtract }: HouseholderProducts,
  { stride, coefficients, conjugates }: Layout,
  rows: number,
  count: number,
): void => {
  const block = (first: number, height: number, column: number, columns: number): void => {
    const even = height - (height % 2);
    const place = (row: number) =>
      [
        coefficients + row * 4 * panel,
        4 * panel,
        conjugates + 2 * column,
        stride,
        row * stride + 2 * column,
        stride,
      ] as const;
    if (even > 0) {
      subtract(even, 2 * count, columns, ...place(first));
    }
    if (even < height) {
      subtract(1, 2 * count, columns, ...place(first + even));
    }
  };
  for (let column = 0; column < rows; column += strip) {
    const end = Math.min(rows, column + strip);
    for (let first = column; first < end; first += chunk) {
      const height = Math.min(chunk, end - first);
      block(first, height, column, 4 * Math.ceil((first + height - column) / 4));
    }
    if (end < rows) {
      block(end, rows - end, column, strip);
    }
  }
};
