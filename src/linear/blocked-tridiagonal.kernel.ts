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
import { reflectorOf, scaleOf, type Tridiagonalization } from './tridiagonal.kernel.ts';
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
  const conjugates = coefficients + (n + 1) * 4 * panel;
  const x = conjugates + 2 * panel * stride;
  const [y, dots] = [x + stride, x + 2 * stride];
  return { stride, coefficients, conjugates, x, y, dots, numbers: dots + 4 * panel };
};

/** The place of the real part of entry j in a row; the imaginary part is two numbers on. */
const placeOf = (j: number): number => 4 * (j >> 1) + (j & 1);

/** T, scale and reflectors, in the notation of `Tridiagonalization`. */
export const tridiagonalizationByPanels =
  (productsOf: (numbers: number) => HouseholderProducts) =>
  (matrix: HermitianMatrix): Tridiagonalization => {
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
    const reflectorsRe = new Float64Array(n * n);
    const reflectorsIm = new Float64Array(n * n);
    const rowRe = new Float64Array(n);
    const rowIm = new Float64Array(n);
    const xRe = new Float64Array(n);
    const xIm = new Float64Array(n);

    let count = 0;
    for (let i = n - 1; i >= 0; i--) {
      const row = i * stride;
      if (count > 0) {
        const columns = 4 * Math.ceil((i + 1) / 4);
        const own = coefficients + i * 4 * panel;
        products.subtract(1, 2 * count, columns, own, 4 * panel, conjugates, stride, row, stride);
      }
      diagonal[i] = memory[row + placeOf(i)]!;
      if (i === 0) {
        break;
      }
      for (let j = 0; j < i; j++) {
        rowRe[j] = memory[row + placeOf(j)]!;
        rowIm[j] = memory[row + placeOf(j) + 2]!;
      }
      const reflection = reflectorOf(rowRe, rowIm, 0, i, xRe, xIm);
      tau[i] = reflection.tau;
      offDiagonal[i - 1] = reflection.r;
      phasesRe[i - 1] = phasesRe[i]! * reflection.phaseRe - phasesIm[i]! * reflection.phaseIm;
      phasesIm[i - 1] = phasesRe[i]! * reflection.phaseIm + phasesIm[i]! * reflection.phaseRe;
      reflectorsRe.set(xRe.subarray(0, i), i * n);
      reflectorsIm.set(xIm.subarray(0, i), i * n);

      // The conjugates of the reflector and of its product with the matrix.
      const vectors = Math.ceil(i / 2);
      memory.fill(0, x, x + 4 * vectors + 4);
      memory.fill(0, y, y + 4 * vectors + 4);
      for (let j = 0; j < i; j++) {
        memory[x + placeOf(j)] = xRe[j]!;
        memory[x + placeOf(j) + 2] = -xIm[j]!;
      }
      products.hermitian(vectors, 0, stride, x, y);
      addDiagonalBlocks(memory, stride, i, x, y);
      if (count > 0) {
        // y -= U (W^H x) + W (U^H x): the dot products change places and are conjugated.
        products.dots(count, vectors, conjugates, stride, x, dots);
        for (let k = 0; k < count; k++) {
          const at = dots + 4 * k;
          const [re, im] = [memory[at]!, memory[at + 1]!];
          memory[at] = memory[at + 2]!;
          memory[at + 1] = -memory[at + 3]!;
          memory[at + 2] = re;
          memory[at + 3] = -im;
        }
        products.subtract(1, 2 * count, 4 * Math.ceil(vectors / 2), dots, 4 * panel, conjugates, stride, y, stride);
      }
      collect(memory, layout, i, count, reflection.tau);
      count++;
      if (count === panel || i === 1) {
        update(products, layout, i, count);
        count = 0;
      }
    }
    return { dimension: n, scale, diagonal, offDiagonal, reflectorsRe, reflectorsIm, tau, phasesRe, phasesIm };
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
      memory[to + 2] = im[row * n + j]! / scale;
    }
  }
};

/** y^* += A^* x^* for the 2 x 2 blocks on the diagonal, of which the lower triangle is there. */
const addDiagonalBlocks = (memory: Float64Array, stride: number, count: number, x: number, y: number): void => {
  for (let r = 0; r < count; r += 2) {
    const at = 2 * r;
    const upper = memory[r * stride + at]!;
    memory[y + at]! += upper * memory[x + at]!;
    memory[y + at + 2]! += upper * memory[x + at + 2]!;
    if (r + 1 < count) {
      const row = (r + 1) * stride + at;
      const [re, im, lower] = [memory[row]!, memory[row + 2]!, memory[row + 1]!];
      const [x0, x0i, x1, x1i] = [memory[x + at]!, memory[x + at + 2]!, memory[x + at + 1]!, memory[x + at + 3]!];
      memory[y + at]! += re * x1 - im * x1i;
      memory[y + at + 2]! += re * x1i + im * x1;
      memory[y + at + 1]! += re * x0 + im * x0i + lower * x1;
      memory[y + at + 3]! += re * x0i - im * x0 + lower * x1i;
    }
  }
};

/** w = tau y - (tau^2 / 2) (x^dagger y) x, which with u = x joins the panel. */
const collect = (
  memory: Float64Array,
  { stride, coefficients, conjugates, x, y }: Layout,
  count: number,
  k: number,
  tau: number,
): void => {
  let expectation = 0;
  for (let j = 0; j < count; j++) {
    const at = placeOf(j);
    expectation += memory[x + at]! * memory[y + at]! + memory[x + at + 2]! * memory[y + at + 2]!;
  }
  const half = 0.5 * tau * tau * expectation;
  const w = conjugates + 2 * k * stride;
  const u = w + stride;
  memory.fill(0, w, u + stride);
  for (let j = 0; j < count; j++) {
    const at = placeOf(j);
    const [re, im] = [memory[x + at]!, memory[x + at + 2]!];
    const wRe = tau * memory[y + at]! - half * re;
    const wIm = tau * memory[y + at + 2]! - half * im;
    memory[w + at] = wRe;
    memory[w + at + 2] = wIm;
    memory[u + at] = re;
    memory[u + at + 2] = im;
    const to = coefficients + j * 4 * panel + 4 * k;
    memory[to] = re;
    memory[to + 1] = -im;
    memory[to + 2] = wRe;
    memory[to + 3] = -wIm;
  }
};

/** A -= sum over the panel of u_k w_k^dagger + w_k u_k^dagger, on the leading rows of the lower triangle. */
const update = (
  { subtract }: HouseholderProducts,
  { stride, coefficients, conjugates }: Layout,
  rows: number,
  count: number,
): void => {
  for (let first = 0; first < rows; first += chunk) {
    const height = Math.min(chunk, rows - first);
    const even = height - (height % 2);
    const columns = 4 * Math.ceil((first + height) / 4);
    const place = (row: number) =>
      [coefficients + row * 4 * panel, 4 * panel, conjugates, stride, row * stride, stride] as const;
    if (even > 0) {
      subtract(even, 2 * count, columns, ...place(first));
    }
    if (even < height) {
      subtract(1, 2 * count, columns, ...place(first + even));
    }
  }
};
