/**
 * Correlations on a 1 x 1 lattice with kernels of size 1: matrix products. The rows of x and y are samples and their
 * components; blocks of 4 outputs x 2 rows stay in registers, so that six reads serve eight multiply-adds.
 */

/** One row at a time: y_o = sum over i of K_oi x_i. */
const multiplyRow = (
  y: Float64Array,
  yAt: number,
  K: Float64Array,
  kAt: number,
  x: Float64Array,
  xAt: number,
  outputs: number,
  inputs: number,
): void => {
  for (let o = 0; o < outputs; o += 1) {
    const k = kAt + o * inputs;
    let sum = 0;
    for (let i = 0; i < inputs; i += 1) {
      sum += K[k + i]! * x[xAt + i]!;
    }
    y[yAt + o] = sum;
  }
};

/** y = x K^T. The last blocks may overlap those before: what they share is computed again, alike. */
export const multiplyRows = (
  y: Float64Array,
  yAt: number,
  K: Float64Array,
  kAt: number,
  x: Float64Array,
  xAt: number,
  rows: number,
  outputs: number,
  inputs: number,
): void => {
  if (rows < 2 || outputs < 4) {
    for (let row = 0; row < rows; row += 1) {
      multiplyRow(y, yAt + row * outputs, K, kAt, x, xAt + row * inputs, outputs, inputs);
    }
    return;
  }
  for (let row = 0; row < rows; row += 2) {
    const first = row > rows - 2 ? rows - 2 : row;
    const x0 = xAt + first * inputs;
    const x1 = x0 + inputs;
    for (let output = 0; output < outputs; output += 4) {
      const o = output > outputs - 4 ? outputs - 4 : output;
      const k0 = kAt + o * inputs;
      const k1 = k0 + inputs;
      const k2 = k1 + inputs;
      const k3 = k2 + inputs;
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      for (let i = 0; i < inputs; i += 1) {
        const u = x[x0 + i]!;
        const v = x[x1 + i]!;
        const w0 = K[k0 + i]!;
        const w1 = K[k1 + i]!;
        const w2 = K[k2 + i]!;
        const w3 = K[k3 + i]!;
        a0 += w0 * u;
        a1 += w1 * u;
        a2 += w2 * u;
        a3 += w3 * u;
        b0 += w0 * v;
        b1 += w1 * v;
        b2 += w2 * v;
        b3 += w3 * v;
      }
      const p = yAt + first * outputs + o;
      y[p] = a0;
      y[p + 1] = a1;
      y[p + 2] = a2;
      y[p + 3] = a3;
      y[p + outputs] = b0;
      y[p + outputs + 1] = b1;
      y[p + outputs + 2] = b2;
      y[p + outputs + 3] = b3;
    }
  }
};

/** G_oi += sum over rows of y_o x_i, for outputs from `top` up to `bottom` and inputs from `left` on, one by one. */
const addProductsOneByOne = (
  G: Float64Array,
  gAt: number,
  y: Float64Array,
  yAt: number,
  x: Float64Array,
  xAt: number,
  rows: number,
  outputs: number,
  inputs: number,
  top: number,
  bottom: number,
  left: number,
): void => {
  for (let o = top; o < bottom; o += 1) {
    for (let i = left; i < inputs; i += 1) {
      let sum = 0;
      for (let row = 0; row < rows; row += 1) {
        sum += y[yAt + row * outputs + o]! * x[xAt + row * inputs + i]!;
      }
      const g = gAt + o * inputs + i;
      G[g] = G[g]! + sum;
    }
  }
};

/** G += y^T x, in blocks of 4 outputs x 2 inputs; what is left over at the edges is added one by one. */
export const addProducts = (
  G: Float64Array,
  gAt: number,
  y: Float64Array,
  yAt: number,
  x: Float64Array,
  xAt: number,
  rows: number,
  outputs: number,
  inputs: number,
): void => {
  const outputsInBlocks = outputs - (outputs % 4);
  const inputsInBlocks = inputs - (inputs % 2);
  for (let o = 0; o < outputsInBlocks; o += 4) {
    for (let i = 0; i < inputsInBlocks; i += 2) {
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      let p = yAt + o;
      let q = xAt + i;
      for (let row = 0; row < rows; row += 1, p += outputs, q += inputs) {
        const u = x[q]!;
        const v = x[q + 1]!;
        const y0 = y[p]!;
        const y1 = y[p + 1]!;
        const y2 = y[p + 2]!;
        const y3 = y[p + 3]!;
        a0 += y0 * u;
        a1 += y1 * u;
        a2 += y2 * u;
        a3 += y3 * u;
        b0 += y0 * v;
        b1 += y1 * v;
        b2 += y2 * v;
        b3 += y3 * v;
      }
      const g0 = gAt + o * inputs + i;
      const g1 = g0 + inputs;
      const g2 = g1 + inputs;
      const g3 = g2 + inputs;
      G[g0] = G[g0]! + a0;
      G[g1] = G[g1]! + a1;
      G[g2] = G[g2]! + a2;
      G[g3] = G[g3]! + a3;
      G[g0 + 1] = G[g0 + 1]! + b0;
      G[g1 + 1] = G[g1 + 1]! + b1;
      G[g2 + 1] = G[g2 + 1]! + b2;
      G[g3 + 1] = G[g3 + 1]! + b3;
    }
  }
  addProductsOneByOne(G, gAt, y, yAt, x, xAt, rows, outputs, inputs, 0, outputsInBlocks, inputsInBlocks);
  addProductsOneByOne(G, gAt, y, yAt, x, xAt, rows, outputs, inputs, outputsInBlocks, outputs, 0);
};
