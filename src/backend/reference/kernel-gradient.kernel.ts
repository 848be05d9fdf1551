/**
 * G_oi(d) += sum over sites r of y_o(r) x_i(r + d), for one component of one sample. x has its periodic margin.
 *
 * As for correlations, kernels of 5 x 5 have their own loop: the five taps of a kernel's row are summed together, over five
 * sites at a time.
 */

/** Any size, one tap at a time. */
const addGradientTapByTap = (
  G: Float64Array,
  gAt: number,
  y: Float64Array,
  yAt: number,
  x: Float64Array,
  xAt: number,
  outputs: number,
  inputs: number,
  size: number,
  N: number,
): void => {
  const P = N + size - 1;
  let tap = gAt;
  for (let o = 0; o < outputs; o += 1) {
    for (let i = 0; i < inputs; i += 1) {
      for (let a = 0; a < size; a += 1) {
        for (let b = 0; b < size; b += 1, tap += 1) {
          let sum = 0;
          for (let r = 0; r < N; r += 1) {
            const row = yAt + (o * N + r) * N;
            const from = xAt + (i * P + r + a) * P + b;
            for (let c = 0; c < N; c += 1) {
              sum += y[row + c]! * x[from + c]!;
            }
          }
          G[tap] = G[tap]! + sum;
        }
      }
    }
  }
};

/** Size 5 on lattices of any size; the columns after the last five are summed one by one. */
const addGradientFive = (
  G: Float64Array,
  gAt: number,
  y: Float64Array,
  yAt: number,
  x: Float64Array,
  xAt: number,
  outputs: number,
  inputs: number,
  _size: number,
  N: number,
): void => {
  const P = N + 4;
  let t = gAt;
  for (let o = 0; o < outputs; o += 1) {
    for (let i = 0; i < inputs; i += 1) {
      for (let a = 0; a < 5; a += 1, t += 5) {
        let g0 = 0;
        let g1 = 0;
        let g2 = 0;
        let g3 = 0;
        let g4 = 0;
        for (let r = 0; r < N; r += 1) {
          let q = xAt + (i * P + r + a) * P;
          let p = yAt + (o * N + r) * N;
          const end = p + N;
          for (; p + 5 <= end; p += 5, q += 5) {
            const y0 = y[p]!;
            const y1 = y[p + 1]!;
            const y2 = y[p + 2]!;
            const y3 = y[p + 3]!;
            const y4 = y[p + 4]!;
            const x0 = x[q]!;
            const x1 = x[q + 1]!;
            const x2 = x[q + 2]!;
            const x3 = x[q + 3]!;
            const x4 = x[q + 4]!;
            const x5 = x[q + 5]!;
            const x6 = x[q + 6]!;
            const x7 = x[q + 7]!;
            const x8 = x[q + 8]!;
            g0 += y0 * x0 + y1 * x1 + y2 * x2 + y3 * x3 + y4 * x4;
            g1 += y0 * x1 + y1 * x2 + y2 * x3 + y3 * x4 + y4 * x5;
            g2 += y0 * x2 + y1 * x3 + y2 * x4 + y3 * x5 + y4 * x6;
            g3 += y0 * x3 + y1 * x4 + y2 * x5 + y3 * x6 + y4 * x7;
            g4 += y0 * x4 + y1 * x5 + y2 * x6 + y3 * x7 + y4 * x8;
          }
          for (; p < end; p += 1, q += 1) {
            const v = y[p]!;
            g0 += v * x[q]!;
            g1 += v * x[q + 1]!;
            g2 += v * x[q + 2]!;
            g3 += v * x[q + 3]!;
            g4 += v * x[q + 4]!;
          }
        }
        G[t] = G[t]! + g0;
        G[t + 1] = G[t + 1]! + g1;
        G[t + 2] = G[t + 2]! + g2;
        G[t + 3] = G[t + 3]! + g3;
        G[t + 4] = G[t + 4]! + g4;
      }
    }
  }
};

/** The loop that suits a kernel gradient. */
export const addGradientFor = (size: number): typeof addGradientTapByTap =>
  size === 5 ? addGradientFive : addGradientTapByTap;
